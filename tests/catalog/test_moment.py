import json
from typing import Any

import pytest
from pydantic import ValidationError

from bot.catalog.checks import find_category
from bot.catalog.moment import CATEGORIES, FIELDS, Moment, RecordError, reading_minutes
from bot.catalog.slugs import default_slug, is_slug, slug_from_hashtag


def problems(record: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(RecordError) as caught:
        Moment.from_record(record)
    return dict(caught.value.problems)


def test_a_record_comes_back_as_it_was_given(record: dict[str, Any]) -> None:
    given = Moment.from_record(record).to_record()
    assert given == record
    assert tuple(given) == FIELDS
    assert Moment.from_record(json.loads(json.dumps(given))) == Moment.from_record(record)


def test_only_slug_title_countries_categories_and_body_must_be_given(record: dict[str, Any]) -> None:
    few = {name: record[name] for name in ("slug", "title", "countries", "categories", "body")}
    moment = Moment.from_record(few)
    assert (moment.date, moment.hashtags, moment.top, moment.editor, moment.published) == (None, (), False, None, None)
    assert (moment.reading_minutes, moment.sources, moment.image) == (1, (), None)
    assert set(problems({})) == set(few)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "Norway Leaves", "write 'norway-leaves'"),
        ("slug", "a--b", "single hyphens"),
        ("slug", "a" * 81, "shorten it to 80"),
        ("title", "", "is empty"),
        ("title", "x" * 201, "shorten it to 200"),
        ("title", "two\nlines", "one line"),
        ("title", "two\u2028lines", "one line"),
        ("title", 5, "must be one text, not 5"),
        ("title", None, "must be one text, not nothing"),
        ("title", "a\0b", "U+0000"),
        ("date", "1905-13-01", "no month"),
        ("date", 1905, "must be one text"),
        ("countries", [], "at least one"),
        ("countries", None, "at least one"),
        ("countries", ["no"], "write one such as MN"),
        ("countries", ["NO", "NO"], "twice"),
        ("countries", "NO", "must be a list, such as [NO]"),
        ("categories", [], "at least one"),
        ("categories", ["Politics"], "did you mean 'Political'?"),
        ("categories", ["war and conflict"], "did you mean 'War & Conflict'?"),
        ("categories", ["Zzz"], "write one of Political, Global Trade"),
        ("hashtags", ["Cold War"], "without '#'"),
        ("hashtags", ["#ColdWar"], "without '#'"),
        ("hashtags", ["!"], "without '#'"),
        ("hashtags", ["x" * 51], "shorten it to 50"),
        ("hashtags", ["ColdWar", "coldwar"], "twice"),
        ("hashtags", [["a"]], "must be one text"),
        ("top", "perhaps", "true or false"),
        ("top", 2, "true or false"),
        ("body", "short", "write 80 to 20,000"),
        ("body", "x" * 20_001, "20,001 characters"),
        ("body", "x" * 90 + "\ud800", "U+D800"),
        ("editor", "x" * 201, "shorten"),
        ("published", "05.01.2024", "2024-01-31"),
        ("published", 20240105, "2024-01-31"),
        ("reading_minutes", 0, "1 to 999"),
        ("reading_minutes", "five", "1 to 999"),
        ("reading_minutes", True, "1 to 999"),
        ("sources", "x", "must be a list"),
        ("sources", ["x"], "title and url"),
        ("image", "x", "url, alt and credit"),
        ("hashtag", [], "did you mean `hashtags`?"),
    ],
)
def test_every_problem_is_a_sentence_that_says_what_to_write(
    record: dict[str, Any], field: str, value: object, sentence: str
) -> None:
    found = problems(record | {field: value})
    assert list(found) == [field]
    assert sentence in found[field]
    assert "Input should" not in found[field]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org",
        "javascript:alert(1)",
        "https://",
        "http://[x",
        "https://a b.org",
        "https://a.org/" + "x" * 500,
    ],
)
def test_addresses_are_of_the_web(record: dict[str, Any], url: str) -> None:
    record["sources"][0]["url"] = url
    assert list(problems(record)) == ["sources.0.url"]


def test_all_problems_are_told_at_once_and_no_computed_ones(record: dict[str, Any]) -> None:
    del record["reading_minutes"]
    assert set(problems(record | {"title": "", "body": "", "top": "x"})) == {"title", "body", "top"}


def test_unknown_fields_inside_a_source_are_explained(record: dict[str, Any]) -> None:
    record["sources"][0]["titel"] = "x"
    assert "did you mean `title`?" in problems(record)["sources.0.titel"]


@pytest.mark.parametrize(("text", "top"), [("yes", True), ("TRUE", True), ("no", False), ("false", False), ("", False)])
def test_top_may_be_said_in_words(record: dict[str, Any], text: str, *, top: bool) -> None:
    assert Moment.from_record(record | {"top": text}).top is top


def test_line_ends_and_blank_edges_are_made_the_same(record: dict[str, Any]) -> None:
    body = "First paragraph " + "x" * 80 + "\r\n\r\nSecond\rand third\n"
    assert Moment.from_record(record | {"body": body}).body == "First paragraph " + "x" * 80 + "\n\nSecond\nand third"


def test_a_moment_cannot_be_changed(moment: Moment) -> None:
    with pytest.raises(ValidationError):
        moment.title = "Another"  # type: ignore[misc]  # that is what is tested


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (238, 1), (356, 1), (357, 2), (476, 2), (2380, 10)])
def test_reading_takes_a_minute_for_238_words(words: int, minutes: int) -> None:
    assert reading_minutes("word " * words) == minutes


@pytest.mark.parametrize(
    ("hashtag", "slug"),
    [
        ("MongoliaUSRelations", "mongolia-us-relations"),
        ("#ColdWarEra", "cold-war-era"),
        ("Apollo11Landing", "apollo11-landing"),
        ("Überfall", "uberfall"),
        ("新幹線", ""),
        ("x" * 90, "x" * 80),
    ],
)
def test_slugs_come_from_hashtags(hashtag: str, slug: str) -> None:
    assert slug_from_hashtag(hashtag) == slug


@pytest.mark.parametrize(
    ("hashtags", "country", "title", "slug"),
    [
        (["NorwayLeavesUnion", "X"], "Norway", "Independence", "norway-leaves-union"),
        ([], "Norway", "The union ends", "norway-the-union-ends"),
        (["新幹線"], "Japan", "Trains run", "japan-trains-run"),
        ([], "Côte d’Ivoire", "Indépendance", "cote-divoire-independance"),
        ([], "Norway", "word " * 40, "norway" + "-word" * 14),
    ],
)
def test_without_a_hashtag_the_slug_is_country_and_title(
    hashtags: list[str], country: str, title: str, slug: str
) -> None:
    assert default_slug(hashtags, country, title) == slug
    assert is_slug(slug)


def test_titles_in_any_script_give_a_slug() -> None:
    assert is_slug(default_slug([], "日本", "新幹線が走る"))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("political", "Political"),
        ("War and Conflict", "War & Conflict"),
        ("Culture &amp; Arts", "Culture & Arts"),
        ("Politics", None),
    ],
)
def test_categories_are_found_however_they_are_written(text: str, category: str | None) -> None:
    assert find_category(text) == category
    assert category is None or category in CATEGORIES

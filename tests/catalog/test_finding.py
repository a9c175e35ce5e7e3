"""Finding moments, countries and hashtags: right, tolerant of typos, and never an error."""

import asyncio
import datetime as dt
import json
import os
import random
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.catalog import Catalog, Query
from bot.catalog.build import BuildError, build
from bot.catalog.catalog import CatalogError
from bot.catalog.countries import Countries
from bot.catalog.matching import country_key, fold, hashtag_key, split_camel
from bot.catalog.query import MARK_OFF, MARK_ON
from bot.catalog.schema import is_current
from bot.config import COUNTRIES
from tests.conftest import NOW
from tests.moments import RECORDS, record


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Côte d’Ivoire", "cote divoire"), ("  MONGOLIA—US  ", "mongolia us"), ("Łódź", "lodz"), ("İstanbul", "istanbul"),
        ("моМент", "момент"), ("モンゴル", "モンゴル"), ("!!!", ""), ("Straße", "strasse"), ("भारत", "भारत"),
    ],
)  # fmt: skip
def test_texts_are_compared_without_case_accents_and_punctuation(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(fold(text)) == folded


def test_hashtags_and_flags_have_one_spelling() -> None:
    assert {hashtag_key(text) for text in ("#ColdWarEra", "cold war era", "COLDWARERA")} == {"coldwarera"}
    assert split_camel("MongoliaUSRelations") == "Mongolia US Relations"
    assert country_key(":flag_mn:") == country_key("🇲🇳") == "🇲🇳"
    assert country_key("The Gambia") == country_key("gambia")


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("mongolia-us-relations", "mongolia-us-relations"),
        ("The Berlin Wall opens", "berlin-wall-opens"),
        ("temuj", "temujin-great-khan"),
        ("wall berlin", "berlin-wall-opens"),
        ("caesar kil", "caesar-killed"),
        ("rlin wal", "berlin-wall-opens"),
        ("belrin wall opens", "berlin-wall-opens"),
        ("the great cannal is dug", "great-canal"),
        ("temujn is proclamed", "temujin-great-khan"),
        ("juliuscaesar", "caesar-killed"),
        ("mongolia 1992", "mongolia-constitution"),
        ("ColdWarEra 1989", "berlin-wall-opens"),
    ],
)
async def test_a_moment_is_offered_first_however_it_is_typed(catalog: Catalog, typed: str, slug: str) -> None:
    offered = await catalog.complete(typed)
    assert offered[0].slug == slug
    assert [one.score for one in offered] == sorted((one.score for one in offered), reverse=True)


async def test_an_empty_box_offers_todays_anniversaries_and_then_top_moments(catalog: Catalog) -> None:
    offered = await catalog.complete("", today=dt.date(2026, 11, 26))
    assert offered[0].slug == "mongolia-republic"
    assert {one.slug for one in offered[1:]} == {"mongolia-us-relations", "temujin-great-khan", "berlin-wall-opens"}


async def test_nonsense_offers_nothing(catalog: Catalog) -> None:
    assert await catalog.complete("qqqq zzzz") == []
    assert await catalog.complete_country("hello there") == []
    assert await catalog.complete_hashtag("xqzwv") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Mongolia", "MN"), ("mongola", "MN"), ("mongol", "MN"), ("Mongolei", "MN"), ("Монголия", "MN"), ("モンゴル", "MN"),
        ("mn", "MN"), ("MNG", "MN"), ("🇲🇳", "MN"), (":flag_mn:", "MN"), ("UK", "GB"), ("USA", "US"), ("uae", "AE"),
        ("ussr", "SUHH"), ("Soviet Union", "SUHH"), ("Burma", "MM"), ("Persia", "IR"), ("Prussia", "X-PRUSSIA"),
        ("Ottoman Empire", "X-OTTOMAN"), ("yugoslavia", "YUCS"), ("Holland", "NL"), ("deutsch", "DE"), ("the Gambia", "GM"),
    ],
)  # fmt: skip
async def test_a_country_is_found_by_any_name(catalog: Catalog, typed: str, code: str) -> None:
    assert (await catalog.complete_country(typed))[0].value == code


async def test_hashtags_are_offered_with_their_number_of_moments(catalog: Catalog) -> None:
    for typed in ("#coldw", "ColdWarEra", "cold war era", "codlwarera"):
        first = (await catalog.complete_hashtag(typed))[0]
        assert (first.value, first.moments) == ("ColdWarEra", 3)


async def test_a_title_that_names_the_word_comes_before_a_text_that_mentions_it(
    tmp_path: Path, countries: Countries
) -> None:
    filler = "Nothing else of note was written down about that year in the annals of the valley. " * 3
    content = tmp_path / "a.jsonl"
    rows = [
        record(
            "text-only", "A quiet year", "1901-01-01", ["FR"], hashtags=["TextOnly"], body=filler + "Silk was sold."
        ),
        record("in-title", "Silk reaches the valley", "1902-01-01", ["FR"], hashtags=["InTitle"], body=filler),
    ]
    content.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([content], tmp_path / "c.db", countries, now=NOW)
    async with Catalog.open(tmp_path / "c.db") as catalog:
        assert [hit.moment.slug for hit in (await catalog.search(Query("silk"))).items] == ["in-title", "text-only"]


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        (Query("cashmere"), {"mongolia-us-relations"}),
        (Query('"free election"'), {"mongolia-first-election"}),
        (Query("cashm*"), {"mongolia-us-relations"}),
        (
            Query("mongolia -joins -adopts -holds", category="Political", since="1920", until="1960"),
            {"mongolia-republic"},
        ),
        (Query(country="SUHH"), {"mongolia-space"}),
        (Query(hashtag="AncientWorld"), {"caesar-killed"}),
        (Query(category="Economy"), {"great-canal"}),
        (Query(until="1000"), {"caesar-killed"}),
        (Query(since="1865", until="1866"), {"great-canal"}),  # within the years of digging
        (Query(day="02-29"), {"leap-day-treaty"}),
        (Query(country="MN", hashtag="Diplomacy", since="1980"), {"mongolia-us-relations"}),
    ],
)
async def test_words_and_filters_combine(catalog: Catalog, query: Query, slugs: set[str]) -> None:
    page = await catalog.search(query)
    assert {hit.moment.slug for hit in page.items} == slugs
    assert page.total == len(slugs)


async def test_pages_are_complete_and_do_not_overlap(catalog: Catalog) -> None:
    for query in (Query(), Query("mongolia"), Query(country="MN")):
        total = (await catalog.search(query)).total
        seen = [
            hit.moment.slug for page in range(1, 6) for hit in (await catalog.search(query, page=page, size=3)).items
        ]
        assert len(seen) == len(set(seen)) == total


async def test_found_words_are_marked_and_a_misspelt_word_is_suggested_right(catalog: Catalog) -> None:
    [hit] = (await catalog.search(Query("cashmere"))).items
    assert f"{MARK_ON}cashmere{MARK_OFF}" in hit.snippet
    page = await catalog.search(Query("cashmire copper"))
    assert (page.total, page.meant, page.suggestions) == (1, "cashmere copper", [])
    assert f"{MARK_ON}cashmere{MARK_OFF}" in page.items[0].snippet


async def test_a_record_comes_back_as_it_was_written(catalog: Catalog) -> None:
    for row in RECORDS:
        moment = await catalog.get(str(row["slug"]))
        assert moment is not None
        assert {name: moment.to_record()[name] for name in row} == row


async def test_random_keeps_to_the_filters_and_leaves_out_what_is_excluded(catalog: Catalog) -> None:
    rng = random.Random(1)
    query = Query(country="MN", category="Political")
    seen = {moment.slug for _ in range(60) if (moment := await catalog.random(query, rng=rng))}
    assert len(seen) == 6
    keep = seen.pop()
    only = {m.slug for _ in range(9) if (m := await catalog.random(query, rng=rng, exclude=seen))}
    assert only == {keep}
    assert await catalog.random(Query(country="LS"), rng=rng) is None


async def test_candidates_and_days(catalog: Catalog) -> None:
    assert len(await catalog.candidates(Query())) == len(RECORDS)
    [one] = await catalog.candidates(Query(hashtag="BerlinWall"))
    assert (one.slug, one.year, one.month, one.day, one.top) == ("berlin-wall-opens", 1989, 11, 9, True)
    assert [moment.slug for moment in await catalog.on_this_day(1, 27)] == ["mongolia-us-relations"]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(text="0\U000110800")  # a letter that SQLite's own tokenizers cut at
@example(text="::\x00")
@given(text=st.text(max_size=300) | st.text(alphabet='"*-^():{}[]+~ abANDORNEAR\x00', max_size=80))
def test_nothing_that_is_typed_is_an_error(catalog_file: Path, text: str) -> None:
    async def ask() -> None:
        async with Catalog.open(catalog_file) as catalog:
            await catalog.complete(text)
            await catalog.complete_country(text)
            await catalog.complete_hashtag(text)
            await catalog.search(Query(text))
            await catalog.find(text)

    asyncio.run(ask())


async def test_a_new_catalogue_is_picked_up_by_a_running_bot(tmp_path: Path, countries: Countries) -> None:
    def write(slug: str) -> Path:
        content, target = tmp_path / "a.jsonl", tmp_path / f"{slug}.db"
        content.write_text(json.dumps(record(slug, f"Title of {slug}", "1900", ["FR"])), "utf-8")
        build([content], target, countries, now=NOW)
        return target

    path = tmp_path / "catalog.db"
    write("first-one").replace(path)
    async with Catalog.open(path) as catalog:
        assert await catalog.get("first-one")
        write("second-one").replace(path)
        catalog._looked_at = 0.0
        assert await catalog.get("second-one")
        assert await catalog.get("first-one") is None


async def test_a_file_that_is_no_catalogue_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="is missing: run `moments build`"):
        async with Catalog.open(tmp_path / "none.db"):
            pass
    (tmp_path / "text.db").write_text("no database" * 500, "utf-8")
    with pytest.raises(CatalogError, match="is not a catalogue"):
        async with Catalog.open(tmp_path / "text.db"):
            pass
    sqlite3.connect(tmp_path / "old.db").executescript(
        "CREATE TABLE meta (key, value); CREATE TABLE country (a)"
    ).close()
    with pytest.raises(CatalogError, match="another version"):
        async with Catalog.open(tmp_path / "old.db"):
            pass


def test_a_broken_file_leaves_the_old_catalogue_and_nothing_half_written(tmp_path: Path, countries: Countries) -> None:
    content, target = tmp_path / "a.jsonl", tmp_path / "catalog.db"
    good = json.dumps(record("good-one", "A good one", "1900", ["FR"]))
    content.write_text(good, "utf-8")
    build([content], target, countries, now=NOW)
    before = target.read_bytes()
    assert is_current(target, [content])
    content.write_text(good + "\n" + json.dumps(record("bad-one", "A bad one", "1900-13", ["QQ"])), "utf-8")
    assert not is_current(target, [content])
    with pytest.raises(BuildError) as raised:
        build([content], target, countries, now=NOW)
    assert {problem.field for problem in raised.value.problems} == {"date", "countries"}
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "catalog.db"]


def test_what_a_killed_build_has_left_is_cleared_by_a_later_one(tmp_path: Path, countries: Countries) -> None:
    content, left, young = tmp_path / "a.jsonl", tmp_path / ".catalog.db.1.new", tmp_path / ".catalog.db.2.new"
    content.write_text(json.dumps(record("good-one", "A good one", "1900", ["FR"])), "utf-8")
    left.write_text("half", "utf-8")
    young.write_text("half", "utf-8")
    os.utime(left, (0, 0))
    build([content], tmp_path / "catalog.db", countries, now=NOW)
    assert (left.exists(), young.exists()) == (False, True)


def test_all_countries_are_there_with_their_neighbours_of_today() -> None:
    countries = Countries.load(COUNTRIES)
    assert len([one for one in countries if not one.former]) == 250
    assert len([one for one in countries if one.former]) > 60
    for one in countries:
        assert bool(one.today) == one.former
        found = countries.find(one.name)
        assert found is not None
        assert found.code == one.code

"""What comes first, what is never taken for a typo, and what is remembered."""

import datetime as dt
import json
import random
import sqlite3
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import Catalog, Query, search
from bot.catalog.build import build
from bot.catalog.countries import Countries
from bot.catalog.dates import parse_date
from bot.catalog.moment import Moment
from bot.catalog.shuffle import shuffled
from bot.catalog.titles import Titles
from tests.conftest import NOW
from tests.moments import RECORDS, record

NATIONS = ("Austria", "Belgium", "Chile", "Denmark", "Egypt", "Finland", "Ghana", "Hungary", "Iceland", "Japan")


def _titled(titles: Iterable[str]) -> list[dict[str, Any]]:
    return [record(f"m-{n}", title, f"{1900 + n}-05-01", ["FR"], hashtags=[]) for n, title in enumerate(titles)]


@pytest.fixture
async def treaties(tmp_path: Path, countries: Countries) -> AsyncIterator[Catalog]:
    """Many moments that differ little, and a few that stand out."""
    rows = _titled(f"{one} and {other} sign a treaty of trade" for one in NATIONS for other in NATIONS if one < other)
    rows += [
        record("chile-quake", "Chile is shaken by the strongest earthquake", "1960-05-22", ["CL"], top=True),
        record("chile-poet", "A Chilean poet is honoured", "1971-11-24", ["CL"], hashtags=["ChileanPoets"]),
        record("kenya-free-1963", "Kenya becomes free", "1963-12-12", ["KE"]),
        record("kenya-marathon", "Runners of Kenya win", "1968-10-20", ["KE"], hashtags=["KenyaRuns", "Athletics"]),
    ]
    content = tmp_path / "moments.jsonl"
    content.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([content], tmp_path / "catalog.db", countries, now=NOW)
    async with Catalog.open(tmp_path / "catalog.db") as catalog:
        yield catalog


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("kenya 1963", "kenya-free-1963"),
        ("kenya 12 dec", "kenya-free-1963"),
        ("12 december", "kenya-free-1963"),
        ("🇨🇱 poet", "chile-poet"),
        ("Čile poet", "chile-poet"),
        ("kenia run", "kenya-marathon"),
        ("#kenyaruns", "kenya-marathon"),
        ("earthquake strongest", "chile-quake"),
        ("stronkest eartquake", "chile-quake"),
        ("chileisshaken", "chile-quake"),
        ("poet honoured in stockholm", "chile-poet"),
        ("runers of the marathon", "kenya-marathon"),
        ("the wonderful kenya runs", "kenya-marathon"),
        ("Chili tremblement", "chile-quake"),
    ],
)
async def test_moments_are_found_by_country_day_year_and_hashtag(treaties: Catalog, typed: str, slug: str) -> None:
    assert (await treaties.complete(typed))[0].slug == slug


async def test_an_exact_title_is_clear_even_among_many_that_are_almost_it(treaties: Catalog) -> None:
    found = await treaties.find("egypt and finland sign a treaty of trade")
    assert found.moment is not None
    assert found.moment.title == "Egypt and Finland sign a treaty of trade"


async def test_exact_comes_before_prefix_before_words_before_inside_before_misspelt(treaties: Catalog) -> None:
    scores = [
        (await treaties.complete(typed))[0].score
        for typed in (
            "Kenya becomes free",
            "kenya becom",
            "becomes free",
            "free kenya",
            "kenya becmes fre",
        )
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


async def test_top_moments_and_near_anniversaries_break_ties(tmp_path: Path, countries: Countries) -> None:
    rows = [
        record("flood-a", "Flood at Arden", "1901-02-01", ["FR"]),
        record("flood-b", "Flood at Brest", "1902-06-03", ["FR"]),
        record("flood-c", "Flood at Calais", "1903-09-01", ["FR"], top=True),
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([tmp_path / "a.jsonl"], tmp_path / "c.db", countries, now=NOW)
    async with Catalog.open(tmp_path / "c.db") as catalog:
        offered = await catalog.complete("flood at", today=dt.date(2026, 6, 1))
    # Calais is longer by a letter, so what has been typed is less of it; it still comes first.
    assert [one.slug for one in offered] == ["flood-c", "flood-b", "flood-a"]


async def test_another_year_is_no_typo(treaties: Catalog) -> None:
    assert await treaties.complete("kenya becomes fre 1964") == []
    assert await treaties.complete("poet honoured in stockholm 1972") == []
    assert [one.slug for one in await treaties.complete("poet honoured in stockholm 1971")] == ["chile-poet"]


async def test_some_of_the_words_are_worth_more_than_likeness_and_are_never_clear(
    tmp_path: Path, countries: Countries
) -> None:
    rows = [
        record(f"{one.lower()}-independence", f"{one} becomes independent", "1991-10-27", ["TM"])
        for one in ("Turkmen", *NATIONS)
    ]
    rows.append(record("kenya-runs", "Kenya wins a race over ten thousand metres", "1968-10-13", ["KE"], hashtags=[]))
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([tmp_path / "a.jsonl"], tmp_path / "c.db", countries, now=NOW)
    async with Catalog.open(tmp_path / "c.db") as catalog:
        found = await catalog.find("kenya independence")
        assert found.choices[0].slug == "kenya-runs"
        assert found.choices[1].slug.endswith("-independence")
        assert found.moment is None


async def test_a_moment_is_offered_once_however_often_it_fits(treaties: Catalog) -> None:
    offered = [one.slug for one in await treaties.complete("chile")]
    assert len(offered) == len(set(offered)) == 11


async def test_what_is_related_shares_rare_things_and_never_is_the_moment_itself(catalog: Catalog) -> None:
    related = [one.slug for one in await catalog.related("mongolia-us-relations", limit=4)]
    assert related[0] in {"mongolia-republic", "mongolia-un"}  # a hashtag and the country
    assert "berlin-wall-opens" in related  # a hashtag and the time
    assert "mongolia-us-relations" not in related
    assert await catalog.related("no-such-moment") == []


async def test_each_way_to_write_a_search_does_what_people_expect(treaties: Catalog) -> None:
    async def slugs(text: str) -> set[str]:
        return {hit.moment.slug for hit in (await treaties.search(Query(text), size=100)).items}

    assert await slugs("poet honoured") == {"chile-poet"}
    assert await slugs('"is honoured"') == {"chile-poet"}
    assert await slugs('"honoured is"') == set()
    assert await slugs("kenya -treaty") == {"kenya-free-1963", "kenya-marathon"}
    assert await slugs("athlet*") == {"kenya-marathon"}
    assert await slugs("#ChileanPoets") == {"chile-poet"}
    assert await slugs("chilean poets") == {"chile-poet"}


async def test_more_than_a_thousand_are_said_to_be_more_with_titles_first(tmp_path: Path, countries: Countries) -> None:
    body = "On that day the harbour was as busy as never before, and ships from many ports waited outside."
    rows = [record(f"m-{n}", f"Event {n}", "1900", ["FR"], body=body) for n in range(1005)]
    rows.append(record("title", "A harbour is built", "1950", ["DE"]))
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([tmp_path / "a.jsonl"], tmp_path / "c.db", countries, now=NOW)
    async with Catalog.open(tmp_path / "c.db") as catalog:
        page = await catalog.search(Query("harbour"))
        assert (page.total, page.more) == (1000, True)
        assert page.items[0].moment.slug == "title"
        last = await catalog.search(Query("harbour"), page=200)
        assert len(last.items) == 5
        assert {hit.moment.slug for hit in last.items}.isdisjoint(hit.moment.slug for hit in page.items)
        page = await catalog.search(Query("harbour", country="DE"))
        assert (page.total, page.more) == (1, False)
        everything = await catalog.search(Query())
        assert (everything.total, everything.more) == (1000, True)


async def test_of_words_that_are_everywhere_only_titles_say_which_comes_first(
    tmp_path: Path, countries: Countries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "EVERYWHERE", 10)
    bodies = {
        "A bridge is opened at the mouth of the river": "Every day the boats go to-and-fro, to-and-fro, to-and-fro. ",
        "A ferry is sold": "The boat that went to-and-fro between the zig-and-zag of the banks lies still. ",
        "A road is built across the hills": "It leads up and down, zig-and-zag, zig-and-zag, to the other side. ",
    }
    bodies |= {
        f"Event {n}": "From town to town and back they went, fro and to again, as they had done before. "
        for n in range(20)
    }
    rows = [record(f"m-{n}", title, "1900", ["FR"], body=body * 2) for n, (title, body) in enumerate(bodies.items())]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([tmp_path / "a.jsonl"], tmp_path / "c.db", countries, now=NOW)
    async with Catalog.open(tmp_path / "c.db") as catalog:

        async def titles(text: str) -> list[str]:
            return [hit.moment.title for hit in (await catalog.search(Query(text), size=100)).items]

        bridge, ferry, road, *_ = bodies
        assert await titles("to-and-fro boat") == [bridge, ferry]  # 'boat' tells: it is often in the first
        assert await titles("to-and-fro") == [ferry, bridge]  # nothing tells: the shortest title
        assert await titles("zig-and-zag") == [road, ferry]  # 'zig' tells


async def test_answers_are_remembered_until_the_file_changes(tmp_path: Path, countries: Countries) -> None:
    def write(title: str) -> None:
        content, draft = tmp_path / "a.jsonl", tmp_path / "draft.db"
        content.write_text(json.dumps(record("one-moment", title, "1900", ["FR"])), "utf-8")
        build([content], draft, countries, now=NOW)
        draft.replace(tmp_path / "catalog.db")

    write("The first title")
    async with Catalog.open(tmp_path / "catalog.db") as catalog:
        first = await catalog.complete("one-moment")
        assert await catalog.complete("one-moment") is first
        write("The second title")
        catalog._looked_at = 0.0
        assert (await catalog.complete("one-moment"))[0].title == "The second title"
    async with Catalog.open(tmp_path / "catalog.db", remember=0) as catalog:
        assert await catalog.complete("one-moment") is not await catalog.complete("one-moment")


async def test_chance_gives_every_moment_once_before_any_comes_again(catalog: Catalog) -> None:
    async def row(key: int) -> list[str]:
        drawn = [await catalog.draw(Query(), key, place) for place in range(2 * len(RECORDS))]
        return [moment.slug for moment in drawn if moment]

    slugs = await row(7)
    assert len(set(slugs[: len(RECORDS)])) == len(RECORDS)
    assert slugs[: len(RECORDS)] == slugs[len(RECORDS) :]
    assert await row(8) != slugs
    assert await catalog.draw(Query(country="LS"), 7, 0) is None


@given(count=st.integers(1, 3000), key=st.integers(0, 2**64 - 1))
def test_shuffling_gives_each_number_once(count: int, key: int) -> None:
    assert sorted(shuffled(place, count, key) for place in range(count)) == list(range(count))


def test_shuffling_prefers_no_number() -> None:
    rng = random.Random(5)
    first = [shuffled(0, 10, rng.getrandbits(64)) for _ in range(5000)]
    assert all(400 < first.count(number) < 600 for number in range(10))


def _written(rng: random.Random) -> str | None:
    """A date of any form, within some decades, so that many touch."""
    year = rng.randint(-20, 40)
    text = f"{year:04}" if year >= 0 else f"-{-year:04}"
    day = f"{text}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    later = f"{41 + rng.randint(0, 60):04}"
    forms = (day, day, day, day[:-3], text, f"{text}~", f"{day}/{later}", f"{text}/{later}-06-15", f"{day}/..", None)
    return rng.choice((*forms, "003X", "00XX", "-3500", "2300"))


async def test_a_span_of_time_finds_what_touches_it_and_nothing_else(tmp_path: Path, countries: Countries) -> None:
    rng = random.Random(8)
    rows = [record(f"m-{n}", f"Event {n} of the annals", _written(rng), [rng.choice(("FR", "IT"))]) for n in range(400)]
    moments = [Moment.from_record(row) for row in rows]
    content = tmp_path / "moments.jsonl"
    content.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([content], tmp_path / "catalog.db", countries, now=NOW)
    connection = sqlite3.connect(tmp_path / "catalog.db")
    slugs = dict(connection.execute("SELECT id, slug FROM moment"))
    titles = Titles.read(connection).titles
    async with Catalog.open(tmp_path / "catalog.db") as catalog:
        for turn in range(300):
            since, until = (_written(rng) if rng.random() < 0.8 else None for _ in range(2))
            country = rng.choice((None, "FR"))
            text = ("", "annals", "annals event")[turn % 3]
            page = await catalog.search(Query(text, country=country, since=since, until=until), size=len(rows))
            begins, ends = (parse_date(one) if one else None for one in (since, until))
            touching = {
                one.slug
                for one in moments
                if (not country or country in one.countries)
                and (not begins or (one.date and one.date.last >= begins.first))
                and (not ends or (one.date and one.date.first <= ends.last))
            }
            assert {hit.moment.slug for hit in page.items} == touching, (since, until)
            assert page.total == len(touching)
            query = Query(text, country=country, since=since, until=until)
            assert {one.slug for one in await catalog.candidates(query)} == touching
            with pytest.MonkeyPatch.context() as patch:  # as in a large catalogue, where all of them would be too many
                most, few, named = (rng.randint(1, 60) for _ in range(3))
                for name, value in (("MOST_RESULTS", most), ("FEW", few), ("MOST_NAMED", named)):
                    patch.setattr(search, name, value)
                results = search.find(connection, titles, query)
            found = {slugs[number] for number in results.numbers}
            assert found <= touching
            assert (len(found), results.more) == (min(most, len(touching)), len(touching) > most)

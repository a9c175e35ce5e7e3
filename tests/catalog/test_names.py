"""Countries by any name that a person uses, and none for what is no country; hashtags however they are typed."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.catalog import Catalog
from bot.catalog.build import build
from bot.catalog.countries import Countries, CountryDataError
from bot.config import COUNTRIES
from tests.conftest import NOW
from tests.moments import record


async def first_of(catalog: Catalog, typed: str) -> str:
    offered = await catalog.complete_country(typed)
    return offered[0].value if offered else ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        # slips: left out, added, doubled, swapped, beside the key, mistaken vowels
        ("Grmany", "DE"), ("Swedeen", "SE"), ("Braazil", "BR"), ("Nroway", "NO"), ("Polsnd", "PL"),
        ("Phillipines", "PH"),
        ("Kazakstan", "KZ"), ("Kyrgistan", "KG"), ("Urugay", "UY"), ("Columbia", "CO"), ("Equador", "EC"),
        ("razil", "BR"),
        ("swizterland", "CH"), ("Lichtenstien", "LI"), ("azerbijan", "AZ"), ("Madagaskar", "MG"), ("Hungry", "HU"),
        # half typed: a state of today before a former one, an English name before one in another language
        ("ger", "DE"), ("germ", "DE"), ("port", "PT"), ("mali", "ML"), ("saint k", "KN"),
        ("united s", "US"),
        # codes, demonyms, abbreviations, other languages and scripts
        ("de", "DE"), ("DEU", "DE"), ("mx", "MX"), ("swede", "SE"), ("danish", "DK"), ("DRC", "CD"), ("PRC", "CN"),
        ("Suède", "SE"), ("Schweden", "SE"), ("Швеция", "SE"), ("السويد", "SE"), ("瑞典", "SE"), ("स्वीडन", "SE"),
        # as a list writes it, and former states
        ("Korea, South", "KR"), ("Congo (Kinshasa)", "CD"), ("Czechoslovakia", "CSHH"), ("East Germany", "DDDE"),
        ("ottoman", "X-OTTOMAN"),
    ],
)  # fmt: skip
async def test_a_country_is_offered_first_for_whatever_people_type(catalog: Catalog, typed: str, code: str) -> None:
    assert await first_of(catalog, typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "Europe", "Asia", "Africa", "Siberia", "Atlantis", "Narnia", "Wakanda", "Jupiter", "NATO", "Paris",
        "Tokyo",
        "Lagos", "hello", "hello world", "test", "asdf", "xyzzy", "history", "war", "Pacific Ocean", "Sahara", "12345",
        "!!!!",
    ],
)  # fmt: skip
async def test_words_that_are_no_country_are_offered_none(catalog: Catalog, typed: str) -> None:
    assert await catalog.complete_country(typed) == []


async def test_a_name_of_two_countries_offers_both(catalog: Catalog) -> None:
    assert {one.value for one in (await catalog.complete_country("congo"))[:2]} == {"CD", "CG"}
    assert {"KR", "KP"} <= {one.value for one in (await catalog.complete_country("korea"))[:3]}
    assert {"SD", "SS"} <= {one.value for one in await catalog.complete_country("sudan")}


def test_no_word_is_both_a_country_and_none() -> None:
    countries = Countries.load(COUNTRIES)
    codes = {key: code for key, code, _ in countries.english()}
    assert codes["europe"] == ""
    assert codes["hungary"] == "HU"
    for country in countries:
        assert codes[next(key for key in codes if codes[key] == country.code)] == country.code


def test_words_that_are_no_list_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "countries.toml"
    path.write_text(COUNTRIES.read_text("utf-8").split("[not_countries]")[0] + "[not_countries]\nwords = 5\n", "utf-8")
    with pytest.raises(CountryDataError):
        Countries.load(path)


TAGS = [
    "SuezCanal", "SuezCrisis", "ColdWar", "ColdWarEra", "SpaceRace", "MongoliaUSRelations", "Olympics1936", "GoldRush",
]  # fmt: skip


@pytest.fixture
async def tagged(tmp_path: Path, countries: Countries) -> AsyncIterator[Catalog]:
    rows = [
        record(f"m-{n}", f"Event {n}", "1900", ["FR"], hashtags=TAGS[: 1 + n])  # the first tag has most moments
        for n in range(len(TAGS))
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([tmp_path / "a.jsonl"], tmp_path / "c.db", countries, now=NOW)
    async with Catalog.open(tmp_path / "c.db") as catalog:
        yield catalog


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("#coldwar", "ColdWar"), ("COLDWARERA", "ColdWarEra"), ("cold war era", "ColdWarEra"), ("space r", "SpaceRace"),
        ("suezcrisi", "SuezCrisis"), ("suezcrsis", "SuezCrisis"), ("spcaerace", "SpaceRace"), ("glodrush", "GoldRush"),
        ("usrelations", "MongoliaUSRelations"), ("#olympics1936", "Olympics1936"),
        ("mongolia-us-relations", "MongoliaUSRelations"),
    ],
)  # fmt: skip
async def test_a_hashtag_is_offered_first_however_it_is_typed(tagged: Catalog, typed: str, tag: str) -> None:
    offered = await tagged.complete_hashtag(typed)
    assert offered[0].value == tag
    assert offered[0].moments == len(TAGS) - TAGS.index(tag)


async def test_the_hashtag_with_more_moments_comes_first_and_an_empty_box_offers_the_commonest(tagged: Catalog) -> None:
    assert [one.value for one in await tagged.complete_hashtag("suez")] == ["SuezCanal", "SuezCrisis"]
    assert [one.value for one in await tagged.complete_hashtag("", limit=3)] == ["SuezCanal", "SuezCrisis", "ColdWar"]

"""What the indexes of words and trigrams say: the same as reading every title, only sooner."""

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalog import words
from bot.catalog.build import build
from bot.catalog.complete import complete_moments
from bot.catalog.countries import Countries
from bot.catalog.matching import fold, trigrams
from bot.catalog.titles import Titles
from tests.conftest import NOW
from tests.moments import record

NATIONS = ("Austria", "Belgium", "Chile", "Denmark", "Egypt", "Finland", "Ghana", "Hungary", "Iceland", "Japan")
TITLES = [f"{one} and {other} sign a treaty of trade" for one in NATIONS for other in NATIONS if one < other]
TITLES += ["The long march of the salt carriers", "Zanzibar closes its market of slaves"]


@pytest.fixture
def db(tmp_path: Path, countries: Countries) -> Iterator[sqlite3.Connection]:
    rows = [record(f"m-{n}", title, f"{1900 + n}-05-01", ["FR"], hashtags=[]) for n, title in enumerate(TITLES)]
    rows.append(
        record("ghana-fleet", "Ghana builds a fleet", "1960-05-01", ["GH"], hashtags=["ShipsOfTrade", "Treaty"])
    )
    content = tmp_path / "moments.jsonl"
    content.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([content], tmp_path / "catalog.db", countries, now=NOW)
    connection = sqlite3.connect(tmp_path / "catalog.db")
    yield connection
    connection.close()


def _titles_of(db: sqlite3.Connection, numbers: list[int]) -> set[str]:
    marks = ",".join("?" * len(numbers))
    return {title for (title,) in db.execute(f"SELECT title FROM moment WHERE id IN ({marks})", numbers)}


def test_each_trigram_has_the_moments_that_have_it(db: sqlite3.Connection) -> None:
    titles = Titles.read(db)
    held: Counter[str] = Counter()
    for number in range(1, len(titles) + 1):
        title, slug = titles.encoded(number)
        own = set(trigrams(f"^{title.decode()}$^{slug.decode()}$"))
        held.update(own)
        assert all(number in titles.parts.having(part) for part in own)
    assert dict(held) == titles.parts.common


def test_a_misspelt_text_shares_rare_trigrams_with_what_is_meant(db: sqlite3.Connection) -> None:
    titles = Titles.read(db)
    shared = titles.parts.sharing(trigrams("^zanzibr closes its markt"))
    assert shared is not None
    assert _titles_of(db, shared) == {"Zanzibar closes its market of slaves"}
    assert titles.parts.sharing(trigrams("^zan")) is None


@pytest.mark.parametrize(
    "typed", ["chile treaty", "treaty chile", "chile sign tr", "sign of chile trade", "ghana treaty"]
)
def test_leaving_common_words_out_changes_nothing(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    titles = Titles.read(db)
    text = typed.split()
    every = words.having(db, titles, text, 300, 25)
    monkeypatch.setattr(words, "COMMON", 12)
    monkeypatch.setattr(words, "TIMES", 1)
    ask = words.asked(db, text, len(titles))
    assert ask is not None
    assert ask.common
    in_title = {title for title in TITLES if all(word in fold(title) for word in text)}
    assert _titles_of(db, words.having(db, titles, text, 300, 25)) == in_title
    assert in_title <= _titles_of(db, every)


def test_common_words_may_stand_beside_the_title(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "COMMON", 2)
    monkeypatch.setattr(words, "TIMES", 1)
    found = words.having(db, Titles.read(db), ["fleet", "treaty", "trade"], 300, 25)
    assert _titles_of(db, found) == {"Ghana builds a fleet"}


def test_a_word_that_is_nowhere_is_not_asked_for(db: sqlite3.Connection) -> None:
    assert words.asked(db, ["chile", "trety", "of"], len(TITLES)) is None
    assert words.asked(db, ["chile", "treatyx"], len(TITLES)) is None
    counts = words.count(db, ["chile", "treaty"], len(TITLES))
    assert (counts.whole, counts.begun) == ({"chile": 9, "treaty": 46}, 46)


def test_what_is_hardly_alike_is_not_offered_beside_what_is_meant(db: sqlite3.Connection) -> None:
    choices = complete_moments(db, Titles.read(db), "zanzibr closes its markt", limit=25, today=dt.date(2026, 1, 27))
    assert [choice.title for choice in choices] == ["Zanzibar closes its market of slaves"]

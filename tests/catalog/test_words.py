"""What the indexes of words and trigrams say: the same as reading every title, only sooner."""

import contextlib
import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.catalog import guess, words
from bot.catalog.build import build
from bot.catalog.complete import complete_moments
from bot.catalog.countries import Countries
from bot.catalog.matching import fold, trigrams
from bot.catalog.query import Choice
from bot.catalog.titles import Titles
from tests.conftest import NOW
from tests.moments import record

NATIONS = ("Austria", "Belgium", "Chile", "Denmark", "Egypt", "Finland", "Ghana", "Hungary", "Iceland", "Japan")
TITLES = [f"{one} and {other} sign a treaty of trade" for one in NATIONS for other in NATIONS if one < other]
TITLES += ["The long march of the salt carriers", "Zanzibar closes its market of slaves"]
TITLES += ["Chile and its treatybooks", "Chile has no tradesmen"]  # hold a common word only inside another


@pytest.fixture
def db(tmp_path: Path, countries: Countries) -> Iterator[sqlite3.Connection]:
    rows = [record(f"m-{n}", title, f"{1900 + n}-05-01", ["FR"], hashtags=[]) for n, title in enumerate(TITLES)]
    rows.append(
        record("ghana-fleet", "Ghana builds a fleet", "1960-05-01", ["GH"], hashtags=["ShipsOfTrade", "Treaty"])
    )
    with contextlib.closing(_built(tmp_path, countries, rows)) as connection:
        yield connection


def _built(folder: Path, countries: Countries, rows: list[dict[str, Any]]) -> sqlite3.Connection:
    content = folder / "moments.jsonl"
    content.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([content], folder / "catalog.db", countries, now=NOW)
    return sqlite3.connect(folder / "catalog.db")


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
    "typed", ["chile treaty of", "treaty chile", "chile sign tr", "sign trade chile", "trade ghana"]
)
def test_common_words_that_are_left_out_are_in_the_titles_all_the_same(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    titles = Titles.read(db)
    text = typed.split()
    every = words.having(db, titles, text, 300, 25)
    monkeypatch.setattr(words, "COMMON", 12)
    monkeypatch.setattr(words, "TIMES", 1)
    ask = words.asked(titles, text)
    assert ask is not None
    assert ask.common
    in_title = {title for title in TITLES if _has(title, text)}
    assert len(in_title) == 9
    assert _titles_of(db, words.having(db, titles, text, 300, 25)) == in_title
    assert in_title <= _titles_of(db, every)


def _has(title: str, text: list[str]) -> bool:
    """Whether a title has all words, and one that begins like the last."""
    own = fold(title).split()
    return all(word in own for word in text[:-1]) and any(word.startswith(text[-1]) for word in own)


def test_where_the_rarer_words_are_in_many_moments_all_words_are_asked_for(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "COMMON", 12)
    monkeypatch.setattr(words, "TIMES", 1)
    monkeypatch.setattr(words, "MOST_NARROWED", 5)
    found = words.having(db, Titles.read(db), ["treaty", "chile"], 300, 25)
    assert _titles_of(db, found) == {title for title in TITLES if _has(title, ["treaty", "chile"])}


def test_common_words_may_stand_beside_the_title(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "COMMON", 2)
    monkeypatch.setattr(words, "TIMES", 1)
    found = words.having(db, Titles.read(db), ["fleet", "treaty", "trade"], 300, 25)
    assert _titles_of(db, found) == {"Ghana builds a fleet"}


def test_a_word_that_is_nowhere_is_not_asked_for(db: sqlite3.Connection) -> None:
    titles = Titles.read(db)
    assert words.asked(titles, ["chile", "trety", "of"]) is None
    assert words.having(db, titles, ["chile", "treatyx"], 300, 25) == []
    counts = words.count(db, ["chile", "treaty"])
    assert (counts.whole, counts.begun) == ({"chile": 11, "treaty": 46}, 47)


def test_what_is_hardly_alike_is_not_offered_beside_what_is_meant(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = _offered(db, "chile and egyptt sign a trety")
    monkeypatch.setattr(guess, "SPREAD", 1000)
    many = _offered(db, "chile and egyptt sign a trety")
    assert few[0].title == "Chile and Egypt sign a treaty of trade"
    assert 0 < len(few) < len(many)


def test_top_moments_are_among_the_many_that_a_misspelt_word_stands_for(tmp_path: Path, countries: Countries) -> None:
    rows = [
        record(f"m-{n}", f"Number {n} in the annals of sport", f"{1500 + n}-05-01", ["FR"], hashtags=["Athletics"])
        for n in range(150)
    ]
    rows.append(record("top", "The greatest of all runs", "1999-05-01", ["FR"], hashtags=["Athletics"], top=True))
    with contextlib.closing(_built(tmp_path, countries, rows)) as db:
        assert _offered(db, "athletcs")[0].slug == "top"


def test_letters_that_fold_to_two_words_are_no_error(tmp_path: Path, countries: Countries) -> None:
    rows = [record("c", "A house of learning", "1900-05-01", ["FR"], body="El co\u0140legi va obrir al poble. " * 5)]
    with contextlib.closing(_built(tmp_path, countries, rows)) as db:
        assert _offered(db, "note collegj") == []


def _offered(db: sqlite3.Connection, typed: str) -> list[Choice]:
    return complete_moments(db, Titles.read(db), typed, limit=25, today=dt.date(2026, 1, 27))

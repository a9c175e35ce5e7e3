"""What is kept in memory: texts in the order of the alphabet, and rows."""

import contextlib
import json
import sqlite3
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalog import packs
from bot.catalog.build import build
from bot.catalog.countries import Countries
from bot.catalog.packs import Order, Pack, Rows
from bot.catalog.titles import Titles
from tests.conftest import NOW
from tests.moments import record

NAMES = ["war of the roses", "war", "treaty", "", "wars", "zanzibar", "war and peace", "éire"]


def _packed(names: list[str]) -> Pack:
    data, ends = b"", array("I", [0])
    for name in names:
        data += name.encode()
        ends.append(len(data))
    return Pack(data, ends)


@pytest.mark.parametrize("part", ["war", "war ", "w", "z", "é", "a", "zz", "treaty", ""])
@pytest.mark.parametrize("most", [1, 3, 100])
def test_an_order_finds_what_starts_with_a_part(part: str, most: int) -> None:
    pack = _packed(NAMES)
    order = Order(pack, array("I", sorted(range(1, len(NAMES) + 1), key=pack.get)))
    found = [NAMES[number - 1] for number in order.starting(part.encode(), most)]
    assert found == sorted(name for name in NAMES if name.startswith(part))[:most]


@pytest.fixture
def db(tmp_path: Path, countries: Countries) -> Iterator[sqlite3.Connection]:
    rows = [record(f"year-{year}", f"What 'Ö' did in {year}", f"{year}", ["FR", "MN"]) for year in range(1900, 1940)]
    content = tmp_path / "moments.jsonl"
    content.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([content], tmp_path / "catalog.db", countries, now=NOW)
    with contextlib.closing(sqlite3.connect(tmp_path / "catalog.db")) as connection:
        yield connection


def test_rows_are_the_same_from_memory_and_from_the_file(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Rows.read(db, 40)
    monkeypatch.setattr(packs, "MOST_HELD", 39)
    left = Rows.read(db, 40)
    assert (held.held is None, left.held is None) == (False, True)
    for numbers in ([], [40, 7, 1]):
        assert sorted(held.get(db, numbers)) == sorted(left.get(db, numbers))
    assert held.get(db, [2])[0][:3] == [2, "year-1901", "What 'Ö' did in 1901"]
    assert held.get(db, [2])[0][4] == "FR"


def _titles(folder: Path, countries: Countries, title: str) -> Titles:
    """A hundred moments war-000 to war-099 with such titles, the last four of them Top Moments."""
    content = folder / "moments.jsonl"
    rows = [record(f"war-{n:03}", title.format(n=n), "1900-05-01", ["FR"], top=n > 95) for n in range(100)]
    content.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([content], folder / "catalog.db", countries, now=NOW)
    with contextlib.closing(sqlite3.connect(folder / "catalog.db")) as connection:
        return Titles.read(connection)


def _slugs(titles: Titles, found: dict[int, float]) -> set[str]:
    return {titles.keys(number)[-1] for number in found}


def test_many_titles_that_start_alike_are_the_first_and_top_moments(tmp_path: Path, countries: Countries) -> None:
    titles = _titles(tmp_path, countries, "War number {n:03}")
    first_and_top = {f"war {n:03}" for n in (*range(10), 96, 97, 98)}
    assert _slugs(titles, titles.starting("war n", 10, 3)) == first_and_top
    assert titles.starting("war number 050", 10, 3) == {51: 1.0}
    assert titles.starting("war 050", 10, 3) == {51: 1.0}


def test_many_slugs_that_start_alike_are_the_first_and_top_moments(tmp_path: Path, countries: Countries) -> None:
    titles = _titles(tmp_path, countries, "{n:03} armies meet")
    first_and_top = {f"war {n:03}" for n in (*range(10), 96, 97, 98)}
    assert _slugs(titles, titles.starting("war", 10, 3)) == first_and_top

"""How dates and counts read, and what happens to a language that is not there."""

import datetime as dt
from pathlib import Path

import pytest

from bot.catalog.dates import parse_date
from bot.catalog.moment import CATEGORIES
from bot.locale import Locales
from bot.locale.texts import MissingTextError


@pytest.mark.parametrize(
    ("edtf", "british", "american"),
    [
        ("1987-01-27", "27 January 1987", "January 27, 1987"),
        ("1987-01", "January 1987", "January 1987"),
        ("1206~", "about 1206", "about 1206"),
        ("1206?", "1206 (uncertain)", "1206 (uncertain)"),
        ("1206%", "about 1206 (uncertain)", "about 1206 (uncertain)"),
        ("-0043-03-15", "15 March 44 BCE", "March 15, 44 BCE"),
        ("-0044-02-29", "29 February 45 BCE", "February 29, 45 BCE"),
        ("0000", "1 BCE", "1 BCE"),
        ("0622", "622", "622"),
        ("1914-07-28/1918-11-11", "28 July 1914 to 11 November 1918", "July 28, 1914 to November 11, 1918"),
        ("1990/..", "since 1990", "since 1990"),
        ("198X", "the 1980s", "the 1980s"),
        ("18XX", "the 1800s", "the 1800s"),
    ],
)
def test_a_date_reads_as_precisely_as_it_is_known(locales: Locales, edtf: str, british: str, american: str) -> None:
    assert locales.get("en-GB").date(parse_date(edtf)) == british
    assert locales.get("en-US").date(parse_date(edtf)) == american


def test_days_counts_lists_and_categories(locales: Locales) -> None:
    words = locales.get("en-GB")
    assert words.date(None) == "date unknown"
    assert words.day(2, 29) == "29 February"
    assert words.on(dt.date(2026, 1, 2)) == "2 January 2026"
    assert [words("list-total", total=n) for n in (0, 1, 12345)] == ["0 moments", "1 moment", "12,345 moments"]
    assert words.join(["a", "b", "c"]) == "a, b and c"
    assert [words.category(name) for name in CATEGORIES] == list(CATEGORIES)


def test_a_language_that_is_not_there_is_english_and_one_that_is_falls_back_message_by_message(tmp_path: Path) -> None:
    assert Locales().get("xx")("list-read") == "Read"
    for language, text in (("en", "list-read = Read\nlist-next = Next\n"), ("de", "list-read = Lesen\n")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "moments.ftl").write_text(text, "utf-8")
    german = Locales(tmp_path).get("de")
    assert (german("list-read"), german("list-next")) == ("Lesen", "Next")
    assert german.day(1, 27) == "27. Januar"
    with pytest.raises(MissingTextError):
        german("no-such-message")

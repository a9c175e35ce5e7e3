import contextlib
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.dates import (
    DateError,
    MomentDate,
    Point,
    Precision,
    day_number,
    parse_date,
    parse_day,
    parse_typed,
    parse_written,
)

TODAY = date(2024, 2, 28)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("1987-01-27", Point(1987, 1, 27), None, Precision.DAY),
        ("1987-01", Point(1987, 1), None, Precision.MONTH),
        ("1206", Point(1206), None, Precision.YEAR),
        ("-0043-03-15", Point(-43, 3, 15), None, Precision.DAY),
        ("0000", Point(0), None, Precision.YEAR),
        ("198X", Point(1980), None, Precision.DECADE),
        ("19XX", Point(1900), None, Precision.CENTURY),
        ("-19XX", Point(-1999), None, Precision.CENTURY),
        ("1987-XX", Point(1987), None, Precision.YEAR),
        ("1987-XX-XX", Point(1987), None, Precision.YEAR),
        ("1987-01-XX", Point(1987, 1), None, Precision.MONTH),
        ("1914-07-28/1918-11-11", Point(1914, 7, 28), Point(1918, 11, 11), Precision.DAY),
        ("1206/1368-09", Point(1206), Point(1368, 9), Precision.YEAR),
        ("1990/..", Point(1990), None, Precision.YEAR),
        ("../1990", Point(1990), Point(1990), Precision.YEAR),
    ],
)
def test_edtf_is_read_as_precisely_as_it_is_written(
    text: str, start: Point, end: Point | None, precision: Precision
) -> None:
    found = parse_date(text)
    assert (found.text, found.start, found.end, found.precision) == (text, start, end, precision)


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("1206", False, False),
        ("1206~", True, False),
        ("1206?", False, True),
        ("1206%", True, True),
        ("19XX~", True, False),
        ("1206~/1210", True, False),
        ("1206/1210?", False, True),
    ],
)
def test_marks_of_doubt_are_kept(text: str, *, approximate: bool, uncertain: bool) -> None:
    assert (parse_date(text).approximate, parse_date(text).uncertain) == (approximate, uncertain)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1987-01-27", Point(1987, 1, 27), Point(1987, 1, 27)),
        ("1987", Point(1987, 1, 1), Point(1987, 12, 31)),
        ("198X", Point(1980, 1, 1), Point(1989, 12, 31)),
        ("-198X", Point(-1989, 1, 1), Point(-1980, 12, 31)),
        ("19XX", Point(1900, 1, 1), Point(1999, 12, 31)),
        ("1914-07/1918", Point(1914, 7, 1), Point(1918, 12, 31)),
        ("1990/", Point(1990, 1, 1), Point(9999, 12, 31)),
        ("/1990", Point(-9999, 1, 1), Point(1990, 12, 31)),
    ],
)
def test_first_and_last_day_are_the_widest_reading(text: str, first: Point, last: Point) -> None:
    assert (parse_date(text).first, parse_date(text).last) == (day_number(first), day_number(last))


def test_days_sort_across_the_beginning_of_our_era() -> None:
    texts = ["-0499", "-0043-03-15", "-0043-03-16", "-0001-12-31", "0000-01-01", "0001", "1987-01-27", "1987-02"]
    assert sorted(set(texts), key=lambda text: parse_date(text).first) == texts


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1987-01-27", (1, 27)),
        ("1987-01-27?", (1, 27)),
        ("1914-07-28/1918", (7, 28)),
        ("1987-01-27~", None),
        ("1987-01", None),
        ("../1990-01-01", None),
    ],
)
def test_an_anniversary_needs_a_known_day(text: str, day: tuple[int, int] | None) -> None:
    assert parse_date(text).anniversary == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1987-13", "no month from 01 to 12"),
        ("1987-00-10", "no month from 01 to 12"),
        ("1987-02-29", "February 1987 has 28 days"),
        ("1900-02-29", "28 days"),
        ("-0001-02-29", "28 days"),
        ("1987-04-31", "April 1987 has 30 days"),
        ("-0000", "1 BC is 0000"),
        ("1987-21", "1987-03/1987-05"),
        ("Y170000", "-9999 to 9999"),
        ("1985-04-12T23:20:30Z", "1985-04-12"),
        ("1918/1914", "earlier date first"),
        ("../..", "neither a start nor an end"),
        ("198X/1999", "1980/1999"),
        ("1XXX", "a century (19XX)"),
        ("1987-0X", "1987-01-27"),
        ("{1987,1988}", "1987-01-27"),
        ("27 January 1987", "1987-01-27"),
        ("１９８７", "1987-01-27"),
        ("", "0 characters"),
        ("9" * 70, "70 characters"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(DateError, match=re.escape(sentence)):
        parse_date(text)


def test_the_edtf_library_prints_nothing_when_it_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DateError):
        parse_date("1988-0X")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("text", ["0000-02-29", "-0004-02-29", "2000-02-29", "1904-02-29"])
def test_leap_days_exist_in_leap_years_of_any_era(text: str) -> None:
    assert parse_date(text).anniversary == (2, 29)


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ("1987", "1987"),
        ("987", "0987"),
        ("1987-01", "1987-01"),
        (" 1987-01-27 ", "1987-01-27"),
        ("1206~", "1206~"),
        ("198x", "198X"),
        ("1980s", "198X"),
        ("1990/..", "1990/.."),
        ("27 jan 1987", "1987-01-27"),
        ("Jan 27, 1987", "1987-01-27"),
        ("the 27th of January, 1987", "1987-01-27"),
        ("1987 January 27", "1987-01-27"),
        ("Sept 1939", "1939-09"),
        ("27.1.1987", "1987-01-27"),
        ("27/1/1987", "1987-01-27"),
        ("1/27/1987", "1987-01-27"),
        ("2/2/1987", "1987-02-02"),
        ("1987/1/27", "1987-01-27"),
        ("44 BC", "-0043"),
        ("1 bc", "0000"),
        ("500 bce", "-0499"),
        ("15 March 44 B.C.", "-0043-03-15"),
        ("AD 79", "0079"),
        ("24 August 79 CE", "0079-08-24"),
        ("about 1206", "1206~"),
        ("c. 44 BC", "-0043~"),
        ("today", "2024-02-28"),
        ("Yesterday", "2024-02-27"),
    ],
)
def test_typed_dates_are_understood(typed: str, edtf: str) -> None:
    assert parse_typed(typed, today=TODAY).text == edtf


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1/2/1987", "1 February or 2 January"),
        ("27 jan", "no year"),
        ("27 jan 87", "short year"),
        ("1/2/87", "short year"),
        ("44", "44 AD"),
        ("0 BC", "no year"),
        ("31 april 1999", "30 days"),
        ("tuesday", "27 January 1987"),
        ("", "0 characters"),
        ("27 januar foo 1987", "27 January 1987"),
    ],
)
def test_typed_dates_in_doubt_are_refused(typed: str, sentence: str) -> None:
    with pytest.raises(DateError, match=re.escape(sentence)):
        parse_typed(typed, today=TODAY)


def test_month_first_decides_what_is_in_doubt() -> None:
    assert parse_written("1/2/1987", month_first=True).text == "1987-01-02"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("27 jan", (1, 27)),
        ("January 27", (1, 27)),
        ("01-27", (1, 27)),
        ("27-01", (1, 27)),
        ("1987-01-27", (1, 27)),
        ("27.1.", (1, 27)),
        ("27/1", (1, 27)),
        ("4/4", (4, 4)),
        ("29 feb", (2, 29)),
        ("02-29", (2, 29)),
        ("today", (2, 28)),
        ("Tomorrow", (2, 29)),
        ("yesterday", (2, 27)),
    ],
)
def test_days_of_the_year_are_understood(typed: str, day: tuple[int, int]) -> None:
    assert parse_day(typed, today=TODAY) == day


@pytest.mark.parametrize("typed", ["3/4", "30 feb", "13-13", "00-10", "january", "1987", "44 BC", "", "x" * 99, "soon"])
def test_other_texts_are_no_day_of_the_year(typed: str) -> None:
    with pytest.raises(DateError, match="write"):
        parse_day(typed, today=TODAY)


@pytest.mark.parametrize("text", ["1987-01-27", "198X?", "1914-07-28~/1918-11", "../1990", "-0043-03-15", "1990/.."])
def test_json_gives_the_same_date_back(text: str) -> None:
    assert MomentDate.from_json(parse_date(text).to_json()) == parse_date(text)


@given(st.text(max_size=30) | st.from_regex(r"[-0-9X/.~?% ]{1,20}|[0-9]{1,4}[ ./-][a-z0-9]{1,4}[ ./-][0-9]{1,4}"))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    for read in (parse_date, lambda typed: parse_typed(typed, today=TODAY), lambda day: parse_day(day, today=TODAY)):
        with contextlib.suppress(DateError):
            read(text)


@given(st.dates())
def test_every_calendar_day_is_read_and_in_order(day: date) -> None:
    found = parse_date(day.isoformat())
    assert (found.start, found.anniversary) == (Point(day.year, day.month, day.day), (day.month, day.day))
    assert (found.first < parse_date("1900-06-15").first) == (day < date(1900, 6, 15))

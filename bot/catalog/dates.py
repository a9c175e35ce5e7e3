"""Dates of moments: EDTF text as it is written, what people type, and how dates compare."""

import contextlib
import io
import re
import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from bot.catalog.points import DAYS, LONGEST, MONTHS, PLAIN, edtf_text, typed_point
from bot.catalog.points import DateError as DateError
from bot.catalog.points import Point as Point

EXAMPLES = "1987-01-27, 1987-01, 1987, 198X, 1206~ or 1914-07-28/1918-11-11"
TYPED_EXAMPLES = "27 January 1987, January 1987, 1987, 1987-01-27, 44 BC or about 1206"
_ABOUT = re.compile(r"(about|around|circa|ca?\.?)(?= ?[0-9])")
_RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


_PRECISIONS = {one.value: one for one in Precision}


class MomentDate(NamedTuple):
    """A date or interval: how it was written, its ends, and the earliest and latest day it can mean.

    `precision` is the start's. A decade or century starts at its earliest year. An interval that is open
    at its start has its end as `start` too; `1990/` and `/1990` (unknown) count as open.
    """

    text: str
    start: Point
    end: Point | None
    approximate: bool
    uncertain: bool
    first: int
    last: int
    precision: Precision
    open_start: bool = False
    open_end: bool = False

    @property
    def anniversary(self) -> tuple[int, int] | None:
        """Month and day of the start, or None if the day is not known (an approximate day is not)."""
        if self.start.month is None or self.start.day is None or self.approximate or self.open_start:
            return None
        return self.start.month, self.start.day

    def to_json(self) -> list[Any]:  # Any: JSON
        """The date as a list, short for a plain day, that `from_json` reads without the EDTF library."""
        start = [self.start.year, self.start.month, self.start.day]
        if self == _plain_day(self.text, self.start, self.first):
            return [self.text, start, self.first]
        end = None if self.end is None else [self.end.year, self.end.month, self.end.day]
        flags = [int(flag) for flag in (self.approximate, self.uncertain, self.open_start, self.open_end)]
        return [self.text, start, end, self.first, self.last, self.precision.value, *flags]

    @classmethod
    def from_json(cls, values: list[Any]) -> "MomentDate":  # Any: JSON
        """The date that `to_json` wrote down."""
        if len(values) == 3:  # as `_plain_day`, in half its time: every keystroke reads up to 25 dates
            text, start, first = values
            fields = (text, tuple.__new__(Point, start), None, False, False, first, first, Precision.DAY, False, False)
            return tuple.__new__(cls, fields)
        text, start, end, first, last, precision, approximate, uncertain, open_start, open_end = values
        ends = Point(*start), Point(*end) if end else None
        guessed, open_sides = (approximate == 1, uncertain == 1), (open_start == 1, open_end == 1)
        return cls(text, *ends, *guessed, first, last, _PRECISIONS[precision], *open_sides)


def _plain_day(text: str, day: Point, number: int) -> MomentDate:
    """One day, about which nothing is in doubt."""
    return MomentDate(text, day, None, False, False, number, number, Precision.DAY)  # noqa: FBT003 as the fields are


@dataclass(frozen=True, slots=True)
class _Side:
    """One date of an EDTF text: the first and last point it can mean, and its ``~``, ``?`` or ``%``."""

    first: Point
    last: Point
    mark: str
    precision: Precision


def day_number(point: Point, *, end: bool = False) -> int:
    """A number that sorts days of all years; an unknown month or day is the first, with `end` the last."""
    month = point.month or (12 if end else 1)
    day = point.day or (31 if end else 1)
    return point.year * 512 + month * 32 + day


def year_of(number: int) -> int:
    """The year of a day_number."""
    return number // 512


def day_of_year(month: int, day: int) -> int:
    """1 to 366, the same in all years: 29 February always has its number."""
    return sum(DAYS[: month - 1]) + day


@lru_cache(maxsize=4096)
def parse_date(text: str) -> MomentDate:
    """The date of an EDTF text (level 0 and 1 without seasons, times and long years), or DateError."""
    written = text.strip()
    if not written or len(written) > LONGEST:
        raise DateError(f"a date of {len(written)} characters cannot be read; write {EXAMPLES}")
    if "/" in written:
        return _interval(written)
    side = _side(written)
    return MomentDate(
        text=written,
        start=side.first,
        end=None,
        approximate=side.mark in ("~", "%"),
        uncertain=side.mark in ("?", "%"),
        first=day_number(side.first),
        last=day_number(side.last, end=True),
        precision=side.precision,
    )


def _interval(written: str) -> MomentDate:
    before, _, after = written.partition("/")
    start, end = _interval_side(before, written), _interval_side(after, written)
    known = start or end
    if known is None:
        raise DateError(f"{written!r} has neither a start nor an end; write {EXAMPLES}")
    first = day_number(start.first) if start else day_number(Point(-9999))
    last = day_number(end.last, end=True) if end else day_number(Point(9999), end=True)
    if start and end and day_number(end.last, end=True) < first:
        raise DateError(f"{written!r} ends before it starts; write the earlier date first")
    marks = (start.mark if start else "") + (end.mark if end else "")
    return MomentDate(
        text=written,
        start=known.first,
        end=end.first if end else None,
        approximate="~" in marks or "%" in marks,
        uncertain="?" in marks or "%" in marks,
        first=first,
        last=last,
        precision=known.precision,
        open_start=start is None,
        open_end=end is None,
    )


def _interval_side(text: str, written: str) -> _Side | None:
    if text in ("", ".."):
        return None
    side = _side(text)
    if side.precision in (Precision.DECADE, Precision.CENTURY):
        raise DateError(f"{written!r} goes from or to a decade; write its first and last year, such as 1980/1999")
    return side


def _side(text: str) -> _Side:
    # Dates without unspecified digits are read here: the edtf library takes 3 to 10 ms for each, which is
    # hours for a million moments.
    plain = PLAIN.fullmatch(text)
    if plain is None:
        return _unspecified(text)
    year, month, day, mark = plain.groups()
    if year == "-0000":
        raise DateError(f"{text!r} has the year -0000; 1 BC is 0000 and 2 BC is -0001")
    point = Point(int(year), int(month) if month else None, int(day) if day else None)
    _check_calendar(point, text)
    return _Side(point, point, mark, _precision(point))


def _precision(point: Point) -> Precision:
    if point.day is not None:
        return Precision.DAY
    return Precision.YEAR if point.month is None else Precision.MONTH


def _check_calendar(point: Point, text: str) -> None:
    if point.month is None:
        return
    if 21 <= point.month <= 41:
        raise DateError(f"{text!r} is a season; write its months, such as {text[:-2]}03/{text[:-2]}05")
    if not 1 <= point.month <= 12:
        raise DateError(f"{text!r} has no month from 01 to 12; write year-month-day, such as 1987-01-27")
    if point.day is None:
        return
    leap = point.year % 4 == 0 and (point.year % 100 != 0 or point.year % 400 == 0)
    days = 28 if point.month == 2 and not leap else DAYS[point.month - 1]
    if not 1 <= point.day <= days:
        name = MONTHS[point.month - 1].capitalize()
        raise DateError(f"{text!r} has a day that does not exist: {name} {point.year} has {days} days (Gregorian)")


def _unspecified(text: str) -> _Side:
    parsed = _parse_edtf(text)
    kind = type(parsed).__name__
    if kind == "LongYear":
        raise DateError(f"{text!r} has more than four digits in its year; years go from -9999 to 9999")
    if kind == "DateAndTime":
        raise DateError(f"{text!r} has a time of day; write the date alone, such as {text[:10]}")
    if kind != "Unspecified":
        raise DateError(f"{text!r} is not a date that can be read; write {EXAMPLES}")
    first, last = parsed.lower_strict(), parsed.upper_strict()
    mark = text[-1] if text[-1] in "~?%" else ""
    digits = text.lstrip("-")[:4]
    if digits.isdigit():
        month = None if first.tm_mon != last.tm_mon else first.tm_mon
        point = Point(first.tm_year, month)
        return _Side(point, point, mark, _precision(point))
    if digits[:2].isdigit() and set(text.lstrip("-")[4:]) <= set("-X~?%"):
        precision = Precision.DECADE if digits[2].isdigit() else Precision.CENTURY
        return _Side(Point(first.tm_year), Point(last.tm_year), mark, precision)
    raise DateError(f"{text!r} leaves too much open; write a decade (198X), a century (19XX) or an interval")


def _parse_edtf(text: str) -> Any:  # Any: the library has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its grammar, while it is built
        # Not at the top: it costs 8 MB and 0.15 s, and a running bot seldom needs it.
        from edtf import EDTFParseException, parse_edtf

        try:
            with contextlib.redirect_stdout(io.StringIO()):  # it prints what it fails on
                return parse_edtf(text)
        except (EDTFParseException, AttributeError, KeyError, TypeError, ValueError):  # its own slips, too
            return None


def parse_typed(text: str, *, today: date) -> MomentDate:
    """The date that a person typed: what `parse_written` reads, or ``today``, ``yesterday``. DateError."""
    days = _RELATIVE.get(text.strip().lower())
    return parse_written(text) if days is None else parse_date((today + timedelta(days=days)).isoformat())


def parse_written(text: str, *, month_first: bool = False) -> MomentDate:
    """The date in a text: EDTF, ``27 jan 1987``, ``Jan 27, 1987``, ``27.1.1987``, ``44 BC``, ``about 1206``,
    ``1980s``. ``1/2/1987`` is refused unless `month_first` decides it. DateError.
    """
    words = " ".join(text.lower().split())
    if len(words) > LONGEST or not words:
        raise DateError(f"a date of {len(words)} characters cannot be read; write {TYPED_EXAMPLES}")
    if re.fullmatch(r"[0-9]{3}0'?s", words):
        return parse_date(words[:3] + "X")
    about = _ABOUT.match(words)
    words = words[about.end() :].strip() if about else words
    point = typed_point(words, month_first=month_first)
    if point is None and re.fullmatch(r"[-0-9x./~?%]+", words):
        return parse_date(words.upper())
    if point is None:
        raise DateError(f"{text.strip()!r} is not a date that can be read; write {TYPED_EXAMPLES}")
    if point.year == 0:
        raise DateError(f"{text.strip()!r} has no year; write it in full, such as 27 January 1987")
    return parse_date(edtf_text(point) + ("~" if about else ""))


def parse_day(text: str, *, today: date) -> tuple[int, int]:
    """Month and day of what a person typed: ``27 jan``, ``01-27``, ``27.1.``, ``1987-01-27``, ``tomorrow``.

    29 February is a day. ``3/4`` is refused, for it may be March or April. DateError.
    """
    words = " ".join(text.lower().split())
    refused = DateError(f"{text.strip()[:LONGEST]!r} is not one day of the year; write 27 January or 01-27")
    if not words or len(words) > LONGEST:
        raise refused
    point = None if words in _RELATIVE else typed_point(words, month_first=False)
    if point is not None and point.year == 0 and point.month is not None and point.day is not None:
        if not (1 <= point.month <= 12 and 1 <= point.day <= DAYS[point.month - 1]):
            raise refused
        return point.month, point.day
    if point is None and not any(char.isdigit() for char in words) and words not in _RELATIVE:
        raise refused
    known = parse_typed(text, today=today).start
    if known.month is None or known.day is None:
        raise refused
    return known.month, known.day


_DAY_AND_MONTH = re.compile(
    r"(?<!\S)(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]{3,9})"
    r"|(?P<month2>[a-z]{3,9}) (?P<day2>\d{1,2})(?:st|nd|rd|th)?)(?!\S)"
)


def day_within(words: str) -> tuple[int, int, str] | None:
    """Month and day named in folded words, and the words beside them: ``mongolia 27 jan`` is (1, 27, ``mongolia``)."""
    at = -1
    while found := _DAY_AND_MONTH.search(words, at + 1):
        at = found.start()
        name, day = found["month"] or found["month2"], int(found["day"] or found["day2"])
        month = next((n for n, whole in enumerate(MONTHS, 1) if whole.startswith(name)), 0)
        if month and 1 <= day <= DAYS[month - 1]:
            return month, day, " ".join((words[: found.start()] + words[found.end() :]).split())
    return None

"""Days, months and years as people write them, in other forms than EDTF."""

import re
from typing import NamedTuple

LONGEST = 64  # characters of a date
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
PLAIN = re.compile(r"(-?[0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%]?)")  # EDTF without unspecified digits
_NUMERIC = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})(?:\2([0-9]{1,4})?)?")
_ERA = re.compile(r"(?<![a-z])(b\.? ?c\.?(?: ?e\.?)?|a\.? ?d\.?|c\.? ?e\.?)(?![a-z])")
_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_BESIDE = frozenset({"st", "nd", "rd", "th", "of", "the"})


class DateError(ValueError):
    """A text is not a date; its sentence says what is wrong and what to write instead."""


class Point(NamedTuple):
    """A day, month or year, as precise as it is known; years count astronomically (0 is 1 BC)."""

    year: int
    month: int | None = None
    day: int | None = None


def typed_point(words: str, *, month_first: bool) -> Point | None:
    """What was typed in another form than EDTF; year 0 means 'none given', 44 BC is -44."""
    era = _ERA.search(words)
    rest = (words[: era.start()] + words[era.end() :]).strip(" ,") if era else words
    if rest.isascii() and rest.isdigit():
        if not era and len(rest) < 3:
            raise DateError(f"{words!r} may be a day or a year; write 27 January, 1987 or {rest} AD")
        point: Point | None = Point(int(rest)) if len(rest) <= 4 else None
    elif not era and PLAIN.fullmatch(rest):
        return None
    else:
        point = _numeric(rest, month_first=month_first) or _worded(rest, any_year=era is not None)
    if point is None or era is None:
        return point
    return Point(-point.year, point.month, point.day) if era[0].startswith("b") else point


def _numeric(words: str, *, month_first: bool) -> Point | None:
    """``27.1.1987`` (day first), ``1987/1/27``, ``27/1``, ``1/27``; ``01-27`` is month-day as in ISO."""
    match = _NUMERIC.fullmatch(words)
    if match is None:
        return None
    first, between, second, third = match.groups()
    if len(first) > 2:
        return Point(int(first), int(second), int(third)) if third else None
    a, b = int(first), int(second)
    if third and len(third) < 3:
        raise DateError(f"{words!r} has a short year; write it in full, such as 27 January 1987")
    year = int(third) if third else 0
    if between == "." or a > 12:
        return Point(year, b, a)
    if not (a > 0 and 0 < b <= 12) or a == b or month_first or (between == "-" and not third):
        return Point(year, a, b)
    names = f"{a} {MONTHS[b - 1].capitalize()} or {b} {MONTHS[a - 1].capitalize()}"
    raise DateError(f"{words!r} may be {names}; write the month as a word")


def _worded(words: str, *, any_year: bool) -> Point | None:
    """``27 january 1987``, ``jan 27, 1987``, ``january 1987``, ``1987 jan 27`` and ``27th of jan``."""
    tokens = [token for token in _WORD.findall(words) if token not in _BESIDE]
    numbers = [token for token in tokens if token.isdigit()]
    names = [token for token in tokens if not token.isdigit()]
    months = [number for number, name in enumerate(MONTHS, 1) if names and _is_month(names[0], name)]
    if len(names) != 1 or not months or not 1 <= len(numbers) <= 2 or not words.isascii():
        return None
    if len(numbers) == 1 and (len(numbers[0]) > 2 or any_year):
        return Point(int(numbers[0]), months[0])
    if len(numbers) == 1:
        return Point(0, months[0], int(numbers[0]))
    day, year = numbers if len(numbers[0]) <= 2 else numbers[::-1]
    if len(year) < 3 and not any_year:
        raise DateError(f"{words!r} has a short year; write it in full, such as 27 January 1987")
    return Point(int(year), months[0], int(day))


def _is_month(typed: str, name: str) -> bool:
    return (len(typed) >= 3 and name.startswith(typed)) or (typed, name) == ("sept", "september")


def edtf_text(point: Point) -> str:
    """The EDTF text of a point whose year counts 44 BC as -44."""
    year = point.year + 1 if point.year < 0 else point.year
    text = f"-{-year:04d}" if year < 0 else f"{year:04d}"
    return text + "".join(f"-{part:02d}" for part in (point.month, point.day) if part is not None)

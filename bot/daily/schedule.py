"""When a daily post is due: wall-clock arithmetic, without a clock and without a database."""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_WORDS = {"noon": dt.time(12), "midday": dt.time(12), "midnight": dt.time(0)}
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})|(\d{2})|\s*h)?(?:\s*([ap])\.?\s*(?:m\.?)?)?", re.IGNORECASE)
# A zone leaves out at most a day (Samoa, 30 December 2011); two more are room enough.
_DAYS_TO_LOOK = 4


class TimeTextError(ValueError):
    """A text that is no time of day."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The daily post of one server: every day `at` a time on the clocks of `zone`, of moments that fit the filters.

    `next_on` is the local date of the next post and `next_at` its instant; `paused_because` is a reason code.
    """

    id: int
    guild_id: int
    channel_id: int
    at: dt.time
    zone: str
    country: str | None
    category: str | None
    hashtag: str | None
    locale: str
    created_by: int
    changed_at: dt.datetime
    next_on: dt.date
    next_at: dt.datetime
    active: bool
    paused_because: str | None


def parse_time(text: str) -> dt.time:
    """The time of day that a person means: 9, 9:00, 9am, 21.30, 0930, noon. Raises TimeTextError."""
    plain = " ".join(text.lower().split()).removesuffix(" uhr")
    if plain in _WORDS:
        return _WORDS[plain]
    match = _TIME.fullmatch(plain)
    if not match:
        raise TimeTextError(text)
    hour, minute, half = int(match[1]), int(match[2] or match[3] or 0), match[4]
    if half and not 1 <= hour <= 12:
        raise TimeTextError(text)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        raise TimeTextError(text)
    return dt.time(hour, minute)


def instant(on: dt.date, at: dt.time, zone: str) -> dt.datetime | None:
    """The instant (UTC) of a local date and time.

    A time that the clocks skip is the first instant after the gap (the next date's midnight where the gap reaches
    it), a time that happens twice the first of the two; None for a date that the zone skips altogether.
    """
    clock = ZoneInfo(zone)
    wanted = dt.datetime.combine(on, at)
    utc = wanted.replace(tzinfo=clock, fold=0).astimezone(dt.UTC)
    if utc.astimezone(clock).replace(tzinfo=None) == wanted:
        return utc
    # Skipped: fold=0 counts with the offset before the gap, fold=1 with the one after; the gap lies between.
    early, late = sorted((utc, wanted.replace(tzinfo=clock, fold=1).astimezone(dt.UTC)))
    after = _first_after_gap(early, late, clock)
    last_before = after - dt.timedelta(seconds=1)
    return after if on in (last_before.astimezone(clock).date(), after.astimezone(clock).date()) else None


def _first_after_gap(early: dt.datetime, late: dt.datetime, clock: ZoneInfo) -> dt.datetime:
    """The instant of the change of offset between two instants, to the second."""
    before = early.astimezone(clock).utcoffset()
    while late - early > dt.timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(clock).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def next_due(after: dt.datetime, at: dt.time, zone: str) -> tuple[dt.date, dt.datetime]:
    """The first local date, with its instant, at which a post is due later than `after`."""
    today = after.astimezone(ZoneInfo(zone)).date()
    for days in range(-1, _DAYS_TO_LOOK):
        on = today + dt.timedelta(days=days)
        due = instant(on, at, zone)
        if due is not None and due > after:
            return on, due
    raise AssertionError(f"{zone} has no {at} within {_DAYS_TO_LOOK} days after {after}")


def following(on: dt.date, at: dt.time, zone: str) -> tuple[dt.date, dt.datetime]:
    """The first local date later than `on` that exists, with its instant."""
    for days in range(1, _DAYS_TO_LOOK + 1):
        later = on + dt.timedelta(days=days)
        if due := instant(later, at, zone):
            return later, due
    raise AssertionError(f"{zone} has no {at} within {_DAYS_TO_LOOK} days after {on}")

"""When a daily post is due: wall-clock arithmetic, without a clock and without a database."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.daily.filters import Filters

_WORDS = {"noon": dt.time(12), "midday": dt.time(12), "midnight": dt.time(0)}
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})|(\d{2})|\s*h)?(?:\s*([ap])\.?\s*(?:m\.?)?)?", re.IGNORECASE)
EVERY_DAY = 0b1111111
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {"every day": EVERY_DAY, "daily": EVERY_DAY, "all": EVERY_DAY, "weekdays": 0b0011111, "workdays": 0b0011111,
         "weekend": 0b1100000, "weekends": 0b1100000}  # fmt: skip
# Of one weekday a week there is at most a week to the next, and two if the zone leaves that one out (Samoa left out
# Friday, 30 December 2011).
_DAYS_TO_LOOK = 16


class TimeTextError(ValueError):
    """A text that is no time of day."""


class ChannelKind(StrEnum):
    """What kind of channel is posted to: a forum gets a new post each time."""

    TEXT = "text"
    NEWS = "news"
    FORUM = "forum"


class WeekdaysError(ValueError):
    """A text that names no weekdays."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One daily post of a server: on its weekdays `at` a time on the clocks of `zone`, of moments that fit the filters.

    `next_on` is the local date of the next post and `next_at` its instant; `paused_because` is a reason code. One that
    is not `active` has been removed, and can be brought back. `left_at` is when the bot was put out of the server.
    """

    id: int
    guild_id: int
    name: str
    channel_id: int
    channel_kind: ChannelKind
    at: dt.time
    zone: str
    weekdays: int
    filters: Filters
    publish: bool
    thread: bool
    role_id: int | None
    locale: str
    created_by: int
    changed_at: dt.datetime
    next_on: dt.date
    next_at: dt.datetime
    active: bool
    paused_because: str | None
    left_at: dt.datetime | None

    @property
    def runs(self) -> bool:
        """Whether it posts."""
        return self.active and self.paused_because is None and self.left_at is None

    def after(self, on: dt.date) -> tuple[dt.date, dt.datetime]:
        """The date of its next post after a local date, with its instant."""
        return following(on, self.at, self.zone, self.weekdays)


def weekday_mask(days: Iterable[int]) -> int:
    """Weekdays (0 is Monday) as one number, a bit each."""
    return sum(1 << day for day in set(days))


def weekdays_of(mask: int) -> list[int]:
    """The weekdays of such a number."""
    return [day for day in range(7) if mask >> day & 1]


def parse_weekdays(text: str) -> int:
    """The weekdays that a person means, as a mask: mon-fri, weekdays, sat and sun, every day. Raises WeekdaysError."""
    plain = " ".join(re.sub(r"[,;&+]|\band\b", " ", text.lower()).replace("–", "-").split())
    plain = re.sub(r"\s*-\s*|\s+to\s+", "-", plain)
    if plain in _DAYS:
        return _DAYS[plain]
    mask = 0
    for part in plain.split():
        first, *rest = [_weekday(word) for word in part.split("-")]
        if len(rest) > 1:
            raise WeekdaysError(text)
        last = rest[0] if rest else first
        mask |= weekday_mask((first + n) % 7 for n in range((last - first) % 7 + 1))
    if not mask:
        raise WeekdaysError(text)
    return mask


def _weekday(word: str) -> int:
    found = [place for place, name in enumerate(_WEEKDAYS) if len(word) >= 2 and f"{name}s".startswith(word)]
    if len(found) != 1:
        raise WeekdaysError(word)
    return found[0]


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


def next_due(after: dt.datetime, at: dt.time, zone: str, weekdays: int = EVERY_DAY) -> tuple[dt.date, dt.datetime]:
    """The first local date, with its instant, at which a post is due later than `after`."""
    today = after.astimezone(ZoneInfo(zone)).date()
    for days in range(-1, _DAYS_TO_LOOK):
        on = today + dt.timedelta(days=days)
        due = instant(on, at, zone) if weekdays >> on.weekday() & 1 else None
        if due is not None and due > after:
            return on, due
    raise AssertionError(f"{zone} has no {at} within {_DAYS_TO_LOOK} days after {after}")


def following(on: dt.date, at: dt.time, zone: str, weekdays: int = EVERY_DAY) -> tuple[dt.date, dt.datetime]:
    """The first local date later than `on` that exists, with its instant."""
    for days in range(1, _DAYS_TO_LOOK + 1):
        later = on + dt.timedelta(days=days)
        if weekdays >> later.weekday() & 1 and (due := instant(later, at, zone)):
            return later, due
    raise AssertionError(f"{zone} has no {at} within {_DAYS_TO_LOOK} days after {on}")

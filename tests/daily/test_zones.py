"""Every zone, every day of three years, hundreds of times of day: one instant each, worked out in another way."""

import datetime as dt
import itertools
import os
import zoneinfo
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.daily.schedule import following, instant, next_due

START, END = dt.datetime(2025, 12, 25, tzinfo=dt.UTC), dt.datetime(2029, 1, 10, tzinfo=dt.UTC)
FIRST, DAYS = dt.date(2026, 1, 1), 3 * 365 + 1
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)
ZONES = sorted(zoneinfo.available_timezones())
# `make test` looks at some times of day of every zone around each change of its clocks, `make test-all` at all.
ALL = bool(os.environ.get("MOMENTS_TEST_ALL"))
MINUTES = range(0, 24 * 60, 5) if ALL else (0, 90, 150, 600, 1425)


@dataclass(frozen=True)
class Stretch:
    """A time with one offset, from `start` to `end` (UTC)."""

    start: dt.datetime
    end: dt.datetime
    offset: dt.timedelta


def stretches(zone: str) -> list[Stretch]:
    """The offsets of a zone, found by walking through the hours and halving where one differs from the next."""
    clock = zoneinfo.ZoneInfo(zone)

    def offset(at: dt.datetime) -> dt.timedelta:
        found = at.astimezone(clock).utcoffset()
        assert found is not None
        return found

    found, begin, at = [], START, START
    while at < END:
        after = at + 6 * HOUR
        if offset(after) != offset(at):
            low, high = at, after
            while high - low > SECOND:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if offset(middle) == offset(at) else (low, middle)
            found.append(Stretch(begin, high, offset(at)))
            begin = high
        at = after
    return [*found, Stretch(begin, END, offset(begin))]


def expected(known: list[Stretch], wall: dt.datetime) -> dt.datetime:
    """The first instant at which a clock on the wall shows this; where it never does, the end of the gap."""
    fitting = [one for one in known if one.start <= wall.replace(tzinfo=dt.UTC) - one.offset < one.end]
    if fitting:
        return min(wall.replace(tzinfo=dt.UTC) - one.offset for one in fitting)
    [gap] = [
        after.start
        for before, after in itertools.pairwise(known)
        if before.end + before.offset <= wall.replace(tzinfo=dt.UTC) < after.start + after.offset
    ]
    return gap


def days_of(known: list[Stretch]) -> list[dt.date]:
    """All days of the three years, or those around each change and a few others."""
    if ALL:
        return [FIRST + dt.timedelta(days=n) for n in range(DAYS)]
    near = {(one.start + dt.timedelta(days=n)).date() for one in known[1:] for n in (-1, 0, 1)}
    return sorted(day for day in near | {FIRST, dt.date(2028, 2, 29)} if FIRST <= day < FIRST + dt.timedelta(days=DAYS))


@pytest.mark.parametrize("part", range(8))
def test_every_local_time_has_the_instant_that_the_offsets_say(part: int) -> None:
    for zone in ZONES[part::8]:
        known = stretches(zone)
        for on in days_of(known):
            for minute in MINUTES:
                at = dt.time(minute // 60, minute % 60)
                assert instant(on, at, zone) == expected(known, dt.datetime.combine(on, at)), (zone, on, at)


@given(zone=st.sampled_from(ZONES), at=st.times(), start=st.dates(FIRST, dt.date(2028, 12, 1)))
def test_one_post_a_date_in_every_zone(zone: str, at: dt.time, start: dt.date) -> None:
    at = at.replace(second=0, microsecond=0)
    on, due = next_due(dt.datetime.combine(start, dt.time(), dt.UTC), at, zone)
    for _ in range(20):
        later_on, later_due = following(on, at, zone)
        assert (later_on - on).days == 1
        assert dt.timedelta(hours=20) < later_due - due < dt.timedelta(hours=28)
        assert next_due(due, at, zone) == (later_on, later_due)
        on, due = later_on, later_due


@given(zone=st.sampled_from(ZONES), days=st.integers(1, 127), start=st.dates(FIRST, dt.date(2028, 12, 1)))
def test_only_on_the_weekdays_and_none_of_them_is_left_out(zone: str, days: int, start: dt.date) -> None:
    on, _ = next_due(dt.datetime.combine(start, dt.time(), dt.UTC), dt.time(9), zone, days)
    posted = [on]
    while (on - start).days < 30:
        on, _ = following(on, dt.time(9), zone, days)
        posted.append(on)
    between = [posted[0] + dt.timedelta(days=n) for n in range((posted[-1] - posted[0]).days + 1)]
    assert posted == [day for day in between if days >> day.weekday() & 1]

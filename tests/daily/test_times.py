"""When a post is due, and which moment it shows: pure functions against tables of cases."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.query import Candidate
from bot.daily.choice import choose
from bot.daily.schedule import TimeTextError, following, instant, next_due, parse_time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("9", "09:00"), ("9:00", "09:00"), ("09:05", "09:05"), ("9am", "09:00"), ("9 pm", "21:00"), ("21.30", "21:30"),
        ("0930", "09:30"), ("12am", "00:00"), ("12 p.m.", "12:00"), ("noon", "12:00"), ("Midnight", "00:00"),
        ("24:00", "00:00"), ("7h15", "07:15"), ("11:59PM", "23:59"),
        ("9h", "09:00"), ("9 a", "09:00"), ("12:30am", "00:30"), ("9 Uhr", "09:00"),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_type_it(text: str, time: str) -> None:
    assert parse_time(text).strftime("%H:%M") == time


@pytest.mark.parametrize(
    "text", ["", "25", "9:60", "13pm", "0am", "soon", "9:5", "-1", "24:01", "1:2:3", "9m", "9.", "21.30."]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(TimeTextError):
        parse_time(text)


@pytest.mark.parametrize(
    ("zone", "on", "at", "utc"),
    [
        ("UTC", "2026-03-29", "02:30", "2026-03-29T02:30"),
        ("Asia/Kathmandu", "2026-03-29", "09:00", "2026-03-29T03:15"),
        ("Europe/London", "2026-03-29", "01:30", "2026-03-29T01:00"),  # skipped: the first instant after the gap
        ("Europe/London", "2026-10-25", "01:30", "2026-10-25T00:30"),  # twice: the first
        ("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01", "01:00", "2026-11-01T05:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),  # a gap of half an hour
        ("America/Nuuk", "2024-03-30", "23:30", "2024-03-31T01:00"),  # a gap up to midnight: its end is the next date
        ("America/Nuuk", "2024-03-31", "00:00", "2024-03-31T01:00"),
        ("Pacific/Apia", "2011-12-29", "09:00", "2011-12-29T19:00"),
        ("Pacific/Apia", "2011-12-30", "09:00", None),  # a date that Samoa skipped
        ("Pacific/Apia", "2011-12-31", "09:00", "2011-12-30T19:00"),
    ],
)
def test_the_instant_of_a_local_time(zone: str, on: str, at: str, utc: str | None) -> None:
    found = instant(dt.date.fromisoformat(on), dt.time.fromisoformat(at), zone)
    assert (found.strftime("%Y-%m-%dT%H:%M") if found else None) == utc


ZONES = [
    "UTC", "Europe/London", "America/New_York", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kathmandu", "Asia/Tehran",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns", "Africa/Casablanca",
    "America/Nuuk",
]  # fmt: skip


@given(zone=st.sampled_from(ZONES), at=st.times(), start=st.dates(dt.date(2009, 1, 1), dt.date(2030, 1, 1)))
def test_each_local_date_that_exists_comes_once_and_in_order(zone: str, at: dt.time, start: dt.date) -> None:
    at = at.replace(second=0, microsecond=0)
    on, due = next_due(dt.datetime.combine(start, dt.time(), dt.UTC), at, zone)
    for _ in range(12):
        later_on, later_due = following(on, at, zone)
        skipped = [on + dt.timedelta(days=n) for n in range(1, (later_on - on).days)]
        assert all(instant(day, at, zone) is None for day in skipped)
        assert later_on > on
        assert later_due > due
        assert next_due(due, at, zone) == (later_on, later_due)
        on, due = later_on, later_due


@pytest.mark.parametrize("zone", ZONES)
def test_every_date_of_the_calendar_has_its_post(zone: str) -> None:
    lost = [dt.date(2011, 12, 30)] if zone == "Pacific/Apia" else []
    start, end = dt.date(2011, 1, 1), dt.date(2027, 1, 1)
    wanted = [start + dt.timedelta(days=n) for n in range((end - start).days)]
    for at in (dt.time(0), dt.time(2, 30), dt.time(23, 30)):
        on, posted = start, [start]
        while on < wanted[-1]:
            on, _ = following(on, at, zone)
            posted.append(on)
        assert posted == [date for date in wanted if date not in lost]


def candidate(slug: str, date: str | None = None, *, top: bool = False) -> Candidate:
    if date is None:
        return Candidate(slug, None, None, None, top)
    year, month, day = map(int, date.split("-"))
    return Candidate(slug, year, month, day, top)


def test_an_anniversary_comes_first_round_ones_before_others_and_then_top_moments() -> None:
    on = dt.date(2026, 1, 27)
    plain, old = candidate("plain"), candidate("old", "1987-01-27")
    top, century = candidate("top", "1985-01-27", top=True), candidate("century", "1926-01-27")
    assert choose([plain, old], {}, on) == "old"
    assert choose([plain, old, top], {}, on) == "top"
    assert choose([plain, old, top, century], {}, on) == "century"


@pytest.mark.parametrize(("on", "shown"), [("2026-02-28", True), ("2028-02-28", False), ("2028-02-29", True)])
def test_29_february_is_kept_on_28_february_in_common_years(on: str, *, shown: bool) -> None:
    date = dt.date.fromisoformat(on)
    others = [candidate(f"other-{n}", top=True) for n in range(20)]
    assert (choose([candidate("leap", "1960-02-29"), *others], {}, date) == "leap") is shown


def test_nothing_repeats_until_all_were_shown_and_the_order_is_the_same_for_everyone() -> None:
    candidates = [candidate(f"m-{n}", f"1900-{n % 12 + 1}-{n + 1}") for n in range(20)]
    runs = []
    for order in (candidates, candidates[::-1]):
        shown: dict[str, int] = {}
        posted = []
        for day in range(40):
            slug = choose(order, shown, dt.date(2026, 1, 1) + dt.timedelta(days=day))
            assert slug is not None
            shown[slug] = shown.get(slug, 0) + 1
            posted.append(slug)
        assert len(set(posted[:20])) == len(set(posted[20:])) == 20
        runs.append(posted)
    assert runs[0] == runs[1]
    assert runs[0][:20] != sorted(runs[0][:20])


def test_nothing_is_chosen_from_nothing() -> None:
    assert choose([], {}, dt.date(2026, 1, 1)) is None

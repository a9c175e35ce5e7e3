"""Never missed, never twice: the loop over a real database, with a clock that is set by hand."""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

import pytest

from bot.catalog.query import Candidate
from bot.daily.delivery import Delivery, RefusedError, UnreachableError
from bot.daily.ledger import Ledger, Post, PostState
from bot.daily.roster import Roster
from bot.daily.schedule import Schedule
from bot.state.database import State
from tests.conftest import Clock

MOMENTS = [Candidate(f"m-{n}", None, None, None, top=False) for n in range(10)]


class Posting:
    """A delivery whose sending is a list; `fail` is raised once for each entry."""

    def __init__(self, state: State, clock: Clock) -> None:
        self.clock = clock
        self.sent: list[tuple[int, str, str]] = []
        self.fail: list[Exception] = []
        self.moments: Sequence[Candidate] = MOMENTS
        self.roster, self.ledger = Roster(state.engine), Ledger(state.engine)
        self.delivery = self.new()

    def new(self) -> Delivery:
        """A process that has just started."""
        return Delivery(self.roster, self.ledger, candidates=self.candidates, send=self.send, now=self.clock)

    async def candidates(self, schedule: Schedule) -> Sequence[Candidate]:
        if schedule.guild_id == 666:
            raise ZeroDivisionError
        return self.moments

    async def send(self, schedule: Schedule, post: Post) -> int:
        if self.fail:
            raise self.fail.pop(0)
        self.sent.append((schedule.guild_id, post.local_date.isoformat(), post.nonce))
        return len(self.sent)

    async def set(self, guild: int = 1, at: str = "09:00", zone: str = "UTC", channel: int = 7) -> Schedule:
        given: dict[str, Any] = {"country": None, "category": None, "hashtag": None, "locale": "en", "created_by": 5}
        return await self.roster.put(
            guild_id=guild, channel_id=channel, at=dt.time.fromisoformat(at), zone=zone, now=self.clock(), **given
        )

    async def ticks(self, hours: float) -> None:
        """Time goes by in steps of a quarter of an hour."""
        for _ in range(int(hours * 4)):
            self.clock.advance(minutes=15)
            await self.delivery.tick_once()

    async def states(self, schedule: Schedule) -> list[tuple[str, str, str | None]]:
        return [(p.local_date.isoformat(), p.state.value, p.reason) for p in await self.ledger.history(schedule.id)]


@pytest.fixture
def posting(state: State, clock: Clock) -> Posting:
    return Posting(state, clock)


async def test_one_post_a_day(posting: Posting) -> None:
    await posting.set()
    await posting.ticks(24 * 3)
    assert [date for _, date, _ in posting.sent] == ["2026-01-01", "2026-01-02", "2026-01-03"]


async def test_after_a_stop_of_three_days_the_last_is_caught_up_and_the_others_are_recorded(posting: Posting) -> None:
    schedule = await posting.set()
    await posting.ticks(10)
    posting.clock.advance(days=3, hours=2)  # it is 12:00 on the fourth day
    await posting.new().tick_once()
    assert [date for _, date, _ in posting.sent] == ["2026-01-01", "2026-01-04"]
    assert await posting.states(schedule) == [
        ("2026-01-04", "sent", None),
        ("2026-01-03", "skipped", "down"),
        ("2026-01-02", "skipped", "down"),
        ("2026-01-01", "sent", None),
    ]


async def test_more_than_six_hours_late_is_not_caught_up(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=15, minutes=1)
    await posting.delivery.tick_once()
    assert posting.sent == []
    assert await posting.states(schedule) == [("2026-01-01", "skipped", "down")]


async def test_a_process_that_dies_between_sending_and_recording_sends_again_with_the_same_nonce(
    posting: Posting,
) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    entry = await posting.ledger.enter(schedule, now=posting.clock(), slug="m-1")
    assert entry is not None  # ... and here the process dies
    posting.clock.advance(minutes=2)
    await posting.new().tick_once()
    assert posting.sent == [(1, "2026-01-01", entry.nonce)]


async def test_an_unclear_send_is_tried_again_with_the_same_nonce(posting: Posting) -> None:
    await posting.set()
    posting.clock.advance(hours=9)
    posting.fail = [UnreachableError("reset"), UnreachableError("500")]
    for _ in range(4):
        await posting.delivery.tick_once()
        posting.clock.advance(seconds=30)
    assert posting.sent == [(1, "2026-01-01", "1-20260101")]


async def test_where_nobody_can_tell_any_more_it_is_missed_rather_than_doubled(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    posting.fail = [UnreachableError("reset")]
    await posting.delivery.tick_once()
    posting.clock.advance(minutes=5)
    await posting.new().tick_once()
    assert posting.sent == []
    assert await posting.states(schedule) == [("2026-01-01", "unknown", "unreachable")]


async def test_a_refusal_pauses_with_its_reason_and_setting_it_again_resumes(posting: Posting) -> None:
    schedule = await posting.set()
    posting.fail = [RefusedError("forbidden")]
    await posting.ticks(24 * 2)
    assert posting.sent == []
    assert await posting.states(schedule) == [("2026-01-01", "failed", "forbidden")]
    paused = await posting.roster.get(1)
    assert paused is not None
    assert paused.paused_because == "forbidden"
    await posting.set()
    await posting.ticks(24)
    assert [date for _, date, _ in posting.sent] == ["2026-01-03"]


async def test_the_fault_of_one_schedule_does_not_stop_the_others(
    posting: Posting, caplog: pytest.LogCaptureFixture
) -> None:
    await posting.set(guild=1)
    broken = await posting.set(guild=666)
    await posting.set(guild=2)
    with caplog.at_level(logging.ERROR):
        await posting.ticks(9)
    assert [guild for guild, _, _ in posting.sent] == [1, 2]
    assert f"Schedule {broken.id} could not be posted" in caplog.text


@pytest.mark.parametrize(
    ("at", "zone"), [("18:00", "UTC"), ("08:00", "UTC"), ("09:00", "Pacific/Kiritimati"), ("23:00", "Pacific/Midway")]
)
async def test_changing_time_or_zone_in_mid_day_never_posts_a_date_twice(posting: Posting, at: str, zone: str) -> None:
    await posting.set()
    await posting.ticks(10)
    await posting.set(at=at, zone=zone)
    await posting.ticks(24 * 4)
    dates = [date for _, date, _ in posting.sent]
    assert dates == sorted(set(dates))
    assert len(dates) >= 4


async def test_off_and_set_again_on_the_same_day_does_not_post_twice(posting: Posting) -> None:
    await posting.set()
    await posting.ticks(10)
    assert await posting.roster.off(1)
    assert not await posting.roster.off(1)
    await posting.set(at="11:00")
    await posting.ticks(10)
    assert len(posting.sent) == 1


async def test_two_processes_over_one_database_post_once(posting: Posting) -> None:
    await posting.set()
    posting.clock.advance(hours=9)
    other = posting.new()
    first, second = await posting.roster.due(posting.clock()), await posting.roster.due(posting.clock())
    assert first == second
    await posting.delivery.tick_once()
    assert await other._deliver(second[0]) is False
    assert len(posting.sent) == 1


async def test_what_is_stopped_while_its_turn_comes_is_not_posted(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    due = await posting.roster.due(posting.clock())
    await posting.roster.off(1)
    assert not await posting.delivery._deliver(due[0])
    assert posting.sent == []
    assert await posting.states(schedule) == []


async def test_what_is_changed_while_its_turn_comes_is_posted_as_it_is_now(posting: Posting) -> None:
    await posting.set()
    posting.clock.advance(hours=9)
    due = await posting.roster.due(posting.clock())
    changed = await posting.set(at="20:00", channel=8)
    assert not await posting.delivery._deliver(due[0])
    assert await posting.roster.get(1) == changed
    await posting.ticks(24)
    assert [date for _, date, _ in posting.sent] == ["2026-01-01"]
    assert [post.channel_id for post in await posting.ledger.history(changed.id)] == [8]


async def test_an_unclear_send_is_not_tried_again_once_the_posts_are_off(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    posting.fail = [UnreachableError("reset")]
    await posting.delivery.tick_once()
    await posting.roster.off(1)
    await posting.delivery.tick_once()
    assert posting.sent == []
    assert await posting.states(schedule) == [("2026-01-01", "unknown", "unreachable")]


async def test_an_unclear_send_is_not_tried_again_in_another_channel(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    posting.fail = [UnreachableError("reset")]
    await posting.delivery.tick_once()
    await posting.set(channel=8)
    await posting.delivery.tick_once()
    assert posting.sent == []
    assert await posting.states(schedule) == [("2026-01-01", "unknown", "unreachable")]


async def test_no_moment_that_fits_is_recorded_and_the_next_day_is_tried_again(posting: Posting) -> None:
    schedule = await posting.set()
    posting.moments = []
    await posting.ticks(12)
    assert await posting.states(schedule) == [("2026-01-01", "skipped", "no_moments")]
    posting.moments = MOMENTS
    await posting.ticks(24)
    assert len(posting.sent) == 1


async def test_what_was_shown_is_counted_also_where_it_may_have_been(posting: Posting) -> None:
    schedule = await posting.set()
    await posting.ticks(24 * 12)
    counts = await posting.ledger.shown(schedule.id)
    assert sorted(counts.values()) == [1] * 8 + [2] * 2
    assert {post.state for post in await posting.ledger.history(schedule.id)} == {PostState.SENT}

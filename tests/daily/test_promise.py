"""Never missed, never twice: the loop over a real database, with a clock that is set by hand."""

import asyncio
import contextlib
import datetime as dt
import logging
import sqlite3
from pathlib import Path

import pytest

from bot.catalog.query import Candidate
from bot.daily.delivery import NONCE_LASTS
from bot.daily.filters import Filters
from bot.daily.ledger import ExtraState, Ledger, PostState
from bot.daily.roster import KEPT_AFTER_LEAVING, MOST_SCHEDULES, TooManyError
from bot.daily.schedule import ChannelKind, Schedule
from bot.daily.wire import RefusedError, ShutOutError, UnreachableError
from bot.state.database import State
from tests.conftest import Clock
from tests.daily.posting import MOMENTS, ArrivedButBroken, Posting


@pytest.fixture
def posting(state: State, clock: Clock) -> Posting:
    return Posting(state, clock)


async def test_one_post_a_day(posting: Posting) -> None:
    await posting.set()
    await posting.ticks(24 * 3)
    assert posting.wire.dates == ["2026-01-01", "2026-01-02", "2026-01-03"]


async def test_only_on_its_weekdays(posting: Posting) -> None:
    await posting.set(weekdays=0b0010001)  # Monday and Friday; 1 January 2026 is a Thursday
    await posting.ticks(24 * 9)
    assert posting.wire.dates == ["2026-01-02", "2026-01-05", "2026-01-09"]


async def test_after_a_stop_of_three_days_the_last_is_caught_up_and_the_others_are_recorded(posting: Posting) -> None:
    schedule = await posting.set()
    await posting.ticks(10)
    posting.clock.advance(days=3, hours=2)  # it is 12:00 on the fourth day
    await posting.new().tick_once()
    assert posting.wire.dates == ["2026-01-01", "2026-01-04"]
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
    assert posting.wire.messages == []
    assert await posting.states(schedule) == [("2026-01-01", "skipped", "down")]


async def test_when_the_clocks_change_each_date_has_its_post(posting: Posting) -> None:
    posting.clock.at = dt.datetime(2026, 3, 27, tzinfo=dt.UTC)
    schedule = await posting.set(at="02:30", zone="Europe/Berlin")  # skipped on 29 March, and twice on 25 October
    await posting.ticks(24 * 4)
    assert posting.wire.dates == ["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"]
    sent = {post.local_date: post.due_at for post in await posting.ledger.history(schedule.id)}
    assert sent[dt.date(2026, 3, 29)] == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)


async def test_a_process_that_dies_between_sending_and_recording_sends_again_with_the_same_nonce(
    posting: Posting,
) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    entry = await posting.ledger.enter(schedule, now=posting.clock(), slug="m-1")
    assert entry is not None  # ... and here the process dies
    posting.clock.advance(minutes=2)
    await posting.new().tick_once()
    assert posting.wire.messages == [(1, "2026-01-01", entry.nonce)]


async def test_an_unclear_send_is_tried_again_with_the_same_nonce(posting: Posting) -> None:
    await posting.set()
    posting.clock.advance(hours=9)
    posting.wire.faults = [UnreachableError("reset"), ArrivedButBroken(), UnreachableError("500")]
    for _ in range(6):
        await posting.delivery.tick_once()
        posting.clock.advance(seconds=30)
    assert posting.wire.messages == [(1, "2026-01-01", "1-20260101")]


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_the_nonce_the_channel_is_looked_through(posting: Posting, *, arrived: bool) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    posting.wire.faults = [ArrivedButBroken() if arrived else UnreachableError("reset")]
    await posting.delivery.tick_once()
    posting.wire.remembers_nonces = False
    posting.clock.advance(minutes=30)
    await posting.new().tick_once()
    assert posting.wire.dates == ["2026-01-01"]
    assert await posting.states(schedule) == [("2026-01-01", "sent", None)]


async def test_where_neither_can_tell_it_is_missed_rather_than_doubled(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    posting.wire.faults = [UnreachableError("reset")]
    await posting.delivery.tick_once()
    posting.wire.unreadable = True
    await posting.ticks(7)
    assert posting.wire.messages == []
    assert await posting.states(schedule) == [("2026-01-01", "unknown", "unreachable")]


async def test_a_forum_post_has_no_nonce_and_is_looked_for_before_it_is_sent_again(posting: Posting) -> None:
    schedule = await posting.set(channel_kind=ChannelKind.FORUM)
    posting.wire.remembers_nonces = False
    posting.clock.advance(hours=9)
    posting.wire.faults = [ArrivedButBroken()]
    for _ in range(8):
        await posting.delivery.tick_once()
        posting.clock.advance(seconds=30)
    assert posting.wire.dates == ["2026-01-01"]
    assert await posting.states(schedule) == [("2026-01-01", "sent", None)]


@pytest.mark.parametrize("reason", ["not_found", "forbidden"])
async def test_a_deleted_channel_or_a_removed_permission_pauses_with_its_reason_and_one_tap_resumes(
    posting: Posting, reason: str
) -> None:
    schedule = await posting.set()
    posting.wire.faults = [RefusedError(reason)]
    await posting.ticks(24 * 2)
    assert posting.wire.messages == []
    assert await posting.states(schedule) == [("2026-01-01", "failed", reason)]
    assert posting.wire.told == [(5, reason)]
    paused = await posting.now_of(schedule)
    assert paused.paused_because == reason
    assert paused.filters == schedule.filters
    await posting.roster.resume(paused, now=posting.clock())
    await posting.ticks(24)
    assert posting.wire.dates == ["2026-01-03"]


async def test_a_refusal_of_old_settings_does_not_pause_new_ones(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9, minutes=1)
    await posting.edit(schedule, channel_id=8)
    assert not await posting.roster.pause(schedule, "not_found", now=posting.clock())
    assert (await posting.now_of(schedule)).runs


async def test_after_a_kick_and_a_new_invitation_all_is_as_before(posting: Posting) -> None:
    schedule = await posting.set(filters=Filters(countries=("MN",)))
    await posting.ticks(10)
    await posting.roster.left(1, now=posting.clock())
    await posting.ticks(24 * 5)
    assert posting.wire.dates == ["2026-01-01"]
    [back] = await posting.roster.came_back([1], now=posting.clock())
    assert (back.channel_id, back.filters, back.runs) == (schedule.channel_id, schedule.filters, True)
    await posting.ticks(24)
    assert posting.wire.dates == ["2026-01-01", "2026-01-07"]


async def test_what_a_server_left_is_forgotten_after_thirty_days(posting: Posting) -> None:
    gone, kept = await posting.set(guild=1), await posting.set(guild=2)
    await posting.ticks(10)
    await posting.roster.left(1, now=posting.clock())
    posting.clock.advance(days=KEPT_AFTER_LEAVING.days - 1)
    assert await posting.roster.purge(now=posting.clock()) == 0
    posting.clock.advance(days=2)
    assert await posting.roster.purge(now=posting.clock()) == 1
    assert await posting.roster.by_id(gone.id) is None
    assert await posting.ledger.history(gone.id) == []
    assert await posting.roster.by_id(kept.id) is not None


async def test_the_fault_of_one_schedule_does_not_stop_the_others(
    posting: Posting, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Filters(countries=("XX",))
    posting.broken = {broken}
    await posting.set(guild=1)
    faulty = await posting.set(guild=666, filters=broken)
    await posting.set(guild=2)
    with caplog.at_level(logging.ERROR):
        await posting.ticks(9)
    assert sorted(guild for guild, _, _ in posting.wire.messages) == [1, 2]
    assert f"Schedule {faulty.id} could not be posted" in caplog.text
    await posting.ticks(7)
    assert await posting.states(faulty) == [("2026-01-01", "skipped", "fault")]


async def test_a_slow_channel_does_not_hold_up_the_others(posting: Posting) -> None:
    await posting.set(guild=1)
    await posting.set(guild=2)
    stuck = asyncio.Event()
    send = posting.wire.send

    async def slow(schedule: Schedule, post: object) -> int:
        if schedule.guild_id == 1:
            await stuck.wait()
        return await send(schedule, post)  # type: ignore[arg-type]

    posting.wire.send = slow  # type: ignore[method-assign]
    posting.clock.advance(hours=9)
    await posting.delivery.begin()
    for _ in range(50):
        await asyncio.sleep(0.01)
        if posting.wire.messages:
            break
    assert [guild for guild, _, _ in posting.wire.messages] == [2]
    stuck.set()
    await posting.delivery.tick_once()
    assert sorted(guild for guild, _, _ in posting.wire.messages) == [1, 2]


@pytest.mark.parametrize(
    ("at", "zone"), [("18:00", "UTC"), ("08:00", "UTC"), ("09:00", "Pacific/Kiritimati"), ("23:00", "Pacific/Midway")]
)
async def test_changing_time_or_zone_in_mid_day_never_posts_a_date_twice(posting: Posting, at: str, zone: str) -> None:
    schedule = await posting.set()
    await posting.ticks(10)
    await posting.edit(schedule, at=at, zone=zone)
    await posting.ticks(24 * 4)
    assert posting.wire.dates == sorted(set(posting.wire.dates))
    assert len(posting.wire.dates) >= 4


async def test_a_time_moved_into_the_past_before_today_was_posted_is_posted_at_once(posting: Posting) -> None:
    schedule = await posting.set(at="20:00")
    await posting.ticks(12)
    await posting.edit(schedule, at="09:00")
    await posting.delivery.tick_once()
    await posting.ticks(24)
    assert posting.wire.dates == ["2026-01-01", "2026-01-02"]


async def test_removed_and_brought_back_on_the_same_day_does_not_post_twice(posting: Posting) -> None:
    schedule = await posting.set()
    await posting.ticks(10)
    await posting.roster.remove(await posting.now_of(schedule), now=posting.clock())
    assert await posting.roster.of_guild(1) == []
    back = await posting.roster.resume(await posting.now_of(schedule), now=posting.clock())
    await posting.edit(back, at="11:00")
    await posting.ticks(10)
    assert posting.wire.dates == ["2026-01-01"]


async def test_two_processes_over_one_database_post_once(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    first, second = posting.new(), posting.new()
    await asyncio.gather(first._deliver(schedule), second._deliver(schedule))
    assert posting.wire.dates == ["2026-01-01"]


async def test_of_two_processes_one_posts_and_the_other_takes_over_when_it_goes(posting: Posting) -> None:
    await posting.set()
    first, second = posting.new(), posting.new()
    second.lease.holder = "elsewhere/1/x"
    await second.begin()
    posting.clock.advance(hours=9)
    assert await second.tick_once() == 1
    assert await first.tick_once() == 0
    await posting.set(at="10:00")
    posting.clock.advance(hours=1)  # the lease has run out, and nobody renewed it
    assert await first.tick_once() == 1


async def test_a_process_of_this_machine_that_is_no_more_is_not_waited_for(posting: Posting) -> None:
    dead = posting.new()
    node = dead.lease.holder.split("/")[0]
    dead.lease.holder = f"{node}/4194305/x"  # above the highest number that Linux gives out
    assert await dead.lease.held()
    assert await posting.delivery.lease.held()


async def test_the_loop_stops_though_somebody_else_has_locked_the_database(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.state.database.WAIT", 20)
    async with await State.open(tmp_path / "state.db") as state:
        delivery = Posting(state, clock).delivery
        await delivery.begin()
        with contextlib.closing(sqlite3.connect(tmp_path / "state.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            running = asyncio.create_task(delivery.run())
            await asyncio.sleep(0)
            running.cancel()
            await asyncio.wait([running])
        assert running.cancelled()
        assert "until the lease ends" in caplog.text


async def test_what_is_stopped_while_its_turn_comes_is_not_posted(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    due = await posting.roster.due(posting.clock())
    await posting.roster.remove(schedule, now=posting.clock())
    assert not await posting.delivery._deliver(due[0])
    assert posting.wire.messages == []
    assert await posting.states(schedule) == []


async def test_what_is_changed_while_its_turn_comes_is_posted_as_it_is_now(posting: Posting) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    due = await posting.roster.due(posting.clock())
    changed = await posting.edit(schedule, at="20:00", channel_id=8)
    assert not await posting.delivery._deliver(due[0])
    assert await posting.now_of(schedule) == changed
    await posting.ticks(24)
    assert posting.wire.dates == ["2026-01-01", "2026-01-02"][: len(posting.wire.dates)]
    assert {post.channel_id for post in await posting.ledger.history(changed.id)} == {8}


@pytest.mark.parametrize("stopped", [True, False])
async def test_an_unclear_send_is_not_repeated_once_it_is_stopped_or_moved(posting: Posting, *, stopped: bool) -> None:
    schedule = await posting.set()
    posting.clock.advance(hours=9)
    posting.wire.faults = [UnreachableError("reset")]
    await posting.delivery.tick_once()
    if stopped:
        await posting.roster.remove(schedule, now=posting.clock())
    else:
        await posting.edit(schedule, channel_id=8)
    posting.clock.advance(minutes=1)
    await posting.delivery.tick_once()
    assert posting.wire.messages == []
    assert await posting.states(schedule) == [("2026-01-01", "skipped", "changed")]


async def test_no_moment_that_fits_is_recorded_and_the_next_day_is_tried_again(posting: Posting) -> None:
    schedule = await posting.set()
    posting.moments = []
    await posting.ticks(12)
    assert await posting.states(schedule) == [("2026-01-01", "skipped", "no_moments")]
    posting.moments = MOMENTS
    await posting.ticks(24)
    assert posting.wire.dates == ["2026-01-02"]


async def test_none_comes_again_before_all_were_shown(posting: Posting) -> None:
    schedule = await posting.set()
    await posting.ticks(24 * 12)
    counts = await posting.ledger.shown(schedule.id)
    assert sorted(counts.values()) == [1] * 8 + [2] * 2
    assert {post.state for post in await posting.ledger.history(schedule.id)} == {PostState.SENT}


async def test_servers_with_the_same_filters_see_the_same_on_the_same_date(posting: Posting) -> None:
    here = await posting.set(guild=1)
    await posting.ticks(24 * 3)
    there = await posting.set(guild=2, zone="Asia/Ulaanbaatar")
    await posting.ticks(24 * 4)
    shown = [{post.local_date: post.slug for post in await posting.ledger.history(one.id)} for one in (here, there)]
    common = shown[0].keys() & shown[1].keys()
    assert len(common) >= 3
    assert all(shown[0][date] == shown[1][date] for date in common)


async def test_two_schedules_of_a_server_never_show_the_same_on_one_day(posting: Posting) -> None:
    posting.moments = MOMENTS[:3]
    for _ in range(3):
        await posting.set()
    await posting.ticks(24 * 4)
    by_date: dict[str, set[str | None]] = {}
    for schedule in await posting.roster.of_guild(1):
        for post in await posting.ledger.history(schedule.id):
            by_date.setdefault(post.local_date.isoformat(), set()).add(post.slug)
    assert [len(slugs) for slugs in by_date.values()] == [3] * 4


async def test_the_queue_says_what_will_be_posted(posting: Posting) -> None:
    schedule = await posting.set()
    ahead = [day.slug for day in await posting.delivery.chooser.ahead(schedule, 7)]
    await posting.ticks(24 * 7)
    history = await posting.ledger.history(schedule.id)
    assert [post.slug for post in reversed(history)] == ahead


async def test_a_day_can_be_skipped_pinned_and_left_to_chance_again(posting: Posting) -> None:
    schedule = await posting.set()
    days = [dt.date(2026, 1, day) for day in (1, 2, 3)]
    await posting.ledger.set_plan(schedule.id, days[0], None)
    await posting.ledger.set_plan(schedule.id, days[1], "m-9")
    await posting.ledger.set_plan(schedule.id, days[2], None)
    await posting.ledger.clear_plan(schedule.id, days[2])
    ahead = await posting.delivery.chooser.ahead(schedule, 3)
    assert [(day.skipped, day.pinned) for day in ahead] == [(True, False), (False, True), (False, False)]
    await posting.ticks(24 * 3)
    states = await posting.states(schedule)
    assert states[2] == ("2026-01-01", "skipped", "by_admin")
    assert (await posting.ledger.history(schedule.id))[1].slug == "m-9"
    assert posting.wire.dates == ["2026-01-02", "2026-01-03"]


async def test_a_pinned_moment_that_is_gone_from_the_catalogue_is_chosen_anew(posting: Posting) -> None:
    schedule = await posting.set()
    await posting.ledger.set_plan(schedule.id, dt.date(2026, 1, 1), "gone")
    await posting.ticks(10)
    [post] = await posting.ledger.history(schedule.id)
    assert (post.state, post.slug in {one.slug for one in MOMENTS}) == (PostState.SENT, True)


async def test_another_moment_is_one_that_is_not_coming_anyway(posting: Posting) -> None:
    posting.moments = [Candidate(f"m-{n}", None, None, None, top=False) for n in range(20)]
    schedule = await posting.set()
    ahead = await posting.delivery.chooser.ahead(schedule, 7)
    other = await posting.delivery.chooser.another(schedule, ahead[2].local_date)
    assert other not in {day.slug for day in ahead}


async def test_post_now_posts_today_and_only_once(posting: Posting) -> None:
    schedule = await posting.set(at="20:00")
    posting.clock.advance(hours=9)
    done = await posting.delivery.post_now(schedule)
    assert done is not None
    assert (done.state, done.local_date) == (PostState.SENT, dt.date(2026, 1, 1))
    assert await posting.delivery.post_now(await posting.now_of(schedule)) is None
    await posting.ticks(24)
    assert posting.wire.dates == ["2026-01-01", "2026-01-02"][: len(posting.wire.dates)]


async def test_post_now_works_on_a_day_that_is_left_out(posting: Posting) -> None:
    schedule = await posting.set(weekdays=0b0010000)  # Fridays; today is Thursday
    done = await posting.delivery.post_now(schedule)
    assert done is not None
    assert done.local_date == dt.date(2026, 1, 1)
    await posting.ticks(24 * 2)
    assert posting.wire.dates == ["2026-01-01", "2026-01-02"]


async def test_steps_after_a_post_are_retried_on_their_own_and_never_cost_it(posting: Posting) -> None:
    schedule = await posting.set(channel_kind=ChannelKind.NEWS, publish=True, thread=True)
    posting.wire.extra_faults = [UnreachableError("500"), RefusedError("forbidden")]
    await posting.ticks(11)
    assert await posting.states(schedule) == [("2026-01-01", "sent", None)]
    [post] = await posting.ledger.history(schedule.id)
    extras = {extra.kind: extra.state for extra in await posting.ledger.extras([post.id])}
    assert sorted(extras.values()) == sorted([ExtraState.DONE, ExtraState.FAILED])
    assert len(posting.wire.extras) == 1


async def test_nothing_is_sent_while_discord_shuts_the_bot_out(posting: Posting) -> None:
    await posting.set()
    await posting.set(guild=2, at="09:15")
    posting.clock.advance(hours=9)
    posting.wire.faults = [ShutOutError("401", 600)]
    await posting.delivery.tick_once()
    posting.clock.advance(minutes=9)
    assert await posting.delivery.tick_once() == 0
    posting.clock.advance(minutes=2)
    assert await posting.delivery.tick_once() == 1
    posting.clock.advance(minutes=10)
    assert await posting.delivery.tick_once() == 1


async def test_there_are_at_most_so_many_schedules_in_a_server(posting: Posting) -> None:
    for _ in range(MOST_SCHEDULES):
        await posting.set()
    with pytest.raises(TooManyError):
        await posting.set()
    await posting.set(guild=2)


async def test_what_happened_is_counted(posting: Posting, caplog: pytest.LogCaptureFixture) -> None:
    await posting.set()
    await posting.ticks(10)
    assert posting.delivery.counters["sent"] == 1
    assert "1 sent" in posting.delivery.summary()


def test_the_nonce_is_trusted_for_less_than_discord_remembers_it() -> None:
    assert NONCE_LASTS + dt.timedelta(seconds=60) <= dt.timedelta(minutes=4)


async def test_the_ledger_keeps_one_entry_a_date(posting: Posting) -> None:
    schedule = await posting.set()
    ledger: Ledger = posting.ledger
    assert await ledger.enter_besides(schedule, schedule.next_on, now=posting.clock(), slug="m-1")
    assert await ledger.enter_besides(schedule, schedule.next_on, now=posting.clock(), slug="m-2") is None
    assert await ledger.enter(schedule, now=posting.clock(), slug="m-3") is None

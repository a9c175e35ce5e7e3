"""The loop that posts: due, choose, record, send, record. What goes over the wire is handed in."""

import asyncio
import datetime as dt
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from bot.daily.chooser import Chooser
from bot.daily.lease import Lease
from bot.daily.ledger import Extra, ExtraState, Ledger, Post, PostState
from bot.daily.pace import Brake, Pace
from bot.daily.roster import Roster
from bot.daily.schedule import ChannelKind, Schedule
from bot.daily.wire import RefusedError, ShutOutError, UnreachableError, Wire

log = logging.getLogger(__name__)

# Discord drops a second message with the same nonce for 'the past few minutes'. Within this time a post whose fate
# is not known is sent again without risk; after it, it is looked for first.
NONCE_LASTS = dt.timedelta(minutes=3)
# A forum post has no nonce: it is looked for before it is sent again, once Discord has had so long to make it.
FORUM_SETTLES = dt.timedelta(minutes=1)
# Seconds until a post whose fate is not known is tried again, by how often it was tried, and a step after a post.
RETRY_SECONDS = (5, 10, 20, 40, 60, 120, 300)
EXTRA_SECONDS = (30, 120, 600, 3600)
# Posts under way together. More wait in the database, where they take no memory.
UNDER_WAY = 150
SECONDS_BETWEEN_HANDFULS = 0.5
PURGE_EVERY = dt.timedelta(hours=6)
# A round that comes later than this is worth a warning: something holds up the process.
LATE_ROUND = 30.0
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(slots=True)
class Tries:
    """How often something failed in this process, and when it may be tried again."""

    count: int = 0
    not_before: dt.datetime = LONG_AGO

    def again(self, now: dt.datetime) -> int:
        """Note a failure; returns after how many seconds to try again."""
        seconds = RETRY_SECONDS[min(self.count, len(RETRY_SECONDS) - 1)]
        self.count += 1
        self.not_before = now + dt.timedelta(seconds=seconds)
        return seconds


@dataclass(slots=True)
class _Work:
    """What is under way: tasks by schedule, so that none is worked on twice."""

    tasks: dict[int, asyncio.Task[bool]] = field(default_factory=dict)

    def start(self, schedule_id: int, work: Awaitable[bool]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks[schedule_id] = task
        task.add_done_callback(lambda _: self.tasks.pop(schedule_id, None))


class Delivery:
    """Posts what is due through a Wire; `counters` says how often what happened since the start."""

    def __init__(
        self,
        roster: Roster,
        ledger: Ledger,
        chooser: Chooser,
        wire: Wire,
        *,
        now: Callable[[], dt.datetime],
        catch_up: dt.timedelta = dt.timedelta(hours=6),
        tick: float = 5.0,
    ) -> None:
        self.roster = roster
        self.ledger = ledger
        self.chooser = chooser
        self.wire = wire
        self.now = now
        self.catch_up = catch_up
        self.tick = tick
        self.counters: Counter[str] = Counter()
        self.pace = Pace()
        self.brake = Brake(now)
        self.lease = Lease(ledger, now)
        self._work = _Work()
        self._choosing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._tries: dict[int, Tries] = {}
        self._faults: dict[int, Tries] = {}
        self._unfinished = True  # whether posts may have been begun and not recorded: at the start nobody knows
        self._extras_wait = True
        self._purged_at: dt.datetime | None = None
        self._round_began = 0.0

    async def run(self) -> None:
        """Post for ever. Only cancelling ends it; what is under way is then cut short, and found again later."""
        clock = asyncio.get_running_loop().time
        watching = asyncio.create_task(self._watch(), name="watch over daily posts")
        try:
            while True:
                self._round_began = clock()
                pause = self.tick
                try:
                    if await self.begin():
                        pause = min(self.tick, SECONDS_BETWEEN_HANDFULS)
                except Exception:  # the loop must not die; the next round tries again
                    log.exception("A round of daily posts failed")
                await asyncio.sleep(pause)
        finally:
            watching.cancel()
            await self._stop()

    async def _watch(self) -> None:
        """Say so when no round begins for long: a database that hangs, or a process that gets no turn."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(max(LATE_ROUND, self.tick))
            late = clock() - self._round_began - self.tick
            if late > LATE_ROUND:
                log.warning("Daily posts: the next round is %.0f s late", late)

    async def _stop(self) -> None:
        under_way = list(self._work.tasks.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        if self.counters:
            log.info("Daily posts since the start: %s", self.summary())
        try:
            await self.lease.release()
        except Exception:  # it ends by itself
            log.warning("Other processes have to wait for daily posts until the lease ends", exc_info=True)

    def summary(self) -> str:
        """The counters in one line."""
        return ", ".join(f"{self.counters[name]} {name}" for name in sorted(self.counters)) or "nothing yet"

    async def tick_once(self) -> int:
        """One round, to its end; returns the number of messages sent."""
        before = self.counters["sent"]
        await self.begin()
        while self._work.tasks:
            await asyncio.gather(*self._work.tasks.values())
        return self.counters["sent"] - before

    async def begin(self) -> bool:
        """Begin whatever is to be done now; returns whether more is due than may be under way together."""
        if self.brake.is_on or not await self.lease.held():
            return False
        now = self.now()
        if self._unfinished:
            claims = await self.ledger.open_claims()
            self._unfinished = bool(claims)
            for claim in claims:
                if self._may_start(claim.schedule_id) and self._is_time(claim, now):
                    self._work.start(claim.schedule_id, self._guarded(claim.schedule_id, self._retry(claim)))
        room = UNDER_WAY - len(self._work.tasks)
        besides = [*self._work.tasks, *(number for number, one in self._faults.items() if one.not_before > now)]
        due = await self.roster.due(now, room + 1, besides=besides) if room > 0 else []
        for schedule in due[:room]:
            self._work.start(schedule.id, self._guarded(schedule.id, self._deliver(schedule)))
        if self._extras_wait:
            await self._begin_extras(now, UNDER_WAY - len(self._work.tasks))
        await self._purge(now)
        return room <= 0 or len(due) > room

    def _may_start(self, schedule_id: int) -> bool:
        return schedule_id not in self._work.tasks and len(self._work.tasks) < UNDER_WAY

    def _is_time(self, claim: Post, now: dt.datetime) -> bool:
        return claim.id not in self._tries or self._tries[claim.id].not_before <= now

    async def _guarded(self, schedule_id: int, work: Awaitable[bool]) -> bool:
        try:
            done = await work
        except Exception:  # one schedule's fault must not stop the others
            self.counters["faults"] += 1
            self._faults.setdefault(schedule_id, Tries()).again(self.now())
            log.exception("Schedule %d could not be posted", schedule_id)
            return False
        self._faults.pop(schedule_id, None)
        return done

    async def _purge(self, now: dt.datetime) -> None:
        if self._purged_at is None or now - self._purged_at >= PURGE_EVERY:
            self._purged_at = now
            if gone := await self.roster.purge(now=now):
                log.info("%d schedules of servers that left were forgotten", gone)

    async def _deliver(self, schedule: Schedule) -> bool:
        self.counters["due"] += 1
        # One after the other in a server: what one shows that day, the next does not.
        async with self._choosing.setdefault(schedule.guild_id, asyncio.Lock()):
            claimed = await self._claim(schedule)
        return claimed is not None and await self._send(schedule, claimed)

    async def _claim(self, schedule: Schedule) -> Post | None:
        """Enter the missed dates as skipped and the one that is due as claimed; None if nothing is to be sent."""
        now = self.now()
        while True:
            on, at = schedule.after(schedule.next_on)
            if at > now and now - schedule.next_at <= self.catch_up:
                break
            await self._skip(schedule, "fault" if schedule.id in self._faults else "down")
            moved = await self.roster.by_id(schedule.id)
            if moved is None or not moved.runs or moved.next_at > now or moved.next_on < on:
                return None
            schedule = moved
        chosen = await self.chooser.choose(schedule)
        if chosen.slug is None:
            await self._skip(schedule, "by_admin" if chosen.skipped else "no_moments")
            return None
        return await self.ledger.enter(schedule, now=now, slug=chosen.slug)

    async def _skip(self, schedule: Schedule, reason: str) -> None:
        if await self.ledger.enter(schedule, now=self.now(), skipped_because=reason):
            self.counters["skipped"] += 1
            log.info("Schedule %d: %s is skipped (%s)", schedule.id, schedule.next_on, reason)

    async def post_now(self, schedule: Schedule) -> Post | None:
        """Post today's moment at once, also on a day that the schedule leaves out.

        None if today has a post already, if no moment fits, or if the schedule is not running.
        """
        now = self.now()
        today = now.astimezone(ZoneInfo(schedule.zone)).date()
        chosen = await self.chooser.choose(schedule, on=today)
        if chosen.slug is None or not schedule.runs or schedule.id in self._work.tasks:
            return None
        if schedule.next_on == today:
            claimed = await self.ledger.enter(schedule, now=now, slug=chosen.slug)
        else:
            claimed = await self.ledger.enter_besides(schedule, today, now=now, slug=chosen.slug)
        if claimed is None:
            return None
        self._work.start(schedule.id, self._guarded(schedule.id, self._send(schedule, claimed)))
        await asyncio.wait([self._work.tasks[schedule.id]])
        return await self.ledger.by_id(claimed.id)

    async def _retry(self, claimed: Post) -> bool:
        """A post that was begun, by this process or one before it, and whose fate nobody knows."""
        schedule = await self.roster.by_id(claimed.schedule_id)
        if schedule is None:
            await self._finish(claimed, PostState.UNKNOWN, reason="unreachable")
            return False
        # Who stopped the posts or moved them to another channel meanwhile does not want this one any more.
        wanted = schedule.runs and schedule.channel_id == claimed.channel_id
        age = self.now() - claimed.claimed_at
        if wanted and age <= NONCE_LASTS and schedule.channel_kind is not ChannelKind.FORUM:
            return await self._send(schedule, claimed)
        if wanted and age <= FORUM_SETTLES:
            return False
        await self.pace.turn()
        try:
            found = await self.wire.find(schedule, claimed)
        except ShutOutError as error:
            self._shut_out(error)
            return False
        except UnreachableError as error:
            self._try_later(schedule, claimed, error)
            if age > self.catch_up:
                await self._finish(claimed, PostState.UNKNOWN, reason="unreachable")
            return False
        except RefusedError:  # where the channel cannot be read nobody can tell: miss rather than double
            await self._finish(claimed, PostState.UNKNOWN, reason="unreachable")
            return False
        if found is not None:
            await self._sent(schedule, claimed, found)
            return True
        if wanted and age <= self.catch_up:
            return await self._send(schedule, claimed)
        await self._finish(claimed, PostState.SKIPPED, reason="down" if wanted else "changed")
        return False

    async def _send(self, schedule: Schedule, claimed: Post) -> bool:
        """Send a claimed post, outside any transaction, and record how it went."""
        self._unfinished = True
        await self.pace.turn()
        try:
            message_id = await self.wire.send(schedule, claimed)
        except ShutOutError as error:
            self._shut_out(error)
            return False
        except UnreachableError as error:
            self._try_later(schedule, claimed, error)
            return False
        except RefusedError as error:
            self.brake.refused()
            await self._finish(claimed, PostState.FAILED, reason=str(error))
            await self._pause(schedule, str(error))
            return False
        await self._sent(schedule, claimed, message_id)
        return True

    def _shut_out(self, error: ShutOutError) -> None:
        self.brake.pull(error.seconds)
        log.error("Daily posts stop for %.0f s: %s", error.seconds, error)

    def _try_later(self, schedule: Schedule, claimed: Post, error: Exception) -> None:
        """Note when to try again."""
        tries = self._tries.setdefault(claimed.id, Tries())
        seconds = tries.again(self.now())
        self.counters["tries"] += 1
        log.warning("Schedule %d: %s: %s; trying again in %d s", schedule.id, claimed.local_date, error, seconds)

    async def _pause(self, schedule: Schedule, reason: str) -> None:
        if not await self.roster.pause(schedule, reason, now=self.now()):
            return  # an admin changed it meanwhile: the refusal was about the old settings
        self.counters["paused"] += 1
        log.warning("Schedule %d: Discord refused the post (%s); it is paused", schedule.id, reason)
        await self.pace.turn()
        try:
            await self.wire.tell(schedule, reason)
        except (RefusedError, UnreachableError) as error:
            log.info("Schedule %d: nobody could be told: %s", schedule.id, error)

    async def _sent(self, schedule: Schedule, claimed: Post, message_id: int) -> None:
        kinds = ["publish"] * (schedule.publish and schedule.channel_kind is ChannelKind.NEWS)
        kinds += ["thread"] * (schedule.thread and schedule.channel_kind is not ChannelKind.FORUM)
        kinds += ["tags"] * (schedule.channel_kind is ChannelKind.FORUM)
        if kinds:
            await self.ledger.add_extras(claimed, kinds, now=self.now())
            self._extras_wait = True
        await self._finish(claimed, PostState.SENT, message_id=message_id)
        late = (self.now() - claimed.due_at).total_seconds()
        self.counters["late seconds"] += max(0, round(late))
        log.info("Schedule %d: posted %s for %s, %.0f s late", schedule.id, claimed.slug, claimed.local_date, late)

    async def _finish(
        self, claimed: Post, state: PostState, *, reason: str | None = None, message_id: int | None = None
    ) -> None:
        self._tries.pop(claimed.id, None)
        await self.ledger.finish(claimed, state, now=self.now(), reason=reason, message_id=message_id)
        self.counters[state] += 1
        if state is PostState.UNKNOWN:
            log.warning("Schedule %d: it is not known whether %s arrived", claimed.schedule_id, claimed.local_date)

    async def _begin_extras(self, now: dt.datetime, room: int) -> None:
        waiting = await self.ledger.extras_due(now, max(room, 0))
        self._extras_wait = bool(waiting) or await self.ledger.extras_wait()
        for extra, post in waiting:
            if self._may_start(post.schedule_id):
                self._work.start(post.schedule_id, self._guarded(post.schedule_id, self._do_extra(extra, post)))

    async def _do_extra(self, extra: Extra, post: Post) -> bool:
        schedule = await self.roster.by_id(post.schedule_id)
        if schedule is None or schedule.left_at is not None:
            await self.ledger.finish_extra(extra, ExtraState.FAILED, reason="changed")
            return False
        await self.pace.turn()
        try:
            await self.wire.do_extra(schedule, post, extra.kind)
        except RefusedError as error:
            self.brake.refused()
            await self.ledger.finish_extra(extra, ExtraState.FAILED, reason=str(error))
            log.warning("Schedule %d: %s of %s was refused (%s)", schedule.id, extra.kind, post.local_date, error)
        except UnreachableError as error:
            if isinstance(error, ShutOutError):
                self._shut_out(error)
            if extra.tries >= len(EXTRA_SECONDS):
                await self.ledger.finish_extra(extra, ExtraState.FAILED, reason="unreachable")
            else:
                later = self.now() + dt.timedelta(seconds=EXTRA_SECONDS[extra.tries])
                await self.ledger.finish_extra(extra, ExtraState.WAITING, reason="unreachable", next_try=later)
        else:
            await self.ledger.finish_extra(extra, ExtraState.DONE)
            self.counters["extras"] += 1
        return False

"""The loop that posts: due, choose, record, send, record. Sending is handed in."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.catalog.query import Candidate
from bot.daily.choice import choose
from bot.daily.ledger import Ledger, Post, PostState
from bot.daily.roster import Roster
from bot.daily.schedule import Schedule, following

log = logging.getLogger(__name__)

# Discord drops a second message with the same nonce for 'the past few minutes'. Within this time a post whose fate
# is not known is sent again without risk; after it, a missed post is better than a double one.
NONCE_LASTS = dt.timedelta(minutes=4)
AT_ONCE = 10  # posts to different servers under way together

Send = Callable[[Schedule, Post], Awaitable[int]]
Candidates = Callable[[Schedule], Awaitable[Sequence[Candidate]]]


class RefusedError(Exception):
    """Discord will not take this post, now or later; the text is a reason code (`forbidden`, `not_found`, `other`)."""


class UnreachableError(Exception):
    """Nobody knows whether the post arrived: the connection broke, or Discord failed."""


class Delivery:
    """Posts what is due. `send` returns the message's id, or raises RefusedError or UnreachableError."""

    def __init__(
        self,
        roster: Roster,
        ledger: Ledger,
        *,
        candidates: Candidates,
        send: Send,
        now: Callable[[], dt.datetime],
        catch_up: dt.timedelta = dt.timedelta(hours=6),
        tick: float = 15.0,
    ) -> None:
        self.roster = roster
        self.ledger = ledger
        self.candidates = candidates
        self.send = send
        self.now = now
        self.catch_up = catch_up
        self.tick = tick
        self._unfinished = True  # whether posts may have been begun and not recorded: at the start nobody knows

    async def run(self) -> None:
        """Post for ever. Only cancelling ends it."""
        while True:
            try:
                await self.tick_once()
            except Exception:  # the loop must not die; the next tick tries again
                log.exception("A round of daily posts failed")
            await asyncio.sleep(self.tick)

    async def tick_once(self) -> int:
        """Finish what was begun, then post what is due; returns the number of messages sent."""
        sent = 0
        if self._unfinished:
            claims = await self.ledger.open_claims()
            self._unfinished = bool(claims)
            sent = await self._together([self._retry(post) for post in claims])
        due = await self.roster.due(self.now())
        return sent + await self._together([self._deliver(schedule) for schedule in due])

    async def _together(self, work: Sequence[Awaitable[bool]]) -> int:
        sent = 0
        for start in range(0, len(work), AT_ONCE):
            sent += sum(await asyncio.gather(*work[start : start + AT_ONCE]))
        return sent

    async def _deliver(self, schedule: Schedule) -> bool:
        try:
            claimed = await self._claim(schedule)
            return claimed is not None and await self._send(schedule, claimed)
        except Exception:  # one schedule's fault must not stop the others
            log.exception("Schedule %d could not be posted", schedule.id)
            return False

    async def _claim(self, schedule: Schedule) -> Post | None:
        """Enter the missed dates as skipped and the one that is due as claimed."""
        now = self.now()
        while True:
            on, at = following(schedule.next_on, schedule.at, schedule.zone)
            if at > now and now - schedule.next_at <= self.catch_up:
                break
            await self.ledger.enter(schedule, now=now, skipped_because="down")
            log.warning("Schedule %d: %s was missed while the bot was down", schedule.id, schedule.next_on)
            moved = await self.roster.by_id(schedule.id)
            if moved is None or moved.next_at > now or moved.next_on < on:
                return None
            schedule = moved
        slug = await self.peek(schedule)
        if slug is None:
            await self.ledger.enter(schedule, now=now, skipped_because="no_moments")
            return None
        return await self.ledger.enter(schedule, now=now, slug=slug)

    async def peek(self, schedule: Schedule) -> str | None:
        """The slug that the next post would show; nothing is used up. None if no moment fits."""
        candidates = await self.candidates(schedule)
        return choose(candidates, await self.ledger.shown(schedule.id), schedule.next_on)

    async def _retry(self, claimed: Post) -> bool:
        try:
            schedule = await self.roster.by_id(claimed.schedule_id)
            # Who stopped the posts or moved them to another channel meanwhile does not want this one any more.
            wanted = schedule is not None and schedule.active and schedule.channel_id == claimed.channel_id
            if schedule is None or not wanted or self.now() - claimed.claimed_at > NONCE_LASTS:
                log.warning("Schedule %d: it is not known whether %s arrived", claimed.schedule_id, claimed.local_date)
                await self.ledger.finish(claimed, PostState.UNKNOWN, now=self.now(), reason="unreachable")
                return False
            return await self._send(schedule, claimed)
        except Exception:  # as in _deliver
            log.exception("Schedule %d could not be posted", claimed.schedule_id)
            return False

    async def _send(self, schedule: Schedule, claimed: Post) -> bool:
        """Send a claimed post, outside any transaction, and record how it went."""
        self._unfinished = True
        try:
            message_id = await self.send(schedule, claimed)
        except UnreachableError as error:
            log.warning("Schedule %d: %s; trying again with the same nonce", schedule.id, error)
            return False
        except RefusedError as error:
            log.warning("Schedule %d: Discord refused the post (%s); it is paused", schedule.id, error)
            await self.ledger.finish(claimed, PostState.FAILED, now=self.now(), reason=str(error))
            await self.roster.pause(schedule.id, str(error))
            return False
        await self.ledger.finish(claimed, PostState.SENT, now=self.now(), message_id=message_id)
        late = (self.now() - claimed.due_at).total_seconds()
        log.info("Schedule %d: posted %s for %s, %.0f s late", schedule.id, claimed.slug, claimed.local_date, late)
        return True

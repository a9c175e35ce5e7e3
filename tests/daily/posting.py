"""A delivery over a real database whose wire is a list: what a channel shows, and faults that a test sets."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.catalog.query import Candidate
from bot.daily.chooser import Chooser
from bot.daily.delivery import Delivery
from bot.daily.filters import Filters
from bot.daily.ledger import Ledger, Post
from bot.daily.roster import Roster, Settings
from bot.daily.schedule import Schedule
from bot.daily.wire import UnreachableError
from bot.state.database import State
from tests.conftest import Clock

MOMENTS = [Candidate(f"m-{n}", None, None, None, top=False) for n in range(10)]


class ArrivedButBroken(Exception):  # noqa: N818 says what happens on the wire
    """The message arrives, and the connection breaks before the answer."""


@dataclass
class Channels:
    """A wire: `messages` are (server, date, nonce); each entry of `faults` befalls one sending."""

    messages: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[Exception | None] = field(default_factory=list)
    unreadable: bool = False
    extras: list[tuple[str, str]] = field(default_factory=list)
    extra_faults: list[Exception] = field(default_factory=list)
    told: list[tuple[int, str]] = field(default_factory=list)
    remembers_nonces: bool = True

    async def send(self, schedule: Schedule, post: Post) -> int:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not isinstance(fault, ArrivedButBroken):
            raise fault
        known = [message for message in self.messages if message[2] == post.nonce]
        if not known or not self.remembers_nonces:
            self.messages.append((schedule.guild_id, post.local_date.isoformat(), post.nonce))
        if fault is not None:
            raise UnreachableError("reset")
        return len(self.messages)

    async def find(self, schedule: Schedule, post: Post) -> int | None:
        if self.unreadable:
            raise UnreachableError("no answer")
        return next((n for n, (_, _, nonce) in enumerate(self.messages, 1) if nonce == post.nonce), None)

    async def do_extra(self, schedule: Schedule, post: Post, kind: str) -> None:
        if self.extra_faults:
            raise self.extra_faults.pop(0)
        self.extras.append((post.local_date.isoformat(), kind))

    async def tell(self, schedule: Schedule, reason: str) -> None:
        self.told.append((schedule.created_by, reason))

    @property
    def dates(self) -> list[str]:
        return [date for _, date, _ in self.messages]


class Posting:
    """What a test needs to post: set schedules, let time go by, look at what arrived."""

    def __init__(self, state: State, clock: Clock) -> None:
        self.clock = clock
        self.wire = Channels()
        self.moments: Sequence[Candidate] = MOMENTS
        self.broken: set[Filters] = set()
        self.roster, self.ledger = Roster(state.engine), Ledger(state.engine)
        self.delivery = self.new()

    def new(self) -> Delivery:
        """A process that has just started."""
        chooser = Chooser(self.ledger, self.candidates, self.exists)
        return Delivery(self.roster, self.ledger, chooser, self.wire, now=self.clock)

    async def candidates(self, filters: Filters) -> Sequence[Candidate]:
        if filters in self.broken:
            raise ZeroDivisionError
        return self.moments

    async def exists(self, slug: str) -> bool:
        return any(one.slug == slug for one in self.moments)

    def settings(self, at: str = "09:00", zone: str = "UTC", channel: int = 7, **more: Any) -> Settings:
        return Settings("Daily", channel, dt.time.fromisoformat(at), zone, "en", **more)

    async def set(self, guild: int = 1, **given: Any) -> Schedule:
        return await self.roster.add(guild, self.settings(**given), by=5, now=self.clock())

    async def edit(self, schedule: Schedule, **changes: Any) -> Schedule:
        """Change a schedule as it is now."""
        now = await self.now_of(schedule)
        if "at" in changes:
            changes["at"] = dt.time.fromisoformat(changes["at"])
        return await self.roster.edit(now, replace(Settings.of(now), **changes), now=self.clock())

    async def now_of(self, schedule: Schedule) -> Schedule:
        found = await self.roster.by_id(schedule.id)
        assert found is not None
        return found

    async def ticks(self, hours: float) -> None:
        """Time goes by in steps of a quarter of an hour."""
        for _ in range(int(hours * 4)):
            self.clock.advance(minutes=15)
            await self.delivery.tick_once()

    async def states(self, schedule: Schedule) -> list[tuple[str, str, str | None]]:
        return [(p.local_date.isoformat(), p.state.value, p.reason) for p in await self.ledger.history(schedule.id)]

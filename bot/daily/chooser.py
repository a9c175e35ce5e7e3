"""What a schedule will post, and what it posts: the choice, with what is recorded of it."""

import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.catalog.query import Candidate
from bot.daily.choice import choose, settle
from bot.daily.filters import Filters
from bot.daily.ledger import Ledger
from bot.daily.schedule import Schedule

Exists = Callable[[str], Awaitable[bool]]
Candidates = Callable[[Filters], Awaitable[Sequence[Candidate]]]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date to come: the moment it shows (None: no moment fits), whether an admin chose it or skips the date."""

    local_date: dt.date
    at: dt.datetime
    slug: str | None
    pinned: bool = False
    skipped: bool = False


class Chooser:
    """Chooses moments for schedules. Looking ahead records nothing and uses nothing up."""

    def __init__(self, ledger: Ledger, candidates: Candidates, exists: Exists) -> None:
        self.ledger = ledger
        self.candidates = candidates
        self.exists = exists

    async def choose(self, schedule: Schedule, on: dt.date | None = None) -> Ahead:
        """What is posted on a date, else next; what all with the same filters see that day is settled by it."""
        on = on or schedule.next_on
        plans = await self._plans(schedule, on)
        if on in plans:
            return _planned(on, schedule.next_at, plans[on])
        candidates = await self.candidates(schedule.filters)
        key = schedule.filters.key()
        shared = await self.ledger.pick_of(key, on)
        if shared is None and (slug := choose(candidates, await self.ledger.picked(key, on), on)):
            shared = await self.ledger.settle_pick(key, on, slug)
        shown = await self.ledger.shown(schedule.id)
        taken = await self.ledger.posts_on(schedule.guild_id, on, besides=schedule.id)
        return Ahead(on, schedule.next_at, settle(candidates, shown, on, shared=shared, taken=taken))

    async def ahead(self, schedule: Schedule, dates: int) -> list[Ahead]:
        """The next posts of a schedule as things stand."""
        candidates = await self.candidates(schedule.filters)
        key = schedule.filters.key()
        plans = await self._plans(schedule, schedule.next_on)
        shown, picked = await self.ledger.shown(schedule.id), await self.ledger.picked(key, schedule.next_on)
        on, at = schedule.next_on, schedule.next_at
        found: list[Ahead] = []
        for _ in range(dates):
            shared = await self.ledger.pick_of(key, on) or choose(candidates, picked, on)
            if on in plans:
                one = _planned(on, at, plans[on])
            else:
                taken = await self.ledger.posts_on(schedule.guild_id, on, besides=schedule.id)
                one = Ahead(on, at, settle(candidates, shown, on, shared=shared, taken=taken))
                picked.update([shared] if shared else [])
            shown.update([one.slug] if one.slug else [])
            found.append(one)
            on, at = schedule.after(on)
        return found

    async def _plans(self, schedule: Schedule, start: dt.date) -> dict[dt.date, str | None]:
        """What an admin has set from a date on, but for moments that the catalogue no longer has."""
        plans = await self.ledger.plans(schedule.id, start)
        return {on: slug for on, slug in plans.items() if slug is None or await self.exists(slug)}

    async def another(self, schedule: Schedule, on: dt.date) -> str | None:
        """A moment for a date instead of the one that stands there; None if there is no other."""
        now = await self.ahead(schedule, 1 + MOST_DATES)
        there = {one.slug for one in now}
        candidates = await self.candidates(schedule.filters)
        others = [one for one in candidates if one.slug not in there]
        shown = await self.ledger.shown(schedule.id)
        planned: Counter[str] = Counter(slug for slug in (await self.ledger.plans(schedule.id, on)).values() if slug)
        return choose(others, shown + planned, on)


MOST_DATES = 7  # that are shown ahead


def _planned(on: dt.date, at: dt.datetime, slug: str | None) -> Ahead:
    return Ahead(on, at, slug, pinned=slug is not None, skipped=slug is None)

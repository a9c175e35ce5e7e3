"""What a schedule would post, without a network, a database or a clock."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.catalog.query import Candidate
from bot.daily.choice import choose
from bot.daily.schedule import EVERY_DAY, following


@dataclass(frozen=True, slots=True)
class Simulated:
    """A post of a local date, at an instant (UTC); no slug if no moment fits."""

    local_date: dt.date
    instant: dt.datetime
    slug: str | None


def simulate(
    candidates: Sequence[Candidate],
    *,
    at: dt.time,
    zone: str,
    start: dt.date,
    days: int,
    weekdays: int = EVERY_DAY,
) -> Iterator[Simulated]:
    """The posts of so many local dates from `start` on, by the rules of the real ones."""
    shown: Counter[str] = Counter()
    end = start + dt.timedelta(days=days)
    on, due = following(start - dt.timedelta(days=1), at, zone, weekdays)
    while on < end:
        slug = choose(candidates, shown, on)
        shown.update([slug] if slug else [])
        yield Simulated(on, due, slug)
        on, due = following(on, at, zone, weekdays)

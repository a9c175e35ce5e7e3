"""Which moment to post: a pure function of what fits, what was shown, and the date."""

import calendar
import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence

from bot.catalog.query import Candidate

ROUND_YEARS = (100, 50, 25, 10, 5)


def choose(candidates: Sequence[Candidate], shown: Mapping[str, int], on: dt.date) -> str | None:
    """The slug to post on a local date; `shown` counts how often each was posted. None if there are no candidates.

    None comes again before all have been shown. Among those whose turn it is, an anniversary of the day comes first
    (round ones before others, then Top Moments); otherwise the date decides, the same for everyone.
    """
    if not candidates:
        return None
    fewest = min(shown.get(one.slug, 0) for one in candidates)
    fresh = [one for one in candidates if shown.get(one.slug, 0) == fewest]
    celebrated = [one for one in fresh if is_anniversary(one, on)]
    if celebrated:
        return min(celebrated, key=lambda one: (_roundness(one, on), not one.top, _mixed(one.slug, on))).slug
    return min(fresh, key=lambda one: _mixed(one.slug, on)).slug


def settle(
    candidates: Sequence[Candidate],
    shown: Mapping[str, int],
    on: dt.date,
    *,
    shared: str | None,
    taken: Collection[str],
) -> str | None:
    """The slug that a schedule posts: what all with its filters see (`shared`), unless it has shown that more often
    than others, or another schedule of its server shows it that day (`taken`).
    """
    free = [one for one in candidates if one.slug not in taken] or list(candidates)
    if any(one.slug == shared for one in free):
        fewest = min(shown.get(one.slug, 0) for one in free)
        if shown.get(shared or "", 0) == fewest:
            return shared
    return choose(free, shown, on)


def is_anniversary(moment: Candidate, on: dt.date) -> bool:
    """Whether a date is the day of a moment; that of 29 February is 28 February in common years."""
    if (moment.month, moment.day) == (2, 29) and not calendar.isleap(on.year):
        return (on.month, on.day) == (2, 28)
    return (moment.month, moment.day) == (on.month, on.day)


def _roundness(moment: Candidate, on: dt.date) -> int:
    years = on.year - (moment.year or 0)
    if years <= 0:
        return len(ROUND_YEARS)
    return next((place for place, step in enumerate(ROUND_YEARS) if years % step == 0), len(ROUND_YEARS))


def _mixed(slug: str, on: dt.date) -> bytes:
    return hashlib.blake2b(f"{on.isoformat()} {slug}".encode(), digest_size=8).digest()

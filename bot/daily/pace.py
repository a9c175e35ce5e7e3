"""How fast and how often may be asked: turns a fraction of a second apart, and a stop when too much is refused."""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Callable

# Discord allows 50 requests a second in all; the rest is for what members ask for.
A_SECOND = 40.0
# Discord shuts a bot out after 10,000 refused requests in 10 minutes.
MOST_REFUSED = 1_000
REFUSED_WITHIN = dt.timedelta(minutes=10)


class Pace:
    """Gives turns in the order in which they are asked for, at most so many a second."""

    def __init__(self, a_second: float = A_SECOND) -> None:
        self.step = 1 / a_second
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next turn."""
        now = asyncio.get_running_loop().time()
        mine = max(now, self._next)
        self._next = mine + self.step
        if mine > now:
            await asyncio.sleep(mine - now)


class Brake:
    """Says when to send nothing at all for a while."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self.now = now
        self._until: dt.datetime | None = None
        self._refused: deque[dt.datetime] = deque(maxlen=MOST_REFUSED)

    @property
    def is_on(self) -> bool:
        return self._until is not None and self.now() < self._until

    def pull(self, seconds: float) -> None:
        """Send nothing for so long."""
        until = self.now() + dt.timedelta(seconds=seconds)
        self._until = max(self._until or until, until)

    def refused(self) -> None:
        """Count a refusal; with too many, nothing is sent until they are forgotten."""
        now = self.now()
        self._refused.append(now)
        if len(self._refused) == MOST_REFUSED and now - self._refused[0] < REFUSED_WITHIN:
            self.pull(REFUSED_WITHIN.total_seconds())

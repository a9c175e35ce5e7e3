"""Which of several processes over one database posts."""

import datetime as dt
import os
import platform
import secrets
from collections.abc import Callable

from bot.daily.ledger import Ledger

NAME = "daily"
LASTS = dt.timedelta(seconds=30)


class Lease:
    """Held by one process at a time, so that two do not get in each other's way; the ledger alone prevents doubles."""

    def __init__(self, ledger: Ledger, now: Callable[[], dt.datetime]) -> None:
        self.ledger = ledger
        self.now = now
        self.holder = f"{platform.node()}/{os.getpid()}/{secrets.token_hex(4)}"
        self._renew_at: dt.datetime | None = None

    async def held(self) -> bool:
        """Take, keep or renew it; False while another process holds it."""
        now = self.now()
        if self._renew_at is not None and now < self._renew_at:
            return True
        until = now + LASTS
        taken = await self.ledger.hold(NAME, self.holder, now=now, until=until)
        if not taken and (other := await self.ledger.holder_of(NAME)) and _is_dead(other):
            await self.ledger.release(NAME, other)
            taken = await self.ledger.hold(NAME, self.holder, now=now, until=until)
        self._renew_at = now + LASTS / 2 if taken else None
        return taken

    async def release(self) -> None:
        """Let another process go on at once."""
        self._renew_at = None
        await self.ledger.release(NAME, self.holder)


def _is_dead(holder: str) -> bool:
    """Whether a holder was a process of this machine that is no more: it need not be waited for."""
    node, _, rest = holder.partition("/")
    pid = rest.partition("/")[0]
    if node != platform.node() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it lives and belongs to somebody else
        return False
    return int(pid) == os.getpid()  # this very process number, and not this process: it was given out again

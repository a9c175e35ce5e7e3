"""Read-only connections that work off the event loop, a whole question at a time."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import aiosqlite

T = TypeVar("T")

# No question takes this long on a sound catalogue; one that does must not keep the others waiting.
DEADLINE_SECONDS = 2.0
_INSTRUCTIONS_BETWEEN_CHECKS = 10_000


class TooSlowError(Exception):
    """A question was given up because it took longer than DEADLINE_SECONDS."""


class Reader(aiosqlite.Connection):
    """An aiosqlite connection that runs a whole function in its thread: one hop a question, not one a row."""

    waiting = 0

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What `job` returns. Raises TooSlowError, or whatever the job raises."""
        self.waiting += 1
        try:
            result: T = await self._execute(_within_deadline, job, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite's
            return result
        finally:
            self.waiting -= 1


def _within_deadline(job: Callable[[sqlite3.Connection], T], db: sqlite3.Connection) -> T:
    end = time.monotonic() + DEADLINE_SECONDS
    db.set_progress_handler(lambda: time.monotonic() > end, _INSTRUCTIONS_BETWEEN_CHECKS)
    try:
        return job(db)
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise TooSlowError from error
        raise


async def open_reader(path: Path) -> Reader:
    """A connection to a catalogue that can only read it. Raises sqlite3.Error."""

    def connect() -> sqlite3.Connection:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        # Reads come from the page cache of the system; the connection's own needs little.
        db.executescript("PRAGMA query_only = 1; PRAGMA cache_size = -2048;")
        return db

    reader = Reader(connect, 64)
    await reader
    return reader

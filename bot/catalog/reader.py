"""Read-only connections that work off the event loop, a whole question at a time."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

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
        """What `job` returns. Raises TooSlowError, or whatever the job raises.

        Work whose caller is cancelled stops: not begun it never begins, under way it is interrupted.
        """
        work = _Work(job)
        self.waiting += 1
        try:
            result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite's
            return result
        except asyncio.CancelledError:
            work.cancelled = True
            raise
        finally:
            self.waiting -= 1


class _Work(Generic[T]):
    """A question on its way through a reader's thread."""

    def __init__(self, job: Callable[[sqlite3.Connection], T]) -> None:
        self.job = job
        self.cancelled = False
        self.end = 0.0

    def __call__(self, db: sqlite3.Connection) -> T:
        self.end = time.monotonic() + DEADLINE_SECONDS
        if self.cancelled:
            raise TooSlowError
        db.set_progress_handler(self._is_over, _INSTRUCTIONS_BETWEEN_CHECKS)
        try:
            return self.job(db)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise TooSlowError from error
            raise

    def _is_over(self) -> bool:
        return self.cancelled or time.monotonic() > self.end


async def open_reader(path: Path) -> Reader:
    """A connection to a catalogue that can only read it. Raises sqlite3.Error."""

    def connect() -> sqlite3.Connection:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        # Reads come from the page cache of the system; the connection's own needs little.
        db.executescript("PRAGMA query_only = 1; PRAGMA cache_size = -8192;")
        return db

    reader = Reader(connect, 64)
    await reader
    return reader


def column(db: sqlite3.Connection, sql: str, *values: str | int) -> list[int]:
    """The column `n` of a statement, fetched as one row of JSON.

    SQLite lets other threads run between two rows, and getting the turn back takes up to 5 ms in a busy process.
    """
    found: list[int] = json.loads(db.execute(f"SELECT json_group_array(n) FROM ({sql})", values).fetchone()[0])
    return found

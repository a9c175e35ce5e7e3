"""Read-only connections that work off the event loop, a whole question at a time."""

import asyncio
import json
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, cast

import aiosqlite

T = TypeVar("T")

# No question takes this long on a sound catalogue; one that does must not keep the others waiting.
DEADLINE_SECONDS = 2.0
_INSTRUCTIONS_BETWEEN_CHECKS = 10_000
# From so many waiting questions on, a connection answers as many before it hands them over.
MANY, MOST_AT_ONCE = 8, 16
# Another connection joins in where no question has been begun for so long: those at work are busy with long ones.
# Python runs one thread at a time, so that two with short questions only wait for each other.
PATIENCE_SECONDS = 0.005


class TooSlowError(Exception):
    """A question was given up because it took longer than DEADLINE_SECONDS."""


class Reader(aiosqlite.Connection):
    """An aiosqlite connection that runs a whole function in its thread."""

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What `job` returns. Raises what the job raises."""
        result: T = await self._execute(job, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite's
        return result


class Readers:
    """Connections that take questions from one line, each a whole function: one hop a question, not one a row.

    One connection does the work, and another helps out while a question keeps it for longer than PATIENCE_SECONDS.
    While many wait, a connection answers several before it hands them over: waking the event loop for each costs
    a fifth of the answers a second.
    """

    def __init__(self, line: "deque[_Work[Any]]", readers: list[Reader]) -> None:
        self._line = line
        self._idle = readers
        self._turns: list[_Turn] = []
        self._watch: asyncio.TimerHandle | None = None

    @classmethod
    async def open(cls, path: Path, count: int) -> Self:
        """Connections to a file that is replaced, never written to, while they are open. Raises sqlite3.Error."""

        def connect() -> sqlite3.Connection:
            # Of a file that never changes SQLite asks neither for locks nor for news before each statement.
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            # Reads come from the page cache of the system; the connection's own needs little.
            db.executescript("PRAGMA query_only = 1; PRAGMA cache_size = -2048;")
            return db

        readers = [Reader(connect, 64) for _ in range(count)]
        for reader in readers:
            await reader
        return cls(deque(), readers)

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What `job` returns. Raises TooSlowError, or whatever the job raises.

        Work whose caller is cancelled stops: not begun it never begins, under way it is interrupted.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._line.append(_Work(job, answer))
        if not self._turns:
            self._start()
        elif self._idle and self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._look_around)
        return await answer

    def _start(self) -> None:
        turn = _Turn(self._idle.pop())
        self._turns.append(turn)
        turn.task = asyncio.create_task(self._take(turn))

    def _look_around(self) -> None:
        """Let another connection join in if the questions that wait, wait for long ones."""
        self._watch = None
        if not self._line or not self._idle:
            return
        if all(turn.is_long() for turn in self._turns):
            self._start()
        self._watch = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._look_around)

    async def _take(self, turn: "_Turn") -> None:
        try:
            while self._line:
                for work in await turn.reader.run(lambda db: self._answer_some(db, turn)):
                    work.hand_over()
                if not all(other.is_long() for other in self._turns if other is not turn):
                    break
        finally:
            self._turns.remove(turn)
            self._idle.append(turn.reader)

    def _answer_some(self, db: sqlite3.Connection, turn: "_Turn") -> "list[_Work[Any]]":
        """One answer, or more while many wait. Runs in a connection's thread."""
        answered: list[_Work[Any]] = []
        while self._line and (not answered or (len(answered) < MOST_AT_ONCE and len(self._line) >= MANY)):
            try:
                work = self._line.popleft()
            except IndexError:  # the other connection was faster
                break
            turn.begun = time.monotonic()
            work.do(db)
            answered.append(work)
        return answered

    async def close(self) -> None:
        """Answer what waits, and close."""
        if self._watch:
            self._watch.cancel()
        await asyncio.gather(*(turn.task for turn in self._turns if turn.task))
        for reader in self._idle:
            await reader.close()


@dataclass(eq=False, slots=True)
class _Turn:
    """A connection that answers what waits, and when it began its newest question, in seconds of time.monotonic."""

    reader: Reader
    begun: float = field(default_factory=time.monotonic)
    task: asyncio.Task[None] | None = None

    def is_long(self) -> bool:
        return time.monotonic() - self.begun >= PATIENCE_SECONDS


class _Work(Generic[T]):
    """A question on its way through a connection's thread."""

    def __init__(self, job: Callable[[sqlite3.Connection], T], answer: "asyncio.Future[T]") -> None:
        self.job = job
        self.answer = answer
        self.result: T | None = None
        self.error: BaseException | None = None
        self.end = 0.0

    def do(self, db: sqlite3.Connection) -> None:
        """Find the answer, or what went wrong."""
        if self.answer.cancelled():
            return
        self.end = time.monotonic() + DEADLINE_SECONDS
        db.set_progress_handler(self._is_over, _INSTRUCTIONS_BETWEEN_CHECKS)
        try:
            self.result = self.job(db)
        except sqlite3.OperationalError as error:
            self.error = TooSlowError() if "interrupted" in str(error) else error
        except Exception as error:  # noqa: BLE001 - raised where the question was asked
            self.error = error

    def hand_over(self) -> None:
        """Give the asker the answer. Runs in the event loop."""
        if self.answer.cancelled():
            return
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(cast("T", self.result))

    def _is_over(self) -> bool:
        return self.answer.cancelled() or time.monotonic() > self.end


def column(db: sqlite3.Connection, sql: str, *values: str | int) -> list[int]:
    """The column `n` of a statement, fetched as one row of JSON.

    SQLite lets other threads run between two rows, and getting the turn back takes up to 5 ms in a busy process.
    """
    found: list[int] = json.loads(db.execute(f"SELECT json_group_array(n) FROM ({sql})", values).fetchone()[0])
    return found

"""How long a catalogue takes to answer: within the thread that reads, and for the one who awaits the answer."""

import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from bot.catalog import Catalog
from bot.catalog.edition import Edition

T = TypeVar("T")


class TimedEdition(Edition):
    """An edition that notes how long its jobs take."""

    jobs_ms = 0.0
    cpu_ms = 0.0

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        def timed(db: sqlite3.Connection) -> T:
            began, cpu = time.perf_counter(), time.thread_time()
            try:
                return job(db)
            finally:
                self.jobs_ms += (time.perf_counter() - began) * 1000
                self.cpu_ms += (time.thread_time() - cpu) * 1000

        return await super().run(timed)


@dataclass(slots=True)
class Timed:
    """A catalogue that keeps no answers, and how long each of its answers took."""

    catalog: Catalog
    edition: TimedEdition
    inside: list[float] = field(default_factory=list)  # ms in the reading thread
    outside: list[float] = field(default_factory=list)  # ms until the answer was there
    cpu: list[float] = field(default_factory=list)  # ms of the processor in the reading thread

    async def ask(self, question: Awaitable[T]) -> T:
        """The answer, timed; ask one question after the other."""
        self.edition.jobs_ms = self.edition.cpu_ms = 0.0
        began = time.perf_counter()
        answer = await question
        self.outside.append((time.perf_counter() - began) * 1000)
        self.inside.append(self.edition.jobs_ms)
        self.cpu.append(self.edition.cpu_ms)
        return answer

    def clear(self) -> None:
        """Begin new lists of times; those so far stay with whoever has them."""
        self.inside, self.outside, self.cpu = [], [], []


@asynccontextmanager
async def timed(path: Path) -> AsyncIterator[Timed]:
    """A catalogue whose answers are timed."""
    async with Catalog.open(path, remember=0) as catalog:
        edition = catalog._edition
        catalog._edition = clocked = TimedEdition(*(getattr(edition, one.name) for one in fields(edition)))
        yield Timed(catalog, clocked)


def percentile(values: Iterable[float], percent: float) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else float("nan")


@dataclass(frozen=True, slots=True)
class Times:
    """Medians over the rounds of the 50th and the 99th percentile of each round, in milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, rounds: Sequence[Sequence[float]]) -> "Times":
        return cls(*(statistics.median(percentile(one, percent) for one in rounds) for percent in (50, 99)))

    def __str__(self) -> str:
        return f"{milliseconds(self.p50)} / {milliseconds(self.p99)}"


def milliseconds(value: float) -> str:
    """Two figures that mean something."""
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"

"""One catalogue file, opened: its connections, what is kept of it in memory, and the answers given from it."""

import contextlib
import ctypes
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.catalog.query import Place
from bot.catalog.reader import Readers
from bot.catalog.schema import FORMAT
from bot.catalog.titles import Titles

T = TypeVar("T")

READERS = 2  # threads; more than there are processor cores for only get in each other's way


class CatalogError(Exception):
    """The file is missing or is no catalogue of this version; one sentence."""


@dataclass(slots=True)
class Edition:
    """A file that never changes; a newer one is another edition."""

    identity: tuple[int, int, int]
    readers: Readers
    titles: Titles
    places: dict[str, Place]
    remember: int
    answers: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What a job answers on a connection of this edition."""
        return await self.readers.run(job)

    async def once(self, question: Hashable, job: Callable[[sqlite3.Connection], T]) -> T:
        """What a job answers, or has answered to the same question before."""
        if question in self.answers:
            return cast("T", self.known(question))
        answer = await self.run(job)
        self.keep(question, answer)
        return answer

    def known(self, question: Hashable) -> Any:  # Any: each kind of question has its kind of answer
        """The answer that was kept for a question, or None."""
        if question in self.answers:
            self.answers.move_to_end(question)
        return self.answers.get(question)

    def keep(self, question: Hashable, answer: object) -> None:
        """Remember an answer, and forget the one that was not asked for longest."""
        self.answers[question] = answer
        while len(self.answers) > self.remember:
            self.answers.popitem(last=False)

    async def close(self) -> None:
        await self.readers.close()


async def open_edition(path: Path, remember: int) -> Edition:
    """The file that is there now, opened; `remember` is how many answers are kept. Raises CatalogError."""
    identity = identity_of(path)
    if identity is None:
        raise CatalogError(f"{path} is missing: run `moments build`.")
    readers = None
    try:
        readers = await Readers.open(path, READERS)
        if await readers.run(_format) != FORMAT:
            raise CatalogError(f"{path} was made by another version: run `moments build`.")
        places = await readers.run(_read_places)
        titles = await readers.run(_read_titles)
    except (sqlite3.Error, CatalogError) as error:
        if readers:
            await readers.close()
        if isinstance(error, CatalogError):
            raise
        raise CatalogError(f"{path} is not a catalogue ({error}): run `moments build`.") from error
    return Edition(identity, readers, titles, places, remember)


def identity_of(path: Path) -> tuple[int, int, int] | None:
    """What tells a file from the one that replaces it; None if there is none."""
    try:
        stat = os.stat(path)  # noqa: PTH116 called for every question: pathlib takes three times as long
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _format(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return str(row[0]) if row else ""


def _read_titles(db: sqlite3.Connection) -> Titles:
    titles = Titles.read(db)
    # GNU's C library would keep the memory that only reading them took, a third as much again.
    with contextlib.suppress(AttributeError, OSError, TypeError):  # other systems' libraries
        ctypes.CDLL(None).malloc_trim(0)
    return titles


def _read_places(db: sqlite3.Connection) -> dict[str, Place]:
    rows = db.execute("SELECT code, name, flag, former, today, moments FROM country")
    return {row[0]: Place(row[0], row[1], row[2], bool(row[3]), tuple(row[4].split()), row[5]) for row in rows}

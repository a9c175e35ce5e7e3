"""The catalogue as the rest of the program sees it: ask, await, get moments."""

import asyncio
import contextlib
import datetime as dt
import os
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path
from typing import Self, TypeVar

from bot.catalog import complete, names, search
from bot.catalog.moment import Moment
from bot.catalog.query import Candidate, Choice, Found, FoundName, NamedChoice, Page, Place, Query, Stats
from bot.catalog.reader import Reader, open_reader
from bot.catalog.schema import FORMAT

T = TypeVar("T")

READERS = 2
SECONDS_BETWEEN_LOOKS = 1.0  # for a newer file


class CatalogError(Exception):
    """The file is missing or is no catalogue of this version; one sentence."""


class Catalog:
    """Finds moments in catalog.db. Open it with `async with Catalog.open(path)`.

    A file that is replaced (`os.replace`) is noticed within a second and read from then on; questions that are
    under way end on the old one. Every method may raise `reader.TooSlowError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._readers: list[Reader] = []
        self._identity: tuple[int, int, int] | None = None
        self._looked_at = 0.0
        self._places: dict[str, Place] = {}
        self._reopening = asyncio.Lock()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, path: Path | str) -> AsyncIterator[Self]:
        """The catalogue in a file, open. Raises CatalogError."""
        catalog = cls(Path(path))
        await catalog._switch()
        try:
            yield catalog
        finally:
            await catalog.close()

    async def close(self) -> None:
        readers, self._readers = self._readers, []
        for reader in readers:
            await reader.close()

    async def _switch(self) -> None:
        """Read the file that is there now, and close the connections to the one before."""
        identity = _identity(self.path)
        if identity is None:
            raise CatalogError(f"{self.path} is missing: run `moments build`.")
        readers: list[Reader] = []
        try:
            for _ in range(READERS):
                readers.append(await open_reader(self.path))  # noqa: PERF401 a list so far opened is closed on failure
            if await readers[0].run(_format) != FORMAT:
                raise CatalogError(f"{self.path} was made by another version: run `moments build`.")
            places = await readers[0].run(_read_places)
        except (sqlite3.Error, CatalogError) as error:
            for reader in readers:
                await reader.close()
            if isinstance(error, CatalogError):
                raise
            raise CatalogError(f"{self.path} is not a catalogue ({error}): run `moments build`.") from error
        old, self._readers, self._identity, self._places = self._readers, readers, identity, places
        for reader in old:
            await reader.close()

    async def _run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        if time.monotonic() - self._looked_at >= SECONDS_BETWEEN_LOOKS and not self._reopening.locked():
            self._looked_at = time.monotonic()
            if _identity(self.path) not in (None, self._identity):
                async with self._reopening:
                    with contextlib.suppress(CatalogError):  # a file of a newer version: go on with the one that works
                        await self._switch()
        reader = min(self._readers, key=lambda one: one.waiting)
        return await reader.run(job)

    async def get(self, slug: str) -> Moment | None:
        """The moment with exactly this slug."""
        sql = f"SELECT {search.COLUMNS} FROM moment WHERE slug = ?"
        row = await self._run(lambda db: db.execute(sql, (slug,)).fetchone())
        return search.read_moment(row) if row else None

    async def complete(self, text: str, limit: int = 25, today: dt.date | None = None) -> list[Choice]:
        """Moments for what has been typed so far, best first; `today` chooses the anniversaries for an empty box."""
        on = today or dt.datetime.now(dt.UTC).date()
        return await self._run(lambda db: complete.complete_moments(db, text, limit=limit, today=on))

    async def complete_country(self, text: str, limit: int = 25) -> list[NamedChoice]:
        """Countries by any name, code, flag or near miss; none for words that name no country."""
        return await self._run(lambda db: names.complete_countries(db, text, limit=limit))

    async def complete_hashtag(self, text: str, limit: int = 25) -> list[NamedChoice]:
        """Hashtags however they are typed."""
        return await self._run(lambda db: names.complete_hashtags(db, text, limit=limit))

    async def find(self, name: str) -> Found:
        """The one moment that a slug, title or words stand for; else up to five that may be meant."""
        if moment := await self.get(name.strip().lower().removeprefix("#")):
            return Found(moment, [])
        if not name.strip():
            return Found(None, [])
        choices = await self.complete(name, limit=5)
        if complete.is_clear([choice.score for choice in choices]):
            return Found(await self.get(choices[0].slug), choices)
        return Found(None, choices)

    async def find_country(self, name: str) -> FoundName:
        """The code of the one country that a name stands for; else up to five that may be meant."""
        return _only(await self.complete_country(name, limit=5) if name.strip() else [])

    async def find_hashtag(self, name: str) -> FoundName:
        """The one hashtag that a text stands for; else up to five that may be meant."""
        return _only(await self.complete_hashtag(name, limit=5) if name.strip() else [])

    async def search(self, query: Query, page: int = 1, size: int = 5) -> Page:
        """One page of the moments that fit. Raises `dates.DateError` if `since` or `until` is not an EDTF date."""
        return await self._run(lambda db: search.search(db, query, page=page, size=size))

    async def on_this_day(self, month: int, day: int) -> list[Moment]:
        """All moments of a day of the year, the oldest first."""
        query = search.on_day(Query(), month, day)
        return [hit.moment for hit in (await self.search(query, size=1000)).items]

    async def random(
        self, query: Query | None = None, *, rng: random.Random, exclude: Collection[str] = ()
    ) -> Moment | None:
        """Any of the moments that fit; one of `exclude` (slugs) only if nothing else fits; None if nothing does."""

        def pick(db: sqlite3.Connection) -> Moment | None:
            numbers = search.ids(db, query or Query())
            for _ in range(len(exclude) + 1):
                if not numbers:
                    return None
                [moment] = search.moments(db, [rng.choice(numbers)])
                if moment.slug not in exclude:
                    break
                if len(numbers) > 1:
                    numbers.remove(_number(db, moment.slug))
            return moment

        return await self._run(pick)

    async def candidates(self, query: Query) -> list[Candidate]:
        """What a daily post may show: every moment that fits, without its text."""

        def read(db: sqlite3.Connection) -> list[Candidate]:
            numbers = str(search.ids(db, query))
            sql = """
                SELECT slug, year, month, day, top FROM moment
                WHERE id IN (SELECT value FROM json_each(?)) ORDER BY slug
            """
            return [Candidate(slug, y, m, d, bool(top)) for slug, y, m, d, top in db.execute(sql, (numbers,))]

        return await self._run(read)

    def place(self, code: str) -> Place | None:
        """A country by its code."""
        return self._places.get(code)

    async def stats(self) -> Stats:
        """How much there is, and when it was built."""

        def count(db: sqlite3.Connection) -> Stats:
            meta = dict(db.execute("SELECT key, value FROM meta"))
            countries, hashtags = db.execute(
                "SELECT (SELECT count(*) FROM country WHERE moments), (SELECT count(*) FROM hashtag)"
            ).fetchone()
            return Stats(int(meta["moments"]), countries, hashtags, meta["built_at"])

        return await self._run(count)


def _identity(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = os.stat(path)  # noqa: PTH116 called for every question: pathlib takes three times as long
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _format(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return str(row[0]) if row else ""


def _read_places(db: sqlite3.Connection) -> dict[str, Place]:
    rows = db.execute("SELECT code, name, flag, former, today, moments FROM country")
    return {row[0]: Place(row[0], row[1], row[2], bool(row[3]), tuple(row[4].split()), row[5]) for row in rows}


def _number(db: sqlite3.Connection, slug: str) -> int:
    return int(db.execute("SELECT id FROM moment WHERE slug = ?", (slug,)).fetchone()[0])


def _only(choices: list[NamedChoice]) -> FoundName:
    clear = complete.is_clear([choice.score for choice in choices])
    return FoundName(choices[0].value if clear else None, choices)

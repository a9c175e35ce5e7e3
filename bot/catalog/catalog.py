"""The catalogue as the rest of the program sees it: ask, await, get moments."""

import asyncio
import contextlib
import datetime as dt
import json
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Self

from bot.catalog import complete, names, search
from bot.catalog import related as relations
from bot.catalog.edition import CatalogError as CatalogError
from bot.catalog.edition import Edition, identity_of, open_edition
from bot.catalog.moment import Moment
from bot.catalog.page import moments, page_of
from bot.catalog.query import Candidate, Choice, Found, FoundName, NamedChoice, Page, Place, Query, Stats
from bot.catalog.shuffle import shuffled

SECONDS_BETWEEN_LOOKS = 1.0  # for a newer file
ANSWERS_KEPT = 256  # one takes 8 kB at most


class Catalog:
    """Finds moments in catalog.db. Open it with `async with Catalog.open(path)`.

    A file that is replaced (`os.replace`) is noticed within a second and read from then on; questions that are
    under way end on the old one. Every method may raise `reader.TooSlowError`.
    """

    def __init__(self, path: Path, edition: Edition) -> None:
        self.path = path
        self._edition = edition
        self._looked_at = time.monotonic()
        self._reopening = asyncio.Lock()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, path: Path | str, *, remember: int = ANSWERS_KEPT) -> AsyncIterator[Self]:
        """The catalogue in a file, open; `remember` is how many answers it keeps until the file changes.

        Raises CatalogError.
        """
        catalog = cls(Path(path), await open_edition(Path(path), remember))
        try:
            yield catalog
        finally:
            await catalog.close()

    async def close(self) -> None:
        await self._edition.close()

    async def _newest(self) -> Edition:
        """What is asked now; an edition that is asked at once, without awaiting in between, is never closed."""
        if time.monotonic() - self._looked_at >= SECONDS_BETWEEN_LOOKS and not self._reopening.locked():
            self._looked_at = time.monotonic()
            if identity_of(self.path) not in (None, self._edition.identity):
                async with self._reopening:
                    with contextlib.suppress(CatalogError):  # a file of a newer version: go on with the one that works
                        old, self._edition = self._edition, await open_edition(self.path, self._edition.remember)
                        await old.close()
        return self._edition

    async def get(self, slug: str) -> Moment | None:
        """The moment with exactly this slug."""

        def read(db: sqlite3.Connection) -> Moment | None:
            number = search.number_of(db, slug)
            return moments(db, [number])[0] if number else None

        return await (await self._newest()).run(read)

    async def complete(self, text: str, limit: int = 25, today: dt.date | None = None) -> list[Choice]:
        """Moments for what has been typed so far, best first; `today` decides which anniversaries are near."""
        on = today or dt.datetime.now(dt.UTC).date()
        edition = await self._newest()
        return await edition.once(
            ("moment", text, limit, on),
            lambda db: complete.complete_moments(db, edition.titles, text, limit=limit, today=on),
        )

    async def complete_country(self, text: str, limit: int = 25) -> list[NamedChoice]:
        """Countries by any name, code, flag or near miss; none for words that name no country."""
        edition = await self._newest()
        return await edition.once(("country", text, limit), lambda db: names.complete_countries(db, text, limit=limit))

    async def complete_hashtag(self, text: str, limit: int = 25) -> list[NamedChoice]:
        """Hashtags however they are typed."""
        edition = await self._newest()
        return await edition.once(("hashtag", text, limit), lambda db: names.complete_hashtags(db, text, limit=limit))

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
        edition = await self._newest()

        known = edition.known(query)

        def ask(db: sqlite3.Connection) -> tuple[search.Results, Page]:
            results = known or search.find(db, edition.titles.titles, query)
            return results, page_of(db, query, results, page=page, size=size)

        results, answer = await edition.run(ask)
        edition.keep(query, results)
        return answer

    async def on_this_day(self, month: int, day: int) -> list[Moment]:
        """All moments of a day of the year, the oldest first."""
        query = Query(day=f"{month:02}-{day:02}")
        return [hit.moment for hit in (await self.search(query, size=search.MOST_RESULTS)).items]

    async def related(self, slug: str, limit: int = 10) -> list[Moment]:
        """The moments most like one, best first: they share rare hashtags and words, country and time."""

        def ask(db: sqlite3.Connection) -> list[Moment]:
            number = search.number_of(db, slug)
            if number is None:
                return []
            return moments(db, relations.related(db, number, moments(db, [number])[0], limit=limit))

        return await (await self._newest()).run(ask)

    async def draw(self, query: Query, key: int, place: int) -> Moment | None:
        """The moment at a place of the shuffled list of those that fit; None if nothing fits.

        For one key, the places from 0 on give each moment once before any comes again.
        """
        edition = await self._newest()
        question = ("numbers", query)
        known = edition.known(question)

        def pick(db: sqlite3.Connection) -> tuple[search.Numbers, Moment | None]:
            numbers = known or search.numbers(db, query)
            if not numbers:
                return numbers, None
            return numbers, moments(db, [numbers[shuffled(place, len(numbers), key)]])[0]

        numbers, moment = await edition.run(pick)
        if len(numbers) <= search.MOST_RESULTS:  # a longer list is made again in some milliseconds
            edition.keep(question, numbers)
        return moment

    async def random(
        self, query: Query | None = None, *, rng: random.Random, exclude: Collection[str] = ()
    ) -> Moment | None:
        """Any of the moments that fit; one of `exclude` (slugs) only if nothing else fits; None if nothing does."""
        key = rng.getrandbits(64)
        first = None
        for place in range(len(exclude) + 1):
            moment = await self.draw(query or Query(), key, place)
            if moment is None or moment.slug not in exclude:
                return moment
            first = first or moment
        return first

    async def candidates(self, query: Query) -> list[Candidate]:
        """What a daily post may show: every moment that fits, without its text."""

        def read(db: sqlite3.Connection) -> list[Candidate]:
            numbers = json.dumps(list(search.numbers(db, query)))
            sql = """
                SELECT slug, year, month, day, top FROM moment
                WHERE id IN (SELECT value FROM json_each(?)) ORDER BY slug
            """
            return [Candidate(slug, y, m, d, bool(top)) for slug, y, m, d, top in db.execute(sql, (numbers,))]

        return await (await self._newest()).run(read)

    def place(self, code: str) -> Place | None:
        """A country by its code."""
        return self._edition.places.get(code)

    async def stats(self) -> Stats:
        """How much there is, and when it was built."""

        def count(db: sqlite3.Connection) -> Stats:
            meta = dict(db.execute("SELECT key, value FROM meta"))
            countries, hashtags = db.execute(
                "SELECT (SELECT count(*) FROM country WHERE moments), (SELECT count(*) FROM hashtag)"
            ).fetchone()
            return Stats(int(meta["moments"]), countries, hashtags, meta["built_at"])

        return await (await self._newest()).run(count)


def _only(choices: list[NamedChoice]) -> FoundName:
    clear = complete.is_clear([choice.score for choice in choices])
    return FoundName(choices[0].value if clear else None, choices)

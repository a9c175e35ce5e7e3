"""The folded titles and slugs of all moments in memory: what a misspelt title is compared with."""

import datetime as dt
import functools
import json
import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.catalog.dates import day_of_year
from bot.catalog.packs import Order, Pack, Rows
from bot.catalog.parts import Parts
from bot.catalog.sieve import Sieve

# What a score is worth against nearness, which is at most 7: scores equal but for rounding are equal.
FINE = 1_000.0
TOP = 1 << 9  # above the day of the year, which is 1 to 366, or 0 if it is not known


@dataclass(frozen=True, slots=True)
class Titles:
    """`titles`, and `slugs` where they differ, each in the order of the alphabet too, and so those of Top Moments;
    `marks` is the day of the year of each moment, with TOP. Beside them which words moments have in titles, slugs,
    hashtags and countries, in how many moments the common ones are, and which names countries have.
    """

    titles: Pack
    slugs: Pack
    by_title: Order
    by_slug: Order
    top_by_title: Order
    top_by_slug: Order
    marks: "array[int]"
    parts: Parts
    words: Sieve
    common: dict[str, int]
    countries: Sieve
    rows: Rows

    @classmethod
    def read(cls, db: sqlite3.Connection) -> "Titles":
        """The titles of a catalogue."""

        def packed(name: str) -> bytes:
            found: bytes = db.execute("SELECT data FROM packed WHERE name = ?", (name,)).fetchone()[0]
            return found

        # One after the other, so that what is copied into an array is freed before the next is read.
        titles, slugs = (Pack(packed(name), array("I", packed(f"{name}_ends"))) for name in ("titles", "slugs"))
        marks = array("H", packed("marks"))
        total = len(marks) - 1
        return cls(
            titles,
            slugs,
            by_title=Order(titles, array("I", packed("by_title"))),
            by_slug=Order(slugs, array("I", packed("by_slug"))),
            top_by_title=Order(titles, array("I", packed("top_by_title"))),
            top_by_slug=Order(slugs, array("I", packed("top_by_slug"))),
            marks=marks,
            parts=Parts.read(db, total, packed("parts")),
            words=Sieve(packed("words")),
            common=json.loads(packed("common")),
            countries=Sieve(packed("countries")),
            rows=Rows.read(db, total),
        )

    def __len__(self) -> int:
        return len(self.marks) - 1

    def keys(self, number: int) -> list[str]:
        """The folded title of a moment, and its slug if it differs."""
        return [name.decode() for name in self.encoded(number)]

    def encoded(self, number: int) -> list[bytes]:
        """The folded title of a moment, and its slug if it differs, in UTF-8."""
        title, slug = self.titles.get(number), self.slugs.get(number)
        return [title, slug] if slug else [title]

    def starting(self, part: str, most: int, top: int) -> dict[int, float]:
        """Moments whose title or slug starts with a part, and how much of that it is: 1.0 if all.

        If there are more than `most`, the first in the order of the alphabet, and up to `top` Top Moments.
        """
        key = part.encode()
        titles = self.by_title.starting(key, most)
        if len(titles) == most:
            titles += self.top_by_title.starting(key, top)
            slugs = self.by_slug.starting(key, 1)  # the first is the slug itself, if it is one
        else:
            slugs = self.by_slug.starting(key, most)
            if len(slugs) == most:
                slugs += self.top_by_slug.starting(key, top)
        length = len(key)
        ends = self.titles.ends
        found = {number: length / (ends[number] - ends[number - 1]) for number in titles}
        ends = self.slugs.ends
        for number in slugs:
            share = length / (ends[number] - ends[number - 1])
            if share > found.get(number, 0.0):
                found[number] = share
        return found

    def shares(self, numbers: Sequence[int], part: str) -> list[float]:
        """How much of each title or slug a part of it is, whichever is shorter: 1.0 if all, 0.0 if it is in neither."""
        key = part.encode()
        length = len(key)
        title, slug = self.titles.data.find, self.slugs.data.find
        title_ends, slug_ends = self.titles.ends, self.slugs.ends
        shares = []
        for number in numbers:  # some fifty times a keystroke: no calls but those that search
            start, end = title_ends[number - 1], title_ends[number]
            whole = end - start if title(key, start, end) >= 0 else 0
            start, end = slug_ends[number - 1], slug_ends[number]
            if start != end and (not whole or end - start < whole) and slug(key, start, end) >= 0:
                whole = end - start
            shares.append(length / whole if whole else 0.0)
        return shares

    def containing(self, numbers: Sequence[int], part: str) -> list[int]:
        """Those of some moments whose title or slug holds a part."""
        in_title = self.titles.holding(numbers, part.encode())
        rest = set(numbers).difference(in_title)
        return in_title + self.slugs.holding(list(rest), part.encode()) if rest else in_title

    def best(self, scores: Mapping[int, float], today: dt.date, limit: int) -> list[int]:
        """The moments with the best scores; of equals the nearest first, then the shortest title."""
        near, marks, ends = nearness(today), self.marks, self.titles.ends
        least = sorted(scores.values(), reverse=True)[limit - 1] if len(scores) > limit else 0
        ranked = [
            (-FINE * score - near[marks[number]], ends[number] - ends[number - 1], number)
            for number, score in scores.items()
            if score >= least
        ]
        ranked.sort()
        return [number for _, _, number in ranked[:limit]]


@functools.lru_cache(maxsize=4)
def nearness(today: dt.date) -> bytes:
    """For each mark how near its moment is: Top Moments above all others (4 more), an anniversary today (3), within a
    week (2) or a month (1).
    """
    now = day_of_year(today.month, today.day)

    def near(mark: int) -> int:
        day = mark & (TOP - 1)
        away = min((day - now) % 366, (now - day) % 366)
        worth = 0 if not day or away > 31 else 3 if away == 0 else 2 if away <= 7 else 1
        return worth + 4 if mark & TOP else worth

    return bytes(map(near, range(2 * TOP)))


@dataclass(slots=True)
class TitlesWriter:
    """Packs titles while a catalogue is built, in the order of the moments' numbers."""

    titles: bytearray = field(default_factory=bytearray)
    slugs: bytearray = field(default_factory=bytearray)
    titles_ends: "array[int]" = field(default_factory=lambda: array("I", [0]))
    slugs_ends: "array[int]" = field(default_factory=lambda: array("I", [0]))
    marks: "array[int]" = field(default_factory=lambda: array("H", [0]))

    def add(self, title: str, slug: str, day: tuple[int, int] | None, *, top: bool) -> None:
        """The next moment: its folded title and slug, month and day, and whether it is a Top Moment."""
        self.titles += title.encode()
        self.titles_ends.append(len(self.titles))
        if slug != title:
            self.slugs += slug.encode()
        self.slugs_ends.append(len(self.slugs))
        self.marks.append((day_of_year(*day) if day else 0) | (TOP if top else 0))

    def rows(self) -> Iterator[tuple[str, bytes]]:
        """Rows of the table `packed`, which `Titles.read` reads (beside those of `parts.pack`)."""
        yield "titles", bytes(self.titles)
        yield "slugs", bytes(self.slugs)
        for name in ("titles_ends", "slugs_ends", "marks"):
            yield name, getattr(self, name).tobytes()
        titles, slugs = Pack(bytes(self.titles), self.titles_ends), Pack(bytes(self.slugs), self.slugs_ends)
        numbers = range(1, len(self.marks))
        for name, ordered in (
            ("by_title", sorted(numbers, key=titles.get)),
            ("by_slug", sorted(slugs.among(numbers), key=slugs.get)),
        ):
            yield name, array("I", ordered).tobytes()
            yield f"top_{name}", array("I", [number for number in ordered if self.marks[number] & TOP]).tobytes()

"""The folded titles and slugs of all moments in memory: what a misspelt title is compared with."""

import datetime as dt
import functools
import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.catalog.dates import day_of_year
from bot.catalog.parts import Parts

TOP = 1 << 9  # above the day of the year, which is 1 to 366, or 0 if it is not known


@dataclass(frozen=True, slots=True)
class Pack:
    """Texts by number from 1, one behind the other: each takes its letters and 4 bytes, as an object it takes 90.

    Reading the starts of a thousand texts takes 0.1 ms; from the file it would take ten times that.
    """

    data: bytes
    ends: "array[int]"

    def get(self, number: int) -> bytes:
        return self.data[self.ends[number - 1] : self.ends[number]]

    def holding(self, numbers: Sequence[int], part: bytes) -> list[int]:
        """Those of some numbers whose text holds a part."""
        data, ends = self.data, self.ends
        return [number for number in numbers if part in data[ends[number - 1] : ends[number]]]

    def among(self, numbers: Sequence[int]) -> list[int]:
        """Those of some numbers that have a text."""
        ends = self.ends
        return [number for number in numbers if ends[number - 1] != ends[number]]

    def starts(self, numbers: Sequence[int], length: int) -> list[bytes]:
        """The first `length` bytes of each text; behind a shorter one stands what comes next.

        Cutting those short would double the time of this line, which runs a thousand times a keystroke.
        """
        data, ends = self.data, self.ends
        return [data[start : start + length] for start in [ends[number - 1] for number in numbers]]


@dataclass(frozen=True, slots=True)
class Titles:
    """`titles`, and `slugs` where they differ; `marks` is the day of the year of each moment, with TOP."""

    titles: Pack
    slugs: Pack
    marks: "array[int]"
    parts: Parts

    @classmethod
    def read(cls, db: sqlite3.Connection) -> "Titles":
        """The titles of a catalogue."""
        rows: dict[str, bytes] = dict(db.execute("SELECT name, data FROM packed"))
        titles, slugs = (Pack(rows[name], array("I", rows[f"{name}_ends"])) for name in ("titles", "slugs"))
        marks = array("H", rows["marks"])
        return cls(titles, slugs, marks, Parts.read(db, len(marks) - 1, rows["parts"]))

    def __len__(self) -> int:
        return len(self.marks) - 1

    def keys(self, number: int) -> list[str]:
        """The folded title of a moment, and its slug if it differs."""
        return [name.decode() for name in self.encoded(number)]

    def encoded(self, number: int) -> list[bytes]:
        """The folded title of a moment, and its slug if it differs, in UTF-8."""
        title, slug = self.titles.get(number), self.slugs.get(number)
        return [title, slug] if slug else [title]

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
            (-score, -near[marks[number]], ends[number] - ends[number - 1], number)
            for number, score in scores.items()
            if score >= least
        ]
        ranked.sort()
        return [number for _, _, _, number in ranked[:limit]]


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

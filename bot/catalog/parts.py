"""The trigrams of titles and slugs in memory: which moments share the rare ones with what was typed."""

import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalog.lexicon import quoted

# A trigram is rare if no more moments have it than this, or than one in so many.
RARE, SHARE = 4_000, 80
# Of a text so many of its rarest trigrams are looked at, one less if so many numbers have been read by then (or one for
# so many moments). No two are neighbours: one slip would spoil both. A second look is at more of them.
PARTS, MORE_PARTS, MOST_NUMBERS, SHARE_OF_NUMBERS = 5, 9, 1_500, 160
# If so many moments share four of them, or three, those that share fewer are not looked at.
ENOUGH = 40


@dataclass(frozen=True, slots=True)
class Parts:
    """Trigrams of '^title$^slug$': in how many of all moments each is, and in which, if they are few."""

    total: int
    common: dict[str, int]
    starts: dict[str, int]  # of the rare ones: where their moments begin in `numbers`
    numbers: "array[int]"

    @classmethod
    def read(cls, db: sqlite3.Connection, total: int, numbers: bytes) -> "Parts":
        """The trigrams of a catalogue, with what `pack` has made of the rare ones."""
        common: dict[str, int] = {}
        starts: dict[str, int] = {}
        start = 0
        for part, count in db.execute("SELECT term, doc FROM title_df ORDER BY term"):
            common[part] = count
            if count <= _rare(total):
                starts[part] = start
                start += count
        return cls(total, common, starts, array("I", numbers))

    def having(self, part: str) -> "array[int]":
        """Numbers of the moments with a rare trigram, in their order."""
        start = self.starts[part]
        return self.numbers[start : start + self.common[part]]

    def sharing(self, parts: Sequence[str], *, again: bool = False) -> list[int] | None:
        """Numbers of the moments that share several of the rarest of some trigrams, in no order that means anything.

        If none shares several, those that share one; None if there are too few rare ones to tell. `again` looks at more
        of them. Cost: 0.1 us a number that is read.
        """
        chosen = self._telling(parts, MORE_PARTS) if again else self._telling(parts, PARTS)
        if len(chosen) < PARTS - 1:
            return None
        # Sets rather than a count of each number: a third of the time.
        first, *between, last = map(self.having, chosen)
        once, twice, thrice, often = set(first), set[int](), set[int](), set[int]()
        for numbers in (*between, last):
            listed = numbers.tolist()
            again_found = once.intersection(listed)
            often |= thrice & again_found
            thrice |= twice & again_found
            twice |= again_found
            if numbers is not last:
                once.update(listed)
        for found in (often, thrice):
            if len(found) >= ENOUGH:
                return list(found)
        return list(twice or once.union(last))

    def _telling(self, parts: Sequence[str], wanted: int) -> list[str]:
        common, starts = self.common, self.starts
        most = max(MOST_NUMBERS, self.total // SHARE_OF_NUMBERS)
        places: list[int] = []
        read = 0
        for count, place in sorted([(common[part], place) for place, part in enumerate(parts) if part in starts]):
            if place + 1 in places or place - 1 in places:
                continue
            read += count
            if len(places) == wanted or (len(places) == PARTS - 1 and wanted == PARTS and read > most):
                break
            places.append(place)
        return [parts[place] for place in places]


def _rare(total: int) -> int:
    return max(RARE, total // SHARE)


def pack(db: sqlite3.Connection, total: int) -> bytes:
    """The moments of each rare trigram, one behind the other, from the index of a catalogue that is being built."""
    numbers = array("I")
    sql = "SELECT rowid FROM title_tri WHERE title_tri MATCH ?"
    for (part,) in db.execute("SELECT term FROM title_df WHERE doc <= ? ORDER BY term", (_rare(total),)).fetchall():
        numbers.extend(row[0] for row in db.execute(sql, (quoted(part),)))
    return numbers.tobytes()

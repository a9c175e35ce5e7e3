"""Many texts in little memory: one behind the other, in the order of the alphabet, or as rows of JSON."""

import json
import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Greater than any letter in UTF-8.
AFTER_ALL = b"\xff"
# The rows of more moments are left in the file; of so many they take 14 MB.
MOST_HELD = 1 << 17


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
class Order:
    """Numbers of some texts of a pack in the order of the alphabet, four bytes each."""

    pack: Pack
    numbers: "array[int]"

    def starting(self, part: bytes, most: int) -> "array[int]":
        """Numbers of the texts that start with a part, or of the first of them."""
        numbers, get = self.numbers, self.pack.get
        low = bisect_left(numbers, part, key=get)
        high = min(low + most, len(numbers))
        if high > low and not get(numbers[high - 1]).startswith(part):
            high = bisect_left(numbers, part + AFTER_ALL, low, high, key=get)
        return numbers[low:high]


@dataclass(frozen=True, slots=True)
class Rows:
    """Moments as they are offered: JSON of number, slug, title, date and first country. In memory if they are few."""

    held: Pack | None

    @classmethod
    def read(cls, db: sqlite3.Connection, total: int) -> "Rows":
        if total > MOST_HELD:
            return cls(None)
        data = bytearray()
        ends = array("I", [0])
        for (row,) in db.execute("SELECT row FROM choice ORDER BY id"):
            data += row.encode()
            ends.append(len(data))
        return cls(Pack(bytes(data), ends))

    def get(self, db: sqlite3.Connection, numbers: Sequence[int]) -> list[list[Any]]:  # Any: JSON
        """The rows of some moments, in no order that means anything."""
        if self.held:
            return json.loads(b"[%b]" % b",".join(map(self.held.get, numbers)))  # type: ignore[no-any-return]  # JSON
        sql = f"SELECT '[' || group_concat(row) || ']' FROM choice WHERE id IN ({','.join('?' * len(numbers))})"
        return json.loads(db.execute(sql, numbers).fetchone()[0] or "[]")  # type: ignore[no-any-return]  # JSON

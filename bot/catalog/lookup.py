"""What has been found for a text while it is looked for in one way after another."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.catalog.titles import Titles

# Of a text so many words are looked for.
MOST_WORDS = 12


@dataclass(slots=True)
class Lookup:
    """What is asked, and what has been found for a text so far: the best score of each moment's number."""

    db: sqlite3.Connection
    titles: Titles
    limit: int
    scores: dict[int, float] = field(default_factory=dict)

    def add(self, found: Mapping[int, float]) -> None:
        """What has been found, and what each is worth."""
        scores, known = self.scores, self.scores.get
        if not scores:
            scores.update(found)
        else:
            scores.update([(number, worth) for number, worth in found.items() if worth > known(number, 0)])

    def add_all(self, numbers: Iterable[int], worth: float) -> None:
        """What has been found and is all worth the same."""
        self.add(dict.fromkeys(numbers, worth))

    def below(self, numbers: Iterable[int], worth: float) -> list[int]:
        """Those of some numbers that have not been found, or by something that is worth less."""
        known = self.scores.get
        return [number for number in numbers if known(number, 0) < worth]

    @property
    def best(self) -> float:
        return max(self.scores.values(), default=0)

    def is_full(self, worth: int = 0) -> bool:
        """Whether nothing that is worth no more can be among what is offered."""
        scores = self.scores.values()
        return len(scores) >= self.limit and sum(map(float(worth).__le__, scores)) >= self.limit

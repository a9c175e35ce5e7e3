"""What is offered while somebody types, and what a name stands for. Pure functions of a read-only connection."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Sequence

from bot.catalog.dates import MomentDate
from bot.catalog.lexicon import TITLES, Name
from bot.catalog.matching import fold, likeness, split_camel
from bot.catalog.query import Choice

# What a match is worth, 0 to 100: exact, start of the title, words in any order, somewhere inside; a misspelt name
# never scores more than its likeness and always less than the same name spelt right.
EXACT, START, WORDS, INSIDE, MOST_ALIKE = 100.0, 95.0, 88.0, 80.0, 87.0
# Below this likeness a title has little to do with what was typed (measured on dropped, doubled and swapped letters).
ALIKE = 62.0


def complete_moments(db: sqlite3.Connection, text: str, *, limit: int, today: dt.date) -> list[Choice]:
    """Moments for what has been typed so far, best first; for nothing typed: today's anniversaries and Top Moments."""
    if not text.strip().lstrip("#"):
        return _welcome(db, limit, today)
    scores: dict[int, float] = {}
    for key in dict.fromkeys((fold(text), fold(split_camel(text)))):
        if key:
            _collect(db, key, scores, limit)
    best = sorted(scores, key=lambda number: -scores[number])[: limit * 4]
    choices = _choices(db, {number: scores[number] for number in best})
    return choices[:limit]


def _collect(db: sqlite3.Connection, key: str, scores: dict[int, float], limit: int) -> None:
    def add(names: Iterable[tuple[int, float]]) -> None:
        for number, score in names:
            scores[number] = max(scores.get(number, 0), score)

    add((int(name.ref), EXACT) for name in TITLES.exact(db, key))
    add((int(name.ref), within(START, key, name.key)) for name in TITLES.prefix(db, key, limit))
    add((number, WORDS) for number in _by_words(db, key, limit * 4))
    if len(scores) < limit:
        add((int(name.ref), within(INSIDE, key, name.key)) for name in TITLES.containing(db, key, limit))
    if not scores and len(key) >= 3:
        add((int(name.ref), min(name.score, MOST_ALIKE)) for name in _misspelt(db, key, limit))


def within(tier: float, key: str, name: str) -> float:
    """A tier's worth, a little more the more of the name has been typed."""
    return tier + 4 * len(key) / max(len(name), 1)


def _by_words(db: sqlite3.Connection, key: str, limit: int) -> list[int]:
    words = key.split()
    match = " ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
    sql = "SELECT rowid FROM moment_words WHERE moment_words MATCH ? LIMIT ?"
    return [row[0] for row in db.execute(sql, (match, limit))]


def _misspelt(db: sqlite3.Connection, key: str, limit: int) -> list[Name]:
    half = TITLES.alike(db, key, limit=40, cutoff=ALIKE - 7, half_typed=True)
    whole = TITLES.alike(db, key, limit=40, cutoff=ALIKE - 7)
    scored = [Name(n.key, n.ref, n.weight, max(n.score, likeness(key, n.key))) for n in (*half, *whole)]
    return sorted((n for n in scored if n.score >= ALIKE), key=lambda n: -n.score)[: limit * 2]


def _welcome(db: sqlite3.Connection, limit: int, today: dt.date) -> list[Choice]:
    sql = """
        SELECT id FROM (
            SELECT id, 1 AS rank, top, year FROM moment WHERE month = :month AND day = :day
            UNION ALL
            SELECT id, 0, top, year FROM moment WHERE top AND NOT (month IS :month AND day IS :day)
        ) ORDER BY rank DESC, top DESC, year LIMIT :limit
    """
    rows = db.execute(sql, {"month": today.month, "day": today.day, "limit": limit}).fetchall()
    return _choices(db, {row[0]: 50.0 - place / 100 for place, row in enumerate(rows)})


def _choices(db: sqlite3.Connection, scores: dict[int, float]) -> list[Choice]:
    sql = """
        SELECT id, slug, title, date, country, top FROM moment
        WHERE id IN (SELECT value FROM json_each(?))
    """
    rows = db.execute(sql, (json.dumps(list(scores)),)).fetchall()
    rows.sort(key=lambda row: (-scores[row[0]], not row[5], row[2]))
    return [
        Choice(slug, title, read_date(date), country, round(scores[number], 1))
        for number, slug, title, date, country, _ in rows
    ]


def read_date(text: str | None) -> MomentDate | None:
    """The date of a row, as it was stored."""
    return MomentDate.from_json(json.loads(text)) if text else None


# One answer is clear if it is good and well ahead of the next.
GOOD, AHEAD = 80.0, 8.0


def is_clear(scores: Sequence[float]) -> bool:
    """Whether the first of some choices, best first, is what was meant."""
    if not scores:
        return False
    second = scores[1] if len(scores) > 1 else 0
    return (scores[0] >= EXACT > second) or (scores[0] >= GOOD and scores[0] - second >= AHEAD)

"""Countries and hashtags: what is offered while somebody types. Pure functions of a read-only connection."""

import json
import sqlite3

from bot.catalog.lexicon import COUNTRIES, HASHTAGS, Lexicon
from bot.catalog.matching import country_key, hashtag_key
from bot.catalog.query import NamedChoice

# What a match is worth, 0 to 100.
EXACT, START, INSIDE = 100.0, 95.0, 80.0
# Names are short: two words that share three letters of four are different words.
NAMES_ALIKE = 76.0
# Of two misspelt names the one that leads to moments is likelier meant.
UNUSED = 3.0


def complete_countries(db: sqlite3.Connection, text: str, *, limit: int) -> list[NamedChoice]:
    """Countries for what has been typed, in any language, by code, flag or alias; nothing for words that are none."""
    key = country_key(text)
    if not key:
        rows = db.execute("SELECT code, 50.0 FROM country WHERE moments ORDER BY moments DESC, name LIMIT ?", (limit,))
        return _countries(db, dict(rows.fetchall()), limit)
    return _countries(db, _score_names(COUNTRIES, db, key, limit), limit)


def _countries(db: sqlite3.Connection, scores: dict[str, float], limit: int) -> list[NamedChoice]:
    sql = "SELECT code, name, flag, moments FROM country WHERE code IN (SELECT value FROM json_each(?))"
    rows = db.execute(sql, (json.dumps(list(scores)),)).fetchall()
    rows.sort(key=lambda row: (-scores[row[0]], -row[3], row[1]))
    return [
        NamedChoice(code, f"{flag} {name}".strip(), moments, round(scores[code], 1))
        for code, name, flag, moments in rows
    ][:limit]


def complete_hashtags(db: sqlite3.Connection, text: str, *, limit: int) -> list[NamedChoice]:
    """Hashtags for what has been typed, with or without `#`, spaces and capitals."""
    key = hashtag_key(text)
    if key:
        scores = _score_names(HASHTAGS, db, key, limit)
    else:
        rows = db.execute("SELECT key, 50.0 FROM hashtag ORDER BY moments DESC, key LIMIT ?", (limit,))
        scores = dict(rows.fetchall())
    sql = "SELECT key, name, moments FROM hashtag WHERE key IN (SELECT value FROM json_each(?))"
    found = db.execute(sql, (json.dumps(list(scores)),)).fetchall()
    found.sort(key=lambda row: (-scores[row[0]], -row[2], row[1]))
    return [NamedChoice(name, name, moments, round(scores[key], 1)) for key, name, moments in found][:limit]


def _within(tier: float, key: str, name: str) -> float:
    """A tier's worth, a little more the more of the name has been typed."""
    return tier + 4 * len(key) / max(len(name), 1)


def _score_names(lexicon: Lexicon, db: sqlite3.Connection, key: str, limit: int) -> dict[str, float]:
    """What each name is worth, by what it stands for: exact, then prefix, then inside, and only then misspelt."""
    scores: dict[str, float] = {}
    exact = [(name, EXACT) for name in lexicon.exact(db, key)]
    start = [(name, _within(START, key, name.key)) for name in lexicon.prefix(db, key, limit * 4)]
    inside = (
        [] if start else [(name, _within(INSIDE, key, name.key)) for name in lexicon.containing(db, key, limit * 4)]
    )
    for name, score in (*exact, *start, *inside):
        scores[name.ref] = max(scores.get(name.ref, 0), score)
    if not scores and len(key) >= 4:
        for name in lexicon.alike(db, key, limit=limit * 2, cutoff=NAMES_ALIKE):
            score = name.score - (0 if name.weight else UNUSED)
            scores[name.ref] = max(scores.get(name.ref, 0), min(score, START - 1))
    return scores

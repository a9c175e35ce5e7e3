"""Countries and hashtags: what is offered while somebody types. Pure functions of a read-only connection."""

import json
import sqlite3

from bot.catalog.lexicon import COUNTRIES, HASHTAGS, Name
from bot.catalog.matching import country_key, hashtag_key, misspelt
from bot.catalog.query import NamedChoice

# What a match is worth, 0 to 100.
EXACT, START, INSIDE = 100.0, 95.0, 80.0
# Names are short: two words that share three letters of four are different words.
NAMES_ALIKE = 76.0

# What a name loses against a country's own name that fits as well.
ALIAS, FORMER, FOREIGN = 1.0, 6.0, 8.0
# Shorter keys are codes and abbreviations: they are typed whole and right, or not meant.
SHORTEST_NAME = 4
# What a slip costs, and how many a word of some letters may have before it is another word.
SLIP = 8.0
MOST_SLIPS = ((3, 1.0), (5, 1.5), (6, 2.0), (8, 2.5), (10, 3.0), (12, 3.5))


def complete_countries(db: sqlite3.Connection, text: str, *, limit: int) -> list[NamedChoice]:
    """Countries for what has been typed, in any language, by code, flag or alias; nothing for words that are none."""
    key = country_key(text)
    if not key:
        rows = db.execute("SELECT code, 50.0 FROM country WHERE moments ORDER BY moments DESC, name LIMIT ?", (limit,))
        return _countries(db, dict(rows.fetchall()), limit)
    return _countries(db, _score_countries(db, key, limit), limit)


def _countries(db: sqlite3.Connection, scores: dict[str, float], limit: int) -> list[NamedChoice]:
    sql = "SELECT code, name, flag, moments FROM country WHERE code IN (SELECT value FROM json_each(?))"
    rows = db.execute(sql, (json.dumps(list(scores)),)).fetchall()
    rows.sort(key=lambda row: (-scores[row[0]], -row[3], row[1]))
    return [
        NamedChoice(code, f"{flag} {name}".strip(), moments, round(scores[code], 1))
        for code, name, flag, moments in rows
    ][:limit]


def _score_countries(db: sqlite3.Connection, key: str, limit: int) -> dict[str, float]:
    """What each country is worth: its names in English count more than others, and own names more than aliases."""
    means = db.execute("SELECT code FROM country_english WHERE key = ?", (key,)).fetchone()
    if means == ("",):
        return {}
    found = [(means[0], EXACT)] if means else []
    found += [(name.ref, START if means else EXACT) for name in COUNTRIES.exact(db, key)]
    exact = bool(found)
    english = _english_starts(db, key)
    found += [(name.ref, _within(START, key, name.key) - loss) for name, loss in english]
    if not exact and all(loss for _, loss in english):
        found += [(name.ref, min(EXACT - SLIP * cost, START - 1)) for name, cost in _english_misspelt(db, key)]
    starts = COUNTRIES.prefix(db, key, limit * 4)
    found += [(name.ref, _within(START, key, name.key) - FOREIGN) for name in starts]
    if not exact and not starts:
        found += _inside(db, key, limit)
    return _best(found or _misspelt_anywhere(db, key, limit))


def _best(found: list[tuple[str, float]]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for code, score in found:
        scores[code] = max(scores.get(code, 0), score)
    return scores


def _inside(db: sqlite3.Connection, key: str, limit: int) -> list[tuple[str, float]]:
    """By a word of the name; a few letters out of its middle mean nothing."""
    names = COUNTRIES.containing(db, key, limit * 4)
    return [(name.ref, _within(INSIDE, key, name.key)) for name in names if f" {key}" in name.key]


def _misspelt_anywhere(db: sqlite3.Connection, key: str, limit: int) -> list[tuple[str, float]]:
    """By a misspelt name in any language."""
    if len(key) < SHORTEST_NAME:
        return []
    names = COUNTRIES.alike(db, key, limit=limit * 2, cutoff=NAMES_ALIKE)
    near = misspelt(key, [name.key for name in names], most=_most_slips(key) - 1)
    return [(names[at].ref, EXACT - SLIP * (cost + 1)) for at, cost in near]


def _english_starts(db: sqlite3.Connection, key: str) -> list[tuple[Name, float]]:
    sql = """
        SELECT key, country_english.code, CASE WHEN former THEN :former WHEN own THEN 0.0 ELSE :alias END
        FROM country_english JOIN country USING (code)
        WHERE key >= :key AND key < :key || char(0x10ffff) AND length(key) >= :shortest
    """
    rows = db.execute(sql, {"key": key, "former": FORMER, "alias": ALIAS, "shortest": SHORTEST_NAME})
    return [(Name(key, code, 0), loss) for key, code, loss in rows]


def _english_misspelt(db: sqlite3.Connection, key: str) -> list[tuple[Name, float]]:
    most = _most_slips(key)
    sql = """
        SELECT key, country_english.code, former + 0.1 * NOT own
        FROM country_english JOIN country USING (code)
        WHERE length(key) BETWEEN max(:length - :most, :shortest) AND :length + :most
    """
    rows = db.execute(sql, {"length": len(key), "most": int(most), "shortest": SHORTEST_NAME}).fetchall()
    near = misspelt(key, [row[0] for row in rows], most=most)
    return [(Name(rows[at][0], rows[at][1], 0), cost + rows[at][2]) for at, cost in near]


def _most_slips(key: str) -> float:
    return max((most for letters, most in MOST_SLIPS if len(key) >= letters), default=0.0)


def complete_hashtags(db: sqlite3.Connection, text: str, *, limit: int) -> list[NamedChoice]:
    """Hashtags for what has been typed, with or without `#`, spaces and capitals."""
    key = hashtag_key(text)
    if key:
        scores = _score_hashtags(db, key, limit)
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


def _score_hashtags(db: sqlite3.Connection, key: str, limit: int) -> dict[str, float]:
    """What each hashtag is worth, by its key: exact, then prefix, then inside, and only then misspelt."""
    scores: dict[str, float] = {}
    exact = [(name, EXACT) for name in HASHTAGS.exact(db, key)]
    start = [(name, _within(START, key, name.key)) for name in HASHTAGS.prefix(db, key, limit * 4)]
    inside = (
        [] if start else [(name, _within(INSIDE, key, name.key)) for name in HASHTAGS.containing(db, key, limit * 4)]
    )
    for name, score in (*exact, *start, *inside):
        scores[name.ref] = max(scores.get(name.ref, 0), score)
    if not scores and len(key) >= 4:
        for name in HASHTAGS.alike(db, key, limit=limit * 2, cutoff=NAMES_ALIKE):
            scores[name.ref] = max(scores.get(name.ref, 0), min(name.score, START - 1))
    return scores

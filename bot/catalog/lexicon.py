"""One table of names beside its trigram index, and the ways to look into it. Used inside a reader's thread."""

import itertools
import json
import sqlite3
from dataclasses import dataclass

from bot.catalog.matching import closest, trigrams

# Candidates that a misspelt name is compared with: enough to hold the right one at a hundred thousand names
# (recall above .99), few enough to rank in a millisecond.
LEAST_CANDIDATES = 1_000
SHARE_OF_NAMES = 160
MOST_PAIRS = 16


@dataclass(frozen=True, slots=True)
class Name:
    """A row of a lexicon: the folded key and what it stands for; weight breaks ties."""

    key: str
    ref: str
    weight: int
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names of one kind: ``country``, ``hashtag`` or ``word`` (the tables are in schema.sql)."""

    kind: str

    def add(self, db: sqlite3.Connection, names: list[tuple[str, str | int, int]]) -> None:
        """Store names as (key, ref, weight)."""
        first = db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {self.kind}_key").fetchone()[0]
        rows = [(first + n, *name) for n, name in enumerate(names)]
        db.executemany(f"INSERT INTO {self.kind}_key VALUES (?, ?, ?, ?)", rows)
        db.executemany(
            f"INSERT INTO {self.kind}_tri (rowid, key) VALUES (?, ?)",
            ((row, f"^{key}$") for row, key, _, _ in rows),
        )

    def exact(self, db: sqlite3.Connection, key: str) -> list[Name]:
        return self._names(db, "key = ? ORDER BY weight DESC LIMIT 50", key)

    def refs(self, db: sqlite3.Connection, keys: list[str]) -> dict[str, str]:
        """What each of some keys stands for; of several, that with the greatest weight. Unknown keys are left out."""
        sql = f"""
            SELECT json_group_object(key, ref) FROM (
                SELECT key, ref FROM {self.kind}_key WHERE key IN (SELECT value FROM json_each(?)) ORDER BY weight
            )
        """
        found: dict[str, str] = json.loads(db.execute(sql, (json.dumps(keys),)).fetchone()[0])
        return found

    def prefix(self, db: sqlite3.Connection, key: str, limit: int) -> list[Name]:
        """Names that start with a key, the weightiest of the first thousand."""
        if not key:
            return []
        return self._names(
            db,
            f"id IN (SELECT id FROM {self.kind}_key WHERE key >= ? AND key < ? ORDER BY key LIMIT 1000)"
            " ORDER BY weight DESC, key LIMIT ?",
            key,
            key + "\U0010ffff",
            limit,
        )

    def containing(self, db: sqlite3.Connection, key: str, limit: int) -> list[Name]:
        """Names with a key anywhere inside."""
        if len(key) < 3:
            return []
        match = " AND ".join(quoted(part) for part in trigrams(key)[:8])
        return self._names(
            db,
            f"id IN (SELECT rowid FROM {self.kind}_tri WHERE {self.kind}_tri MATCH ? LIMIT 1000) AND instr(key, ?)"
            " ORDER BY weight DESC, key LIMIT ?",
            match,
            key,
            limit,
        )

    def alike(self, db: sqlite3.Connection, key: str, *, limit: int, cutoff: float) -> list[Name]:
        """Names that look like a misspelt key, best first, each with its score (0 to 100).

        Candidates share rare pairs of neighbouring trigrams with the key; only they are compared.
        """
        parts = trigrams(f"^{key}$")
        marks = ",".join("?" * len(parts))
        sql = f"SELECT term, doc FROM {self.kind}_df WHERE term IN ({marks})"
        total = db.execute(f"SELECT coalesce(max(id), 0) FROM {self.kind}_key").fetchone()[0]
        budget = max(LEAST_CANDIDATES, total // SHARE_OF_NAMES)
        match = rare_parts(parts, dict(db.execute(sql, parts)), budget)
        if not match:
            return []
        rows = self._rows(
            db,
            f"id IN (SELECT rowid FROM {self.kind}_tri WHERE {self.kind}_tri MATCH ? LIMIT ?)",
            match,
            budget * 5,
        )
        found = closest(key, [row[0] for row in rows], limit=limit, cutoff=cutoff)
        return [Name(*rows[at], score) for at, score in found]

    def _names(self, db: sqlite3.Connection, where: str, *values: str | int) -> list[Name]:
        return [Name(*row) for row in self._rows(db, where, *values)]

    def _rows(self, db: sqlite3.Connection, where: str, *values: str | int) -> list[tuple[str, str, int]]:
        sql = f"SELECT key, ref, weight FROM {self.kind}_key WHERE {where}"
        packed = f"SELECT json_group_array(json_array(key, ref, weight)) FROM ({sql})"
        rows: list[tuple[str, str, int]] = json.loads(db.execute(packed, values).fetchone()[0])
        return rows


def rare_parts(parts: list[str], common: dict[str, int], budget: int) -> str:
    """An FTS5 query for texts that share some of the rarest pairs of neighbouring trigrams; '' if there is none.

    `common` says how many texts each trigram is in; about `budget` texts will match, whatever is typed.
    """
    if len(parts) < 7:  # a short name with a slip may share no pair at all
        units = [(common[part], part, "") for part in parts if part in common]
    else:
        units = [
            (min(common[one], common[two]), one, two)
            for one, two in itertools.pairwise(parts)
            if one in common and two in common
        ]
    units.sort()
    chosen: list[str] = []
    expected = 0
    for count, one, two in units[:MOST_PAIRS]:
        if len(chosen) >= 3 and expected > budget:
            break
        chosen.append(f"({quoted(one)} AND {quoted(two)})" if two else quoted(one))
        expected += count
    return " OR ".join(chosen)


def quoted(text: str) -> str:
    """A text as a string of FTS5's query language."""
    return '"' + text.replace('"', '""').replace("\0", "") + '"'  # SQLite ends a text at NUL


COUNTRIES, HASHTAGS, WORDS = (Lexicon(kind) for kind in ("country", "hashtag", "word"))

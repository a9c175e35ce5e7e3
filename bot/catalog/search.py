"""Full text and filters: what `/search` and every list finds. Pure functions of a read-only connection."""

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.catalog.complete import read_date
from bot.catalog.dates import parse_date
from bot.catalog.lexicon import WORDS
from bot.catalog.matching import fold
from bot.catalog.moment import Moment
from bot.catalog.query import MARK_OFF, MARK_ON, Hit, Page, Query
from bot.catalog.schema import facet

# What is typed may hold anything; only words, "phrases", -words and word* mean something.
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
MOST_TERMS = 12
SNIPPET_WORDS = 18
# A title that names the word is about it; hashtags and countries count more than a mention in the text.
WEIGHTS = "8.0, 1.0, 3.0, 3.0"
COLUMNS = "moment.slug, moment.title, moment.body, moment.date, moment.record"


@dataclass(frozen=True, slots=True)
class Filters:
    """The conditions of a query beside its text, as SQL over `moment` with bound values."""

    sql: str
    values: tuple[str | int, ...]


def search(db: sqlite3.Connection, query: Query, *, page: int, size: int) -> Page:
    """One page of what fits: the best first with a text, else in order of time. Pages count from 1.

    Nothing that is typed is an error. With a misspelt word nothing may fit: then `suggestions` has other spellings.
    """
    filters = _filters(query)
    match = match_text(query.text)
    if query.text.strip() and not match:  # only signs, or only words to leave out
        return Page(0)
    source, values = _source(match, filters)
    total: int = db.execute(f"SELECT count(*) FROM {source}", values).fetchone()[0]
    suggestions = [] if total else _other_spellings(db, query, filters)
    items = _hits(db, match, source, values, (max(page, 1) - 1) * size, size) if total else []
    return Page(total, items, suggestions)


def _source(match: str, filters: Filters) -> tuple[str, tuple[str | int, ...]]:
    if not match:
        return f"moment WHERE {filters.sql}", filters.values
    # `+` keeps SQLite from looking up the text index once for each moment that fits the filters.
    within = f" AND +fulltext.rowid IN (SELECT id FROM moment WHERE {filters.sql})" if filters.values else ""
    return f"fulltext WHERE fulltext MATCH ?{within}", (match, *filters.values)


def _hits(
    db: sqlite3.Connection, match: str, source: str, values: Sequence[str | int], skip: int, size: int
) -> list[Hit]:
    if not match:
        sql = f"SELECT {COLUMNS} FROM {source} ORDER BY first IS NULL, first, title LIMIT ? OFFSET ?"
        return [Hit(read_moment(row), _opening(row[2])) for row in db.execute(sql, (*values, size, skip))]
    sql = f"""
        SELECT {COLUMNS}, snippet(fulltext, 1, '{MARK_ON}', '{MARK_OFF}', '…', {SNIPPET_WORDS})
        FROM (SELECT fulltext.rowid AS id, bm25(fulltext, {WEIGHTS}) AS distance FROM {source}
              ORDER BY distance, id LIMIT ? OFFSET ?) AS best
        JOIN fulltext ON fulltext.rowid = best.id AND fulltext MATCH ?
        JOIN moment ON moment.id = best.id
        ORDER BY best.distance, best.id
    """
    rows = db.execute(sql, (*values, size, skip, values[0]))
    return [Hit(read_moment(row[:5]), row[5].replace("\n", " ")) for row in rows]


def read_moment(row: Sequence[str | None]) -> Moment:
    """The moment of a row of COLUMNS."""
    slug, title, body, date, record = row
    fields = {
        "slug": slug,
        "title": title,
        "body": body,
        "date": read_date(date),
        **json.loads(record or "{}"),
    }
    return Moment.from_record(fields)


def _opening(body: str | None) -> str:
    words = (body or "").split()
    return " ".join(words[:SNIPPET_WORDS]) + ("…" if len(words) > SNIPPET_WORDS else "")


def _filters(query: Query) -> Filters:
    terms = [
        facet(kind, value)
        for kind in ("country", "category", "hashtag", "day")
        if (value := getattr(query, kind)) is not None
    ]
    parts: list[str] = []
    values: list[str | int] = []
    if terms:
        parts.append("moment.id IN (SELECT rowid FROM facet WHERE facet MATCH ?)")
        values.append(" AND ".join(terms))
    if query.since:
        parts.append("moment.last >= ?")
        values.append(parse_date(query.since).first)
    if query.until:
        parts.append("moment.first <= ?")
        values.append(parse_date(query.until).last)
    return Filters(" AND ".join(parts) or "1", tuple(values))


def match_text(text: str) -> str:
    """What was typed as an FTS5 query that cannot be a syntax error; '' if there is no word to look for."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for term in list(_TERM.finditer(text.replace("\0", " ")))[:MOST_TERMS]:
        typed = term["phrase"] if term["phrase"] is not None else term["word"].lstrip("#")
        if not fold(typed):
            continue
        star = "*" if term["word"] and typed.endswith("*") else ""
        (unwanted if term["minus"] else wanted).append(f'"{typed.rstrip("*").replace(chr(34), chr(32))}"{star}')
    if not wanted:
        return ""
    return " AND ".join(wanted) + "".join(f" NOT {term}" for term in unwanted)


def _other_spellings(db: sqlite3.Connection, query: Query, filters: Filters) -> list[str]:
    """The text with each unknown word replaced by the likeliest known one, if that finds something."""
    corrected, changed = [], False
    for word in query.text.split()[:MOST_TERMS]:
        known = WORDS.alike(db, fold(word), limit=5, cutoff=70) if not _is_known(db, word) else []
        if known:
            best = max(known, key=lambda name: (round(name.score / 5), name.weight))
            corrected.append(best.ref)
            changed = True
        else:
            corrected.append(word)
    text = " ".join(corrected)
    if not changed:
        return []
    source, values = _source(match_text(text), filters)
    found = db.execute(f"SELECT 1 FROM {source} LIMIT 1", values).fetchone()
    return [text] if found else []


def _is_known(db: sqlite3.Connection, word: str) -> bool:
    match = match_text(word)
    return (
        not match
        or db.execute("SELECT 1 FROM fulltext WHERE fulltext MATCH ? LIMIT 1", (match,)).fetchone() is not None
    )


def ids(db: sqlite3.Connection, query: Query) -> list[int]:
    """Numbers of all moments that fit, in no order that means anything."""
    filters = _filters(query)
    match = match_text(query.text)
    source, values = _source(match, filters)
    column = "fulltext.rowid" if match else "id"
    row = db.execute(f"SELECT json_group_array({column}) FROM {source}", values).fetchone()
    found: list[int] = json.loads(row[0])
    return found


def moments(db: sqlite3.Connection, numbers: Iterable[int]) -> list[Moment]:
    """The moments with these numbers, in that order."""
    wanted = list(numbers)
    sql = f"SELECT {COLUMNS}, id FROM moment WHERE id IN (SELECT value FROM json_each(?))"
    found = {row[5]: read_moment(row[:5]) for row in db.execute(sql, (json.dumps(wanted),))}
    return [found[number] for number in wanted if number in found]


def on_day(query: Query, month: int, day: int) -> Query:
    """The same query for one day of any year."""
    return replace(query, day=f"{month:02}-{day:02}")

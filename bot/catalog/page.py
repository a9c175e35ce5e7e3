"""A page of what a search found: whole moments, each with the passage of its text that has most of the words."""

import itertools
import json
import re
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.catalog.dates import MomentDate
from bot.catalog.moment import Moment
from bot.catalog.query import MARK_OFF, MARK_ON, Hit, Page, Query
from bot.catalog.search import Results, with_commonest
from bot.catalog.terms import LONGEST, match_text

# One row of text for all moments, with control characters between, which no text contains: a text that need not be
# read as JSON takes a third less time. The longest field is the last, so that nobody looks for the end of it.
_BETWEEN_ROWS, _BETWEEN_FIELDS = "\x1e", "\x1f"
FIELDS = ("id", "slug", "title", "'[' || ifnull(date, 'null') || ',' || record || ']'", "body")
ROWS = f"group_concat({' || char(31) || '.join(FIELDS)}, char(30))"
# So few moments with some words are looked for in one pass; few with a phrase may have words that are in very many.
FEW = 100
_PLAIN = re.compile(r"(?:[^\W_]|\s)*")
PASSAGE_WORDS, LONGEST_PASSAGE = 18, 400
# About as long is a passage; it begins with its sentence if that began so shortly before, else a few letters before.
PASSAGE_LETTERS, TO_SENTENCE, BEFORE = 110, 50, 20
# A full stop behind fewer letters is that of an abbreviation.
LEAST_WORD = 3
# Of a text in which more is marked only so much is looked at.
MOST_MARKS = 24
# Stands before and behind what was found, so that a text is cut at both at once. One byte wide: a text of wider
# letters takes twice the time to read.
MARK = "\x80"


def page_of(db: sqlite3.Connection, query: Query, results: Results, *, page: int, size: int) -> Page:
    """One page of results, with passages in which the found words are marked. Pages count from 1."""
    start = (max(page, 1) - 1) * size
    numbers = results.numbers[start : start + size]
    items: list[Hit] = []
    text = results.meant or query.text[:LONGEST]
    match = match_text(text)
    if results.more:
        match = with_commonest(db, text, match)
    if not match:
        items = [Hit(one, opening(one.body)) for one in moments(db, numbers)]
    elif numbers:
        filtered = query.country or query.category or query.hashtag or query.day
        at_once = len(results.numbers) <= FEW and not filtered and _PLAIN.fullmatch(text) is not None
        items = _marked(db, match, numbers, at_once=at_once)
    return Page(len(results.numbers), items, results.suggestions, results.more, results.meant)


def _marked(db: sqlite3.Connection, match: str, numbers: Sequence[int], *, at_once: bool) -> list[Hit]:
    """Moments with their passages. `at_once`: few more than these have the words, so that one pass over the lists of
    the words is faster than looking each moment up in them.
    """
    if at_once:
        values: list[str | int] = [match, min(numbers), max(numbers), *numbers]
        marks = ",".join("?" * len(numbers))
        found = f"fulltext WHERE fulltext MATCH ? AND rowid BETWEEN ? AND ? AND +rowid IN ({marks})"
    else:
        values = [json.dumps(list(numbers)), match]
        found = "json_each(?) AS wanted CROSS JOIN fulltext WHERE fulltext MATCH ? AND fulltext.rowid = wanted.value"
    # SQLite's own snippet() reads each text twice as often. The limit keeps the inner statement one of its own, which
    # highlight() needs, and hands over each text without a copy.
    sql = f"""
        SELECT {ROWS} FROM (
            SELECT fulltext.rowid AS id, slug, title, highlight(fulltext, 1, '{MARK}', '{MARK}') AS body, date, record
            FROM {found} LIMIT {len(numbers)}
        )
    """
    hits: dict[int, Hit] = {}
    for number, slug, title, date, record, text in _rows(db, sql, *values):
        pieces = text.split(MARK)
        hits[number] = Hit(_read(slug, title, date, record, "".join(pieces)), passage(text, pieces))
    rest = {} if len(hits) == len(numbers) else dict(zip(numbers, moments(db, numbers), strict=True))
    return [hits.get(number) or Hit(rest[number], opening(rest[number].body)) for number in numbers]


def _rows(
    db: sqlite3.Connection, sql: str, *values: str | int
) -> Iterator[tuple[int, str, str, Any, Any, str]]:  # Any: JSON
    """Number, slug, title, date, other fields and text of some moments."""
    text = db.execute(sql, values).fetchone()[0]
    rows = [row.split(_BETWEEN_FIELDS, len(FIELDS) - 1) for row in text.split(_BETWEEN_ROWS)] if text else []
    details = json.loads(f"[{','.join([row[3] for row in rows])}]")
    for (number, slug, title, _, body), (date, record) in zip(rows, details, strict=True):
        yield int(number), slug, title, date, record, body


def _read(slug: str, title: str, date: list[object] | None, record: dict[str, object], body: str) -> Moment:
    """A moment that was checked when the catalogue was built."""
    record["slug"], record["title"], record["body"] = slug, title, body
    record["date"] = MomentDate.from_json(date) if date else None
    return Moment.trusted(record)


def moments(db: sqlite3.Connection, numbers: Iterable[int]) -> list[Moment]:
    """The moments with these numbers, in that order."""
    wanted = list(numbers)
    sql = f"SELECT {ROWS} FROM searched WHERE id IN (SELECT value FROM json_each(?))"
    found = {number: _read(*values) for number, *values in _rows(db, sql, json.dumps(wanted))}
    return [found[number] for number in wanted if number in found]


def opening(body: str) -> str:
    """The first words of a text, where no passage of it was looked for."""
    return "".join(_cut(body, 0))


def _cut(text: str, begin: int) -> tuple[str, str, str]:
    """The words of a passage that begins there, between dots where there is more."""
    words = text[begin : begin + LONGEST_PASSAGE].split(None, PASSAGE_WORDS)
    is_end = len(words) <= PASSAGE_WORDS and begin + LONGEST_PASSAGE >= len(text)
    return "…" if begin else "", " ".join(words[:PASSAGE_WORDS]), "" if is_end else "…"


def passage(marked: str, pieces: Sequence[str]) -> str:
    """The part of a text that has most of the words marked in it, different ones above all, and the first such.

    `pieces` are those between its marks: every other one was found.
    """
    words = [piece.lower() for piece in pieces[1 : 2 * MOST_MARKS : 2]]
    if not words:
        return opening(marked)
    ends = itertools.accumulate(map(len, pieces[: 2 * MOST_MARKS]))
    starts = [end + place for place, end in enumerate(ends)][: 2 * len(words) : 2]
    best, most = starts[0], (1, 1)
    for place, start in enumerate(starts):
        end = bisect_left(starts, start + PASSAGE_LETTERS - BEFORE, place)
        worth = (len(set(words[place:end])), end - place)
        if worth > most:
            best, most = start, worth
    begin = _beginning(marked, best)
    before, text, after = _cut(marked, begin)
    is_inside = marked.count(MARK, 0, begin) % 2
    shown = [f"{MARK_ON}{one}{MARK_OFF}" if at % 2 != is_inside else one for at, one in enumerate(text.split(MARK))]
    return "".join([before, *shown, after])


def _beginning(text: str, place: int) -> int:
    """Where a passage begins that shows what stands at a place: with a sentence, if one begins shortly before."""
    nearest = max(place - TO_SENTENCE, 0)
    if not nearest:
        return 0
    if paragraph := text.rfind("\n", nearest, place) + 1:
        return paragraph
    begin = nearest
    for end in (". ", "! ", "? "):
        stop = text.rfind(end, begin, place)
        while stop > begin and not text[max(stop - LEAST_WORD, 0) : stop].isalnum():
            stop = text.rfind(end, begin, stop)
        begin = max(begin, stop + len(end)) if stop > begin else begin
    return begin if begin > nearest else text.find(" ", place - BEFORE, place) + 1 or place

"""Full text and filters: what `/search` and every list finds. Pure functions of a read-only connection."""

import itertools
import json
import re
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.catalog.dates import parse_date, year_of
from bot.catalog.lexicon import WORDS, quoted
from bot.catalog.matching import fold
from bot.catalog.packs import Pack
from bot.catalog.query import Query
from bot.catalog.reader import column
from bot.catalog.schema import facet, lasting
from bot.catalog.terms import LONGEST, MOST_TERMS, match_of, match_text, match_with, terms_of, text_of

Numbers = Sequence[int]
# As many results are counted, ranked and paged through; of more it is only said that there are more.
MOST_RESULTS = 1000
# A list as short as this is looked up in an index one by one; for a longer one the index is read from end to end.
FEW = 100
# SQLite has no greater one.
MAX_INTEGER = 2**63 - 1
# Of more matches than are ranked, so many that have the words in title, hashtags or countries come first.
MOST_NAMED = 200
# A word in more moments than this says little about any of them.
EVERYWHERE = 2000
# As FTS5 cuts a text, about: 'to-and-fro' and "rock'n'roll" are three words.
_PART = re.compile(r"[^\W_]+")
# As many of the words with a common beginning are asked first.
MOST_WORDS = 40
# A title that names the word is about it; hashtags and countries count more than a mention in the text.
WEIGHTS = "8.0, 1.0, 3.0, 3.0"


@dataclass(frozen=True, slots=True)
class Span:
    """Moments by time. They are numbered in its order: these are all from `low` to `high`, and those `before` that
    last into it.
    """

    low: int
    high: int
    before: list[int] = field(default_factory=list)
    share: float = 1.0  # of all moments, about

    def numbers(self, total: int, most: int | None = None) -> Numbers:
        """All of them, or the first, of a catalogue of so many moments."""
        high = min(self.high, total)
        later = range(self.low, (high if most is None else min(high, self.low + most - 1)) + 1)
        return array("I", [*self.before, *later][:most]) if self.before else later


EVER = Span(1, MAX_INTEGER)


@dataclass(frozen=True, slots=True)
class Filters:
    """The conditions of a query beside its text: terms of the facet index ('' if there are none) and a time."""

    terms: str
    span: Span


NO_FILTERS = Filters("", EVER)


@dataclass(frozen=True, slots=True)
class Results:
    """Numbers of the moments that were found, best first, and for which text, if not for the one that was typed."""

    numbers: "array[int]" = field(default_factory=lambda: array("I"))
    more: bool = False
    meant: str = ""
    suggestions: list[str] = field(default_factory=list)


def find(db: sqlite3.Connection, titles: Pack, query: Query) -> Results:
    """The moments that fit: the best first with a text, else in order of time. `titles` are those of all, folded.

    Nothing that is typed is an error. If nothing fits because a word is misspelt, the results are those of the
    likeliest other spelling.
    """
    text = query.text[:LONGEST]
    filters = _filters(db, query)
    found = _find(db, titles, text, filters)
    if found is None:  # only signs, or only words to leave out
        return Results()
    return found if found.numbers or not text else _other_readings(db, titles, text, filters)


def _find(db: sqlite3.Connection, titles: Pack, text: str, filters: Filters) -> Results | None:
    match = match_text(text)
    if not match:
        return None if text.strip() else _without_text(db, filters)
    numbers = _matching(db, text, match, filters.span)
    if filters.terms:
        numbers = _both(db, match, numbers, filters)
    if len(numbers) <= MOST_RESULTS:
        return _ranked(db, titles, text, match, numbers, filters)
    named = _named(db, text, filters)
    if named:
        first = set(named)
        numbers = named + [number for number in numbers if number not in first]
    return Results(array("I", numbers[:MOST_RESULTS]), more=True)


def _matching(db: sqlite3.Connection, text: str, match: str, span: Span) -> list[int]:
    """Moments of a time that have the words; if there are more than MOST_RESULTS, some of them.

    Before SQLite looks for a beginning* it reads all that begins so, which takes long if that is much. The commonest
    words that begin so are asked first: where they are in so many moments, that is enough.
    """
    common = with_commonest(db, text, match)
    if common != match:
        numbers = _listed(db, "fulltext", common, span, MOST_RESULTS + 1)
        if len(numbers) > MOST_RESULTS:
            return numbers
    return _listed(db, "fulltext", match, span, MOST_RESULTS + 1)


def _listed(
    db: sqlite3.Connection, index: str, match: str, span: Span, most: int | None = None, terms: str = ""
) -> list[int]:
    """The moments of a time that an index finds, or the first of them; with `terms` those that fit these as well."""
    before = _among(db, index, match, span.before)
    values: list[str | int] = [match, span.low, span.high]
    sql = f"SELECT rowid AS n FROM {index} WHERE {index} MATCH ? AND rowid BETWEEN ? AND ?"
    if terms:
        before = _among(db, "facet", terms, before)
        # `+` keeps SQLite from looking up the index once for each moment that fits the terms.
        sql += " AND +rowid IN (SELECT rowid FROM facet WHERE facet MATCH ? AND rowid BETWEEN ? AND ?)"
        values += [terms, span.low, span.high]
    if most is not None:
        before = before[:most]
        sql += f" LIMIT {most - len(before)}"
    return before + column(db, sql, *values)


def _among(db: sqlite3.Connection, index: str, match: str, numbers: Sequence[int]) -> list[int]:
    """Those of some moments, in order of their numbers, that an index finds."""
    if not numbers:
        return []
    if len(numbers) <= FEW:
        sql = f"EXISTS (SELECT 1 FROM {index} WHERE {index} MATCH ? AND rowid = value)"
        return column(db, f"SELECT value AS n FROM json_each(?) WHERE {sql}", json.dumps(list(numbers)), match)
    sql = f"SELECT rowid AS n FROM {index} WHERE {index} MATCH ? AND rowid BETWEEN ? AND ?"
    within = "+rowid IN (SELECT value FROM json_each(?))"
    return column(db, f"{sql} AND {within}", match, numbers[0], numbers[-1], json.dumps(list(numbers)))


def with_commonest(db: sqlite3.Connection, text: str, match: str) -> str:
    """The query of a text with the commonest words in the place of each beginning* that is common."""
    return match_with(text, lambda key: _commonest(db, key)) if '"*' in match else match


def _commonest(db: sqlite3.Connection, beginning: str) -> str:
    """The commonest words with a beginning as an FTS5 query; '' if they are in few moments."""
    names = WORDS.prefix(db, beginning, MOST_WORDS)
    if sum(name.weight for name in names) <= MOST_RESULTS:
        return ""
    return "(" + " OR ".join(quoted(name.key) for name in names) + ")"


def _both(db: sqlite3.Connection, match: str, numbers: list[int], filters: Filters) -> list[int]:
    """Of the moments that have the words (`numbers`, if they are not too many) those that fit the terms as well.

    Whichever list is short is looked up in the other index; two long ones are read to the end.
    """
    fitting = _listed(db, "facet", filters.terms, filters.span, MOST_RESULTS + 1)
    if len(numbers) <= MOST_RESULTS:
        if len(fitting) <= MOST_RESULTS:
            return sorted(set(fitting).intersection(numbers))
        return _among(db, "facet", filters.terms, numbers)
    if len(fitting) <= MOST_RESULTS:
        return _among(db, "fulltext", match, fitting)
    return _listed(db, "fulltext", match, filters.span, MOST_RESULTS + 1, filters.terms)


_MATCHING = "SELECT rowid AS n FROM fulltext WHERE fulltext MATCH ?"


def _named(db: sqlite3.Connection, text: str, filters: Filters) -> list[int]:
    """Of too many moments to rank: those that have the words in title, hashtags or countries, short ones first.

    That index holds no texts, so that even the commonest words are found in it at once.
    """
    terms = list(terms_of(text))
    if any(term["minus"] or term["phrase"] is not None for term in terms):
        return []
    words = [word for term in terms for word in fold(term["word"]).split()]
    typed = " AND ".join(quoted(word) for word in dict.fromkeys(words))
    if not typed:
        return []
    found = _listed(db, "moment_words", typed, filters.span, MOST_NAMED, filters.terms)
    sql = "SELECT id AS n FROM moment WHERE id IN (SELECT value FROM json_each(?)) ORDER BY length(title), id"
    return column(db, sql, json.dumps(found))


def _ranked(
    db: sqlite3.Connection, titles: Pack, text: str, match: str, numbers: Sequence[int], filters: Filters
) -> Results:
    """The best first, by bm25; the moments are all that have the words and pass the filters.

    It reads all that is known of each word, so words that are everywhere and would hardly count are left out of it,
    and phrases. Where nothing else was typed, titles that have it all come first.
    """
    if len(numbers) > 1:
        alone = match if not filters.terms and _would_be_few(len(numbers), filters.span) else ""
        if terms := _telling_words(db, text, alone):
            ranking = " AND ".join(terms)
            values: list[str | int] = [ranking]
            if f"({ranking})" == match and not filters.terms and not filters.span.before:
                within = "rowid BETWEEN ? AND ?"
                values += [filters.span.low, filters.span.high]
            else:
                within = "+rowid IN (SELECT value FROM json_each(?))"
                values.append(json.dumps(list(numbers)))
            numbers = column(db, f"{_MATCHING} AND {within} ORDER BY bm25(fulltext, {WEIGHTS}), rowid", *values)
        else:
            numbers = _by_titles(titles, text, numbers)
    return Results(array("I", numbers))


def _would_be_few(found: int, span: Span) -> bool:
    """Whether of a word that is so often found in a time there are few at any time, about."""
    return found <= MOST_RESULTS * span.share


def _telling_words(db: sqlite3.Connection, text: str, alone: str) -> list[str]:
    """The words of a text, as queries, that are not everywhere; 'to-and-fro' is if all of its parts are.

    `alone` is a query that finds few moments: if it is for one word, that is not everywhere.
    """
    parts: dict[str, list[str]] = {}
    for term in terms_of(text):
        if term["word"] and not term["minus"] and (match := match_of(term)):
            words = _PART.findall(text_of(term))[:MOST_TERMS]
            parts[match] = [match] if len(words) < 2 else [quoted(word) for word in words]
    queries = list(parts)
    if [f"({query})" for query in queries] == [alone] and parts[queries[0]] == queries:
        return queries
    is_everywhere = f"EXISTS ({_MATCHING} LIMIT 1 OFFSET {EVERYWHERE})"
    many = ", ".join(" AND ".join([is_everywhere] * len(words)) for words in parts.values())
    found = db.execute(f"SELECT {many}", list(itertools.chain(*parts.values()))).fetchone() if parts else ()
    return [query for query, everywhere in zip(queries, found, strict=True) if not everywhere]


def _by_titles(titles: Pack, text: str, numbers: Sequence[int]) -> list[int]:
    """Those first whose titles have the most words with the beginnings that were typed, of equals the shortest."""
    wanted = [f" {key}".encode() for term in terms_of(text) if not term["minus"] and (key := fold(text_of(term)))]

    def rank(number: int) -> tuple[int, int, int]:
        title = b" " + titles.get(number)
        return sum(key not in title for key in wanted), len(title), number

    return sorted(numbers, key=rank)


def _without_text(db: sqlite3.Connection, filters: Filters) -> Results:
    most = MOST_RESULTS + 1
    if filters.terms:
        numbers: Numbers = _listed(db, "facet", filters.terms, filters.span, most)
    else:
        numbers = filters.span.numbers(_total(db), most)
    return Results(array("I", numbers[:MOST_RESULTS]), more=len(numbers) > MOST_RESULTS)


def _filters(db: sqlite3.Connection, query: Query) -> Filters:
    """The filters of a query. Raises `dates.DateError` for a date that is none."""
    if query == Query(query.text):
        return NO_FILTERS
    terms = [
        facet(kind, value)
        for kind in ("country", "category", "hashtag", "day")
        if (value := getattr(query, kind)) is not None
    ]
    return Filters(" AND ".join(terms), _span(db, query.since, query.until))


def _span(db: sqlite3.Connection, since: str | None, until: str | None) -> Span:
    if not since and not until:
        return EVER
    start, end = parse_date(since).first if since else None, parse_date(until).last if until else MAX_INTEGER
    # Those without a date have the highest numbers.
    sql = """
        WITH ends AS MATERIALIZED (
            SELECT (SELECT id FROM moment WHERE first <= ?1 ORDER BY first DESC, id DESC LIMIT 1) AS high,
                   (SELECT id FROM moment WHERE first >= ?2 ORDER BY first, id LIMIT 1) AS low
        )
        SELECT ifnull(high, 0), low, (
            SELECT json_group_array(rowid) FROM facet
            WHERE ?2 IS NOT NULL AND facet MATCH ?3 AND rowid < min(ifnull(low, high + 1), high + 1)
                AND EXISTS (SELECT 1 FROM moment WHERE id = facet.rowid AND last >= ?2)
        ), (SELECT max(id) FROM moment) FROM ends
    """
    high, low, before, total = db.execute(sql, (end, start, lasting(year_of(start or 0)))).fetchone()
    if start is None:
        low, before = 1, "[]"
    low = low or high + 1
    return Span(low, high, json.loads(before), (high - low + 1) / (total or 1))


def _other_readings(db: sqlite3.Connection, titles: Pack, typed: str, filters: Filters) -> Results:
    """What is found with misspelt words spelt right; else, as suggestions, with one word fewer."""
    found: list[tuple[str, Results]] = []
    for text in _other_spellings(db, typed):
        results = _find(db, titles, text, filters)
        if results and results.numbers:
            found.append((text, results))
    if found:
        text, results = found[0]
        return replace(results, meant=text, suggestions=[other for other, _ in found[1:]])
    words = typed.split()
    fewer = [" ".join(words[:at] + words[at + 1 :]) for at in range(len(words))] if 1 < len(words) <= MOST_TERMS else []
    good = [text for text in dict.fromkeys(fewer) if (one := _find(db, titles, text, filters)) and one.numbers]
    return Results(suggestions=good[:3])


def _other_spellings(db: sqlite3.Connection, text: str) -> list[str]:
    """The text with each unknown word replaced by the likeliest known one, and by the next likeliest of one word."""
    pieces: list[list[str]] = []  # each term with its possible spellings, the likeliest first
    changed = False
    for term in terms_of(text):
        typed = term["word"]
        near = [] if typed is None or term["minus"] or _is_known(db, typed) else _near_words(db, typed)
        changed = changed or bool(near)
        pieces.append(near or [term[0]])
    if not changed:
        return []
    best = [spellings[0] for spellings in pieces]
    texts = [" ".join(best)]
    for at, spellings in enumerate(pieces):
        texts += [" ".join([*best[:at], other, *best[at + 1 :]]) for other in spellings[1:3]]
    return texts[:5]


def _near_words(db: sqlite3.Connection, typed: str) -> list[str]:
    near = WORDS.alike(db, fold(typed), limit=5, cutoff=70)
    near.sort(key=lambda name: (-round(name.score / 5), -name.weight, name.ref))
    return [name.ref for name in near]


def _is_known(db: sqlite3.Connection, word: str) -> bool:
    match = match_text(word)
    return not match or bool(column(db, f"{_MATCHING} LIMIT 1", match))


def numbers(db: sqlite3.Connection, query: Query) -> Numbers:
    """Numbers of all moments that fit, in order of time; four bytes each, or none at all."""
    filters = _filters(db, query)
    if match := match_text(query.text[:LONGEST]):
        return array("I", _listed(db, "fulltext", match, filters.span, terms=filters.terms))
    if query.text.strip():  # only signs, or only words to leave out
        return array("I")
    if filters.terms:
        return array("I", _listed(db, "facet", filters.terms, filters.span))
    return filters.span.numbers(_total(db))


def _total(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM moment").fetchone()[0])


def number_of(db: sqlite3.Connection, slug: str) -> int | None:
    """The number of the moment with exactly this slug."""
    row = db.execute("SELECT id FROM moment WHERE slug = ?", (slug,)).fetchone()
    return int(row[0]) if row else None

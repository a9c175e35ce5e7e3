"""The words of titles, hashtags and countries: in how many moments each is, and which moments have some of them."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalog.lexicon import quoted
from bot.catalog.matching import trigrams
from bot.catalog.reader import column
from bot.catalog.schema import TOP_WORD
from bot.catalog.titles import Titles

# A word is not asked for if more moments have it than this, and so many times more than the rarest of the words.
COMMON, TIMES = 2_000, 10
# One moment in so many is taken to have a word that begins with a letter.
SHARE_OF_BEGINNINGS = 10
# Of the words with a beginning so many are counted.
MOST_BEGUN = 200
# Among at most so many moments with the rarer words those are looked for that have the common ones too.
MOST_NARROWED = 4_000


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many moments each of some words is, and, about, the words that begin as the last one does."""

    whole: dict[str, int]
    begun: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the index may be asked for some words: for all of them, or for the rarer ones, which takes less time.

    `common` are the others, the rarest first, with a space where a word begins and ends.
    """

    query: str
    rare: str
    common: list[str]


def count(db: sqlite3.Connection, words: Sequence[str]) -> Counts:
    """How common some words are among all moments; the last is half typed."""
    sql = """
        SELECT
            (SELECT json_group_object(term, doc) FROM moment_words_df WHERE term IN (SELECT value FROM json_each(?))),
            (SELECT sum(doc) FROM (SELECT doc FROM moment_words_df WHERE term >= ? AND term < ? LIMIT ?))
    """
    last = words[-1]
    whole, begun = db.execute(sql, (json.dumps(words), last, last + "\U0010ffff", MOST_BEGUN)).fetchone()
    return Counts(json.loads(whole), begun or 0)


def asked(titles: Titles, words: Sequence[str]) -> Asked | None:
    """What to ask for moments that have all of some words, the last half typed; None if one of them is nowhere."""
    *before, last = words
    if not all(map(titles.words.may_hold, before)):
        return None
    terms = [(_about(titles, word), f" {word} ", quoted(word)) for word in before]
    terms.append((_about(titles, last), f" {last}", quoted(last) + "*"))
    most = max(COMMON, TIMES * min(terms)[0])
    rare = " AND ".join(term for number, _, term in terms if number <= most)
    common = [part for number, part, _ in sorted(terms) if number > most]
    return Asked(" AND ".join(term for _, _, term in terms), rare, common)


def _about(titles: Titles, word: str) -> int:
    """In how many moments a word is, about: exactly if it is common, else as many as have its letters in the title."""
    if known := titles.common.get(word):
        return known
    count = titles.parts.common.get
    if len(word) > 2:
        return min(count(part, 0) for part in trigrams(word))
    if len(word) == 2:
        return count(f" {word}", 0) + count(f"^{word}", 0)
    return len(titles) // SHARE_OF_BEGINNINGS


def having(db: sqlite3.Connection, titles: Titles, words: Sequence[str], most: int, top: int) -> list[int]:
    """Moments that have some words, the last half typed, in no order that means anything.

    If there are more than `most`, some, and up to `top` Top Moments among them.
    """
    ask = asked(titles, words)
    if ask is None:
        return []
    if ask.common:  # those that have them in title or slug are enough
        near = matching(db, ask.rare, MOST_NARROWED)
        if len(near) < MOST_NARROWED and (found := _with_parts(titles, near, ask.common)):
            return found if len(found) < most else found[:most] + _top(db, ask.query, top)
    return some(db, ask.query, most, top)


def _with_parts(titles: Titles, numbers: list[int], parts: Sequence[str]) -> list[int]:
    for part in parts:
        numbers = titles.containing(numbers, part.strip())  # soon done, and leaves few
    return [n for n in numbers if all(part in f" {' '.join(titles.keys(n))} " for part in parts)]


def some(db: sqlite3.Connection, query: str, most: int, top: int) -> list[int]:
    """Moments that an FTS5 query finds by their words; of more than `most` the first, and up to `top` Top Moments."""
    found = matching(db, query, most)
    return found if len(found) < most else found + _top(db, query, top)


def _top(db: sqlite3.Connection, query: str, top: int) -> list[int]:
    return matching(db, f"{quoted(TOP_WORD)} AND ({query})", top)


def matching(db: sqlite3.Connection, query: str, most: int) -> list[int]:
    """The first moments that an FTS5 query finds by their words."""
    return column(db, "SELECT rowid AS n FROM moment_words WHERE moment_words MATCH ? LIMIT ?", query, most)

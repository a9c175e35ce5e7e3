"""The words of titles, hashtags and countries: in how many moments each is, and which moments have some of them."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalog.lexicon import quoted
from bot.catalog.reader import column
from bot.catalog.schema import TOP_WORD
from bot.catalog.titles import Titles

# A word is not asked for if more moments have it than this, and so many times more than the rarest of the words.
COMMON, TIMES = 2_000, 10
# A beginning of one, two or three letters is taken to be that of one word in so many.
SHARES = (10, 10, 100)
# Of a longer one so many words are counted.
MOST_BEGUN = 200
# Among as many moments as this those are looked for that have the common words too.
MOST_NARROWED = 1_500


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many moments each of some words is, and, about, the words that begin as the last one does."""

    whole: dict[str, int]
    begun: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the index may be asked for some words: for all of them, or for the rarer ones, which takes less time."""

    query: str
    rare: str
    common: list[str]


def count(db: sqlite3.Connection, words: Sequence[str], total: int) -> Counts:
    """How common some words are among all moments; the last is half typed."""
    sql = """
        SELECT
            (SELECT json_group_object(term, doc) FROM moment_words_df WHERE term IN (SELECT value FROM json_each(?))),
            (SELECT sum(doc) FROM (SELECT doc FROM moment_words_df WHERE term >= ? AND term < ? LIMIT ?))
    """
    last = words[-1]
    whole, begun = db.execute(sql, (json.dumps(words), last, last + "\U0010ffff", MOST_BEGUN)).fetchone()
    if begun and len(last) <= len(SHARES):
        begun = max(begun, total // SHARES[len(last) - 1])
    return Counts(json.loads(whole), begun or 0)


def asked(db: sqlite3.Connection, words: Sequence[str], total: int) -> Asked | None:
    """What to ask for moments that have all of some words, the last half typed; None if one of them is nowhere."""
    *before, last = words
    if not before:
        return Asked(quoted(last) + "*", quoted(last) + "*", [])
    counts = count(db, words, total)
    if not counts.begun or not all(word in counts.whole for word in before):
        return None
    terms = [(counts.whole[word], word, quoted(word)) for word in before] + [(counts.begun, last, quoted(last) + "*")]
    most = max(COMMON, TIMES * min(terms)[0])
    rare = " AND ".join(term for number, _, term in terms if number <= most)
    common = [word for number, word, _ in sorted(terms) if number > most]
    return Asked(" AND ".join(term for _, _, term in terms), rare, common)


def having(db: sqlite3.Connection, titles: Titles, words: Sequence[str], most: int, top: int) -> list[int]:
    """Moments that have some words, the last half typed, in no order that means anything.

    If there are more than `most`, some, and up to `top` Top Moments among them.
    """
    ask = asked(db, words, len(titles))
    if ask is None:
        return []
    found = []
    if ask.common:  # those that have them in title or slug are enough
        found = matching(db, ask.rare, MOST_NARROWED)
        for word in ask.common:
            found = titles.containing(found, word)
    if not found:
        found = matching(db, ask.query, most)
    if len(found) >= most:
        found = found[:most] + matching(db, f"{quoted(TOP_WORD)} AND {ask.query}", top)
    return found


def matching(db: sqlite3.Connection, query: str, most: int) -> list[int]:
    """The first moments that an FTS5 query finds by their words."""
    return column(db, "SELECT rowid AS n FROM moment_words WHERE moment_words MATCH ? LIMIT ?", query, most)

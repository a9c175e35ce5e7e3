"""What is like a moment: it shares rare hashtags and words, the country and the time."""

import heapq
import json
import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.catalog.lexicon import quoted
from bot.catalog.matching import fold, hashtag_key
from bot.catalog.moment import Moment
from bot.catalog.reader import column
from bot.catalog.schema import facet

# What is shared counts by its rarity (the logarithm of how many moments there are to one that has it), times this.
HASHTAG, TITLE_WORD, TEXT_WORD, COUNTRY, TIME = 1.0, 1.0, 0.5, 1.0, 2.0
# Words and hashtags that more moments share say little and cost time.
MOST_SHARING = 3000
# The rarest hashtags and the most telling words are looked up, and of each not more moments than this in all.
MOST_WORDS, MOST_POSTINGS = 10, 3000
# Years after which nearness in time counts half.
HALF_LIFE = 6.0
CONSIDERED = 120
_WORD = re.compile(r"[^\W\d_]{4,}")


def related(db: sqlite3.Connection, number: int, moment: Moment, *, limit: int) -> list[int]:
    """Numbers of the moments most like one, best first."""
    total = max(db.execute("SELECT max(id) FROM moment").fetchone()[0], 2)
    scores: defaultdict[int, float] = defaultdict(float)
    for term, common in _shared_hashtags(db, moment):
        _add(scores, column(db, "SELECT rowid AS n FROM facet WHERE facet MATCH ?", term), HASHTAG, total / common)
    for word, common, weight in _telling_words(db, moment, total):
        # The index holds stems, and that of a rare word may be common.
        sql = "SELECT rowid AS n FROM fulltext WHERE fulltext MATCH ? LIMIT ?"
        found = column(db, sql, quoted(word), MOST_SHARING)
        _add(scores, found, weight, total / common)
    scores.pop(number, None)
    if len(scores) < limit * 3:
        _add_neighbours(db, moment, scores, number)
    best = heapq.nlargest(CONSIDERED, scores, key=scores.__getitem__)
    _add_place_and_time(db, moment, scores, best, total)
    return sorted(best, key=lambda one: (-scores[one], one))[:limit]


def _add(scores: defaultdict[int, float], numbers: Iterable[int], weight: float, rarity: float) -> None:
    worth = weight * math.log(max(rarity, 1.1))
    for number in numbers:
        scores[number] += worth


def _shared_hashtags(db: sqlite3.Connection, moment: Moment) -> list[tuple[str, int]]:
    keys = {hashtag_key(tag): tag for tag in moment.hashtags}
    sql = """
        SELECT json_group_array(json_array(key, moments)) FROM hashtag
        WHERE key IN (SELECT value FROM json_each(?)) AND moments BETWEEN 2 AND ?
    """
    rows = json.loads(db.execute(sql, (json.dumps(list(keys)), MOST_SHARING)).fetchone()[0])
    chosen: list[tuple[str, int]] = []
    postings = 0
    for common, key in sorted((common, key) for key, common in rows):
        postings += common
        if chosen and postings > MOST_POSTINGS:
            break
        chosen.append((facet("hashtag", keys[key]), common))
    return chosen


def _telling_words(db: sqlite3.Connection, moment: Moment, total: int) -> list[tuple[str, int, float]]:
    """The rarest words of the title, and those that the text uses more than others do: (word, moments, weight)."""
    title = {fold(word) for word in _WORD.findall(moment.title)}
    uses = Counter(fold(word) for word in _WORD.findall(moment.body.lower()))
    sql = """
        SELECT json_group_array(json_array(key, weight)) FROM word_key
        WHERE key IN (SELECT value FROM json_each(?)) AND weight BETWEEN 2 AND ?
    """
    known = dict(json.loads(db.execute(sql, (json.dumps([*title, *uses]), MOST_SHARING)).fetchone()[0]))
    weights = {word: TITLE_WORD if word in title else TEXT_WORD * math.sqrt(uses[word]) for word in known}
    telling = sorted(known, key=lambda word: (-weights[word] * math.log(total / known[word]), word))
    chosen: list[tuple[str, int, float]] = []
    postings = 0
    for word in telling[:MOST_WORDS]:
        postings += known[word]
        if postings <= MOST_POSTINGS:
            chosen.append((word, known[word], weights[word]))
    return chosen


def _add_neighbours(db: sqlite3.Connection, moment: Moment, scores: defaultdict[int, float], number: int) -> None:
    """Moments of the same country or categories, for one that shares neither hashtags nor rare words."""
    terms = [facet("country", code) for code in moment.countries] + [facet("category", k) for k in moment.categories]
    for term in terms:
        for found in column(db, "SELECT rowid AS n FROM facet WHERE facet MATCH ? LIMIT 500", term):
            if found != number:
                scores[found] += 0.5


def _add_place_and_time(
    db: sqlite3.Connection, moment: Moment, scores: defaultdict[int, float], numbers: list[int], total: int
) -> None:
    sql = """
        SELECT json_group_array(json_array(id, year, countries)) FROM moment
        WHERE id IN (SELECT value FROM json_each(?))
    """
    counts: dict[str, int] = dict(db.execute("SELECT code, moments FROM country"))
    year = moment.date.start.year if moment.date else None
    for number, other, countries in json.loads(db.execute(sql, (json.dumps(numbers),)).fetchone()[0]):
        shared = set(countries.split()) & set(moment.countries)
        scores[number] += sum(COUNTRY * math.log(total / max(counts.get(code, 1), 1)) for code in shared)
        if year is not None and other is not None:
            scores[number] += TIME * 2 ** (-abs(year - other) / HALF_LIFE)

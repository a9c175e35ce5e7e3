"""Moments offered while somebody types. Pure functions of a read-only connection and the titles in memory."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from bot.catalog.dates import MomentDate, day_within
from bot.catalog.guess import UNSURE, guess
from bot.catalog.lexicon import COUNTRIES, quoted
from bot.catalog.lookup import MOST_WORDS, Lookup
from bot.catalog.matching import country_key, fold, split_camel, trigrams
from bot.catalog.query import Choice
from bot.catalog.reader import column
from bot.catalog.schema import facet
from bot.catalog.titles import Titles
from bot.catalog.words import asked, having, matching

# What a match is worth, 0 to 100: exactly the title; its start; the start of one of its words; anywhere inside,
# across words; all words in any order; inside a word; by day or country; words of hashtags and countries. What is
# guessed is worth less (guess.py).
EXACT, START, IN_A_ROW, INSIDE_WORDS, WORDS_OF_TITLE, INSIDE, BY_DAY, BY_COUNTRY, WORDS_BESIDE = (
    100, 95, 91, 89, 86, 84, 83, 82, 80,
)  # fmt: skip
# So much those of a country of which nothing has the other words; a code among other words may be a word itself.
OF_COUNTRY, LONGEST_CODE = 61, 3
# No title is longer; what is typed beyond it only costs time.
LONGEST = 200
# To look for a text anywhere, as many of its trigrams are asked for; what has them all is then compared.
TELLING = 4
# A trigram in so many titles is read from memory, and each of them looked at.
MOST_READ = 250


def complete_moments(db: sqlite3.Connection, titles: Titles, text: str, *, limit: int, today: dt.date) -> list[Choice]:
    """Moments for what has been typed so far, best first; for nothing typed: today's anniversaries and Top Moments.

    Between equal matches Top Moments come first, then those whose anniversary is near, then the shortest title.
    """
    typed = text[:LONGEST]
    search = Lookup(db, titles, limit)
    if not typed.strip().lstrip("#"):
        _welcome(search, today)
    else:
        keys = dict.fromkeys(fold(one)[:LONGEST] for one in (typed, split_camel(typed)))
        for key in filter(None, keys):
            _spelt_right(search, key)
        if search.best < START and not search.is_full(BY_COUNTRY):
            _by_country(search, typed)
        if not search.scores:
            guess(search, fold(typed)[:LONGEST])
            if search.best < UNSURE and not any(map(str.isdigit, typed)):
                _by_country(search, typed, whatever=True)
    return _choices(search, today)


def _spelt_right(search: Lookup, key: str) -> None:
    titles = search.titles
    starting = titles.starting(key, search.limit * 2, search.limit)
    search.add({number: EXACT if share == 1 else START + int(3 * share + 0.5) for number, share in starting.items()})
    if search.is_full(START):
        return
    words = key.split()[:MOST_WORDS]
    most = search.limit * 2 if len(words) == 1 else 300
    found = search.below(having(search.db, titles, words, most, search.limit), START)
    search.add(dict(zip(found, _worths_of_words(titles, found, key, words), strict=True)))
    # Words in a row that have been found as such are not meant as the end of one and the start of the next.
    inside, enough = (INSIDE_WORDS, IN_A_ROW) if " " in key else (INSIDE, EXACT)
    if len(key) >= 3 and search.best < enough and not search.is_full(inside + 1):
        search.add_all(_containing(search, key), inside)
    if not search.is_full(BY_DAY) and (day := day_within(key)):
        _by_day(search, day)


def _worths_of_words(titles: Titles, found: Sequence[int], key: str, words: Sequence[str]) -> Iterator[float]:
    """By how the words stand in a title or slug: in a row, all of them in any order, or some only beside it."""
    begun = [b" " + word.encode() for word in words]
    whole = [word + b" " for word in begun]
    length = len(key.encode())

    def begun_in(name: bytes) -> bool:
        return all(map(name.__contains__, begun))

    def whole_in(name: bytes) -> bool:
        return all(map(name.__contains__, whole))

    for number, share in zip(found, titles.shares(found, f" {key}"), strict=True):
        if share:
            yield IN_A_ROW + round(2 * share)
            continue
        spaced = [name for name in [b" %b " % one for one in titles.encoded(number)] if begun_in(name)]
        if not spaced:
            yield WORDS_BESIDE
        else:
            share = round(length / min(map(len, spaced)), 1)
            yield WORDS_OF_TITLE + share + (1 if any(map(whole_in, spaced)) else 0)


def _containing(search: Lookup, key: str) -> list[int]:
    """Moments with a text anywhere inside title or slug."""
    titles = search.titles
    common = titles.parts.common
    parts = trigrams(key)
    if any(part not in common for part in parts):
        return []
    rarest = min(parts, key=common.__getitem__)
    if common[rarest] <= MOST_READ:
        return titles.containing(titles.parts.having(rarest), key)
    sql = "SELECT rowid AS n FROM title_tri WHERE title_tri MATCH ? LIMIT 150"
    found = column(search.db, sql, " AND ".join(map(quoted, _telling(parts, common))))
    return titles.containing(found, key)


def _telling(parts: Sequence[str], common: Mapping[str, int]) -> list[str]:
    """The rarest of some trigrams in a row; of many no two neighbours, which occur together anyway."""
    gap = 1 if len(parts) > 2 * TELLING else 0
    places: list[int] = []
    for place in sorted(range(len(parts)), key=lambda place: common[parts[place]]):
        if all(abs(place - other) > gap for other in places):
            places.append(place)
            if len(places) == TELLING:
                break
    return [parts[place] for place in places]


def _by_day(search: Lookup, found: tuple[int, int, str]) -> None:
    """Moments of a day of the year that was typed, with the other words around it."""
    month, day, rest = found
    _filtered(search, facet("day", f"{month:02}-{day:02}"), rest, BY_DAY)


def _by_country(search: Lookup, typed: str, *, whatever: bool = False) -> None:
    """Moments of a country that was typed in any language, as a flag or code, alone or with words around it.

    `whatever`: also those that have none of these words.
    """
    words = typed.split()[:MOST_WORDS]
    folded = [fold(word) for word in words]
    known = search.titles.countries.may_hold
    rests: dict[str, str] = {}
    for length in range(len(words), 0, -1):
        for start in dict.fromkeys((0, len(words) - length)):
            end = start + length
            name = " ".join(filter(None, folded[start:end])).removeprefix("the ")
            key = country_key(words[start]) if length == 1 else name
            is_code = whatever and key.isascii() and len(key) <= LONGEST_CODE
            if known(key) and key not in rests and not is_code:
                rests[key] = " ".join(filter(None, folded[:start] + folded[end:]))
    codes = COUNTRIES.refs(search.db, list(rests)) if rests else {}
    for key, rest in rests.items():
        if key in codes:
            term = facet("country", codes[key])
            _filtered(search, term, "" if whatever else rest, OF_COUNTRY if whatever else BY_COUNTRY)
            return


def _filtered(search: Lookup, term: str, rest: str, worth: int) -> None:
    sql = "SELECT rowid AS n FROM facet WHERE facet MATCH ? LIMIT ?"
    if rest:
        ask = asked(search.titles, rest.split()[:MOST_WORDS]) if column(search.db, sql, term, 1) else None
        if ask and (numbers := matching(search.db, ask.query, 10_000)):
            within = "+rowid IN (SELECT value FROM json_each(?))"
            sql = f"SELECT rowid AS n FROM facet WHERE facet MATCH ? AND {within} LIMIT ?"
            search.add_all(column(search.db, sql, term, json.dumps(numbers), search.limit * 2), worth)
        return
    search.add_all(column(search.db, sql, term, search.limit * 2), worth)
    if search.is_full():
        search.add_all(column(search.db, sql, f"{term} AND {facet('top', '')}", search.limit), worth)


def _welcome(search: Lookup, today: dt.date) -> None:
    """Today's anniversaries, and Top Moments, first those whose day is near."""
    sql = "SELECT rowid AS n FROM facet WHERE facet MATCH ? LIMIT ?"
    day = facet("day", f"{today.month:02}-{today.day:02}")
    search.add_all(column(search.db, sql, day, search.limit * 4), 50)
    soon = [today + dt.timedelta(days=days) for days in range(-15, 32)]
    days = " OR ".join(facet("day", f"{one.month:02}-{one.day:02}") for one in soon)
    for query in (f"{facet('top', '')} AND ({days})", facet("top", "")):
        if not search.is_full():
            search.add_all(column(search.db, sql, query, search.limit), 40)


def _choices(search: Lookup, today: dt.date) -> list[Choice]:
    scores = search.scores
    best = search.titles.best(scores, today, search.limit)
    read = MomentDate.from_json
    found = {
        number: Choice(slug, title, read(date) if date else None, country, round(scores[number], 1))
        for number, slug, title, date, country in search.titles.rows.get(search.db, best)
    }
    return [found[number] for number in best]


# One answer is clear if it is good (a misspelt title that is), and well ahead of the next.
GOOD, AHEAD = 68.0, 8.0


def is_clear(scores: Sequence[float]) -> bool:
    """Whether the first of some choices, best first, is what was meant."""
    if not scores:
        return False
    second = scores[1] if len(scores) > 1 else 0
    return (scores[0] >= EXACT > second) or (scores[0] >= GOOD and scores[0] - second >= AHEAD)

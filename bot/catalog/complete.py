"""Moments offered while somebody types. Pure functions of a read-only connection and the titles in memory."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.catalog.dates import MomentDate, day_within
from bot.catalog.lexicon import COUNTRIES, WORDS, quoted, rare_parts
from bot.catalog.matching import closest, country_key, fold, likeness, likenesses, numbers_agree, split_camel, trigrams
from bot.catalog.query import Choice
from bot.catalog.reader import column
from bot.catalog.schema import facet
from bot.catalog.titles import Titles
from bot.catalog.words import asked, count, having, matching, some

# What a match is worth, 0 to 100: exactly the title; its start; the start of one of its words; anywhere inside,
# across words; all words in any order; inside a word; by day or country; words of hashtags and countries. A misspelt
# title is worth a share of its likeness.
EXACT, START, IN_A_ROW, INSIDE_WORDS, WORDS_OF_TITLE, INSIDE, BY_DAY, BY_COUNTRY, WORDS_BESIDE = (
    100, 95, 91, 89, 86, 84, 83, 82, 80,
)  # fmt: skip
MOST_ALIKE = 0.88
# Below this likeness a title has little to do with what was typed (measured on dropped, doubled and swapped letters).
ALIKE = 62.0
# From this likeness on, no other reading of a misspelt text is looked for.
SURELY_ALIKE = 82.0
# What is worth so much less than the best title for a misspelt text was hardly meant.
SPREAD = 18.0
# Of the titles that look most like the text so far, as many are looked at as a whole.
MOST_ALIKE_RANKED = 20
# No title is longer; what is typed beyond it only costs time.
LONGEST = 200
MOST_WORDS = 12
# A misspelt text without rare trigrams is compared with about this many candidates: enough to hold the right one, few
# enough to rank in a fraction of a millisecond. docs/search.md has the figures.
# Of more titles a smaller share will do: 250 of ten thousand, 567 of a hundred thousand, 3,400 of a million.
LEAST_CANDIDATES, SHARE_OF_TITLES, GROWTH = 250, 14, 0.78
# To look for a text anywhere, as many of its trigrams are asked for; what has them all is then compared.
TELLING = 4
# A trigram in so many titles is read from memory, and each of them looked at.
MOST_READ = 250
# If none of them is so alike, a text of such a length is compared once more, with more of them.
LONG, TOO_LONG, LOOK_AGAIN, MORE_CANDIDATES = 12, 100, 89.0, 3


@dataclass(slots=True)
class _Search:
    """What has been found for a text so far: the best score of each moment's number."""

    db: sqlite3.Connection
    titles: Titles
    limit: int
    scores: dict[int, float] = field(default_factory=dict)

    def add(self, found: Mapping[int, float]) -> None:
        """What has been found, and what each is worth."""
        scores, known = self.scores, self.scores.get
        if not scores:
            scores.update(found)
        else:
            scores.update([(number, worth) for number, worth in found.items() if worth > known(number, 0)])

    def add_all(self, numbers: Iterable[int], worth: float) -> None:
        """What has been found and is all worth the same."""
        self.add(dict.fromkeys(numbers, worth))

    def below(self, numbers: Iterable[int], worth: float) -> list[int]:
        """Those of some numbers that have not been found, or by something that is worth less."""
        known = self.scores.get
        return [number for number in numbers if known(number, 0) < worth]

    @property
    def best(self) -> float:
        return max(self.scores.values(), default=0)

    def is_full(self, worth: int = 0) -> bool:
        """Whether nothing that is worth no more can be among what is offered."""
        scores = self.scores.values()
        return len(scores) >= self.limit and sum(map(float(worth).__le__, scores)) >= self.limit


def complete_moments(db: sqlite3.Connection, titles: Titles, text: str, *, limit: int, today: dt.date) -> list[Choice]:
    """Moments for what has been typed so far, best first; for nothing typed: today's anniversaries and Top Moments.

    Between equal matches Top Moments come first, then those whose anniversary is near, then the shortest title.
    """
    typed = text[:LONGEST]
    search = _Search(db, titles, limit)
    if not typed.strip().lstrip("#"):
        _welcome(search, today)
    else:
        keys = dict.fromkeys(fold(one)[:LONGEST] for one in (typed, split_camel(typed)))
        for key in filter(None, keys):
            _spelt_right(search, key)
        if search.best < START and not search.is_full(BY_COUNTRY):
            _by_country(search, typed)
        if not search.scores:
            _misspelt(search, fold(typed)[:LONGEST])
    return _choices(search, today)


def _spelt_right(search: _Search, key: str) -> None:
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
        spaced = [b" %b " % name for name in titles.encoded(number)]
        share = round(length / min(map(len, spaced)), 1)
        if not any(map(begun_in, spaced)):
            yield WORDS_BESIDE
        else:
            yield WORDS_OF_TITLE + share + (1 if any(map(whole_in, spaced)) else 0)


def _containing(search: _Search, key: str) -> list[int]:
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


def _by_day(search: _Search, found: tuple[int, int, str]) -> None:
    """Moments of a day of the year that was typed, with the other words around it."""
    month, day, rest = found
    _filtered(search, facet("day", f"{month:02}-{day:02}"), rest, BY_DAY)


def _by_country(search: _Search, typed: str) -> None:
    """Moments of a country that was typed in any language, as a flag or code, alone or with words around it."""
    words = typed.split()[:MOST_WORDS]
    folded = [fold(word) for word in words]
    known = search.titles.countries.may_hold
    rests: dict[str, str] = {}
    for length in range(len(words), 0, -1):
        for start in dict.fromkeys((0, len(words) - length)):
            end = start + length
            name = " ".join(filter(None, folded[start:end])).removeprefix("the ")
            key = country_key(words[start]) if length == 1 else name
            if known(key) and key not in rests:
                rests[key] = " ".join(filter(None, folded[:start] + folded[end:]))
    codes = COUNTRIES.refs(search.db, list(rests)) if rests else {}
    for key, rest in rests.items():
        if key in codes:
            _filtered(search, facet("country", codes[key]), rest, BY_COUNTRY)
            return


def _filtered(search: _Search, term: str, rest: str, worth: int) -> None:
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


def _misspelt(search: _Search, key: str) -> None:
    """Titles that look like the text, half typed or whole, and moments with words that look like its words."""
    if len(key) < 3:
        return
    search.add(_alike(search, key))
    if search.best < LOOK_AGAIN * MOST_ALIKE and LONG <= len(key) <= TOO_LONG:
        search.add(_alike(search, key, again=True))
    if search.best < SURELY_ALIKE * MOST_ALIKE:
        _by_misspelt_words(search, key)
    least = search.best - SPREAD
    search.scores = {number: score for number, score in search.scores.items() if score >= least}


def _alike(search: _Search, key: str, *, again: bool = False) -> dict[int, float]:
    titles = search.titles
    parts = trigrams(f"^{key}")
    numbers = titles.parts.sharing(parts, again=again)
    if numbers is None:
        budget = (MORE_CANDIDATES if again else 1) * max(LEAST_CANDIDATES, int(len(titles) ** GROWTH / SHARE_OF_TITLES))
        match = rare_parts(parts, titles.parts.common, budget)
        sql = "SELECT rowid AS n FROM title_tri WHERE title_tri MATCH ? LIMIT ?"
        numbers = column(search.db, sql, match, budget * 3) if match else []
    cut = len(key.encode()) + 1
    alike: dict[int, float] = {}
    for pack in (titles.titles, titles.slugs):
        if pack is titles.slugs:
            numbers = pack.among(numbers)
        near = closest(key, pack.starts(numbers, cut), limit=MOST_ALIKE_RANKED, cutoff=55)
        found = [numbers[at] for at, _ in near]
        # Another year is never taken for a typo.
        fitting = [[name for name in titles.keys(number) if numbers_agree(key, name)] for number in found]
        alike |= dict(zip(found, likenesses(key, fitting), strict=True))
        if max(alike.values(), default=0) >= SURELY_ALIKE:  # a slug would only say it once more
            break
    return {number: MOST_ALIKE * score for number, score in alike.items() if score >= ALIKE}


def _by_misspelt_words(search: _Search, key: str) -> None:
    """Each unknown word replaced by the words that look like it: 'mongola us relashuns', in any order."""
    groups: list[str] = []
    worst = 100.0
    is_misspelt = False
    words = key.split()[:MOST_WORDS]
    counts = count(search.db, words)
    for place, word in enumerate(words):
        is_last = place == len(words) - 1
        if counts.begun if is_last else word in counts.whole:
            groups.append(quoted(word) + ("*" if is_last else ""))
            continue
        near = WORDS.alike(search.db, word, limit=8, cutoff=70)
        if not near or word.isdigit():
            return
        is_misspelt = True
        worst = min(worst, near[0].score)
        groups.append("(" + " OR ".join(quoted(name.key) for name in near) + ")")
    if not is_misspelt:  # all the words together have been looked for
        return
    found = some(search.db, " AND ".join(groups), 100, search.limit)
    least, keys = min(worst, 90) - 8, search.titles.keys
    search.add({number: MOST_ALIKE * max(least, likeness(key, keys(number)[0]) - 4) for number in found})


def _welcome(search: _Search, today: dt.date) -> None:
    """Today's anniversaries, and Top Moments, first those whose day is near."""
    sql = "SELECT rowid AS n FROM facet WHERE facet MATCH ? LIMIT ?"
    day = facet("day", f"{today.month:02}-{today.day:02}")
    search.add_all(column(search.db, sql, day, search.limit * 4), 50)
    soon = [today + dt.timedelta(days=days) for days in range(-15, 32)]
    days = " OR ".join(facet("day", f"{one.month:02}-{one.day:02}") for one in soon)
    for query in (f"{facet('top', '')} AND ({days})", facet("top", "")):
        if not search.is_full():
            search.add_all(column(search.db, sql, query, search.limit), 40)


def _choices(search: _Search, today: dt.date) -> list[Choice]:
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

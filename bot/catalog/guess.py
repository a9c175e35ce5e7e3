"""What is meant by a text that no moment has as it was typed: a misspelt title, misspelt words, some of the words."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.catalog.lexicon import WORDS, Name, quoted, rare_parts
from bot.catalog.lookup import MOST_WORDS, Lookup
from bot.catalog.matching import PLAINLY_ALIKE, closest, likeness, likenesses, numbers_agree, trigrams
from bot.catalog.reader import column
from bot.catalog.words import Counts, count, matching, some

# A misspelt title is worth a share of its likeness.
MOST_ALIKE = 0.88
# Below this likeness a title has little to do with what was typed (measured on dropped, doubled and swapped letters).
ALIKE = 62.0
# From this likeness on, no other reading of a misspelt text is looked for.
SURELY_ALIKE = 82.0
# Moments that have some of the words are worth so much, and more the more telling these are; never as much as is clear.
# What has less than LEAST_SHARE of what is typed was not meant.
SOME_WORDS, MORE_WORDS, LEAST_SHARE = 55, 12, 0.3
UNSURE = SOME_WORDS + MORE_WORDS
# So much less is a title worth that looks like the text and has none of its telling words.
LACKING = 18.0
# Of the words that stand in at most FEW moments, so many are asked for one by one.
FEW, MOST_TELLING = 100, 4
# As like a typed word as the best are those that are hardly less so.
AS_NEAR = 6.0
# For as many unknown words others are looked for that look like them; fewer letters look like anything.
MOST_UNKNOWN, SHORTEST = 4, 3
# What is worth so much less than the best title for a misspelt text was hardly meant.
SPREAD = 18.0
# Of the titles that look most like the text so far, as many are looked at as a whole.
MOST_ALIKE_RANKED = 20
# A misspelt text without rare trigrams is compared with about this many candidates: enough to hold the right one, few
# enough to rank in a fraction of a millisecond. docs/search.md has the figures.
# Of more titles a smaller share will do: 250 of ten thousand, 567 of a hundred thousand, 3,400 of a million.
LEAST_CANDIDATES, SHARE_OF_TITLES, GROWTH = 250, 14, 0.78
# If none of them is plainly alike, a text of such a length is compared once more, with more of them.
LONG, TOO_LONG, MORE_CANDIDATES, MOST_CANDIDATES = 12, 100, 3, 20_000


def guess(search: Lookup, key: str) -> None:
    """Titles that look like the text, half typed or whole, and moments with words like its words or some of them."""
    if len(key) < 3:
        return
    search.add(_alike(search, key))
    if search.best < PLAINLY_ALIKE * MOST_ALIKE:
        words = key.split()[:MOST_WORDS]
        counts = count(search.db, words)
        # What has no unknown word is hardly misspelt, and is made of common trigrams: many titles have them.
        is_known = counts.begun > 0 and all(word in counts.whole for word in words[:-1])
        if not is_known and LONG <= len(key) <= TOO_LONG:
            search.add(_alike(search, key, again=True))
        unsure = (PLAINLY_ALIKE if is_known else SURELY_ALIKE) * MOST_ALIKE
        if search.best < unsure:
            meant = _meant(search, words, counts)
            _by_misspelt_words(search, key, meant)
            if search.best < unsure and len(meant) > 1:
                _by_some_words(search, words, meant)
    least = search.best - SPREAD
    search.scores = {number: score for number, score in search.scores.items() if score >= least}


def _alike(search: Lookup, key: str, *, again: bool = False) -> dict[int, float]:
    titles = search.titles
    parts = trigrams(f"^{key}")
    numbers = titles.parts.sharing(parts, again=again)
    if numbers is None:
        budget = max(LEAST_CANDIDATES, int(len(titles) ** GROWTH / SHARE_OF_TITLES))
        budget = min(budget * MORE_CANDIDATES, max(budget, MOST_CANDIDATES)) if again else budget
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


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a typed word may stand for: words as a query, those of them that are most like it and in how many moments
    these are, about, and how alike.
    """

    query: str
    nearest: str
    moments: int
    alike: float = 100.0


def _meant(search: Lookup, words: Sequence[str], counts: Counts) -> list[_Meant | None]:
    """Each word as it was typed, the last half typed, or, if it is unknown, the words that look like it."""
    found: list[_Meant | None] = []
    unknown = 0
    for place, word in enumerate(words):
        is_last = place == len(words) - 1
        if moments := counts.begun if is_last else counts.whole.get(word, 0):
            query = quoted(word) + ("*" if is_last else "")
            found.append(_Meant(query, query, moments))
            continue
        unknown += 1
        is_plain = len(word) >= SHORTEST and not word.isdigit()
        near = WORDS.alike(search.db, word, limit=8, cutoff=70) if is_plain and unknown <= MOST_UNKNOWN else []
        nearest = [name for name in near if name.score >= near[0].score - AS_NEAR]
        moments = sum(name.weight for name in nearest)
        found.append(_Meant(_any_of(near), _any_of(nearest), moments, near[0].score) if near else None)
    return found


def _any_of(names: Iterable[Name]) -> str:
    return "(" + " OR ".join(quoted(name.key) for name in names) + ")"


def _by_misspelt_words(search: Lookup, key: str, meant: Sequence[_Meant | None]) -> None:
    """Each unknown word replaced by the words that look like it: 'mongola us relashuns', in any order."""
    words = list(filter(None, meant))
    worst = min((word.alike for word in words), default=100.0)
    if len(words) < len(meant) or worst == 100:  # all the words as they are have been looked for
        return
    found = some(search.db, " AND ".join(word.query for word in words), 100, search.limit)
    least, keys = min(worst, 90) - 8, search.titles.keys
    search.add({number: MOST_ALIKE * max(least, likeness(key, keys(number)[0]) - 4) for number in found})


def _by_some_words(search: Lookup, words: Sequence[str], meant: Sequence[_Meant | None]) -> None:
    """Moments that have only some of the words, those with the rarest first: 'berlin wall comes down'.

    What looks like the text but lacks these words is worth less than it was. No number may be missing.
    """
    numbers = [one for word, one in zip(words, meant, strict=True) if word.isdigit()]
    if not all(numbers):
        return
    total = len(search.titles)
    weights = {one: math.log(1 + total / one.moments) for one in meant if one}
    known = sum(weights.values())
    everything = known + math.log(1 + total) * sum(one is None for one in meant)
    shares: Counter[int] = Counter()
    together = " AND ".join(one.query for one in weights)
    if None in meant and weights and (found := matching(search.db, together, FEW)):
        if len(found) == FEW:  # too many to tell anything
            search.add_all(found, SOME_WORDS)
            return
        shares.update(dict.fromkeys(found, known))
    else:
        telling = sorted((one for one in weights if one.moments <= FEW), key=weights.__getitem__, reverse=True)
        for one in telling[:MOST_TELLING]:
            query = " AND ".join([one.nearest, *(number.query for number in numbers if number)])
            shares.update(dict.fromkeys(matching(search.db, query, FEW), weights[one] * one.alike / 100))
    least = LEAST_SHARE * everything
    shares = Counter({number: share for number, share in shares.items() if share >= least})
    if shares:
        for number in search.scores:
            search.scores[number] -= LACKING * (1 - min(shares[number] / known, 1))
        search.add({number: SOME_WORDS + MORE_WORDS * share / everything for number, share in shares.items()})

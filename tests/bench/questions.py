"""What is asked in the benchmark, with the right answers, always the same for one seed."""

import math
import random
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.catalog import Query
from bot.catalog.dates import parse_date
from bot.catalog.matching import fold, hashtag_key, split_camel
from bot.catalog.moment import Moment
from tests.bench.corpus import Written

SEED = 1492
TOP = 5  # recall@5
# What one typo can be: each with a text and a place in it.
_ROWS = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
_KEYS = {key: (row, shift + place) for row, (keys, shift) in enumerate(_ROWS) for place, key in enumerate(keys)}
NEIGHBOURS = {
    key: [other for other, there in _KEYS.items() if other != key and math.dist(here, there) < 1.3]
    for key, here in _KEYS.items()
}


def typo(rng: random.Random, text: str, *, end: int | None = None) -> str:
    """A text with one slip of the finger before `end`: a letter dropped, doubled, swapped or its neighbour's.

    Digits stay: another year is another moment.
    """
    places = [place for place, char in enumerate(text[:end]) if char in NEIGHBOURS]
    for _ in range(30 if places else 0):
        at = rng.choice(places)
        before, char, after = text[:at], text[at], text[at + 1 :]
        slip = rng.choice(("drop", "double", "swap", "neighbour"))
        if slip == "drop":
            typed = before + after
        elif slip == "double":
            typed = before + char + char + after
        elif slip == "swap" and after[:1] in NEIGHBOURS:
            typed = before + after[0] + char + after[1:]
        else:
            typed = before + rng.choice(NEIGHBOURS[char]) + after
        if typed != text:
            return typed
    return text


def typos(rng: random.Random, text: str, count: int, *, end: int | None = None) -> str:
    """A text with some slips of the finger."""
    typed = text
    for _ in range(count):
        typed = typo(rng, typed, end=end)
    return typed


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the box, and which titles and slugs (folded) are right; `possible` is how many of 5 can be."""

    kind: str
    text: str
    meant: str
    fits: Callable[[str, str], bool]  # what was meant, a name
    possible: int = 1

    def recall(self, offered: Sequence[tuple[str, ...]]) -> float:
        """How many of the right ones are among the first five; each is given with all its names, folded."""
        right = sum(any(self.fits(self.meant, name) for name in names) for names in offered[:TOP])
        return min(right / self.possible, 1.0)


def _is(meant: str, name: str) -> bool:
    return name == meant


def _starts(meant: str, name: str) -> bool:
    return name.startswith(meant)


def _holds(meant: str, name: str) -> bool:
    return meant in name


REORDERED = "words in another order"
TYPOS = ("one typo", "two typos", "half typed, one typo", "half typed, two typos")


@dataclass(slots=True)
class Titles:
    """Makes what is typed for titles."""

    folded: list[str]
    rng: random.Random
    ordered: list[str] = field(init=False)
    all: str = field(init=False)

    def __post_init__(self) -> None:
        self.ordered = sorted(self.folded)
        self.all = "\n".join(["", *self.folded, ""])

    def questions(self, each: int) -> list[Typed]:
        """`each` of every kind, in turn."""
        kinds: tuple[Callable[[], Typed], ...] = (
            self._exact,
            self._prefix,
            self._substring,
            lambda: self._misspelt(1),
            lambda: self._misspelt(2),
            lambda: self._half_misspelt(1),
            lambda: self._half_misspelt(2),
            self._reordered,
            self._run_together,
        )
        return [kind() for _ in range(each) for kind in kinds]

    def reordered(self, count: int) -> list[Typed]:
        """So many with the words in another order."""
        return [self._reordered() for _ in range(count)]

    def _exact(self) -> Typed:
        title = self.rng.choice(self.folded)
        return Typed("exact", title, title, _is)

    def _prefix(self) -> Typed:
        title = self.rng.choice(self.folded)
        start = title[: self.rng.randint(1, 14)].strip()
        first = bisect_left(self.ordered, start)
        possible = sum(_starts(start, title) for title in self.ordered[first : first + TOP])
        return Typed("prefix", start, start, _starts, possible)

    def _substring(self) -> Typed:
        part = ""
        while len(part) < 4:
            title = self.rng.choice(self.folded)
            start = self.rng.randrange(max(1, len(title) - 4))
            part = title[start : start + self.rng.randint(4, 12)].strip()
        return Typed("substring", part, part, _holds, self._count(part))

    def _count(self, part: str) -> int:
        count = place = 0
        while count < TOP and (place := self.all.find(part, place)) >= 0:
            count, place = count + 1, self.all.index("\n", place)
        return count

    def _misspelt(self, count: int) -> Typed:
        title = self.rng.choice(self.folded)
        return Typed(TYPOS[count - 1], typos(self.rng, title, count), title, _is)

    def _half_misspelt(self, count: int) -> Typed:
        """A slip at the very end is none yet: the next letter is still to come."""
        title = self.rng.choice(self.folded)
        meant = title[: self.rng.randint(11 + 5 * count, 24 + 5 * count)].strip()
        typed = typos(self.rng, meant, count, end=len(meant) - 2)
        return Typed(TYPOS[count + 1], typed.strip(), meant, _starts)

    def _reordered(self) -> Typed:
        """Three to five words of a title: more than one title may have them, so none can always be right."""
        words: list[str] = []
        while len(words) < 3:
            title = self.rng.choice(self.folded)
            words = [word for word in dict.fromkeys(title.split()) if len(word) > 2]
        picked = self.rng.sample(words, min(len(words), self.rng.randint(3, 5)))
        if picked == sorted(picked, key=words.index):
            picked.reverse()
        return Typed(REORDERED, " ".join(picked), title, _is)

    def _run_together(self) -> Typed:
        title = self.rng.choice(self.folded)
        gaps = [place for place, char in enumerate(title) if char == " "]
        at = self.rng.choice(gaps)
        return Typed("missing space", title[:at] + title[at + 1 :], title, _is)


def at_best(folded: list[str], questions: Sequence[Typed]) -> float:
    """The recall@5 of words in another order that chance allows: more titles than five may have all the words."""
    asked = [(set(one.text.split()), one.meant) for one in questions]
    wanted: dict[str, set[str]] = {word: set() for words, _ in asked for word in words}
    for title in folded:
        for word in wanted.keys() & set(title.split()):
            wanted[word].add(title)
    shares = [min(1.0, TOP / len(set.intersection(*(wanted[word] for word in words)))) for words, _ in asked]
    return sum(shares) / len(shares)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search, the moment it was made from, and the word that was meant by a misspelt one."""

    kind: str
    query: Query
    slug: str
    meant: str = ""


_WORDS = re.compile(r"\b[a-z]+\b")


@dataclass(slots=True)
class Searches:
    """Makes searches of the texts; `ranks` says which words are common (0: the commonest)."""

    corpus: Written
    ranks: dict[str, int]
    rng: random.Random

    def questions(self, each: int) -> list[Wanted]:
        """`each` of every kind, in turn."""
        kinds: tuple[Callable[[], Wanted], ...] = (
            lambda: self._words("one rare word", 1, (10_000, 45_000)),
            lambda: self._words("one common word", 1, (60, 600)),
            lambda: self._words("two words", 2, (300, 15_000)),
            lambda: self._words("two of the commonest words", 2, (0, 30)),
            lambda: self._words("words and filters", 2, (300, 3_000), filters=2),
            lambda: self._words("common word and filters", 1, (60, 600), filters=2),
            self._phrase,
            self._start,
            self._misspelt,
            lambda: self._words("word and dates", 1, (60, 3_000), dates=True),
        )
        return [kind() for _ in range(each) for kind in kinds]

    def _moment(self) -> Moment:
        return Moment.from_record(self.corpus.record(self.rng.randrange(len(self.corpus))))

    def _some(self, count: int, common: tuple[int, int], letters: int = 1) -> tuple[Moment, list[str]]:
        """A moment, and words of its text that are so common."""
        while True:
            moment = self._moment()
            words = sorted({word for word in _WORDS.findall(moment.body) if len(word) >= letters})
            fitting = [word for word in words if common[0] <= self.ranks.get(word, -1) < common[1]]
            if len(fitting) >= count:
                return moment, self.rng.sample(fitting, count)

    def _words(
        self, kind: str, count: int, common: tuple[int, int], *, filters: int = 0, dates: bool = False
    ) -> Wanted:
        moment, words = self._some(count, common)
        while dates and not moment.date:
            moment, words = self._some(count, common)
        year = moment.date.start.year if moment.date else None
        every = {"country": moment.countries[0], "category": moment.categories[0]}
        if moment.hashtags:
            every["hashtag"] = moment.hashtags[-1]
        chosen = dict(self.rng.sample(sorted(every.items()), filters))
        if year is not None and year > 100 and (dates or self.rng.random() < filters / 4):
            chosen["since"] = f"{year - self.rng.randint(0, 40):04}"
            chosen["until"] = f"{year + self.rng.randint(1, 40):04}" + self.rng.choice(("", "-06-15"))
        return Wanted(kind, Query(" ".join(words), **chosen), moment.slug)

    def _phrase(self) -> Wanted:
        while True:
            moment = self._moment()
            sentence = self.rng.choice(moment.body.split(".")[:-1]).split()
            if len(sentence) >= 6:
                start = self.rng.randrange(1, len(sentence) - 3)
                count = self.rng.randint(2, 3)
                return Wanted("phrase", Query(f'"{" ".join(sentence[start : start + count])}"'), moment.slug)

    def _start(self) -> Wanted:
        moment, (word,) = self._some(1, (100, 15_000), letters=6)
        return Wanted("prefix", Query(f"{word[:5]}*"), moment.slug)

    def _misspelt(self) -> Wanted:
        while True:
            moment, (first, second) = self._some(2, (100, 15_000), letters=6)
            slip = typo(self.rng, first)
            if slip not in self.ranks:
                return Wanted("misspelt", Query(f"{slip} {second}"), moment.slug, first)


def fits(query: Query, moment: Moment) -> bool:
    """Whether a moment passes the filters of a search."""
    keys = {hashtag_key(tag) for tag in moment.hashtags}
    if (
        (query.country and query.country not in moment.countries)
        or (query.category and query.category not in moment.categories)
        or (query.hashtag and hashtag_key(query.hashtag) not in keys)
    ):
        return False
    if not query.since or not query.until:
        return True
    since, until = parse_date(query.since), parse_date(query.until)
    return moment.date is not None and moment.date.last >= since.first and moment.date.first <= until.last


@dataclass(frozen=True, slots=True)
class Tagged:
    """What is typed for a hashtag, and the hashtag."""

    kind: str
    text: str
    hashtag: str


def hashtag_questions(corpus: Written, rng: random.Random, each: int) -> list[Tagged]:
    """`each` of every kind, in turn: as it is written, in any case, as words, with one and two typos."""

    def pick() -> str:
        while True:
            tags = corpus.record(rng.randrange(len(corpus)))["hashtags"]
            if tags and len(tags[0]) >= 7:
                return str(rng.choice(tags))

    found = []
    for _ in range(each):
        exact, low, high, spaced, one, two = (pick() for _ in range(6))
        found += [
            Tagged("exact, any case", f"#{exact}", exact),
            Tagged("exact, any case", low.lower(), low),
            Tagged("exact, any case", high.upper(), high),
            Tagged("as words", split_camel(spaced).lower(), spaced),
            Tagged("one typo", typos(rng, one.lower(), 1), one),
            Tagged("two typos", typos(rng, two.lower(), 2), two),
        ]
    return found


def thread_questions(corpus: Written, rng: random.Random, count: int) -> list[tuple[str, set[str]]]:
    """Moments, each with the others of its thread."""
    members: dict[int, list[str]] = {}
    for slug, thread in zip(corpus.slugs, corpus.threads, strict=True):
        members.setdefault(thread, []).append(slug)
    several = [number for number in range(len(corpus)) if len(members[corpus.threads[number]]) > 1]
    chosen = rng.sample(several, min(count, len(several)))
    return [(corpus.slugs[one], set(members[corpus.threads[one]]) - {corpus.slugs[one]}) for one in chosen]


# Where people's keyboards and trolls' clipboards differ from a title.
_OPERATORS = [
    '"',
    "'",
    "*",
    "-",
    "(",
    ")",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "^",
    ":",
    "{",
    "}",
    "+",
    "\0",
    "%",
    "_",
    ";",
    "\\",
]
_SIGNS = [
    "\u202e",
    "\u200d",
    "\ufeff",
    "\ufffd",
    "\U0001f1f2\U0001f1f3",
    "İ",
    "ß",
    "ﬃ",
    "\u0301" * 9,
    "#",
    "@",
    "<",
    "`",
]
_LIKELY = [
    "war",
    "berlin",
    "the",
    "of",
    "mongolia",
    "1989",
    "-0044",
    "27 jan",
    "title:",
    "NEAR(a b, 5)",
    "a*",
    "''",
    '""',
]
LONGEST_RANDOM = 6_000


def random_texts(count: int, seed: int = SEED) -> Iterator[str]:
    """Anything that can be typed or pasted: all of Unicode, operators, NUL, up to 6,000 characters."""
    rng = random.Random(f"texts {seed}")
    for _ in range(count):
        length = int(LONGEST_RANDOM ** rng.random()) if rng.random() < 0.9 else rng.randint(1_000, LONGEST_RANDOM)
        yield _random_text(rng, length)[:LONGEST_RANDOM]


def _random_text(rng: random.Random, length: int) -> str:
    kind = rng.randrange(6)
    if kind == 0:  # any character but the halves of pairs, which no text in UTF-8 can hold
        return "".join(chr(n) for n in rng.choices(range(0x110000), k=length) if not 0xD800 <= n < 0xE000)
    if kind == 1:  # the characters of one script, as words
        start = rng.choice((0x20, 0xC0, 0x370, 0x400, 0x590, 0x900, 0xE00, 0x1100, 0x3040, 0x4E00, 0xAC00, 0x1F300))
        return "".join(chr(start + rng.randrange(96)) if rng.random() < 0.85 else " " for _ in range(length))
    if kind == 2:
        return "".join(rng.choices(_OPERATORS + _SIGNS, k=length))
    if kind == 3:
        return " ".join(rng.choices(_OPERATORS + _LIKELY, k=length // 4 + 1))
    if kind == 4:  # one thing again and again
        return rng.choice([*_OPERATORS, *_SIGNS, *_LIKELY, "a", "aa ", "ab"]) * length
    return "".join(rng.choices("etaoinshrdlucmfwypvbgkjqxz     ", k=length))


def folded_titles(corpus: Written) -> list[str]:
    """The titles as they are compared."""
    return [fold(title) for title in corpus.titles]

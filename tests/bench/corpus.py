"""Moments of a made-up history as JSON lines, with what is needed to ask about them: always the same for one seed.

Moments come in threads (a conflict, a life, a treaty and what followed) that share people, places, hashtags, words,
country and time. Which thread a moment belongs to stands in a file of its own, for no record may tell.
"""

import json
import random
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from bot.catalog.matching import fold
from bot.catalog.moment import CATEGORIES
from bot.catalog.slugs import slug_from_hashtag, slug_from_title
from tests.bench.names import (
    BODIES,
    COUNTRIES,
    ERAS,
    EVENTS,
    FEATS,
    FORCES,
    MATTERS,
    OFFICES,
    ORDINALS,
    PACTS,
    SUBJECTS,
    Country,
    Language,
)

SEED = 1815
MOMENTS_A_THREAD = 8
LONGEST_HASHTAG = 50
_COUNTRY_SUMS = list(accumulate(1 / (place + 8) for place in range(len(COUNTRIES))))
_ERA_SUMS = list(accumulate(1 / (place + 3) for place in range(len(ERAS))))


@dataclass(frozen=True, slots=True)
class Thread:
    """What moments that belong together have in common."""

    home: Country
    other: Country
    year: int
    people: list[str]
    places: list[str]
    hashtag: str
    categories: list[str]
    words: list[str]


def _thread(rng: random.Random, language: Language) -> Thread:
    home, other = rng.choices(COUNTRIES, cum_weights=_COUNTRY_SUMS, k=2)
    if other is home:
        other = COUNTRIES[(COUNTRIES.index(home) + 7) % len(COUNTRIES)]
    year = 2015 - int(min(2600, rng.expovariate(1 / 160) ** 1.15))
    people = [f"{rng.choice(language.given)} {rng.choice(language.surnames)}" for _ in range(3)]
    places = rng.sample(language.places, 3)
    hashtags = (
        camel(f"{home.name} {other.name} {rng.choice(PACTS)}"),
        camel(f"{home.adjective} {rng.choice(EVENTS)} of {abs(year)}"),
        camel(f"{rng.choice(FORCES)} of {people[0]}"),
        camel(f"{rng.choice(EVENTS)} in {places[0]}"),
    )
    telling = [language.words[int(rng.triangular(300, 15_000, 2_000))] for _ in range(24)]
    return Thread(home, other, year, people, places, rng.choice(hashtags), rng.sample(CATEGORIES, 2), telling)


def camel(text: str) -> str:
    """Words as one hashtag, as many as it may hold."""
    words = ["".join(char for char in word if char.isalnum()) for word in text.replace("-", " ").split()]
    while len(words) > 1 and sum(map(len, words)) > LONGEST_HASHTAG:
        words.pop()
    return "".join(word[:1].upper() + word[1:] for word in words)[:LONGEST_HASHTAG]


def _another(rng: random.Random, people: list[str], who: str) -> str:
    return rng.choice([one for one in people if one != who] or people)


Form = Callable[[random.Random, Thread, str, str, str], str]
# Each makes a title of chance, a thread, one of its people, one of its places and a year.
FORMS: tuple[Form, ...] = (
    lambda r, t, who, where, year: f"{who} is elected {r.choice(OFFICES)} of {t.home.name}",
    lambda r, t, who, where, year: f"{t.home.name} and {t.other.name} sign a {r.choice(PACTS)} treaty at {where}",
    lambda r, t, who, where, year: f"Treaty of {where} ends the {r.choice(ORDINALS)} {t.home.adjective} War",
    lambda r, t, who, where, year: f"{t.home.adjective} {r.choice(BODIES)} votes for {r.choice(MATTERS)} in {year}",
    lambda r, t, who, where, year: f"{who} lifts the siege of {where}",
    lambda r, t, who, where, year: f"The {t.home.adjective} {r.choice(EVENTS)} of {year}",
    lambda r, t, who, where, year: f"{r.choice(ORDINALS)} {t.home.adjective} {r.choice(FORCES)} reaches {where}",
    lambda r, t, who, where, year: f"Great fire of {where}, {year}",
    lambda r, t, who, where, year: f"{_another(r, t.people, who)} and {who} meet in {where}",
    lambda r, t, who, where, year: f"{who} publishes the {r.choice(ORDINALS)} {t.home.adjective} {r.choice(SUBJECTS)}",
    lambda r, t, who, where, year: f"The {r.choice(FEATS)} of {where} opens",
    lambda r, t, who, where, year: f"{t.other.adjective} {r.choice(FORCES)} under {who} leaves {where}",
    lambda r, t, who, where, year: f"Earthquake of {year} in {where}, {t.home.name}",
    lambda r, t, who, where, year: f"{who} dies in {where}",
    lambda r, t, who, where, year: f"{r.choice(ORDINALS)} Congress of {where}",
    lambda r, t, who, where, year: f"{t.home.name} recognises {t.other.name} in {year}",
)  # fmt: skip


def _date(rng: random.Random, year: int) -> str | None:
    text = f"{year:04}" if year >= 0 else f"-{-year:04}"
    kind = rng.random()
    if kind < 0.02:
        return None
    if kind < 0.08:
        return text + rng.choice(("", "~"))
    day = f"{text}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return f"{day}/{text}-12-31" if kind < 0.1 else day


def _body(rng: random.Random, language: Language, thread: Thread, names: list[str], count: int) -> str:
    words = rng.choices(language.words, cum_weights=language.sums, k=count)
    for place in range(rng.randrange(12), count, 12):
        words[place] = rng.choice(thread.words)
    for place in range(rng.randrange(1, 25), count, 25):
        words[place] = rng.choice(names)
    sentences = []
    start = 0
    while start < count:
        end = start + rng.randint(7, 21)
        sentence = " ".join(words[start:end])
        sentences.append(sentence[0].upper() + sentence[1:] + ".")
        start = end
    return " ".join(sentences)


class Corpus:
    """Makes the records of `count` moments, in order, each with the number of its thread."""

    def __init__(self, count: int, words: int, seed: int = SEED) -> None:
        self.count, self.words, self.seed = count, words, seed
        self.language = Language(seed, count)
        self._used: set[str] = set()  # slugs and folded titles

    def __iter__(self) -> Iterator[tuple[dict[str, Any], int]]:
        rng = random.Random(f"moments {self.seed} {self.count} {self.words}")
        threads = [_thread(rng, self.language) for _ in range(max(1, self.count // MOMENTS_A_THREAD))]
        for _ in range(self.count):
            number = rng.randrange(len(threads))
            yield self._record(rng, threads[number]), number

    def _record(self, rng: random.Random, thread: Thread) -> dict[str, Any]:
        year = thread.year + round(rng.gauss(0, 3))
        title, who, where = self._title(rng, thread, year)
        own = camel(" ".join(title.split()[: rng.randint(4, 6)]))
        tags = [own] if rng.random() < 0.75 else []
        for tag, chance in ((thread.hashtag, 0.75), (camel(who), 0.35), (camel(where + " history"), 0.15)):
            tags += [tag] if rng.random() < chance else []
        tags += rng.choices(ERAS, cum_weights=_ERA_SUMS) if rng.random() < 0.5 else []
        tags = list({fold(tag): tag for tag in tags}.values())
        first, second = (thread.home, thread.other) if rng.random() < 0.9 else (thread.other, thread.home)
        names = [*thread.people, *thread.places, first.name, first.adjective, second.name, str(abs(year))]
        return {
            "slug": self._slug(own if own in tags and len(title) % 2 else "", title),
            "title": title,
            "date": _date(rng, year),
            "countries": [first.code, second.code] if rng.random() < 0.5 else [first.code],
            "categories": thread.categories[: rng.randint(1, 2)],
            "hashtags": tags,
            "top": rng.random() < 0.03,
            "body": _body(rng, self.language, thread, names, self.words),
            "editor": "The editors",
            "published": "2026-01-02",
            "sources": [{"title": f"Annals, volume {rng.randint(1, 90)}", "url": "https://example.org/annals"}],
        }

    def _title(self, rng: random.Random, thread: Thread, year: int) -> tuple[str, str, str]:
        """A title, the person and the place; mostly one that no other moment has."""
        for _ in range(8):
            who, where = rng.choice(thread.people), rng.choice(thread.places)
            said = f"{year}" if year > 0 else f"{-year} BC"
            title = rng.choice(FORMS)(rng, thread, who, where, said)
            if (key := fold(title)) not in self._used:
                break
        self._used.add(key)
        return title, who, where

    def _slug(self, hashtag: str, title: str) -> str:
        """Of a hashtag, or else of the title."""
        number = 2
        free = slug = (slug_from_hashtag(hashtag) or slug_from_title(title))[:72].strip("-")
        while free in self._used:
            free, number = f"{slug}-{number}", number + 1
        self._used.add(free)
        return free


@dataclass(frozen=True, slots=True)
class Written:
    """A corpus as files: its moments by number from 0, without reading them all into memory."""

    content: Path
    slugs: list[str]
    titles: list[str]
    threads: "array[int]"
    offsets: "array[int]"

    def record(self, number: int) -> dict[str, Any]:
        with self.content.open("rb") as file:
            file.seek(self.offsets[number])
            found: dict[str, Any] = json.loads(file.readline())
            return found

    def __len__(self) -> int:
        return len(self.slugs)


def write(corpus: Corpus, folder: Path) -> None:
    """Write `moments.jsonl`, and beside it the list of slugs, titles and threads that `read` reads."""
    threads, offsets = array("I"), array("Q")
    place = 0
    with (folder / "moments.jsonl").open("wb") as content, (folder / "names.tsv").open("w", encoding="utf-8") as names:
        for record, thread in corpus:
            line = json.dumps(record, ensure_ascii=False).encode() + b"\n"
            content.write(line)
            names.write(f"{record['slug']}\t{record['title']}\n")
            threads.append(thread)
            offsets.append(place)
            place += len(line)
    (folder / "threads.bin").write_bytes(threads.tobytes())
    (folder / "offsets.bin").write_bytes(offsets.tobytes())


def read(folder: Path) -> Written:
    """What `write` has written."""
    lines = (folder / "names.tsv").read_text("utf-8").splitlines()
    slugs, titles = zip(*(line.split("\t") for line in lines), strict=True)
    threads, offsets = (
        array(kind, (folder / name).read_bytes()) for kind, name in (("I", "threads.bin"), ("Q", "offsets.bin"))
    )
    return Written(folder / "moments.jsonl", list(slugs), list(titles), threads, offsets)

"""The parts of the benchmark: each asks a catalogue, checks the answers and says how long they took."""

import hashlib
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.catalog import Query
from bot.catalog.matching import fold
from tests.bench import child, corpus
from tests.bench.child import TODAY, Figures
from tests.bench.names import Language
from tests.bench.questions import (
    REORDERED,
    SEED,
    TOP,
    TYPOS,
    Searches,
    Tagged,
    Titles,
    Typed,
    Wanted,
    at_best,
    fits,
    folded_titles,
    hashtag_questions,
    random_texts,
    thread_questions,
)
from tests.bench.timing import Timed, Times, timed

ROUNDS = 3
# Files of bot/catalog that change nothing in the file that is built.
_ASKING = frozenset({"catalog", "complete", "edition", "exports", "guess", "imports", "lookup", "names", "page",
                     "pages", "query", "reader", "records", "related", "search", "shuffle", "terms",
                     "__init__"})  # fmt: skip
# A way to look up: the positions of the titles that it offers, best first.
LookUp = Callable[[str], list[int]]
_CATALOG = Path(__file__).parents[2] / "bot" / "catalog"


@dataclass(slots=True)
class Ground:
    """A corpus and its catalogue, ready to be asked."""

    size: int
    folder: Path
    catalog: Path
    built: Figures
    corpus: corpus.Written
    folded: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.folded = folded_titles(self.corpus)

    def rng(self, purpose: str) -> random.Random:
        return random.Random(f"{purpose} {SEED} {self.size}")


def words_each(size: int) -> int:
    """How long the texts are."""
    return 80 if size >= 1_000_000 else 300


def prepare(size: int, folder: Path, *, again: bool = False) -> Ground:
    """A corpus and its catalogue, kept in a folder for the next time; `again` builds the catalogue anew."""
    here = Path(__file__).parent
    made_by = _digest([here / "corpus.py", here / "names.py"])
    place = folder / f"{size}-{corpus.SEED}-{made_by}"
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "offsets.bin").exists():  # the last that is written
        corpus.write(corpus.Corpus(size, words_each(size)), place)
    built_by = _digest(sorted(one for one in _CATALOG.iterdir() if one.is_file() and one.stem not in _ASKING))
    catalog, figures = place / f"{built_by}.db", place / f"{built_by}.json"
    if again or not figures.exists():
        for old in place.glob("*.db"):
            old.unlink()
        figures.write_text(json.dumps(child.run("build", place / "moments.jsonl", catalog)), "utf-8")
    return Ground(size, place, catalog, json.loads(figures.read_text("utf-8")), corpus.read(place))


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


@dataclass(slots=True)
class Outcome:
    """What one way to look up has answered: recall by kind, and ms by kind, one list a round."""

    recall: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    rounds: list[dict[str, list[float]]] = field(default_factory=list)
    awaited: list[list[float]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)  # what was asked and not found, as a person can read it

    def add(self, kind: str, share: float, question: object) -> None:
        """How much of what is right was found."""
        self.recall[kind].append(share)
        if share < 1:
            self.missed.append(f"{share:.2f} {question}")

    def share(self, kind: str) -> float:
        found = self.recall[kind]
        return sum(found) / len(found)

    def times(self, kinds: Iterable[str]) -> Times:
        chosen = list(kinds)
        return Times.of([[took for kind in chosen for took in one[kind]] for one in self.rounds])


@dataclass(slots=True)
class Completed:
    """What was found for titles, by us and by each peer; `same` is ours on the questions that a peer had time for.

    `at_best` is the recall of words in another order that chance allows; `reordered` that of `more` such questions, and
    by whom: '' is chance.
    """

    ours: Outcome
    peers: dict[str, Outcome]
    same: dict[str, Outcome]
    kinds: list[str]
    at_best: float
    more: int
    reordered: dict[str, float]


async def complete(
    ground: Ground, peers: dict[str, LookUp], *, each: int = 200, seconds: float = 25, more: int = 2_000
) -> Completed:
    """Completion of titles, `each` questions of every kind; each peer answers for so many seconds.

    Where several titles have the words that were typed, luck decides which are shown: `more` questions of that kind
    tell how well a peer does that had time for all of the others and found some of these.
    """
    questions = Titles(ground.folded, ground.rng("titles")).questions(each)
    kinds = list(dict.fromkeys(one.kind for one in questions))
    async with timed(ground.catalog) as asked:
        ours = await _completed(asked, questions, ROUNDS)
        found: dict[str, Outcome] = {}
        same: dict[str, Outcome] = {}
        for name, peer in peers.items():
            found[name], count = _of_peer(peer, ground.folded, questions, seconds, least=3 * len(kinds))
            same[name] = ours if count == len(questions) else await _completed(asked, questions[:count], ROUNDS)
        able = {name: peer for name, peer in peers.items() if same[name] is ours and found[name].share(REORDERED)}
        reordered = await _reordered(asked, ground, able, more)
    few = [one for one in questions if one.kind == REORDERED]
    return Completed(ours, found, same, kinds, at_best(ground.folded, few), more, reordered)


async def _reordered(asked: Timed, ground: Ground, peers: dict[str, LookUp], count: int) -> dict[str, float]:
    """The recall of words in another order: what chance allows as '', ours as 'Moments', and that of each peer."""
    questions = Titles(ground.folded, ground.rng("another order")).reordered(count)
    ours = await _completed(asked, questions, rounds=1)
    found = {"": at_best(ground.folded, questions), "Moments": ours.share(REORDERED)}
    for name, peer in peers.items():
        outcome, _ = _of_peer(peer, ground.folded, questions, 0, least=count)
        found[name] = outcome.share(REORDERED)
    return found


async def _completed(asked: Timed, questions: Sequence[Typed], rounds: int) -> Outcome:
    outcome = Outcome()
    for number in range(rounds):
        asked.clear()
        for one in questions:
            choices = await asked.ask(asked.catalog.complete(one.text, today=TODAY))
            if number == 0:
                offered = [(fold(choice.title), fold(choice.slug)) for choice in choices[:TOP]]
                outcome.add(one.kind, one.recall(offered), f"{one.kind}: {one.text!r} for {one.meant!r}")
        outcome.rounds.append(_by_kind([one.kind for one in questions], asked.inside))
        outcome.awaited.append(asked.outside)
    return outcome


def _by_kind(kinds: Sequence[str], times: Sequence[float]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for kind, took in zip(kinds, times, strict=True):
        found[kind].append(took)
    return found


def _of_peer(
    peer: LookUp, folded: list[str], questions: Sequence[Typed], seconds: float, *, least: int
) -> tuple[Outcome, int]:
    outcome = Outcome()
    times: list[float] = []
    end = time.perf_counter() + seconds
    for one in questions:
        if len(times) >= least and time.perf_counter() > end:
            break
        began = time.perf_counter()
        places = peer(one.text)
        times.append((time.perf_counter() - began) * 1000)
        outcome.recall[one.kind].append(one.recall([(folded[place],) for place in places[:TOP]]))
    outcome.rounds.append(_by_kind([one.kind for one in questions[: len(times)]], times))
    return outcome, len(times)


def search_questions(ground: Ground, each: int) -> list[Wanted]:
    """Searches of the texts, `each` of every kind."""
    language = Language(corpus.SEED, 0)  # the words are the same for any number of moments
    ranks = {word: rank for rank, word in enumerate(language.words)}
    return Searches(ground.corpus, ranks, ground.rng("searches")).questions(each)


async def search(ground: Ground, *, each: int = 100) -> Outcome:
    """Searches; recall is the share of right answers."""
    questions = search_questions(ground, each)
    outcome = Outcome()
    async with timed(ground.catalog) as asked:
        for one in questions:
            outcome.add(one.kind, await _is_right(asked, one), one)
        for _ in range(ROUNDS):
            asked.clear()
            for one in questions:
                await asked.ask(asked.catalog.search(one.query))
            outcome.rounds.append(_by_kind([one.kind for one in questions], asked.inside))
            outcome.awaited.append(asked.outside)
    return outcome


async def _is_right(asked: Timed, wanted: Wanted) -> float:
    """Whether all that is found fits, and the moment is there unless there are more than a page; what was meant by a
    misspelt word must be what the results are for, or be suggested.
    """
    page = await asked.catalog.search(wanted.query, size=25)
    if wanted.meant:
        return float(any(wanted.meant in text for text in (page.meant, *page.suggestions)))
    fitting = all(fits(wanted.query, hit.moment) for hit in page.items)
    there = page.total > 25 or wanted.slug in {hit.moment.slug for hit in page.items}
    return float(fitting and there)


async def hashtags(ground: Ground, *, each: int = 200) -> Outcome:
    """Completion of hashtags."""
    questions: list[Tagged] = hashtag_questions(ground.corpus, ground.rng("hashtags"), each)
    outcome = Outcome()
    async with timed(ground.catalog) as asked:
        for number in range(ROUNDS):
            asked.clear()
            for one in questions:
                choices = await asked.ask(asked.catalog.complete_hashtag(one.text))
                if number == 0:
                    offered = {choice.value.lower() for choice in choices[:TOP]}
                    outcome.add(one.kind, float(one.hashtag.lower() in offered), one)
            outcome.rounds.append(_by_kind([one.kind for one in questions], asked.inside))
    return outcome


async def related(ground: Ground, *, count: int = 300) -> Outcome:
    """'More like this': how many of the ten are of the same thread."""
    questions = thread_questions(ground.corpus, ground.rng("related"), count)
    outcome = Outcome()
    async with timed(ground.catalog) as asked:
        for number in range(ROUNDS):
            asked.clear()
            for slug, others in questions:
                found = await asked.ask(asked.catalog.related(slug, limit=10))
                if number == 0:
                    right = len(others & {moment.slug for moment in found})
                    outcome.add("related", right / min(10, len(others)), slug)
            outcome.rounds.append({"related": asked.inside})
    return outcome


SUSPICIOUS = 20.0  # ms; what takes longer is asked again, for the machine may have been busy


async def random_strings(ground: Ground, *, count: int = 10_000, seconds: float = 60) -> Figures:
    """The most ms that one of many random strings takes, the best of three, and how many are errors: there is none.

    If they take longer than so many seconds, some are not asked; the figures say how many were.
    """
    figures: Figures = {}
    async with timed(ground.catalog) as asked:
        catalog = asked.catalog
        for name, ask in (
            ("complete", lambda text: catalog.complete(text, today=TODAY)),
            ("search", lambda text: catalog.search(Query(text))),
        ):
            slowest, errors, tried = 0.0, 0, 0
            end = time.perf_counter() + seconds
            for text in random_texts(count):
                asked.clear()
                tried += 1
                try:
                    await asked.ask(ask(text))
                    while asked.inside[-1] > SUSPICIOUS and len(asked.inside) < 3:
                        await asked.ask(ask(text))
                except Exception:  # noqa: BLE001 - whatever it is, it is counted, and the other figures are wanted too
                    errors += 1
                slowest = max(slowest, min(asked.inside, default=0.0))
                if time.perf_counter() > end:
                    break
            figures[f"slowest random string, {name}, ms"] = slowest
            figures[f"random strings asked, {name}"] = tried
            figures[f"errors among them, {name}"] = errors
    return figures


def mixed(ground: Ground) -> Path:
    """A file of what people type: two in three the start of a title, one in ten a search (with '/' in front)."""
    rng = ground.rng("mix")
    pools: dict[str, list[str]] = defaultdict(list)
    for one in Titles(ground.folded, rng).questions(2_000):
        pools["typo" if one.kind in TYPOS else one.kind].append(one.text)
    pools["search"] = [f"/{one.query.text}" for one in search_questions(ground, 60)]
    weights = {"prefix": 60, "substring": 10, "typo": 15, "words in another order": 3, "missing space": 2, "search": 10}
    kinds = rng.choices(list(weights), weights=list(weights.values()), k=4_000)
    path = ground.folder / "mix.json"
    path.write_text(json.dumps([rng.choice(pools[kind]) for kind in kinds]), "utf-8")
    return path


def load(ground: Ground) -> Figures:
    """How late the event loop is under a steady load, and how many answers a second there are at most."""
    return child.run("load", ground.catalog, mixed(ground))


def memory(ground: Ground) -> Figures:
    """What an open catalogue takes."""
    return child.run("memory", ground.catalog, mixed(ground))

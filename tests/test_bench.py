"""The benchmark runs: a small corpus, a few questions, right answers. It says nothing about time."""

import random

import pytest

from bot.catalog import Query
from bot.catalog.moment import Moment
from tests.bench import measure, tables
from tests.bench.corpus import Corpus
from tests.bench.measure import Ground
from tests.bench.questions import NEIGHBOURS, TYPOS, Typed, fits, random_texts, typo
from tests.bench.timing import Times, percentile

SIZE = 100


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("bench")
    made = measure.prepare(SIZE, folder)
    assert measure.prepare(SIZE, folder).catalog.stat().st_mtime_ns == made.catalog.stat().st_mtime_ns  # not again
    return made


def test_one_seed_makes_one_corpus() -> None:
    first, again, other = (list(Corpus(20, 80, seed)) for seed in (1, 1, 2))
    assert first == again
    assert [record["title"] for record, _ in first] != [record["title"] for record, _ in other]
    for record, _ in first:
        Moment.from_record(record)  # raises what is wrong


def test_a_typo_is_one_slip_and_no_other_year() -> None:
    rng = random.Random(5)
    for _ in range(300):
        typed = typo(rng, "treaty of 1648")
        assert typed != "treaty of 1648"
        assert "1648" in typed
        assert abs(len(typed) - len("treaty of 1648")) <= 1
    assert set(NEIGHBOURS["g"]) == set("fhtyvb")


def test_recall_counts_what_is_right_of_what_is_possible() -> None:
    one = Typed("prefix", "war", "war", str.__eq__, possible=2)
    assert one.recall([("war", "a-war"), ("peace",)]) == 0.5
    assert one.recall([("peace",)] * 5 + [("war",)]) == 0  # the sixth is too late
    assert percentile(range(1, 101), 50) == 51
    assert Times.of([[1.0], [3.0], [2.0]]).p99 == 2.0


async def test_titles_are_completed_and_a_peer_beside(ground: Ground) -> None:
    def first_letter(text: str) -> list[int]:
        return [place for place, title in enumerate(ground.folded) if title[0] == text[0]]

    found = await measure.complete(ground, {tables.WRATIO: first_letter}, each=3, seconds=5, more=20)
    assert found.kinds[:3] == ["exact", "prefix", "substring"]
    assert set(TYPOS) < set(found.kinds)
    assert min(found.ours.share(kind) for kind in found.kinds) > 0.6
    assert found.peers[tables.WRATIO].share("substring") < 1
    assert found.at_best == 1
    assert found.reordered["Moments"] == found.reordered[""] == 1
    assert found.ours.times(found.kinds).p99 > 0
    assert "| two typos | 1.000 |" in tables.complete(found)


async def test_searches_hashtags_and_threads_have_right_answers(ground: Ground) -> None:
    searched = await measure.search(ground, each=2)
    assert min(searched.share(kind) for kind in searched.recall) >= 0.5
    assert "| phrase | 1.000 |" in tables.outcome("search", searched)
    tagged = await measure.hashtags(ground, each=3)
    assert tagged.share("exact, any case") == 1
    related = await measure.related(ground, count=5)
    assert related.share("related") > 0.7


def test_filters_are_checked(ground: Ground) -> None:
    record = ground.corpus.record(3)
    moment = Moment.from_record(record | {"date": "1911-10-10"})
    assert record["slug"] == ground.corpus.slugs[3]
    assert fits(Query(country=moment.countries[0], since="1911", until="1911-10-10"), moment)
    assert not fits(Query(country="XX"), moment)
    assert not fits(Query(since="1912", until="1913"), moment)


def test_random_texts_are_the_same_each_time_and_of_all_kinds() -> None:
    texts = list(random_texts(400))
    assert texts == list(random_texts(400))
    assert max(map(len, texts)) == 6_000
    letters = set("".join(texts))
    assert {"\0", '"', "*", "\u202e"} < letters
    assert max(letters) > "\U000f0000"


def test_what_misses_its_goal_is_bold() -> None:
    shown = tables.summary({10_000: {"recall@5, prefix": 0.9, "search, p50 ms": 0.4, "file, MB": 3.0}})
    assert "**0.900** (≥ 1)" in shown
    assert "| 0.40 (≤ 0.6) |" in shown
    assert "| file, MB | 3.0 |" in shown

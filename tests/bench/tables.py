"""The figures as Markdown tables, beside what they should be."""

from collections.abc import Iterable, Sequence

from tests.bench.measure import Completed, Outcome
from tests.bench.questions import TYPOS
from tests.bench.timing import milliseconds

SIZES = (10_000, 100_000, 1_000_000)
OURS = "Moments"
WRATIO = "rapidfuzz WRatio"
# What each figure should be at 10,000, 100,000 and 1,000,000 moments on two cores: at least (recall and answers a
# second) or at most (times and memory).
AT_LEAST: dict[str, tuple[float, ...]] = {
    "recall@5, prefix": (1.0, 1.0, 1.0),
    "recall@5, substring": (0.98, 0.97, 0.96),
    "recall@5, one typo": (0.99, 0.99, 0.97),
    "recall@5, two typos": (0.99, 0.99, 0.97),
    "recall@5, half typed, one typo": (0.98, 0.98, 0.95),
    "recall@5, half typed, two typos": (0.98, 0.98, 0.95),
    "recall@5, words in another order": (0.88, 0.82, 0.78),
    "recall@5, missing space": (0.98, 0.97, 0.95),
    "answers a second, 100 clients": (3_000, 2_600, 700),
    "times as fast as WRatio, p50": (0, 200, 0),
    "hashtags, recall@5 exact, any case": (0, 0.99, 0),
    "hashtags, recall@5 one typo": (0, 0.97, 0),
    "hashtags, recall@5 two typos": (0, 0.97, 0),
    "related, recall@10": (0, 0.93, 0),
}
AT_MOST: dict[str, tuple[float, ...]] = {
    "complete, p50 ms": (0.6, 0.8, 2),
    "complete, p99 ms": (3, 5, 25),
    "complete, typos alone, p50 ms": (0.9, 1.2, 4),
    "search, p50 ms": (0.6, 1, 2),
    "search, p99 ms": (8, 15, 40),
    "loop lag at 200 questions/s, p99 ms": (2, 3, 5),
    "memory above an empty bot, MB": (15, 40, 150),
    "build, s": (8, 80, 600),
    "memory of the build, MB": (1024, 1024, 1024),
    "hashtags, p99 ms": (0, 10, 0),
    "related, p50 ms": (0, 6, 0),
    "slowest random string, complete, ms": (50, 50, 50),
    "slowest random string, search, ms": (50, 50, 50),
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def complete(found: Completed) -> str:
    """How many of the right titles are among the first five, and how long that takes, beside the peers."""
    columns: dict[str, Outcome] = {OURS: found.ours} | found.peers
    for name, ours in found.same.items():
        if ours is not found.ours:
            columns[f"{OURS}, {name}’s questions"] = ours
    groups = {kind: [kind] for kind in found.kinds} | {"all": found.kinds, "typos alone": list(TYPOS)}
    asked = ["questions of a kind", *(f"{len(one.recall['exact']):,}" for one in columns.values())]
    recall = [[kind, *(f"{one.share(kind):.3f}" for one in columns.values())] for kind in found.kinds]
    times = [[name, *(str(one.times(kinds)) for one in columns.values())] for name, kinds in groups.items()]
    return "\n\n".join(
        (
            table(["complete: recall@5", *columns], [asked, *recall]),
            "More than five titles may have all the words: picking five of those at random would have a recall@5 of "
            f"{found.at_best:.3f} for words in another order. Of {found.more:,} more such questions: "
            + ", ".join(f"{name or 'at random'} {share:.3f}" for name, share in found.reordered.items())
            + ".",
            table(["complete: p50 / p99 ms", *columns], times),
        )
    )


def outcome(name: str, found: Outcome, *, recall: str = "recall@5") -> str:
    """How often the answers are right, and how long they take."""
    kinds = list(found.recall)
    rows = [[kind, f"{found.share(kind):.3f}", str(found.times([kind]))] for kind in kinds]
    if len(kinds) > 1:
        rows.append(["all", "", str(found.times(kinds))])
    return table([name, recall, "p50 / p99 ms"], rows)


def summary(figures: dict[int, dict[str, float]]) -> str:
    """Every figure at each size, beside what it should be."""
    names = [name for name in (*AT_LEAST, *AT_MOST) if any(name in one for one in figures.values())]
    others = [name for name in dict.fromkeys(name for one in figures.values() for name in one) if name not in names]
    head = ["", *(f"{size:,}" for size in figures)]
    return table(head, [[name, *(_cell(name, size, one) for size, one in figures.items())] for name in names + others])


def _cell(name: str, size: int, figures: dict[str, float]) -> str:
    if name not in figures:
        return ""
    value = figures[name]
    shown = f"{value:.3f}" if "recall" in name else f"{value:,}" if isinstance(value, int) else milliseconds(value)
    if size not in SIZES:
        return shown
    least, most = (goals.get(name, (0, 0, 0))[SIZES.index(size)] for goals in (AT_LEAST, AT_MOST))
    if not least and not most:
        return shown
    goal, met = (f"≥ {least:,g}", value >= least) if least else (f"≤ {most:,g}", value <= most)
    return f"{shown} ({goal})" if met else f"**{shown}** ({goal})"

"""`make bench`: how good and how fast the look-ups are, beside others, and what the process takes.

Ratios within one run say more than absolute numbers: machines differ, and other work runs on them.
"""

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from pathlib import Path

from bot.catalog import Catalog
from tests.bench import measure, tables
from tests.bench.measure import Ground, Outcome
from tests.bench.questions import TYPOS
from tests.bench.timing import Times

PARTS = ("build", "complete", "search", "hashtags", "related", "load", "memory", "random", "start")
Figures = dict[str, float]
Measured = tuple[Figures, Outcome | None]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the look-ups.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="moments in the catalogue")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, with commas: " + ", ".join(PARTS))
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "moments-bench",
        help="where corpora and catalogues are kept for the next run",
    )
    parser.add_argument("--again", action="store_true", help="build the catalogues again")
    parser.add_argument("--missed", action="store_true", help="list the questions whose answers were not all right")
    found = parser.parse_args()
    found.only = [part for part in found.only.split(",") if part]
    if unknown := set(found.only) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return found


def say(text: str) -> None:
    """What goes on, for whoever waits."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def measure_all(size: int, options: argparse.Namespace) -> Figures:
    """The figures of one size; its tables are printed."""
    say(f"{size:,} moments: making what is not there yet ...")
    ground = measure.prepare(size, options.folder, again=options.again)
    print(f"\n## {size:,} moments of {measure.words_each(size)} words\n", flush=True)
    gc.freeze()  # collecting what is here for all the time would take longer than some of the answers
    figures: Figures = {}
    for part, run in RUNS.items():
        if part in options.only:
            say(f"{size:,} moments: {part} ...")
            found, outcome = run(ground)
            figures |= found
            if options.missed and outcome:
                print("\n".join(outcome.missed), file=sys.stderr)
    gc.unfreeze()
    return figures


def run_build(ground: Ground) -> Measured:
    built = ground.built
    return {"build, s": built["seconds"], "memory of the build, MB": built["most"], "file, MB": built["file"]}, None


def run_complete(ground: Ground) -> Measured:
    from tests.bench.peers import peers  # what they need is installed for the benchmark only

    found = asyncio.run(measure.complete(ground, peers(ground.folded)))
    print(tables.complete(found), "\n", flush=True)
    ours, kinds = found.ours, found.kinds
    every, slips = ours.times(kinds), ours.times(TYPOS)
    awaited = Times.of(ours.awaited)
    same, theirs = (one[tables.WRATIO].times(kinds).p50 for one in (found.same, found.peers))
    figures = {f"recall@5, {kind}": ours.share(kind) for kind in kinds} | {
        "complete, p50 ms": every.p50,
        "complete, p99 ms": every.p99,
        "complete, typos alone, p50 ms": slips.p50,
        "complete, awaited, p50 ms": awaited.p50,
        "complete, awaited, p99 ms": awaited.p99,
        "times as fast as WRatio, p50": theirs / same,
    }
    return figures, ours


def run_search(ground: Ground) -> Measured:
    found = asyncio.run(measure.search(ground))
    print(tables.outcome("search", found, recall="right"), "\n", flush=True)
    every, awaited = found.times(found.recall), Times.of(found.awaited)
    return {
        "search, p50 ms": every.p50,
        "search, p99 ms": every.p99,
        "search, awaited, p50 ms": awaited.p50,
        "search, awaited, p99 ms": awaited.p99,
    }, found


def run_hashtags(ground: Ground) -> Measured:
    found = asyncio.run(measure.hashtags(ground))
    print(tables.outcome("hashtags", found), "\n", flush=True)
    every = found.times(found.recall)
    shares = {f"hashtags, recall@5 {kind}": found.share(kind) for kind in found.recall}
    return shares | {
        "hashtags, p50 ms": every.p50,
        "hashtags, p99 ms": every.p99,
        "hashtags, distinct": asyncio.run(_distinct_hashtags(ground)),
    }, found


async def _distinct_hashtags(ground: Ground) -> int:
    async with Catalog.open(ground.catalog) as catalog:
        return (await catalog.stats()).hashtags


def run_related(ground: Ground) -> Measured:
    found = asyncio.run(measure.related(ground))
    times = found.times(["related"])
    return {
        "related, recall@10": found.share("related"),
        "related, p50 ms": times.p50,
        "related, p99 ms": times.p99,
    }, found


def run_load(ground: Ground) -> Measured:
    found = measure.load(ground)
    return {
        "loop lag at 200 questions/s, p99 ms": found["lag"],
        "loop lag at 200 questions/s, most, ms": found["lag_most"],
        "loop lag at rest, p99 ms": found["idle"],
        "answers a second, 100 clients": found["rate"],
    }, None


def run_memory(ground: Ground) -> Measured:
    found = measure.memory(ground)
    figures = {"memory above an empty bot, MB": found["own"], "the same with pages of the file, MB": found["resident"]}
    return figures, None


def run_random(ground: Ground) -> Measured:
    return asyncio.run(measure.random_strings(ground)), None


RUNS = {
    "build": run_build,
    "complete": run_complete,
    "search": run_search,
    "hashtags": run_hashtags,
    "related": run_related,
    "load": run_load,
    "memory": run_memory,
    "random": run_random,
}


def main() -> None:
    options = arguments()
    figures = {size: measure_all(size, options) for size in options.sizes if set(options.only) & set(RUNS)}
    if figures:
        print("\n## All sizes\n")
        print("What it should be is in parentheses; what misses it is bold. Times are those of the reading thread,")
        print("`awaited` those for the one who asks; medians of three rounds.\n")
        print(tables.summary(figures), flush=True)
    if "start" in options.only:
        say("start of the real process ...")
        from tests.bench import start  # what it needs is not needed for the rest

        print("\n" + tables.table(["the process", ""], start.figures()))


if __name__ == "__main__":
    main()

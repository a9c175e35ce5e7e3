"""What is measured in a process of its own, where nothing else takes memory or the loop: `python -m tests.bench.child`.

It is given a task and paths, and prints its figures as JSON.
"""

import asyncio
import datetime as dt
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from bot.catalog import Catalog, Query
from bot.catalog.build import build
from bot.catalog.countries import Countries
from bot.client import SECONDS_A_TURN
from bot.config import COUNTRIES
from tests.bench.timing import percentile

Figures = dict[str, float]
TODAY = dt.date(2026, 1, 27)
CLIENTS = 100
ASKED_A_SECOND = 200
SECONDS = 10
STEP = 0.001


def run(task: str, *paths: Path) -> Figures:
    """The figures of a task, from a process of its own."""
    command = [sys.executable, "-m", "tests.bench.child", task, *map(str, paths)]
    figures: Figures = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return figures


def memory() -> Figures:
    """MB of this process: in RAM now, of which no file holds a copy, and in RAM at most.

    Not `ru_maxrss`: that begins with what the parent had.
    """
    rows = (Path("/proc/self/smaps_rollup").read_text() + Path("/proc/self/status").read_text()).splitlines()
    sizes = {name: text.split()[0] for name, _, text in (row.partition(":") for row in rows) if text.strip()}
    names = {"resident": "VmRSS", "own": "Anonymous", "most": "VmHWM"}
    return {name: int(sizes[key]) / 1024 for name, key in names.items()}


def measure_build(content: Path, catalog: Path) -> Figures:
    countries = Countries.load(COUNTRIES)
    began = time.perf_counter()
    count = build([content], catalog, countries, now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    took = time.perf_counter() - began
    return {"moments": count, "seconds": took, "most": memory()["most"], "file": catalog.stat().st_size / 2**20}


async def measure_memory(path: Path, asked: list[str]) -> Figures:
    """What an open catalogue takes after 2,000 questions, above what the process took before it was opened."""
    gc.collect()
    before = memory()
    async with Catalog.open(path) as catalog:
        for text in asked[:2000]:
            await _ask(catalog, text)
        after = memory()
    return {name: after[name] - before[name] for name in ("resident", "own")}


async def _ask(catalog: Catalog, text: str) -> None:
    """One in ten of the texts is a search: it begins with '/'."""
    if text.startswith("/"):
        await catalog.search(Query(text[1:]))
    else:
        await catalog.complete(text, today=TODAY)


async def measure_load(path: Path, asked: list[str]) -> Figures:
    sys.setswitchinterval(SECONDS_A_TURN)  # as the bot does
    async with Catalog.open(path, remember=0) as catalog:
        for text in asked[:100]:
            await _ask(catalog, text)
        gc.collect()
        gc.freeze()
        idle = await _lag(_nothing)
        busy = [await _lag(lambda: _steadily(catalog, asked)) for _ in range(3)]
        typed = [text for text in asked if not text.startswith("/")]
        rates = [await _rate(catalog, typed) for _ in range(3)]
    return {
        "idle": percentile(idle, 99),
        "lag": sorted(percentile(one, 99) for one in busy)[1],
        "lag_most": sorted(max(one) for one in busy)[1],
        "rate": sorted(rates)[1],
    }


async def _lag(work: Callable[[], Coroutine[Any, Any, None]]) -> list[float]:
    """By how many ms each step of 1 ms came late while work was under way."""
    late = []
    under_way = asyncio.create_task(work())
    while not under_way.done():
        began = time.perf_counter()
        await asyncio.sleep(STEP)
        late.append((time.perf_counter() - began - STEP) * 1000)
    await under_way
    return late


async def _nothing() -> None:
    await asyncio.sleep(3)


async def _steadily(catalog: Catalog, asked: list[str]) -> None:
    """Questions at a steady rate, whether or not those before are answered."""
    async with asyncio.TaskGroup() as group:
        began = time.perf_counter()
        for number in range(SECONDS * ASKED_A_SECOND):
            await asyncio.sleep(max(0.0, began + number / ASKED_A_SECOND - time.perf_counter()))
            group.create_task(_ask(catalog, asked[number % len(asked)]))


async def _rate(catalog: Catalog, asked: list[str]) -> float:
    """Answers a second for a hundred clients that ask again as soon as they have their answer."""
    waiting = iter(asked)

    async def client() -> None:
        for text in waiting:
            await _ask(catalog, text)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return len(asked) / (time.perf_counter() - began)


def main() -> None:
    task, *names = sys.argv[1:]
    first, second = map(Path, names)
    if task == "build":
        figures = measure_build(first, second)
    else:
        measure = {"memory": measure_memory, "load": measure_load}[task]
        figures = asyncio.run(measure(first, json.loads(second.read_text("utf-8"))))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

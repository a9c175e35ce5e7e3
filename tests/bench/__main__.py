"""`make bench`: figures for the start and the memory of the real process, against the stand-in for Discord.

Ratios within one run say more than absolute numbers: machines differ, and other work runs on them.
"""

import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.catalog import Catalog, Query
from bot.catalog.moment import CATEGORIES
from tests.moments import record
from tests.wire.standin import StandIn, stand_in
from tests.wire.test_run import environment, process, stop

SEED = 4711
CODES = ["MN", "US", "DE", "FR", "IN", "CN", "JP", "BR", "ZA", "KE", "NG", "EG", "AU", "MX", "PE", "IT"]


def corpus(count: int, words_each: int = 300) -> Iterator[str]:
    """Moments of made-up words as JSON lines, the same for the same seed."""
    rng = random.Random(SEED)
    syllables = [a + b for a in "bcdfghjklmnprstvz" for b in "aeiou"]
    words = ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(20_000)]
    for number in range(count):
        title = " ".join(rng.choices(words, k=5)).capitalize()
        date = f"{rng.randint(1500, 2020)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        body = " ".join(rng.choices(words, k=words_each))
        more = {"categories": [rng.choice(CATEGORIES)], "hashtags": [f"Tag{number}", f"Era{number % 50}"], "body": body}
        yield json.dumps(record(f"moment-{number}", title, date, [rng.choice(CODES)], **more)) + "\n"


def resident(pid: int) -> float:
    """MB of memory that a process has in RAM."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


async def first_answer(discord: StandIn, home: Path, content: Path, number: int) -> tuple[float, float]:
    """Seconds from start to the first answer, and then the memory in MB."""
    began = time.perf_counter()
    async with process(environment(home, discord, MOMENTS_CONTENT=str(content)), home) as bot:
        identified = sum(entry[:2] == ("GW", 2) for entry in discord.log)
        await discord.until(lambda: sum(entry[:2] == ("GW", 2) for entry in discord.log) > identified, 600)
        await discord.slash(number, "random")
        took = time.perf_counter() - began
        await discord.slash(number + 100, "search", text="bana")
        await asyncio.sleep(4)  # discord.py waits 2 s for the last server before it is ready
        memory = resident(bot.pid)
        await stop(bot)
    return took, memory


async def start(folder: Path) -> None:
    content = folder / "content"
    content.mkdir()
    (content / "moments.jsonl").write_text("".join(corpus(10_000)), "utf-8")
    async with stand_in() as discord:
        began = time.perf_counter()
        await first_answer(discord, folder, content, 1)
        print(f"first start, with the build of 10,000 moments: {time.perf_counter() - began:.1f} s")
        later = [await first_answer(discord, folder, content, n) for n in range(2, 7)]
    times = [took for took, _ in later]
    print(f"start to first answer, 10,000 moments: median {statistics.median(times):.2f} s, worst {max(times):.2f} s")
    for count in (0, 1, 1000):
        async with stand_in(count) as discord:
            _, memory = await first_answer(discord, folder, content, 1)
            print(f"memory with {count:>5,} servers: {memory:.0f} MB")


async def questions(folder: Path) -> None:
    rng = random.Random(SEED)
    async with Catalog.open(folder / "catalog.db") as catalog:
        titles = [choice.title for n in range(60) for choice in await catalog.complete(f"moment {n}", limit=1)]
        typos = [title[:at] + title[at + 1 :] for title in titles for at in [rng.randrange(2, 20)]]
        for name, texts in (("prefix", [title[:8] for title in titles]), ("whole title", titles), ("typo", typos)):
            times = [await _timed(catalog.complete(text)) for text in texts]
            print(f"complete, {name}: median {statistics.median(times):.2f} ms, worst {max(times):.1f} ms")
        times = [await _timed(catalog.search(Query(title.split()[0]))) for title in titles]
        print(f"search, one word: median {statistics.median(times):.2f} ms, worst {max(times):.1f} ms")


async def _timed(question: object) -> float:
    began = time.perf_counter()
    await question  # type: ignore[misc]  # any awaitable
    return (time.perf_counter() - began) * 1000


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        await start(Path(name))
        await questions(Path(name))


if __name__ == "__main__":
    asyncio.run(main())

"""The start and the memory of the real process, against the stand-in for Discord."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.corpus import Corpus, write
from tests.wire.standin import StandIn, stand_in
from tests.wire.test_run import environment, process, stop

MOMENTS = 10_000


def resident(pid: int) -> float:
    """MB of memory that a process has in RAM."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


async def _first_answer(discord: StandIn, home: Path, content: Path, number: int) -> tuple[float, float]:
    """Seconds from start to the first answer, and then the memory in MB."""
    began = time.perf_counter()
    async with process(environment(home, discord, MOMENTS_CONTENT=str(content)), home) as bot:
        identified = sum(entry[:2] == ("GW", 2) for entry in discord.log)
        await discord.until(lambda: sum(entry[:2] == ("GW", 2) for entry in discord.log) > identified, 600)
        await discord.slash(number, "random")
        took = time.perf_counter() - began
        await discord.slash(number + 100, "search", text="war")
        await asyncio.sleep(4)  # discord.py waits 2 s for the last server before it is ready
        memory = resident(bot.pid)
        await stop(bot)
    return took, memory


async def _figures(folder: Path, content: Path) -> list[tuple[str, str]]:
    async with stand_in() as discord:
        began = time.perf_counter()
        await _first_answer(discord, folder, content, 1)
        rows = [(f"first start, with the build of {MOMENTS:,} moments", f"{time.perf_counter() - began:.1f} s")]
        times = [(await _first_answer(discord, folder, content, number))[0] for number in range(2, 7)]
    rows.append(("start to first answer, median", f"{statistics.median(times):.2f} s"))
    rows.append(("start to first answer, worst of 5", f"{max(times):.2f} s"))
    for count in (0, 1, 1000):
        async with stand_in(count) as discord:
            _, memory = await _first_answer(discord, folder, content, 1)
            rows.append((f"memory with {count:,} servers", f"{memory:.0f} MB"))
    return rows


def figures() -> list[tuple[str, str]]:
    """What is measured, and how much it is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = folder / "content"
        content.mkdir()
        write(Corpus(MOMENTS, 300), content)
        return asyncio.run(_figures(folder, content))

"""`python -m tests.bench.daily`: thousands of posts due in one minute, through Discord's limits, while people type."""

import argparse
import asyncio
import datetime as dt
import sys
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import update

from bot.daily.filters import Filters
from bot.daily.ledger import Ledger
from bot.daily.pace import A_SECOND
from bot.daily.roster import Roster, Settings
from bot.state.database import State
from bot.state.tables import schedule as schedules
from tests.bench.timing import percentile
from tests.wire.standin import as_json, stand_in
from tests.wire.storm import Bots, Stormy

CHANNELS_EACH = 4
GLOBAL_LIMIT = 50  # requests a second, as Discord has it
TYPED = ("mong", "mongola us rel", "war of", "indepndence", "1945", "treaty of", "япония", "first w")


class Limiting(Stormy):
    """A stand-in that takes 50 requests a second and answers each after 40 ms; `arrived` is when messages came."""

    def __init__(self, guilds: int) -> None:
        super().__init__(guilds)
        self.storm = False
        self.arrived: list[float] = []
        self.limited = 0
        self._recent: deque[float] = deque()

    async def take(self, request: web.Request, channel: str, body: dict[str, Any]) -> web.StreamResponse:
        now = time.monotonic()
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        if len(self._recent) >= GLOBAL_LIMIT:
            self.limited += 1
            answer = {"message": "slow down", "retry_after": 1.0, "global": True}
            return as_json(answer, 429, {"Via": "1.1 google", "X-RateLimit-Global": "true"})
        self._recent.append(now)
        await asyncio.sleep(0.04)
        return await super().take(request, channel, body)

    def keep(self, channel: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self.arrived.append(time.monotonic())
        return super().keep(channel, body)


def resident(pid: int) -> float:
    """MB of a process in RAM."""
    row = next(row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS"))
    return int(row.split()[1]) / 1024


async def posts(count: int) -> dict[str, float]:
    """So many schedules due in the same minute; figures of how they were posted."""
    servers = -(-count // CHANNELS_EACH)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        async with stand_in(servers, Limiting) as discord, await State.open(home / "state.db") as state:
            assert isinstance(discord, Limiting)
            due = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=25)
            roster = Roster(state.engine)
            for number in range(count):
                guild = discord.guilds[number // CHANNELS_EACH]
                channel = int(guild["channels"][number % CHANNELS_EACH]["id"])
                settings = Settings("Daily", channel, dt.time(0), "UTC", "en")
                await roster.add(int(guild["id"]), settings, by=77, now=due)
            async with state.engine.begin() as db:
                await db.execute(update(schedules).values(next_on=due.date(), next_at=due))
            bots = Bots(home, discord.api)
            await bots.start()
            await asyncio.sleep(max(0.0, (due - dt.datetime.now(dt.UTC)).total_seconds() - 3))
            pid = bots.running[0].pid
            before, most, answers = resident(pid), 0.0, []
            end = time.monotonic() + 3 + count / A_SECOND * 2
            number = 0
            while len(discord.arrived) < count and time.monotonic() < end:
                began, number = time.monotonic(), number + 1
                async with asyncio.timeout(20):
                    await discord.slash(number, "moment", typing=True, name=TYPED[number % len(TYPED)])
                answers.append((time.monotonic() - began) * 1000)
                most = max(most, resident(pid))
                await asyncio.sleep(0.03)
            sent = len(discord.arrived)
            took = discord.arrived[-1] - discord.arrived[0]
            await bots.stop()
            doubled = sum(len(messages) - 1 for messages in discord.channels.values())
    return {
        "due in one minute": count, "posted": sent, "posted twice": doubled, "429 answers": discord.limited,
        "posts a second": (sent - 1) / took, "share of the paced limit, %": 100 * (sent - 1) / took / A_SECOND,
        "autocomplete meanwhile, p50 ms": percentile(answers, 50),
        "autocomplete meanwhile, p99 ms": percentile(answers, 99),
        "memory grew by, MB": most - before,
    }  # fmt: skip


async def scan(count: int) -> dict[str, float]:
    """What looking for due schedules takes, with so many over the minutes of one day."""
    with tempfile.TemporaryDirectory() as folder:
        async with await State.open(Path(folder) / "state.db") as state:
            start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
            settings = Settings("Daily", 7, dt.time(9), "UTC", "en", filters=Filters())
            row = settings.values() | {"created_by": 5, "changed_at": start, "active": True, "next_on": start.date()}
            rows = [
                row | {"guild_id": 10**18 + n * 4_194_304, "next_at": start + dt.timedelta(minutes=n % 1440)}
                for n in range(count)
            ]
            async with state.engine.begin() as db:
                await db.execute(schedules.insert(), rows)
            roster, ledger, times = Roster(state.engine), Ledger(state.engine), []
            for n in range(200):
                began = time.perf_counter()
                await roster.due(start - dt.timedelta(seconds=1) + dt.timedelta(minutes=n % 2), 151)
                await ledger.extras_due(start)
                times.append((time.perf_counter() - began) * 1000)
    return {"schedules on one day": count, "a look for what is due, p50 ms": percentile(times, 50),
            "a look for what is due, p99 ms": percentile(times, 99)}  # fmt: skip


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.daily")
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--schedules", type=int, default=50_000)
    options = parser.parse_args()
    print("| daily posts | |\n|---|--:|")
    for figures in (await scan(options.schedules), await posts(options.posts)):
        for name, value in figures.items():
            shown = f"{value:,}" if isinstance(value, int) else f"{value:.1f}"
            print(f"| {name} | {shown} |", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
    sys.exit(0)

"""A storm: the real bot over real sockets, killed again and again while Discord fails in every way it can.

`python -m tests.wire.storm --seeds 10` prints a table; in the end each server must have its post exactly once.
"""

import argparse
import asyncio
import datetime as dt
import os
import random
import signal
import sys
import tempfile
import time
import zoneinfo
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import update

from bot.daily.ledger import Ledger, PostState
from bot.daily.roster import Roster, Settings
from bot.daily.schedule import Schedule
from bot.state.database import State
from bot.state.tables import post as posts
from bot.state.tables import schedule as schedules
from tests.wire.standin import ME, TOKEN, StandIn, as_json, stand_in

NONCE_SECONDS = 300
CONTENT = Path(__file__).parents[2] / "data" / "moments"
# How often what happens to a message that is sent; the others go well.
FAULTS = {
    "500": 0.08, "503": 0.05, "reset before": 0.08, "reset after": 0.10, "500 after": 0.05, "stall": 0.06,
    "429": 0.06, "global 429": 0.02,
}  # fmt: skip
ZONES = ("UTC", "Asia/Ulaanbaatar", "America/New_York", "Pacific/Apia", "Europe/London")


class Stormy(StandIn):
    """A stand-in that keeps messages, knows nonces for five minutes, and fails at random while `storm` is on."""

    def __init__(self, guilds: int) -> None:
        super().__init__(guilds)
        self.rng = random.Random(0)
        self.storm = True
        self.channels: dict[str, list[dict[str, Any]]] = {}
        self.nonces: dict[str, tuple[float, dict[str, Any]]] = {}
        self.happened: Counter[str] = Counter()

    def draw_fault(self) -> str:
        if not self.storm:
            return ""
        names = [*FAULTS, ""]
        return self.rng.choices(names, [*FAULTS.values(), 1 - sum(FAULTS.values())])[0]

    async def rest(self, request: web.Request) -> web.StreamResponse:
        parts = request.match_info["path"].split("/")
        if parts[0] != "channels":
            return await super().rest(request)
        if request.method == "POST" and parts[2:] == ["messages"]:
            return await self.take(request, parts[1], await request.json())
        if request.method == "GET" and parts[2:] == ["messages"]:
            after = int(request.query.get("after", 0))
            known = [one for one in self.channels.get(parts[1], []) if int(one["id"]) > after]
            return as_json(sorted(known, key=lambda one: -int(one["id"])))
        if request.method == "GET" and len(parts) == 2:
            return as_json(self.channel(parts[1]))
        return await super().rest(request)

    def channel(self, channel_id: str) -> dict[str, Any]:
        guild = next(one for one in self.guilds if any(c["id"] == channel_id for c in one["channels"]))
        everyone = {"id": guild["id"], "type": 0, "allow": str(0x10C00), "deny": "0"}  # see, send, read history
        return {"id": channel_id, "type": 0, "name": "c", "position": 0, "guild_id": guild["id"],
                "permission_overwrites": [everyone]}  # fmt: skip

    async def take(self, request: web.Request, channel: str, body: dict[str, Any]) -> web.StreamResponse:
        fault = self.draw_fault()
        self.happened[fault or "well"] += 1
        if fault == "stall":
            await asyncio.sleep(self.rng.uniform(0.5, 4))
        limited = {"message": "slow down", "retry_after": 0.3, "global": fault == "global 429"}
        if "429" in fault:
            more = {"X-RateLimit-Global": "true"} if limited["global"] else {"X-RateLimit-Bucket": "b"}
            return as_json(limited, 429, {"Via": "1.1 google", "Retry-After": "1", **more})
        if fault == "reset before":
            return _broken(request)
        if fault in ("500", "503"):
            return as_json({"message": "down"}, int(fault))
        message = self.keep(channel, body)
        if fault == "reset after":
            return _broken(request)
        return as_json({"message": "down"}, 500) if fault == "500 after" else as_json(message)

    def keep(self, channel: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A message in a channel; the one that is there already for a nonce of the last five minutes."""
        nonce = str(body.get("nonce"))
        taken, known = self.nonces.get(nonce, (0.0, {}))
        if known and time.time() - taken < NONCE_SECONDS:
            return known
        message = made_message(channel, body, time.time())
        self.channels.setdefault(channel, []).append(message)
        self.nonces[nonce] = time.time(), message
        return message


_made = iter(range(1, 1_000_000))


def made_message(channel: str, body: Mapping[str, Any], at: float) -> dict[str, Any]:
    """A message as Discord has it, with an id of that time."""
    number = (int(at * 1000 - 1420070400000) << 22) + next(_made)
    return {
        "id": str(number), "channel_id": channel, "author": ME, "content": "", "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
        "attachments": [], "embeds": [], "components": body.get("components", []), "flags": 32768, "type": 0,
        "pinned": False,
    }  # fmt: skip


def _broken(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@dataclass
class Outcome:
    """What was left after a storm."""

    seed: int
    servers: int
    kills: int
    lost: list[int] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


class Bots:
    """The processes of one storm, over one folder."""

    def __init__(self, home: Path, api: str) -> None:
        self.home = home
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.env = kept | {
            "DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": api, "MOMENTS_HOME": str(home), "MOMENTS_CONTENT": str(CONTENT),
        }  # fmt: skip
        self.running: list[asyncio.subprocess.Process] = []

    async def start(self) -> None:
        log = (self.home / "log.txt").open("ab")
        self.running.append(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self.env, cwd=self.home, stderr=log, stdout=log
            )
        )
        log.close()

    async def kill(self) -> None:
        """kill -9 the oldest."""
        bot = self.running.pop(0)
        if bot.returncode is None:
            bot.kill()
        await bot.wait()

    async def stop(self) -> None:
        for bot in self.running:
            if bot.returncode is None:
                bot.send_signal(signal.SIGTERM)
        for bot in self.running:
            try:
                await asyncio.wait_for(bot.wait(), 10)
            except TimeoutError:
                bot.kill()


async def storm(
    seed: int, home: Path, *, servers: int = 60, kills: int = 20, spread: float = 70, most_seconds: float = 240
) -> Outcome:
    """One storm: posts fall due over `spread` seconds while processes are killed; then all is calm until it is over.

    One in six posts was begun by a process that died long ago, with or without its message in the channel.
    """
    rng, began = random.Random(seed), time.monotonic()
    async with stand_in(servers, Stormy) as discord:
        assert isinstance(discord, Stormy)
        discord.rng = random.Random(seed + 1)
        bots = Bots(home, discord.api)
        async with await State.open(home / "state.db") as state:
            wanted = await _prepare(discord, state, rng, spread)
            await bots.start()
            for _ in range(kills):
                await asyncio.sleep(rng.uniform(0.5, 2 * spread / kills))
                if rng.random() < 0.3:  # the new one starts while the old one still runs
                    await bots.start()
                    await asyncio.sleep(rng.uniform(0.3, 1.5))
                    await bots.kill()
                else:
                    await bots.kill()
                    await bots.start()
            discord.storm = False
            await _until_over(state, wanted, most_seconds)
            await bots.stop()
            result = Outcome(seed, servers, kills, happened=discord.happened)
            ledger = Ledger(state.engine)
            for schedule in wanted:
                sent = len(discord.channels.get(str(schedule.channel_id), []))
                entry = await ledger.on(schedule.id, schedule.next_on)
                if sent == 0 or entry is None or entry.state is not PostState.SENT:
                    result.lost.append(schedule.id)
                if sent > 1:
                    result.doubled.append(schedule.id)
    result.seconds = time.monotonic() - began
    return result


async def _prepare(discord: Stormy, state: State, rng: random.Random, spread: float) -> list[Schedule]:
    """A schedule for each server, due within so many seconds."""
    roster, ledger = Roster(state.engine), Ledger(state.engine)
    now = dt.datetime.now(dt.UTC)
    made = []
    for number, guild in enumerate(discord.guilds):
        settings = Settings("Daily", int(guild["channels"][0]["id"]), dt.time(0), rng.choice(ZONES), "en")
        added = await roster.add(int(guild["id"]), settings, by=77, now=now - dt.timedelta(hours=30))
        due = now + dt.timedelta(seconds=rng.uniform(-2, spread))
        on = due.astimezone(zoneinfo.ZoneInfo(added.zone)).date()
        async with state.engine.begin() as db:
            change = update(schedules).where(schedules.c.id == added.id).values(next_on=on, next_at=due)
            await db.execute(change)
        schedule = await roster.by_id(added.id)
        assert schedule is not None
        made.append(schedule)
        if number % 6 == 5:
            await _begin_long_ago(discord, state, ledger, schedule, arrived=rng.random() < 0.5)
    return made


async def _begin_long_ago(discord: Stormy, state: State, ledger: Ledger, schedule: Schedule, *, arrived: bool) -> None:
    """A post of ten minutes ago, claimed by a process that died before it could record whether it arrived."""
    then = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
    entry = await ledger.enter(schedule, now=then, slug="mongolia-us-relations")
    assert entry is not None
    async with state.engine.begin() as db:
        await db.execute(update(posts).where(posts.c.id == entry.id).values(claimed_at=then, due_at=then))
    if arrived:
        button = {"type": 2, "style": 2, "label": "More", "custom_id": f"k{entry.slug}"}
        body = {"components": [{"type": 1, "components": [button]}]}
        message = made_message(str(schedule.channel_id), body, then.timestamp() + 1)
        discord.channels.setdefault(str(schedule.channel_id), []).append(message)


async def _until_over(state: State, wanted: list[Schedule], seconds: float) -> None:
    """Wait until every post has its result."""
    ledger, end = Ledger(state.engine), time.monotonic() + seconds
    while time.monotonic() < end:
        entries = [await ledger.on(one.id, one.next_on) for one in wanted]
        if all(entry is not None and entry.state is not PostState.CLAIMED for entry in entries):
            await asyncio.sleep(1)
            return
        await asyncio.sleep(0.5)


async def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.wire.storm")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--servers", type=int, default=60)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    print(
        "| seed | servers | kill -9 | lost | doubled | what happened to messages | s |\n|--:|--:|--:|--:|--:|---|--:|"
    )
    bad = 0
    for seed in range(1, options.seeds + 1):
        with tempfile.TemporaryDirectory() as home:
            found = await storm(seed, Path(home), servers=options.servers, kills=options.kills)
            if found.lost or found.doubled:
                bad += 1
                print((Path(home) / "log.txt").read_text("utf-8")[-5000:], file=sys.stderr)
        happened = ", ".join(f"{count} {name}" for name, count in sorted(found.happened.items()))
        facts = (seed, found.servers, found.kills, len(found.lost), len(found.doubled), happened, round(found.seconds))
        print("| " + " | ".join(map(str, facts)) + " |", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

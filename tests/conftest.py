"""A small catalogue, a clock that is set by hand, and the simulated Discord with the real bot in it."""

import datetime as dt
import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from hypothesis import settings

from bot.catalog import Catalog
from bot.catalog.build import build
from bot.catalog.countries import Countries
from bot.client import MomentsBot
from bot.config import COUNTRIES, Config
from bot.locale import Locales
from bot.state.database import State
from tests.moments import RECORDS

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # when simcord's clock starts

# The same examples each time: what fails here fails everywhere.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

# simcord waits 50 ms of idle time after each step; its own loop needs 2.
(simcord.Env._settle_internal.__kwdefaults__ or {})["idle"] = 0.002


@dataclass
class Clock:
    """The present, set by hand."""

    at: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.at

    def advance(self, **delta: float) -> None:
        self.at += dt.timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def countries() -> Countries:
    return Countries.load(COUNTRIES)


@pytest.fixture(scope="session")
def catalog_file(tmp_path_factory: pytest.TempPathFactory, countries: Countries) -> Path:
    folder = tmp_path_factory.mktemp("catalog")
    content = folder / "moments.jsonl"
    content.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in RECORDS), "utf-8")
    build([content], folder / "catalog.db", countries, now=NOW)
    return folder / "catalog.db"


@pytest.fixture
async def catalog(catalog_file: Path) -> AsyncIterator[Catalog]:
    async with Catalog.open(catalog_file) as opened:
        yield opened


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with await State.open(tmp_path / "state.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def locales() -> Locales:
    return Locales()


@dataclass
class World:
    """The bot in a simulated server, with an admin (ann) and a member (ben) in one channel."""

    env: Any
    bot: MomentsBot
    guild: Any
    channel: Any
    ann: Any
    ben: Any
    make: Any = field(repr=False)

    async def restart(self) -> None:
        """The bot stops and a new one starts over the same files."""
        old = self.bot
        self.bot = self.make()
        await self.env.restart_bot(self.bot)
        await old.close()


def new_bot(catalog: Catalog, state: State, locales: Locales, **options: Any) -> MomentsBot:
    config = Config.read({}, Path("no-such-file"))
    return MomentsBot(
        catalog, state, locales=locales, config=config, rng=random.Random(7), tick=600.0, shard_count=1, **options
    )


@pytest.fixture
async def world(catalog: Catalog, state: State, locales: Locales) -> AsyncIterator[World]:
    def make() -> MomentsBot:
        return new_bot(catalog, state, locales)

    bot = make()
    env = simcord.Env(bot, settle_timeout=5)
    await env.start()
    guild = env.create_guild("History club")
    channel = guild.create_text_channel("history")
    admins = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
    ann = guild.add_member(env.create_user("ann"), roles=[admins])
    ben = guild.add_member(env.create_user("ben"))
    made = World(env, bot, guild, channel, ann, ben, make)
    yield made
    await env.shutdown()
    await made.bot.close()


def parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All components of a message, in reading order."""
    for part in components:
        yield part
        yield from parts(part.get("components", []))
        if "accessory" in part:
            yield from parts([part["accessory"]])


def text_of(answer: Any) -> str:
    """What a person reads in an answer."""
    shown = answer.response if hasattr(answer, "response") else answer
    assert shown is not None, f"no answer: {answer!r}"
    return "\n".join(part["content"] for part in parts(_components(shown)) if part["type"] == 10)


def labels(answer: Any) -> list[str]:
    """The labels of the buttons that can be clicked."""
    shown = answer.response if hasattr(answer, "response") else answer
    return [
        part["label"] for part in parts(_components(shown)) if part["type"] == 2 and not part.get("disabled", False)
    ]


def _components(shown: Any) -> list[dict[str, Any]]:
    return [part.to_dict() if hasattr(part, "to_dict") else part for part in shown.components]


def message_of(answer: Any) -> Any:
    return answer.response.message


def ids(answer: Any, prefix: str) -> list[str]:
    """The custom_ids of an answer that begin with a prefix, in reading order."""
    found = (part.get("custom_id", "") for part in parts(_components(answer.response)))
    return [custom_id for custom_id in found if custom_id.startswith(prefix)]

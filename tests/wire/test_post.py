"""A daily post over the wire: what is sent again carries the same nonce, and every answer of Discord is understood."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Any

import discord
import pytest

from bot.catalog import Catalog
from bot.client import MomentsBot, use_api
from bot.daily.ledger import Post
from bot.daily.roster import Settings
from bot.daily.schedule import Schedule
from bot.daily.wire import RefusedError, ShutOutError, UnreachableError
from bot.locale import Locales
from bot.state.database import State
from bot.ui.post import DiscordWire
from tests.conftest import NOW, new_bot
from tests.wire.standin import TOKEN, StandIn, stand_in

PATH = "/channels/1100/messages"
LIMITED = {"Via": "1.1 google", "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0",
           "X-RateLimit-Reset-After": "0.2", "X-RateLimit-Bucket": "b1"}  # fmt: skip


@pytest.fixture
def real_base() -> Iterator[None]:
    base = discord.http.Route.BASE
    yield
    discord.http.Route.BASE = base


@pytest.fixture
async def wire(real_base: None) -> AsyncIterator[StandIn]:
    async with stand_in() as running:
        use_api(running.api)
        yield running


@pytest.fixture
async def bot(wire: StandIn, catalog: Catalog, state: State, locales: Locales) -> AsyncIterator[MomentsBot]:
    made = new_bot(catalog, state, locales)
    async with made:
        await made.login(TOKEN)
        yield made


async def claimed(bot: MomentsBot, **more: Any) -> tuple[Schedule, Post]:
    """A schedule, and its post of 1 January 2026 about mongolia-us-relations, not sent yet."""
    settings = Settings("Daily", 1100, dt.time(9), "UTC", "en-US", **more)
    schedule = await bot.roster.add(1000, settings, by=77, now=NOW)
    entry = await bot.ledger.enter(schedule, now=NOW, slug="mongolia-us-relations")
    assert isinstance(entry, Post)
    return schedule, entry


async def post(bot: MomentsBot, **more: Any) -> int:
    """Send such a post; returns the message's id."""
    return await DiscordWire(bot, bot).send(*await claimed(bot, **more))


async def test_a_post_has_a_nonce_and_pings_nobody(bot: MomentsBot, wire: StandIn) -> None:
    assert await post(bot) == 5001
    [sent] = wire.requests("POST", PATH)
    assert sent["nonce"] == "1-20260101"
    assert sent["enforce_nonce"] is True
    assert sent["allowed_mentions"]["parse"] == []
    assert "Moment of the day · January 1, 2026" in str(sent["components"])


@pytest.mark.parametrize(
    "first",
    [
        (429, {"message": "slow down", "retry_after": 0.2, "global": False}, LIMITED),
        (500, {"message": "oops"}, {}),
    ],
)
async def test_a_limited_or_failed_request_is_sent_again_with_the_same_nonce(
    bot: MomentsBot, wire: StandIn, first: tuple[int, object, dict[str, str]]
) -> None:
    wire.script_answer("POST", PATH, first)
    assert await post(bot) == 5001
    nonces = [sent["nonce"] for sent in wire.requests("POST", PATH)]
    assert nonces == ["1-20260101"] * 2


@pytest.mark.parametrize("first", ["reset", (503, {"message": "down"}, {})])
async def test_where_nobody_knows_whether_it_arrived_it_is_unreachable(
    bot: MomentsBot, wire: StandIn, first: object
) -> None:
    wire.script_answer("POST", PATH, first)
    with pytest.raises(UnreachableError):
        await post(bot)


@pytest.mark.parametrize("first", [(429, {"message": "banned"}, {}), (401, {"message": "401: Unauthorized"}, {})])
async def test_whoever_is_shut_out_sends_nothing_for_a_while(
    bot: MomentsBot, wire: StandIn, first: tuple[int, object, dict[str, str]]
) -> None:
    wire.script_answer("POST", PATH, first)
    with pytest.raises(ShutOutError):
        await post(bot)


@pytest.mark.parametrize(("role", "allowed"), [(1003, {"roles": [1003]}), (1000, {"parse": ["everyone"]})])
async def test_only_the_chosen_role_is_pinged(bot: MomentsBot, wire: StandIn, role: int, allowed: Any) -> None:
    await post(bot, role_id=role)
    [sent] = wire.requests("POST", PATH)
    assert sent["components"][0]["content"] == ("@everyone" if role == 1000 else "<@&1003>")
    for key, value in allowed.items():
        assert sent["allowed_mentions"][key] == value


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [(403, 50013, "forbidden"), (403, 50001, "forbidden"), (404, 10003, "not_found"), (400, 50035, "other")],
)
async def test_a_refusal_has_its_reason(bot: MomentsBot, wire: StandIn, status: int, code: int, reason: str) -> None:
    wire.script_answer("POST", PATH, (status, {"message": "no", "code": code}, {}))
    with pytest.raises(RefusedError, match=reason):
        await post(bot)
    assert len(wire.requests("POST", PATH)) == 1

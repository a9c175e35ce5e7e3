"""A daily post over the wire: what is sent again carries the same nonce, and every answer of Discord is understood."""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Any

import discord
import pytest

from bot.catalog import Catalog
from bot.client import MomentsBot, use_api, use_gateway_of_api
from bot.daily.ledger import Post
from bot.daily.roster import Settings
from bot.daily.schedule import ChannelKind, Schedule
from bot.daily.wire import RefusedError, ShutOutError, UnreachableError
from bot.locale import Locales
from bot.state.database import State
from bot.ui.post import DiscordWire
from tests.conftest import NOW, new_bot
from tests.wire.standin import ME, TOKEN, USER, StandIn, stand_in

PATH = "/channels/1100/messages"
LIMITED = {"Via": "1.1 google", "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0",
           "X-RateLimit-Reset-After": "0.2", "X-RateLimit-Bucket": "b1"}  # fmt: skip


@pytest.fixture
def real_base() -> Iterator[None]:
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    yield
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


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


FORUM = {
    "id": "1100", "type": 15, "name": "moments", "position": 0, "guild_id": "1000", "permission_overwrites": [],
    "topic": None, "nsfw": False, "flags": 0, "available_tags": [
        {"id": "5", "name": "Political", "moderated": False, "emoji_id": None, "emoji_name": None},
        {"id": "6", "name": "Sport", "moderated": False, "emoji_id": None, "emoji_name": None},
        {"id": "7", "name": "Global trade", "moderated": True, "emoji_id": None, "emoji_name": None},
    ],
}  # fmt: skip
TEXT = {"id": "1100", "type": 0, "name": "c", "position": 0, "guild_id": "1000", "permission_overwrites": [
    {"id": "1000", "type": 0, "allow": str(0x10C00), "deny": "0"}]}  # fmt: skip
TITLE = "Mongolia and the United States establish diplomatic relations"


def thread(number: int, name: str = TITLE, owner: str = "1000", **more: Any) -> dict[str, Any]:
    """A forum post, made at an instant that its id tells."""
    created = NOW + dt.timedelta(seconds=number)
    return {
        "id": str(discord.utils.time_snowflake(created)), "type": 11, "name": name, "parent_id": "1100",
        "guild_id": "1000", "owner_id": owner, "message_count": 1, "member_count": 1, "total_message_sent": 1,
        "thread_metadata": {"archived": False, "auto_archive_duration": 1440, "locked": False,
                            "archive_timestamp": NOW.isoformat(), "create_timestamp": created.isoformat()},
    } | more  # fmt: skip


def message(slug: str, number: int = 1, **more: Any) -> dict[str, Any]:
    """A message with the buttons of a moment."""
    made = str(discord.utils.time_snowflake(NOW + dt.timedelta(seconds=number)))
    button = {"type": 2, "style": 2, "label": "More like this", "custom_id": f"k{slug}"}
    return {
        "id": made, "channel_id": "1100", "author": ME, "content": "", "timestamp": NOW.isoformat(), "type": 0,
        "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
        "attachments": [], "embeds": [], "pinned": False, "flags": 32768,
        "components": [{"type": 1, "components": [button]}],
    } | more  # fmt: skip


@pytest.fixture
async def ready(bot: MomentsBot, wire: StandIn) -> AsyncIterator[DiscordWire]:
    """The wire of a bot that knows its server."""
    await use_gateway_of_api(bot)
    running = asyncio.create_task(bot.connect())
    await wire.until(bot.is_ready)
    yield DiscordWire(bot, bot)
    await bot.close()
    await running


async def test_a_forum_post_is_named_like_its_moment_and_gets_the_tags_of_its_categories(
    bot: MomentsBot, wire: StandIn, ready: DiscordWire
) -> None:
    schedule, entry = await claimed(bot, channel_kind=ChannelKind.FORUM)
    made = thread(5)
    wire.script_answer("GET", "/channels/1100", (200, FORUM, {}))
    wire.script_answer("POST", "/channels/1100/threads", (200, made | {"message": message("x")}, {}))
    assert await ready.send(schedule, entry) == int(made["id"])
    [sent] = wire.requests("POST", "/channels/1100/threads")
    assert sent["name"] == TITLE
    assert "applied_tags" not in sent
    posted = dataclasses.replace(entry, message_id=int(made["id"]))
    wire.script_answer("GET", "/channels/1100", (200, FORUM, {}))
    wire.script_answer("GET", f"/channels/{made['id']}", (200, made, {}))
    wire.script_answer("PATCH", f"/channels/{made['id']}", (200, made, {}))
    await ready.do_extra(schedule, posted, "tags")
    [changed] = wire.requests("PATCH", f"/channels/{made['id']}")
    assert changed["applied_tags"] == ["5"]  # the other that fits is for moderators only


async def test_a_forum_that_wants_a_tag_gets_one_at_once(bot: MomentsBot, wire: StandIn, ready: DiscordWire) -> None:
    schedule, entry = await claimed(bot, channel_kind=ChannelKind.FORUM)
    wire.script_answer("GET", "/channels/1100", (200, FORUM, {}))
    wire.script_answer("POST", "/channels/1100/threads", (400, {"message": "tag", "code": 40067}, {}))
    wire.script_answer("POST", "/channels/1100/threads", (200, thread(5) | {"message": message("x")}, {}))
    await ready.send(schedule, entry)
    assert wire.requests("POST", "/channels/1100/threads")[1]["applied_tags"] == ["5"]


@pytest.mark.parametrize(
    ("threads", "there"),
    [
        ([thread(5)], True),
        ([thread(-3600)], False),  # made before this post was begun
        ([thread(5, name="Another")], False),
        ([thread(5, owner="77")], False),
    ],
)
async def test_a_forum_post_is_found_again(
    bot: MomentsBot, wire: StandIn, ready: DiscordWire, threads: list[dict[str, Any]], *, there: bool
) -> None:
    schedule, entry = await claimed(bot, channel_kind=ChannelKind.FORUM)
    wire.script_answer("GET", "/channels/1100", (200, FORUM, {}))
    wire.script_answer("GET", "/guilds/1000/threads/active", (200, {"threads": threads, "members": []}, {}))
    assert await ready.find(schedule, entry) == (int(threads[0]["id"]) if there else None)


@pytest.mark.parametrize(
    ("messages", "there"),
    [
        ([message("mongolia-us-relations")], True),
        ([message("other")], False),
        ([message("mongolia-us-relations", author=USER)], False),
        ([message("mongolia-us-relations", interaction_metadata={  # somebody's /moment, not the post
            "id": "9", "type": 2, "user": USER, "authorizing_integration_owners": {}})], False),
        ([], False),
    ],
)  # fmt: skip
async def test_a_post_is_found_again_in_its_channel(
    bot: MomentsBot, wire: StandIn, ready: DiscordWire, messages: list[dict[str, Any]], *, there: bool
) -> None:
    schedule, entry = await claimed(bot)
    wire.script_answer("GET", "/channels/1100", (200, TEXT, {}))
    wire.script_answer("GET", PATH, (200, messages, {}))
    assert await ready.find(schedule, entry) == (int(messages[0]["id"]) if there else None)


async def test_a_channel_that_may_not_be_read_proves_nothing(
    bot: MomentsBot, wire: StandIn, ready: DiscordWire
) -> None:
    schedule, entry = await claimed(bot)
    wire.script_answer("GET", "/channels/1100", (200, TEXT | {"permission_overwrites": []}, {}))
    with pytest.raises(RefusedError):
        await ready.find(schedule, entry)


@pytest.mark.parametrize(
    ("kind", "path", "code"),
    [
        ("publish", "/channels/1100/messages/9/crosspost", 40033),
        ("thread", "/channels/1100/messages/9/threads", 160004),
    ],
)
async def test_a_step_that_was_done_already_is_done(
    bot: MomentsBot, wire: StandIn, ready: DiscordWire, kind: str, path: str, code: int
) -> None:
    schedule, entry = await claimed(bot, channel_kind=ChannelKind.NEWS)
    wire.script_answer("POST", path, (400, {"message": "already", "code": code}, {}))
    await ready.do_extra(schedule, dataclasses.replace(entry, message_id=9), kind)
    wire.script_answer("POST", path, (403, {"message": "no", "code": 50013}, {}))
    with pytest.raises(RefusedError, match="forbidden"):
        await ready.do_extra(schedule, dataclasses.replace(entry, message_id=9), kind)

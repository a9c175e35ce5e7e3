"""The bot as a whole: what it registers, what it keeps in memory, and what happens when something breaks."""

import json
import logging
from typing import Any

import discord
import pytest

from bot.catalog.reader import TooSlowError
from bot.cogs.registration import definitions, register
from tests.conftest import World, text_of
from tests.wire.standin import guild


def walk(command: dict[str, Any]) -> list[dict[str, Any]]:
    return [command, *(part for option in command.get("options", []) for part in walk(option))]


async def test_every_command_and_option_is_described_within_discords_limits(world: World) -> None:
    for command in definitions(world.bot.tree, world.bot.locales):
        for part in walk(command):
            assert 0 < len(part["description"]) <= 100
            assert part["description"] != "…"


async def test_commands_are_registered_only_when_they_changed(world: World) -> None:
    def sent() -> int:
        return sum(request.method == "PUT" for request in world.env.http_requests)

    assert sent() == 1
    assert not await register(world.bot, world.bot.tree, world.bot.locales, world.bot.state)
    world.bot.tree.remove_command("about")
    assert await register(world.bot, world.bot.tree, world.bot.locales, world.bot.state)
    assert sent() == 2


async def test_where_commands_can_be_used(world: World) -> None:
    for command in definitions(world.bot.tree, world.bot.locales):
        guild_only = command["name"] == "daily"
        assert command["contexts"] == ([0] if guild_only else [0, 1, 2])
        assert command["integration_types"] == ([0] if guild_only else [0, 1])
        assert command["default_member_permissions"] == (32 if guild_only else None)


async def test_a_fault_is_answered_with_a_code_that_the_log_has_too(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.bot.catalog, "search", broken)
    with caplog.at_level(logging.ERROR):
        answer = await world.ben.slash(world.channel, "search", text="trade")
    assert answer.ephemeral
    [record] = caplog.records
    code = record.getMessage().split()[1].rstrip(":")
    assert f"the code {code}" in text_of(answer)
    assert record.exc_info is not None


async def test_a_question_that_takes_too_long_is_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object, **__: object) -> None:
        raise TooSlowError

    monkeypatch.setattr(world.bot.catalog, "search", slow)
    assert "took too long" in text_of(await world.ben.slash(world.channel, "search", text="trade"))


async def test_a_slow_answer_is_announced_in_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    real = world.bot.catalog.search

    async def slow(*args: Any, **options: Any) -> Any:
        await asyncio.sleep(6)
        return await real(*args, **options)

    monkeypatch.setattr(world.bot.catalog, "search", slow)
    answer = await world.ben.slash(world.channel, "search", text="cashmere")
    await world.env.advance_time(7)
    kinds = [request.json["type"] for request in world.env.http_requests if request.path.endswith("/callback")]
    assert kinds == [5]  # 'is thinking', within 3 seconds; the answer comes later
    assert "## Search: cashmere" in text_of(answer)


async def test_a_servers_channels_and_emojis_are_forgotten_as_they_arrive(world: World) -> None:
    state: Any = world.bot._connection
    data = json.loads(json.dumps(guild(9)))
    state.parsers["GUILD_CREATE"](data | {"unavailable": False})
    kept = world.bot.get_guild(9000)
    assert kept is not None
    assert list(kept.channels) == []
    assert list(kept.emojis) == []
    assert {role.id for role in kept.roles} == {9000, 9003}  # everyone's and the bot's own


async def test_it_closes_though_the_daily_posts_do_not_stop_as_they_should(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(world.bot.delivery, "_stop", fail)
    assert world.bot._delivering is not None
    await world.bot.close()
    assert world.bot.is_closed()
    assert "The daily posts did not stop as they should" in caplog.text


async def test_it_asks_for_nothing_privileged_and_pings_nobody(world: World) -> None:
    assert world.bot.intents == discord.Intents(guilds=True)
    assert world.bot.allowed_mentions
    mentions: object = world.bot.allowed_mentions.to_dict()
    assert mentions == {"parse": []}

"""The moment of the day as admins and members of a server see it."""

import datetime as dt

import discord
import pytest
import simcord

from bot.daily.ledger import PostState
from tests.conftest import World, labels, message_of, text_of

DAY = 24 * 3600


async def set_daily(world: World, **options: object) -> object:
    given = {"channel": world.channel, "time": "01:00", "zone": "UTC"} | options
    return await world.ann.slash(world.channel, "daily set", **given)


async def posts(world: World) -> list[discord.Message]:
    return [m for m in world.channel.history() if "Moment of the day" in text_of(m)]


async def test_an_admin_sets_it_and_the_post_arrives_once_a_day(world: World) -> None:
    answer = await set_daily(world)
    assert "Every day at 01:00 (UTC) in" in text_of(answer)
    assert f"<t:{int(dt.datetime(2026, 1, 1, 1, tzinfo=dt.UTC).timestamp())}:R>" in text_of(answer)
    assert answer.ephemeral  # type: ignore[attr-defined]
    await world.env.advance_time(50 * 60)
    assert await posts(world) == []
    await world.env.advance_time(20 * 60)
    [post] = await posts(world)
    assert "Moment of the day · January 1, 2026" in text_of(post)
    for _ in range(3):
        await world.env.advance_time(DAY)
    shown = await posts(world)
    assert len(shown) == 4
    assert len({text_of(post).splitlines()[1] for post in shown}) == 4
    assert len({request.json["nonce"] for request in world.env.http_requests if "nonce" in (request.json or {})}) == 4


async def test_an_anniversary_is_posted_on_its_day(world: World) -> None:
    await set_daily(world, country="Mongolia")
    for _ in range(12):
        await world.env.advance_time(DAY)
    await world.env.advance_time(2 * 3600)
    assert "Mongolia adopts a democratic constitution" in text_of((await posts(world))[-1])


async def test_a_restart_neither_loses_nor_doubles_a_post(world: World) -> None:
    await set_daily(world)
    await world.env.advance_time(70 * 60)
    await world.restart()
    await world.env.advance_time(120)
    assert len(await posts(world)) == 1


async def test_status_shows_what_is_set_what_is_next_and_what_was(world: World) -> None:
    assert "no daily moment yet" in text_of(await world.ann.slash(world.channel, "daily status"))
    await set_daily(world, time="9pm", zone="Asia/Ulaanbaatar", hashtag="#coldwarera")
    await world.env.advance_time(DAY + 7200)
    text = text_of(await world.ann.slash(world.channel, "daily status"))
    assert "Every day at 21:00 (Asia/Ulaanbaatar)" in text
    assert "only #ColdWarEra" in text
    assert "Next: <t:" in text
    assert "January 1, 2026: " in text


async def test_preview_shows_the_next_one_and_uses_nothing_up(world: World) -> None:
    await set_daily(world)
    first = text_of(await world.ann.slash(world.channel, "daily preview"))
    assert "Only you see it" in first
    again = text_of(await world.ann.slash(world.channel, "daily preview"))
    assert first == again
    await world.env.advance_time(70 * 60)
    [post] = await posts(world)
    assert text_of(post).splitlines()[1] == first.splitlines()[1]


async def test_off_stops_it_and_is_kind_when_asked_twice(world: World) -> None:
    await set_daily(world)
    assert "is off" in text_of(await world.ann.slash(world.channel, "daily off"))
    assert "already off" in text_of(await world.ann.slash(world.channel, "daily off"))
    await world.env.advance_time(2 * DAY)
    assert await posts(world) == []
    assert "It is off" in text_of(await world.ann.slash(world.channel, "daily status"))


async def test_the_buttons_do_what_the_commands_do_for_admins_only(world: World) -> None:
    answer = await world.ann.slash(
        world.channel, "daily set", channel=world.channel, time="9", zone="UTC", private=False
    )
    assert labels(answer) == ["Preview", "Turn off"]
    refused = await world.ben.click(message_of(answer), label="Turn off")
    assert "Only members with Manage Server" in text_of(refused)
    assert refused.ephemeral
    done = await world.ann.click(message_of(answer), label="Turn off")
    assert "is off" in text_of(done.response or answer)


async def test_members_without_manage_server_cannot_use_it(world: World) -> None:
    with pytest.raises(simcord.SetupError):
        await world.ben.slash(world.channel, "daily status")


@pytest.mark.parametrize(
    ("option", "typed", "sentence"),
    [
        ("time", "25:00", "I can't read 25:00 as a time"),
        ("time", "soon", "I can't read soon as a time"),
        ("zone", "Atlantis", "I don't know the time zone Atlantis"),
        ("country", "xyzzy", "I don't know a country called xyzzy"),
        ("hashtag", "xyzzyxyzzy", "No moment has the hashtag xyzzyxyzzy"),
    ],
)
async def test_a_wrong_option_is_one_sentence_and_loses_no_setting(
    world: World, option: str, typed: str, sentence: str
) -> None:
    await set_daily(world, time="8:15")
    assert sentence in text_of(await set_daily(world, **{option: typed}))
    assert "08:15" in text_of(await world.ann.slash(world.channel, "daily status"))


async def test_a_city_is_a_zone(world: World) -> None:
    assert "(Asia/Ulaanbaatar)" in text_of(await set_daily(world, zone="ulaanbaatar"))
    choices = await world.ann.autocomplete(
        world.channel, "daily set", "zone", "new yo", channel=world.channel, time="9"
    )
    assert choices[0]["value"] == "America/New_York"
    assert choices[0]["name"] == "America/New York (now 19:00)"


async def test_a_channel_where_the_bot_may_not_post_is_refused_by_name(world: World) -> None:
    everyone = world.guild.default_role if hasattr(world.guild, "default_role") else None
    overwrites = {everyone: discord.PermissionOverwrite(send_messages=False)} if everyone else {}
    closed = world.guild.create_text_channel("closed", overwrites=overwrites)
    answer = await world.ann.slash(world.channel, "daily set", channel=closed, time="9", zone="UTC")
    assert "I need Send Messages there" in text_of(answer)
    assert "no daily moment yet" in text_of(await world.ann.slash(world.channel, "daily status"))


async def test_a_lost_permission_pauses_with_its_reason_and_set_resumes(world: World) -> None:
    await set_daily(world)
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await world.env.advance_time(70 * 60)
    text = text_of(await world.ann.slash(world.channel, "daily status"))
    assert "It is paused: I was not allowed to post there. Mend that and run /daily set again." in text
    assert "failed, I was not allowed to post there" in text
    await set_daily(world)
    await world.env.advance_time(DAY)
    assert len(await posts(world)) == 1


async def test_an_outage_is_ridden_out(world: World) -> None:
    world.bot.delivery.tick = 60.0
    await set_daily(world)
    world.env.inject_error("POST", "/channels/*/messages", status=503)
    await world.env.advance_time(2 * 3600)
    schedule = await world.bot.roster.get(world.guild.id)
    assert schedule is not None
    history = await world.bot.ledger.history(schedule.id)
    assert [post.state for post in history] == [PostState.SENT]
    assert len(await posts(world)) == 1

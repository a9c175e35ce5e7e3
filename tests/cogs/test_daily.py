"""The daily moments as admins and members of a server see them."""

import datetime as dt
from typing import Any

import discord
import pytest
import simcord

from bot.daily.ledger import ExtraState, PostState
from tests.conftest import World, ids, labels, message_of, text_of

DAY = 24 * 3600


async def add(world: World, **options: object) -> Any:
    given = {"channel": world.channel, "time": "01:00", "zone": "UTC"} | options
    return await world.ann.slash(world.channel, "daily add", **given)


async def daily(world: World, command: str, **options: object) -> Any:
    return await world.ann.slash(world.channel, f"daily {command}", **options)


async def click(world: World, answer: Any, label: str) -> Any:
    """Press a button of a private answer; returns what it shows then."""
    done = await world.ann.click(message_of(answer), label=label)
    return done if done.response else answer


async def posts(world: World, channel: Any = None) -> list[discord.Message]:
    return [m for m in (channel or world.channel).history() if "Moment of the day" in text_of(m)]


async def test_an_admin_adds_one_and_the_post_arrives_once_a_day(world: World) -> None:
    answer = await add(world)
    assert "Every day at 01:00 UTC, in" in text_of(answer)
    assert f"<t:{int(dt.datetime(2026, 1, 1, 1, tzinfo=dt.UTC).timestamp())}:R>" in text_of(answer)
    assert answer.ephemeral
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
    world.bot.delivery.tick = 3600.0  # looks for what is due less often, to get through many days
    await add(world, country="Mongolia")
    for _ in range(12):
        await world.env.advance_time(DAY)
    await world.env.advance_time(2 * 3600)
    assert "Mongolia adopts a democratic constitution" in text_of((await posts(world))[-1])


async def test_a_restart_neither_loses_nor_doubles_a_post(world: World) -> None:
    await add(world)
    await world.env.advance_time(70 * 60)
    await world.restart()
    await world.env.advance_time(120)
    assert len(await posts(world)) == 1


async def test_status_shows_what_is_set_what_is_next_and_what_was(world: World) -> None:
    assert "no daily moment yet" in text_of(await daily(world, "status"))
    await add(world, time="9pm", zone="Ulaanbaatar", hashtag="#coldwarera", weekdays="mon-fri")
    await world.env.advance_time(DAY + 7200)
    text = text_of(await daily(world, "status"))
    assert "Monday, Tuesday, Wednesday, Thursday, and Friday at 21:00 in Ulaanbaatar" in text
    assert "Only about: #ColdWarEra" in text
    assert "Next: <t:" in text
    assert "January 1, 2026: [" in text


async def test_several_schedules_each_with_its_own_settings(world: World) -> None:
    await add(world, name="Morning", time="8")
    await add(world, name="Evening", time="20", country="mongolia, japan", top=True)
    text = text_of(await daily(world, "status"))
    assert "**Morning** · Every day at 08:00 UTC" in text
    assert "**Evening** · Every day at 20:00 UTC" in text
    assert "several daily moments: **Morning** and **Evening**" in text_of(await daily(world, "queue"))
    evening = text_of(await daily(world, "status", schedule="evening"))
    assert "Only about: 🇯🇵 Japan, 🇲🇳 Mongolia; Top Moments" in evening
    offered = await world.ann.autocomplete(world.channel, "daily status", "schedule", "mor")
    assert [choice["name"] for choice in offered] == ["Morning"]
    answer = await daily(world, "status")
    chosen = await world.ann.select(message_of(answer), [offered[0]["value"]], custom_id="ds")
    assert "## Morning" in text_of(chosen)


async def test_a_schedule_without_a_name_gets_one_of_its_own(world: World) -> None:
    assert "## Moment of the day: all set" in text_of(await add(world))
    assert "## Moment of the day 2: all set" in text_of(await add(world))


async def test_edit_changes_only_what_is_given(world: World) -> None:
    await add(world, country="Mongolia", time="8:15")
    text = text_of(await daily(world, "edit", time="21.30", zone="tokyo"))
    assert "Every day at 21:30 in Tokyo" in text
    assert "🇲🇳 Mongolia" in text
    text = text_of(await daily(world, "edit", no_filters=True, name="Evening"))
    assert "Evening: all set" in text
    assert "Only about" not in text


async def test_edit_by_a_form(world: World) -> None:
    await add(world)
    shown = await world.ann.click(message_of(await daily(world, "status")), label="Edit")
    fields = {row["custom_id"]: row.get("value", "") for row in modal_fields(shown)}
    assert list(fields.values()) == ["Moment of the day", "01:00", "UTC"]
    name, time, zone = fields
    await world.ann.submit_modal(shown, {name: "Tea time", time: "5pm", zone: "ulaanbaatar"})
    text = text_of(await daily(world, "status"))
    assert "## Tea time" in text
    assert "Every day at 17:00 in Ulaanbaatar" in text


async def test_a_wrong_entry_in_a_form_is_one_sentence_and_changes_nothing(world: World) -> None:
    await add(world)
    shown = await world.ann.click(message_of(await daily(world, "status")), label="Edit")
    name, time, zone = (row["custom_id"] for row in modal_fields(shown))
    refused = await world.ann.submit_modal(shown, {name: "Tea time", time: "tea time", zone: "UTC"})
    assert "I can't read tea time as a time" in text_of(refused)
    assert "## Moment of the day" in text_of(await daily(world, "status"))


async def test_a_moment_is_pinned_by_a_form(world: World) -> None:
    await add(world)
    answer = await daily(world, "queue")
    day = await world.ann.select(message_of(answer), ["20260102"], custom_id=ids(answer, "dd:")[0])
    shown = await world.ann.click(message_of(day), label="Choose a moment")
    [field] = modal_fields(shown)
    await world.ann.submit_modal(shown, {field["custom_id"]: "mongola us relations"})
    assert "📌 Mongolia and the United States" in text_of(await daily(world, "queue"))


def modal_fields(shown: Any) -> list[dict[str, Any]]:
    """The text fields of a form."""
    found: list[dict[str, Any]] = []
    for row in shown.modal.components if hasattr(shown.modal, "components") else shown.modal["components"]:
        part = row.to_dict() if hasattr(row, "to_dict") else row
        found += [part["component"]] if "component" in part else part.get("components", [])
    return found


async def test_preview_shows_the_next_one_and_uses_nothing_up(world: World) -> None:
    await add(world)
    first = text_of(await daily(world, "preview"))
    assert "Only you see it" in first
    assert first == text_of(await daily(world, "preview"))
    await world.env.advance_time(70 * 60)
    [post] = await posts(world)
    assert text_of(post).splitlines()[1] == first.splitlines()[1]


async def test_the_queue_shows_a_week_and_a_day_can_be_skipped_swapped_and_pinned(world: World) -> None:
    await add(world)
    answer = await daily(world, "queue")
    before = [line for line in text_of(answer).splitlines() if line.startswith("- **")]
    assert len(before) == 7
    day = await world.ann.select(message_of(answer), ["20260103"], custom_id=ids(answer, "dd:")[0])
    assert "Moment of the day: January 3, 2026" in text_of(day)
    await world.ann.click(message_of(day), label="Skip")
    assert "⏭️ Skipped" in text_of(await daily(world, "queue")).splitlines()[3]
    await daily(world, "swap", day="2026-01-03")
    swapped = text_of(await daily(world, "queue")).splitlines()[3]
    assert "📌" in swapped
    assert swapped.rpartition("· ")[2] != before[2].rpartition("· ")[2]
    await daily(world, "pin", day="3 January", moment="mongolia-us-relations")
    assert "📌 Mongolia and the United States" in text_of(await daily(world, "queue")).splitlines()[3]
    answer = await daily(world, "queue")
    day = await world.ann.select(message_of(answer), ["20260103"], custom_id=ids(answer, "dd:")[0])
    await world.ann.click(message_of(day), label="As it comes")
    assert text_of(await daily(world, "queue")).splitlines()[1:] == before


async def test_a_date_that_is_not_ahead_and_an_unknown_moment_are_one_sentence(world: World) -> None:
    await add(world)
    assert "not one of the next dates" in text_of(await daily(world, "skip", day="1 December"))
    assert "can't read soon as a day" in text_of(await daily(world, "skip", day="soon"))
    unknown = await daily(world, "pin", day="2026-01-03", moment="xyzzyxyzzy")
    assert "I don't know a moment called xyzzyxyzzy" in text_of(unknown)
    offered = await world.ann.autocomplete(world.channel, "daily skip", "day", "")
    assert len(offered) == 25
    assert offered[0]["value"] == "20260101"


async def test_post_now_posts_today_once(world: World) -> None:
    await add(world)
    assert "January 1, 2026: [" in text_of(await daily(world, "post-now"))
    assert len(await posts(world)) == 1
    assert "Today already has its post" in text_of(await daily(world, "post-now"))
    await world.env.advance_time(70 * 60)
    assert len(await posts(world)) == 1


async def test_pause_resume_remove_and_undo(world: World) -> None:
    await add(world, hashtag="coldwarera")
    answer = await daily(world, "status")
    assert labels(answer) == ["Queue", "Preview", "Check", "History", "Edit", "Post now", "Pause", "Remove"]
    await world.ann.click(message_of(answer), label="Pause")
    assert "It is paused. Resume it" in text_of(await daily(world, "status"))
    await world.env.advance_time(DAY)
    assert "It is paused. Resume it" in text_of(await daily(world, "edit", time="02:00"))
    await world.env.advance_time(DAY)
    assert await posts(world) == []
    await daily(world, "resume")
    removed = await daily(world, "remove")
    assert "is removed" in text_of(removed)
    assert "no daily moment yet" in text_of(await daily(world, "status"))
    await world.ann.click(message_of(removed), label="Bring it back")
    assert "#ColdWarEra" in text_of(await daily(world, "status"))


async def test_only_admins_may_use_the_commands_and_the_buttons(world: World) -> None:
    with pytest.raises(simcord.SetupError):
        await world.ben.slash(world.channel, "daily status")
    await add(world)
    assert (await daily(world, "status")).ephemeral  # nobody else sees the buttons


@pytest.mark.parametrize(
    ("option", "typed", "sentence"),
    [
        ("time", "25:00", "I can't read 25:00 as a time"),
        ("time", "soon", "I can't read soon as a time"),
        ("zone", "Atlantis", "I don't know the time zone Atlantis"),
        ("zone", "australia", "australia has several time zones"),
        ("weekdays", "someday", "I can't read someday as weekdays"),
        ("country", "mongolia, xyzzy", "I don't know a country called xyzzy"),
        ("hashtag", "xyzzyxyzzy", "No moment has the hashtag xyzzyxyzzy"),
        ("since", "once", "I can't read once as a date"),
    ],
)
async def test_a_wrong_option_is_one_sentence_and_loses_no_setting(
    world: World, option: str, typed: str, sentence: str
) -> None:
    await add(world, time="8:15")
    assert sentence in text_of(await daily(world, "edit", **{option: typed}))
    assert sentence in text_of(await add(world, **{option: typed}))
    text = text_of(await daily(world, "status"))
    assert "08:15" in text
    assert "Only about" not in text


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("ulaanbaatar", "Ulaanbaatar"), ("Mongolei", "Hovd"), ("japan", "Tokyo"), ("eastern time", "New York"),
     ("utc", "UTC"), ("new yo", "New York"), ("ist", "Kolkata"), ("europe/kyiv", "Kyiv")],
)  # fmt: skip
async def test_a_zone_is_offered_by_city_country_and_common_name(world: World, typed: str, zone: str) -> None:
    given = {"channel": world.channel, "time": "9"}
    offered = await world.ann.autocomplete(world.channel, "daily add", "zone", typed, **given)
    assert zone in " ".join(choice["name"] for choice in offered[:3])
    assert all("(now " in choice["name"] for choice in offered)


async def test_the_zone_that_was_last_set_is_the_default(world: World) -> None:
    await add(world, zone="tokyo")
    answer = await world.ann.slash(world.channel, "daily add", channel=world.channel, time="9")
    assert "09:00 in Tokyo" in text_of(answer)


async def test_a_list_of_countries_is_completed_behind_its_last_comma(world: World) -> None:
    given = {"channel": world.channel, "time": "9"}
    offered = await world.ann.autocomplete(world.channel, "daily add", "country", "MN, jap", **given)
    assert offered[0]["value"] == "MN, JP"


async def test_a_channel_where_the_bot_may_not_post_is_refused_by_name(world: World) -> None:
    closed = closed_channel(world)
    answer = await add(world, channel=closed)
    assert "I need Send Messages there" in text_of(answer)
    assert "no daily moment yet" in text_of(await daily(world, "status"))


def closed_channel(world: World) -> Any:
    everyone = world.guild.default_role
    return world.guild.create_text_channel(
        "closed", overwrites={everyone: discord.PermissionOverwrite(send_messages=False)}
    )


async def test_check_names_each_permission_and_says_how_to_grant_it(world: World) -> None:
    await add(world, thread=True)
    fine = text_of(await daily(world, "check"))
    assert "✅ View Channel" in fine
    assert "✅ Create Public Threads" in fine
    assert "All is well" in fine
    [schedule] = await world.bot.roster.of_guild(world.guild.id)
    await world.bot.roster.pause(schedule, "forbidden", now=world.bot.now())
    assert "Resume" in labels(await daily(world, "check"))


async def test_a_lost_permission_pauses_tells_the_admin_and_one_tap_resumes(world: World) -> None:
    await add(world)
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await world.env.advance_time(70 * 60)
    answer = await daily(world, "status")
    text = text_of(answer)
    assert "It is paused: I am not allowed to post there. Mend that and resume it." in text
    assert "failed, I am not allowed to post there" in text
    [told] = world.ann.user.dm_channel.history()
    assert "**Moment of the day** in History club is paused: I am not allowed to post there" in text_of(told)
    await world.ann.click(message_of(answer), label="Resume")
    await world.env.advance_time(DAY)
    assert len(await posts(world)) == 1


async def test_an_outage_is_ridden_out(world: World) -> None:
    world.bot.delivery.tick = 60.0
    await add(world)
    world.env.inject_error("POST", "/channels/*/messages", status=503)
    await world.env.advance_time(2 * 3600)
    [schedule] = await world.bot.roster.of_guild(world.guild.id)
    history = await world.bot.ledger.history(schedule.id)
    assert [post.state for post in history] == [PostState.SENT]
    assert len(await posts(world)) == 1


async def test_in_an_announcement_channel_posts_are_published_and_get_a_thread(world: World) -> None:
    news = world.guild.create_news_channel("news")
    await add(world, channel=news, publish=True, thread=True)
    await world.env.advance_time(70 * 60)
    await world.env.advance_time(20 * 60)
    assert len(await posts(world, news)) == 1
    [schedule] = await world.bot.roster.of_guild(world.guild.id)
    [entry] = await world.bot.ledger.history(schedule.id)
    assert {extra.state for extra in await world.bot.ledger.extras([entry.id])} == {ExtraState.DONE}


async def test_in_a_forum_each_moment_is_a_post(world: World) -> None:
    forum = world.guild.create_forum_channel("moments")
    await add(world, channel=forum)
    await world.env.advance_time(70 * 60)
    [schedule] = await world.bot.roster.of_guild(world.guild.id)
    [entry] = await world.bot.ledger.history(schedule.id)
    assert entry.state is PostState.SENT
    [thread] = forum.threads
    assert thread.id == entry.message_id


async def test_a_big_role_is_pinged_only_after_a_clear_yes(world: World) -> None:
    readers = world.guild.create_role("readers")
    answer = await add(world, ping=readers)
    assert "Each post would ping" in text_of(answer)
    assert "Each post pings" not in text_of(await daily(world, "status"))
    await world.ann.click(message_of(answer), label="Yes, ping each time")
    assert f"Each post pings <@&{readers.id}>" in text_of(await daily(world, "status"))
    await world.env.advance_time(70 * 60)
    [post] = await posts(world)
    assert text_of(post).startswith(f"<@&{readers.id}>")
    [sent] = [r.json for r in world.env.http_requests if "nonce" in (r.json or {})]
    assert sent["allowed_mentions"]["roles"] == [readers.id] or sent["allowed_mentions"]["roles"] == [str(readers.id)]


async def test_after_a_kick_and_a_new_invitation_all_is_as_before(world: World) -> None:
    await add(world, country="Mongolia", time="8:15")
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await world.bot.on_guild_remove(guild)
    [schedule] = await world.bot.roster.of_guild(world.guild.id)
    assert not schedule.runs
    await world.bot.on_guild_join(guild)
    text = text_of(await daily(world, "status"))
    assert "08:15" in text
    assert "🇲🇳 Mongolia" in text
    assert "Next: <t:" in text

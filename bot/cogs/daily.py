"""The moment of the day: /daily add, edit, status and all that admins of a server do with it."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs import options
from bot.cogs.daily_options import (
    Channel,
    Given,
    check_channel,
    dates,
    new_name,
    read_date,
    read_schedule,
    read_settings,
    schedules,
    weekdays,
    zones,
)
from bot.cogs.lookup import Name
from bot.cogs.options import CATEGORY_CHOICES
from bot.daily.filters import Filters
from bot.daily.roster import MOST_SCHEDULES, Settings, TooManyError
from bot.daily.schedule import Schedule
from bot.ui import daily as screens
from bot.ui import daily_buttons as buttons
from bot.ui.host import Interaction, host, texts
from bot.ui.screen import Refusal, Reply, Screen
from bot.ui.zones import default_zone

_describe_options = app_commands.autocomplete(
    zone=zones,
    weekdays=weekdays,
    country=options.listed(options.suggest_countries),
    hashtag=options.listed(options.suggest_hashtags),
)


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class Daily(commands.GroupCog, group_name="daily"):
    """The commands with which admins set the daily posts."""

    @app_commands.command()
    @_describe_options
    @app_commands.choices(category=CATEGORY_CHOICES)
    async def add(
        self,
        interaction: Interaction,
        channel: Channel,
        time: Name,
        zone: Name | None = None,
        weekdays: Name | None = None,
        country: Name | None = None,
        category: str | None = None,
        hashtag: Name | None = None,
        top: bool = False,
        since: Name | None = None,
        until: Name | None = None,
        publish: bool = False,
        thread: bool = False,
        ping: discord.Role | None = None,
        name: Name | None = None,
    ) -> None:
        bot, words = host(interaction), texts(interaction)
        given = Given(
            name, channel, time, zone, weekdays, country, category, hashtag, top, since, until, publish, thread
        )
        async with Reply(interaction, private=True) as reply:
            guild_id = screens.check_admin(interaction)
            locale = str(interaction.guild_locale or interaction.locale)
            start = Settings(
                name=await new_name(bot, words, guild_id),
                channel_id=channel.id,
                at=buttons.read_time(words, time),
                zone=await default_zone(bot, guild_id, locale) or "UTC",
                locale=locale,
            )
            settings = await read_settings(bot, words, start, given)
            await check_channel(interaction, words, channel)
            try:
                schedule = await bot.roster.add(guild_id, settings, by=interaction.user.id, now=bot.now())
            except TooManyError:
                raise Refusal(words("daily-too-many", most=MOST_SCHEDULES)) from None
            await reply.show(await saved(interaction, schedule, ping))

    @app_commands.command()
    @_describe_options
    @app_commands.autocomplete(schedule=schedules)
    @app_commands.choices(category=CATEGORY_CHOICES)
    async def edit(
        self,
        interaction: Interaction,
        schedule: Name | None = None,
        channel: Channel | None = None,
        time: Name | None = None,
        zone: Name | None = None,
        weekdays: Name | None = None,
        country: Name | None = None,
        category: str | None = None,
        hashtag: Name | None = None,
        top: bool | None = None,
        since: Name | None = None,
        until: Name | None = None,
        publish: bool | None = None,
        thread: bool | None = None,
        ping: discord.Role | None = None,
        no_ping: bool = False,
        no_filters: bool = False,
        name: Name | None = None,
    ) -> None:
        bot, words = host(interaction), texts(interaction)
        given = Given(
            name, channel, time, zone, weekdays, country, category, hashtag, top, since, until, publish, thread
        )
        async with Reply(interaction, private=True) as reply:
            old = await read_schedule(bot, words, screens.check_admin(interaction), schedule)
            start = Settings.of(old)
            if no_filters:
                start = replace(start, filters=Filters())
            if no_ping:
                start = replace(start, role_id=None)
            settings = await read_settings(bot, words, start, given)
            if channel is not None:
                await check_channel(interaction, words, channel)
            changed = await bot.roster.edit(old, settings, now=bot.now())
            await reply.show(await saved(interaction, changed, ping))

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules)
    async def status(self, interaction: Interaction, schedule: Name | None = None) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=True) as reply:
            guild_id = screens.check_admin(interaction)
            one = await read_schedule(bot, words, guild_id, schedule) if schedule else None
            await reply.show(await screens.status_screen(bot, words, guild_id, one))

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules)
    async def queue(self, interaction: Interaction, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "queue")

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules, day=dates)
    async def skip(self, interaction: Interaction, day: Name, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "skip", day)

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules, day=dates)
    async def swap(self, interaction: Interaction, day: Name, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "swap", day)

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules, day=dates, moment=options.moments)
    async def pin(self, interaction: Interaction, day: Name, moment: Name, schedule: Name | None = None) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=True) as reply:
            one = await read_schedule(bot, words, screens.check_admin(interaction), schedule)
            on = buttons.read_day(await read_date(bot, words, one, day))
            await reply.show(await buttons.pin(bot, words, one, on, moment))

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules)
    async def preview(self, interaction: Interaction, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "preview")

    @app_commands.command(name="post-now")
    @app_commands.autocomplete(schedule=schedules)
    async def post_now(self, interaction: Interaction, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "now")

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules)
    async def check(self, interaction: Interaction, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "check")

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules)
    async def history(self, interaction: Interaction, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "history")

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules)
    async def pause(self, interaction: Interaction, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "pause")

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules)
    async def resume(self, interaction: Interaction, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "resume")

    @app_commands.command()
    @app_commands.autocomplete(schedule=schedules)
    async def remove(self, interaction: Interaction, schedule: Name | None = None) -> None:
        await do(interaction, schedule, "remove")


async def do(interaction: Interaction, name: str | None, act: str, date: str | None = None) -> None:
    """Answer a command that does with a schedule what a button does."""
    bot, words = host(interaction), texts(interaction)
    async with Reply(interaction, private=True) as reply:
        schedule = await read_schedule(bot, words, screens.check_admin(interaction), name)
        more = await read_date(bot, words, schedule, date) if date else ""
        await reply.show(await buttons.ACTS[act](interaction, schedule, more))


async def saved(interaction: Interaction, schedule: Schedule, ping: discord.Role | None) -> Screen:
    """The confirmation; a role with few members is pinged from now on, for a big one it is asked first."""
    bot, words = host(interaction), texts(interaction)
    if ping is None or ping.id == schedule.role_id:
        return await screens.saved_screen(bot, words, schedule)
    members = await _members(interaction, ping)
    if members is not None and members <= screens.FEW_PINGED:
        settings = replace(Settings.of(schedule), role_id=ping.id)
        return await screens.saved_screen(bot, words, await bot.roster.edit(schedule, settings, now=bot.now()))
    return await screens.saved_screen(bot, words, schedule, ask_to_ping=screens.Ping(ping.id, members))


async def _members(interaction: Interaction, role: discord.Role) -> int | None:
    """How many members have a role, if Discord tells."""
    if interaction.guild is None or role.is_default():
        return None
    try:
        counts = await interaction.guild.role_member_counts()
    except (discord.HTTPException, ValueError):  # not told, or not in the form that discord.py knows
        return None
    return next((count for one, count in counts.items() if one.id == role.id), 0)

"""The moment of the day: /daily set, status, preview and off, for admins of a server."""

import asyncio
import datetime as dt
import zoneinfo
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalog.matching import fold
from bot.cogs import options
from bot.cogs.lookup import Name
from bot.cogs.options import CATEGORY_CHOICES, offering
from bot.daily.schedule import TimeTextError, parse_time
from bot.locale import Texts
from bot.ui import daily as screens
from bot.ui.host import Interaction, host, texts
from bot.ui.screen import Refusal, Reply, escaped

# What people look for first, when they have not typed anything yet.
COMMON_ZONES = (
    "UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Los_Angeles",
    "America/Sao_Paulo", "Africa/Lagos", "Africa/Johannesburg", "Europe/Moscow", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Asia/Ulaanbaatar", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip


class PostableChannel(app_commands.Transformer):
    """A channel that can be posted to, as Discord sends it with the command: no cache is needed."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(self, interaction: Interaction, value: Any, /) -> app_commands.AppCommandChannel:  # noqa: ARG002 discord.py's signature
        channel: app_commands.AppCommandChannel = value
        return channel


@offering
async def zones(interaction: Interaction, current: str) -> list[tuple[str, str]]:
    """Time zones by city or area, each with the time it is there now."""
    bot, words = host(interaction), texts(interaction)
    names = await find_zones(current)
    found = []
    for name in names[: options.MOST_CHOICES]:
        now = bot.now().astimezone(zoneinfo.ZoneInfo(name))
        found.append((words("zone-choice", zone=name.replace("_", " "), time=f"{now:%H:%M}"), name))
    return found


async def find_zones(text: str) -> list[str]:
    """Zones with these words in their name, those of which a part begins with them first."""
    key = fold(text)
    if not key:
        return list(COMMON_ZONES)
    everything = await asyncio.to_thread(zoneinfo.available_timezones)  # reads some hundred files
    starts, inside = [], []
    for name in sorted(everything):
        folded = fold(name)
        if folded.startswith(key) or f" {key}" in folded:
            starts.append(name)
        elif key in folded:
            inside.append(name)
    return sorted(starts, key=lambda name: (fold(name) != key, fold(name.split("/")[-1]) != key)) + inside


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class Daily(commands.GroupCog, group_name="daily"):
    """The commands with which admins set the daily post."""

    @app_commands.command(name="set")
    @app_commands.autocomplete(zone=zones, country=options.countries, hashtag=options.hashtags)
    @app_commands.choices(category=CATEGORY_CHOICES)
    async def set_(
        self,
        interaction: Interaction,
        channel: app_commands.Transform[app_commands.AppCommandChannel, PostableChannel],
        time: Name,
        zone: Name,
        country: Name | None = None,
        category: str | None = None,
        hashtag: Name | None = None,
        private: bool = True,
    ) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=private) as reply:
            guild_id = screens.check_admin(interaction)
            at, zone_name = read_time(words, time), await read_zone(words, zone)
            query = await options.read_query(bot, words, country=country, category=category, hashtag=hashtag)
            await check_channel(interaction, words, channel)
            schedule = await bot.roster.put(
                guild_id=guild_id,
                channel_id=channel.id,
                at=at,
                zone=zone_name,
                country=query.country,
                category=query.category,
                hashtag=query.hashtag,
                locale=str(interaction.guild_locale or interaction.locale),
                created_by=interaction.user.id,
                now=bot.now(),
            )
            await reply.show(await screens.set_screen(bot, words, schedule))

    @app_commands.command()
    async def status(self, interaction: Interaction, private: bool = True) -> None:
        async with Reply(interaction, private=private) as reply:
            guild_id = screens.check_admin(interaction)
            await reply.show(await screens.status_screen(host(interaction), texts(interaction), guild_id))

    @app_commands.command()
    async def preview(self, interaction: Interaction, private: bool = True) -> None:
        async with Reply(interaction, private=private) as reply:
            guild_id = screens.check_admin(interaction)
            await reply.show(await screens.preview_screen(host(interaction), texts(interaction), guild_id))

    @app_commands.command()
    async def off(self, interaction: Interaction, private: bool = True) -> None:
        async with Reply(interaction, private=private) as reply:
            guild_id = screens.check_admin(interaction)
            await reply.show(await screens.turn_off(host(interaction), texts(interaction), guild_id))


def read_time(words: Texts, text: str) -> dt.time:
    """The time of day that is meant. Raises Refusal."""
    try:
        return parse_time(text)
    except TimeTextError:
        raise Refusal(words("unknown-time", text=escaped(text))) from None


async def read_zone(words: Texts, text: str) -> str:
    """The time zone that is meant: its name, or a city that names just one. Raises Refusal."""
    found = [] if not fold(text) else await find_zones(text)
    whole = [name for name in found if fold(name) == fold(text)]
    city = [name for name in found if fold(name.split("/")[-1]) == fold(text)]
    if not (whole or city) and len(found) != 1:
        raise Refusal(words("unknown-zone", text=escaped(text)))
    return (whole or city or found)[0]


async def check_channel(interaction: Interaction, words: Texts, channel: app_commands.AppCommandChannel) -> None:
    """Raises Refusal if the bot may not post in a channel, with the permissions that it lacks there."""
    try:
        full = await channel.fetch()
    except (discord.NotFound, discord.Forbidden):
        raise Refusal(words("missing-channel", channel=channel.mention)) from None
    assert interaction.guild is not None
    allowed = full.permissions_for(interaction.guild.me)
    missing = [name for name in ("view_channel", "send_messages") if not getattr(allowed, name)]
    if missing:
        names = words.join([words("permission-" + name.replace("_", "-")) for name in missing])
        raise Refusal(words("missing-permissions", channel=channel.mention, permissions=names))

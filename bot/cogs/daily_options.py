"""What admins type into the options of /daily: what is offered while they type, and what it stands for."""

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands

from bot.catalog.dates import DateError, parse_day
from bot.cogs import options
from bot.cogs.options import offering
from bot.daily.filters import Filters
from bot.daily.roster import Settings
from bot.daily.schedule import EVERY_DAY, ChannelKind, Schedule, WeekdaysError, parse_weekdays, weekdays_of
from bot.locale import Texts
from bot.ui import daily as screens
from bot.ui import daily_buttons as buttons
from bot.ui.host import Host, Interaction, host, texts
from bot.ui.screen import Refusal, escaped
from bot.ui.zones import default_zone, find_zones, need_zone

KINDS = {
    discord.ChannelType.text: ChannelKind.TEXT,
    discord.ChannelType.news: ChannelKind.NEWS,
    discord.ChannelType.forum: ChannelKind.FORUM,
}
# What is offered for weekdays, as it can be typed.
USUAL_DAYS = ("every day", "mon-fri", "sat, sun", "mon, wed, fri", "sunday")


class PostableChannel(app_commands.Transformer):
    """A channel that can be posted to, as Discord sends it with the command: no cache is needed."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return list(KINDS)

    async def transform(self, interaction: Interaction, value: Any, /) -> app_commands.AppCommandChannel:  # noqa: ARG002 discord.py's signature
        channel: app_commands.AppCommandChannel = value
        return channel


Channel = app_commands.Transform[app_commands.AppCommandChannel, PostableChannel]


@offering
async def zones(interaction: Interaction, current: str) -> list[tuple[str, str]]:
    """Time zones by city, country or common name, each with the time it is there now."""
    bot, words = host(interaction), texts(interaction)
    names = await find_zones(bot, current)
    if not current.strip() and interaction.guild_id is not None:
        first = await default_zone(bot, interaction.guild_id, str(interaction.guild_locale or ""))
        names = list(dict.fromkeys([first, *names] if first else names))
    found = []
    for name in names[: options.MOST_CHOICES]:
        now = bot.now().astimezone(zoneinfo.ZoneInfo(name))
        area = name.rpartition("/")[0].replace("_", " ")
        place = f"{screens.place_of(name)} ({area})" if area else name
        found.append((words("zone-choice", zone=place, time=f"{now:%H:%M}"), name))
    return found


@offering
async def schedules(interaction: Interaction, current: str) -> list[tuple[str, str]]:
    """The schedules of the server by name."""
    bot = host(interaction)
    all_of_it = await bot.roster.of_guild(interaction.guild_id or 0)
    return [(one.name, str(one.id)) for one in all_of_it if current.casefold() in one.name.casefold()]


@offering
async def weekdays(interaction: Interaction, current: str) -> list[tuple[str, str]]:
    """Usual choices of weekdays, and what was typed as it is understood."""
    words = texts(interaction)
    offered = [text for text in USUAL_DAYS if current.casefold() in text]
    if current.strip():
        try:
            parse_weekdays(current)
            offered.insert(0, current.strip())
        except WeekdaysError:
            pass
    names = {text: _days_text(words, parse_weekdays(text)) for text in offered}
    return [(names[text], text) for text in dict.fromkeys(offered)]


def _days_text(words: Texts, mask: int) -> str:
    days = [words.weekday(day) for day in weekdays_of(mask)]
    return words("daily-days-all") if mask == EVERY_DAY else words.join(days)


@offering
async def dates(interaction: Interaction, current: str) -> list[tuple[str, str]]:
    """The next dates of the schedule that is chosen, with what is posted on them."""
    bot, words = host(interaction), texts(interaction)
    chosen = interaction.namespace.schedule
    schedule = await read_schedule(bot, words, interaction.guild_id or 0, chosen)
    found = []
    for day in await bot.chooser.ahead(schedule, options.MOST_CHOICES):
        moment = await bot.catalog.get(day.slug) if day.slug and not day.skipped else None
        name = f"{words.weekday_and_day(day.local_date)} · {moment.title if moment else '—'}"
        if current.casefold() in f"{name} {day.local_date}".casefold():
            found.append((name, f"{day.local_date:%Y%m%d}"))
    return found


@dataclass(slots=True)
class Given:
    """The options of /daily add and edit, as they were given; None: not given."""

    name: str | None
    channel: app_commands.AppCommandChannel | None
    time: str | None
    zone: str | None
    weekdays: str | None
    country: str | None
    category: str | None
    hashtag: str | None
    top: bool | None
    since: str | None
    until: str | None
    publish: bool | None
    thread: bool | None


async def read_schedule(bot: Host, words: Texts, guild_id: int, text: str | None) -> Schedule:
    """The schedule that is meant: by number, by name, or the only one. Raises Refusal."""
    all_of_it = await bot.roster.of_guild(guild_id)
    if not all_of_it:
        raise Refusal(words("daily-none"))
    if not text:
        if len(all_of_it) == 1:
            return all_of_it[0]
        raise Refusal(words("daily-which", names=_names(words, all_of_it)))
    wanted = text.strip().casefold()
    found = [one for one in all_of_it if wanted in (str(one.id), one.name.casefold())]
    found = found or [one for one in all_of_it if wanted in one.name.casefold()]
    if len(found) != 1:
        raise Refusal(words("daily-unknown-schedule", text=escaped(text), names=_names(words, all_of_it)))
    return found[0]


def _names(words: Texts, schedules: Sequence[Schedule]) -> str:
    return words.join([f"**{escaped(one.name)}**" for one in schedules[:10]])


async def new_name(bot: Host, words: Texts, guild_id: int) -> str:
    """A name that no other schedule of the server has."""
    taken = {one.name for one in await bot.roster.of_guild(guild_id)}
    names = [words("daily-default-name"), *(words("daily-numbered-name", number=n) for n in range(2, len(taken) + 2))]
    return next(name for name in names if name not in taken)


async def read_date(bot: Host, words: Texts, schedule: Schedule, text: str) -> str:
    """One of the next dates of a schedule, as buttons have it. Raises Refusal."""
    days = [day.local_date for day in await bot.chooser.ahead(schedule, buttons.DAYS_AHEAD_AT_MOST)]
    plain = text.strip()
    found = [on for on in days if plain in (f"{on:%Y%m%d}", f"{on:%Y-%m-%d}")]
    if not found:
        try:
            day = parse_day(plain, today=bot.now().date())
        except DateError:
            raise Refusal(words("unknown-day", text=escaped(text))) from None
        found = [on for on in days if (on.month, on.day) == day]
    if not found:
        raise Refusal(words("daily-not-ahead", text=escaped(text), first=words.on(days[0]), last=words.on(days[-1])))
    return f"{found[0]:%Y%m%d}"


async def read_settings(bot: Host, words: Texts, start: Settings, given: Given) -> Settings:
    """Settings with what was given put in. Raises Refusal for what cannot be understood."""
    changes: dict[str, Any] = {"filters": await read_filters(bot, words, start.filters, given)}
    if given.name is not None:
        changes["name"] = " ".join(given.name.split())[:60] or start.name
    if given.channel is not None:
        changes |= {"channel_id": given.channel.id, "channel_kind": KINDS[given.channel.type]}
    if given.time is not None:
        changes["at"] = buttons.read_time(words, given.time)
    if given.zone is not None:
        changes["zone"] = await need_zone(bot, words, given.zone)
    if given.weekdays is not None:
        try:
            changes["weekdays"] = parse_weekdays(given.weekdays)
        except WeekdaysError:
            raise Refusal(words("unknown-weekdays", text=escaped(given.weekdays))) from None
    changes |= {name: value for name in ("publish", "thread") if (value := getattr(given, name)) is not None}
    return replace(start, **changes)


async def read_filters(bot: Host, words: Texts, start: Filters, given: Given) -> Filters:
    """Filters with what was given put in. Raises Refusal for what cannot be understood."""
    query = await options.read_query(bot, words, since=given.since, until=given.until)
    changes: dict[str, Any] = {"since": query.since} if given.since else {}
    changes |= {"until": query.until} if given.until else {}
    if given.country:
        changes["countries"] = tuple([await options.read_country(bot, words, part) for part in _parts(given.country)])
    if given.hashtag:
        changes["hashtags"] = tuple([await options.read_hashtag(bot, words, part) for part in _parts(given.hashtag)])
    if given.category:
        changes["categories"] = (given.category,)
    if given.top is not None:
        changes["top"] = given.top
    return replace(start, **changes)


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


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
        names = words.join([words(screens.permission_key(name)) for name in missing])
        raise Refusal(words("missing-permissions", channel=channel.mention, permissions=names))

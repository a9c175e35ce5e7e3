"""The screens of /daily: what is set, what comes next, how the last posts went."""

import re
from typing import Any, Self

import discord

from bot.daily.ledger import Post, PostState
from bot.daily.schedule import Schedule
from bot.locale import Texts
from bot.ui.host import Host, Interaction, host, texts
from bot.ui.listing import filter_names
from bot.ui.moment import moment_screen
from bot.ui.post import query_of
from bot.ui.screen import Refusal, Screen, Step, escaped, notice

FEW = 7  # moments: a week without repeats
LAST_POSTS = 5
REASONS = ("down", "no_moments", "forbidden", "not_found")


async def set_screen(bot: Host, words: Texts, schedule: Schedule) -> Screen:
    """What has just been set, and a word of warning if few moments fit."""
    lines = [f"## {words('daily-set-title')}", _every_day(bot, words, schedule), _next(words, schedule)]
    fitting = len(await bot.catalog.candidates(query_of(schedule)))
    if fitting == 0:
        lines.append("⚠️ " + words("daily-nothing-fits"))
    elif fitting < FEW:
        lines.append("⚠️ " + words("daily-warning-few", total=fitting))
    return notice("\n".join(lines), _buttons(words))


async def status_screen(bot: Host, words: Texts, guild_id: int) -> Screen:
    """The server's schedule, its next post and the last ones. Raises Refusal if there is none."""
    schedule = await need_schedule(bot, words, guild_id)
    lines = [f"## {words('daily-status-title')}", _every_day(bot, words, schedule)]
    if schedule.paused_because:
        lines.append("⚠️ " + words("daily-paused", reason=_reason(words, schedule.paused_because)))
    elif schedule.active:
        lines.append(_next(words, schedule))
    else:
        lines.append(words("daily-is-off"))
    posts = await bot.ledger.history(schedule.id, LAST_POSTS)
    if posts:
        lines.append(f"### {words('daily-last')}")
        lines += [await _post_line(bot, words, post) for post in posts]
    running = schedule.active and not schedule.paused_because
    return notice("\n".join(lines), *([_buttons(words)] if running else []))


async def preview_screen(bot: Host, words: Texts, guild_id: int) -> Screen:
    """What the next post would look like. Raises Refusal if nothing will be posted."""
    schedule = await need_schedule(bot, words, guild_id)
    slug = await bot.delivery.peek(schedule)
    moment = await bot.catalog.get(slug) if slug else None
    if moment is None:
        raise Refusal(words("daily-nothing-fits"))
    return moment_screen(bot, words, moment, heading=words("daily-preview-title"))


async def need_schedule(bot: Host, words: Texts, guild_id: int) -> Schedule:
    """The server's schedule. Raises Refusal that says how to set one."""
    schedule = await bot.roster.get(guild_id)
    if schedule is None:
        raise Refusal(words("daily-none"))
    return schedule


async def turn_off(bot: Host, words: Texts, guild_id: int) -> Screen:
    """Stop the daily post."""
    await need_schedule(bot, words, guild_id)
    was_on = await bot.roster.off(guild_id)
    return notice(words("daily-off-now" if was_on else "daily-already-off"))


def _every_day(bot: Host, words: Texts, schedule: Schedule) -> str:
    values = {
        "time": f"{schedule.at:%H:%M}",
        "zone": schedule.zone.replace("_", " "),
        "channel": f"<#{schedule.channel_id}>",
    }
    names = list(filter_names(bot, words, query_of(schedule)).values())
    if names:
        return words("daily-every-day-filters", filters=words.join(names), **values)
    return words("daily-every-day", **values)


def _next(words: Texts, schedule: Schedule) -> str:
    at = schedule.next_at
    return words("daily-next", at=discord.utils.format_dt(at, "f"), relative=discord.utils.format_dt(at, "R"))


async def _post_line(bot: Host, words: Texts, post: Post) -> str:
    moment = await bot.catalog.get(post.slug) if post.slug else None
    title = escaped(moment.title) if moment else post.slug or ""
    date = words.on(post.local_date)
    if post.state in (PostState.SKIPPED, PostState.FAILED):
        return "- " + words(f"daily-post-{post.state}", date=date, reason=_reason(words, post.reason or ""))
    return "- " + words(f"daily-post-{post.state}", date=date, title=title)


def _reason(words: Texts, reason: str) -> str:
    return words(f"reason-{reason if reason in REASONS else 'other'}")


def _buttons(words: Texts) -> discord.ui.ActionRow[Any]:
    return discord.ui.ActionRow(ShowNext(words("daily-button-preview")), TurnOff(words("daily-button-off")))


def check_admin(interaction: Interaction) -> int:
    """The server of an admin's click. Raises Refusal for anybody else: the message may be public."""
    words = texts(interaction)
    if interaction.guild_id is None:
        raise Refusal(words("only-in-server"))
    if not interaction.permissions.manage_guild:
        raise Refusal(words("need-manage-server"))
    return interaction.guild_id


class ShowNext(Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"dp"):
    """A button that shows what the next post looks like."""

    def __init__(self, label: str = "…") -> None:
        super().__init__(discord.ui.Button(label=label, emoji="👁️", custom_id="dp"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls()

    async def screen(self, interaction: Interaction) -> Screen:
        return await preview_screen(host(interaction), texts(interaction), check_admin(interaction))


class TurnOff(Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"do"):
    """A button that stops the daily post."""

    def __init__(self, label: str = "…") -> None:
        super().__init__(discord.ui.Button(label=label, style=discord.ButtonStyle.danger, custom_id="do"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls()

    async def screen(self, interaction: Interaction) -> Screen:
        return await turn_off(host(interaction), texts(interaction), check_admin(interaction))

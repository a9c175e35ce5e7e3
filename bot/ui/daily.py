"""The screens of /daily: what is set, what comes next, how the last posts went."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import discord

from bot.catalog.dates import parse_date
from bot.daily.filters import Filters
from bot.daily.ledger import Extra, ExtraState, Post, PostState
from bot.daily.roster import BY_ADMIN
from bot.daily.schedule import EVERY_DAY, ChannelKind, Schedule, weekdays_of
from bot.locale import Texts
from bot.ui import daily_buttons as buttons
from bot.ui.host import Host, Interaction, texts
from bot.ui.moment import country_name
from bot.ui.post import mention, post_screen
from bot.ui.screen import Refusal, Screen, escaped, notice

FEW = 7  # moments: a week without repeats
LAST_POSTS = 14
LONGEST_LIST = 3_300  # characters
REASONS = ("down", "no_moments", "forbidden", "not_found", "by_admin", "changed", "fault", "unreachable")
# Roles with more members are asked about before they are pinged each day.
FEW_PINGED = 20


async def saved_screen(bot: Host, words: Texts, schedule: Schedule, *, ask_to_ping: "Ping | None" = None) -> Screen:
    """What has just been set, with a word of warning if few moments fit, and the question whether to ping many."""
    lines = [f"## {words('daily-saved-title', name=escaped(schedule.name))}", *describe(bot, words, schedule)]
    lines += [state_line(words, schedule), *await _few(bot, words, schedule)]
    rows = [buttons.row(words, schedule, "preview", "queue", "check", "status")]
    if ask_to_ping:
        shown = "@everyone" if ask_to_ping.role_id == schedule.guild_id else f"<@&{ask_to_ping.role_id}>"
        key = "daily-ask-ping" if ask_to_ping.members is None else "daily-ask-ping-members"
        lines.append("⚠️ " + words(key, role=shown, members=ask_to_ping.members or 0))
        rows.insert(0, buttons.row(words, schedule, "ping", more=str(ask_to_ping.role_id)))
    return notice("\n".join(lines), *rows)


class Ping:
    """A role that a schedule would ping, and how many members it has, if that is known."""

    def __init__(self, role_id: int, members: int | None) -> None:
        self.role_id = role_id
        self.members = members


async def status_screen(bot: Host, words: Texts, guild_id: int, schedule: Schedule | None = None) -> Screen:
    """One schedule of a server, or all of them. Raises Refusal if there is none."""
    schedules = await bot.roster.of_guild(guild_id)
    if not schedules:
        raise Refusal(words("daily-none"))
    if schedule is None and len(schedules) > 1:
        return _all_of_them(bot, words, schedules)
    shown = schedule or schedules[0]
    lines = [f"## {escaped(shown.name)}", *describe(bot, words, shown), state_line(words, shown)]
    lines += await _few(bot, words, shown)
    posts = await bot.ledger.history(shown.id, 3)
    if posts:
        lines.append(f"### {words('daily-last')}")
        lines += await post_lines(bot, words, shown, posts)
    running = shown.paused_because is None
    rows = [
        buttons.row(words, shown, "queue", "preview", "check", "history", "edit"),
        buttons.row(words, shown, *(["now", "pause"] if running else ["resume"]), "remove"),
    ]
    if len(schedules) > 1:
        rows.insert(0, discord.ui.ActionRow(buttons.ChooseSchedule(words, schedules, shown.id)))
    return notice("\n".join(lines), *rows)


def _all_of_them(bot: Host, words: Texts, schedules: Sequence[Schedule]) -> Screen:
    lines = [f"## {words('daily-status-title')}"]
    for place, one in enumerate(schedules):
        line = f"**{escaped(one.name)}** · {describe(bot, words, one)[0]}\n{state_line(words, one)}"
        if sum(map(len, lines)) + len(line) > LONGEST_LIST:
            lines.append(words("daily-more-schedules", total=len(schedules) - place))
            break
        lines.append(line)
    return notice("\n".join(lines), discord.ui.ActionRow(buttons.ChooseSchedule(words, schedules)))


def state_line(words: Texts, schedule: Schedule) -> str:
    """When the next post comes, or why none does."""
    if not schedule.active:
        return words("daily-is-removed")
    if schedule.paused_because == BY_ADMIN:
        return "⏸️ " + words("daily-paused-by-admin")
    if schedule.paused_because:
        return "⚠️ " + words("daily-paused", reason=reason_text(words, schedule.paused_because))
    return _next(words, schedule)


def describe(bot: Host, words: Texts, schedule: Schedule) -> list[str]:
    """When and where a schedule posts, about what, and what else it does."""
    clock = f"{schedule.at:%H:%M}"
    at = words("daily-clock-utc", time=clock) if schedule.zone == "UTC" else words(
        "daily-clock", time=clock, place=place_of(schedule.zone)
    )  # fmt: skip
    values = {"clock": at, "channel": f"<#{schedule.channel_id}>"}
    if schedule.weekdays == EVERY_DAY:
        lines = [words("daily-every-day", **values)]
    else:
        days = [words.weekday(day) for day in weekdays_of(schedule.weekdays)]
        lines = [words("daily-weekdays", days=words.join(days), **values)]
    if schedule.filters:
        lines.append(words("daily-about", filters="; ".join(filter_names(bot, words, schedule.filters))))
    more = []
    if schedule.publish and schedule.channel_kind is ChannelKind.NEWS:
        more.append(words("daily-publishes"))
    if schedule.thread and schedule.channel_kind is not ChannelKind.FORUM:
        more.append(words("daily-opens-thread"))
    if schedule.role_id:
        more.append(words("daily-pings", role=mention(schedule)))
    return lines + more


def place_of(zone: str) -> str:
    """A zone as people call it: its city."""
    return zone.split("/")[-1].replace("_", " ")


def filter_names(bot: Host, words: Texts, filters: Filters) -> list[str]:
    """How filters read, one of each kind."""
    names = []
    if filters.countries:
        names.append(", ".join(country_name(bot, words, code) for code in filters.countries))
    if filters.categories:
        names.append(", ".join(map(words.category, filters.categories)))
    if filters.hashtags:
        names.append(", ".join(words("filter-hashtag", hashtag=escaped(one)) for one in filters.hashtags))
    if filters.top:
        names.append(words("daily-only-top"))
    if filters.since:
        names.append(words("filter-since", date=words.date(parse_date(filters.since))))
    if filters.until:
        names.append(words("filter-until", date=words.date(parse_date(filters.until))))
    return names


def _next(words: Texts, schedule: Schedule) -> str:
    at = schedule.next_at
    return words("daily-next", at=discord.utils.format_dt(at, "f"), relative=discord.utils.format_dt(at, "R"))


async def _few(bot: Host, words: Texts, schedule: Schedule) -> list[str]:
    """A warning if hardly any moments fit, or hardly any are left before they come again."""
    fitting = await schedule.filters.candidates(bot.catalog)
    if not fitting:
        return ["⚠️ " + words("daily-nothing-fits")]
    if len(fitting) < FEW:
        return ["⚠️ " + words("daily-warning-few", total=len(fitting))]
    shown = await bot.ledger.shown(schedule.id)
    fewest = min(shown[one.slug] for one in fitting)
    left = sum(shown[one.slug] == fewest for one in fitting)
    return ["⚠️ " + words("daily-warning-left", total=left)] if left < FEW else []


async def history_screen(bot: Host, words: Texts, schedule: Schedule) -> Screen:
    """The last results, with their causes."""
    posts = await bot.ledger.history(schedule.id, LAST_POSTS)
    lines = [f"## {words('daily-history-title', name=escaped(schedule.name))}"]
    lines += await post_lines(bot, words, schedule, posts) or [words("daily-history-empty")]
    return notice("\n".join(lines), buttons.row(words, schedule, "queue", "status"))


async def post_lines(bot: Host, words: Texts, schedule: Schedule, posts: Sequence[Post]) -> list[str]:
    """One line a post: its date, its moment with a link to the message, or why there is none."""
    extras = await bot.ledger.extras([one.id for one in posts])
    return [await _post_line(bot, words, schedule, one, [e for e in extras if e.post_id == one.id]) for one in posts]


async def _post_line(bot: Host, words: Texts, schedule: Schedule, post: Post, extras: Sequence[Extra]) -> str:
    moment = await bot.catalog.get(post.slug) if post.slug else None
    title = escaped(moment.title) if moment else post.slug or ""
    if post.message_id:
        title = f"[{title}](https://discord.com/channels/{schedule.guild_id}/{post.channel_id}/{post.message_id})"
    date = words.on(post.local_date)
    if post.state in (PostState.SKIPPED, PostState.FAILED):
        line = words(f"daily-post-{post.state}", date=date, reason=reason_text(words, post.reason or ""))
    else:
        line = words(f"daily-post-{post.state}", date=date, title=title)
    for extra in extras:
        if extra.state is not ExtraState.DONE:
            line += " · " + words(f"daily-extra-{extra.kind}-{extra.state}")
    return f"- {line}"


def reason_text(words: Texts, reason: str) -> str:
    """Why something was not posted, as a clause."""
    return words(f"reason-{reason if reason in REASONS else 'other'}")


async def preview_screen(bot: Host, words: Texts, schedule: Schedule) -> Screen:
    """What the next post would look like. Raises Refusal if nothing will be posted."""
    [ahead] = await bot.chooser.ahead(schedule, 1)
    if ahead.skipped:
        raise Refusal(words("daily-preview-skipped", date=words.on(ahead.local_date)))
    moment = await bot.catalog.get(ahead.slug) if ahead.slug else None
    if moment is None:
        raise Refusal(words("daily-nothing-fits"))
    return post_screen(bot, words, schedule, moment, words("daily-preview-title", date=words.on(ahead.local_date)))


async def queue_screen(bot: Host, words: Texts, schedule: Schedule) -> Screen:
    """The next posts, with a way to change each."""
    lines = [f"## {words('daily-queue-title', name=escaped(schedule.name))}"]
    if not schedule.runs:
        lines.append(state_line(words, schedule))
    days = await bot.chooser.ahead(schedule, buttons.DAYS_AHEAD)
    titles: dict[dt.date, str] = {}
    for day in days:
        moment = await bot.catalog.get(day.slug) if day.slug else None
        key = "daily-day-skipped" if day.skipped else "daily-day" if moment else "daily-day-nothing"
        titles[day.local_date] = moment.title if moment else words(key, title="")
        mark = "📌 " if day.pinned else "⏭️ " if day.skipped else ""
        text = words(key, title=escaped(moment.title) if moment else "")
        lines.append(
            f"- **{words.weekday_and_day(day.local_date)}** {discord.utils.format_dt(day.at, 't')} · {mark}{text}"
        )
    choose: discord.ui.ActionRow[Any] = discord.ui.ActionRow(buttons.ChooseDay(words, schedule.id, titles))
    return notice("\n".join(lines), choose, buttons.row(words, schedule, "preview", "history", "status"))


async def day_screen(bot: Host, words: Texts, schedule: Schedule, on: dt.date, said: str = "") -> Screen:
    """One date of the queue, and what can be done about it. Raises Refusal for one that has gone by."""
    days = await bot.chooser.ahead(schedule, buttons.DAYS_AHEAD_AT_MOST)
    day = next((one for one in days if one.local_date == on), None)
    if day is None:
        raise Refusal(words("daily-day-gone", date=words.on(on)))
    moment = await bot.catalog.get(day.slug) if day.slug else None
    lines = [f"## {words('daily-day-title', date=words.on(on), name=escaped(schedule.name))}"]
    if said:
        lines.append(said)
    if day.skipped:
        lines.append("⏭️ " + words("daily-day-skipped"))
    elif moment is None:
        lines.append(words("daily-day-nothing"))
    else:
        lines.append(("📌 " if day.pinned else "") + words("daily-day", title=f"**{escaped(moment.title)}**"))
    acts = ["clear"] if day.skipped or day.pinned else []
    acts += ["swap", "pin"] if day.skipped else ["skip", "swap", "pin"]
    return notice(
        "\n".join(lines),
        buttons.row(words, schedule, *acts, more=f"{on:%Y%m%d}"),
        buttons.row(words, schedule, "queue", "status"),
    )


async def check_screen(interaction: Interaction, words: Texts, schedule: Schedule) -> Screen:
    """Each permission that a schedule needs, whether it is there, and how to grant it."""
    lines = [f"## {words('daily-check-title', name=escaped(schedule.name))}"]
    missing = await missing_permissions(interaction, schedule)
    channel = f"<#{schedule.channel_id}>"
    if missing is None:
        lines.append("❌ " + words("daily-check-no-channel", channel=channel))
    else:
        for name in needed_permissions(schedule):
            mark, why = "❌" if name in missing else "✅", words(f"why-{dashed(name)}")
            lines.append(f"{mark} {words(permission_key(name))} · {why}")
        if missing:
            names = words.join([words(permission_key(name)) for name in missing])
            lines.append(words("daily-check-grant", channel=channel, permissions=names))
        else:
            lines.append(words("daily-check-fine", channel=channel))
    if schedule.paused_because:
        lines.append(state_line(words, schedule))
    acts = ["resume"] if schedule.paused_because else []
    return notice("\n".join(lines), buttons.row(words, schedule, *acts, "again", "status"))


def permission_key(name: str) -> str:
    """The text that names a permission as Discord's settings do."""
    return f"permission-{dashed(name)}"


def dashed(name: str) -> str:
    """A name of the program as texts have it."""
    return name.replace("_", "-")


def needed_permissions(schedule: Schedule) -> list[str]:
    """The permissions that posts of a schedule need in its channel."""
    names = ["view_channel", "send_messages", "read_message_history"]
    if schedule.thread and schedule.channel_kind is not ChannelKind.FORUM:
        names.append("create_public_threads")
    if schedule.role_id is not None:
        names.append("mention_everyone")
    return names


async def missing_permissions(interaction: Interaction, schedule: Schedule) -> list[str] | None:
    """Those that the bot lacks; None if it cannot see the channel or the channel is gone."""
    guild = interaction.guild
    assert guild is not None
    try:
        channel = await guild.fetch_channel(schedule.channel_id)
    except (discord.NotFound, discord.Forbidden):
        return None
    allowed = channel.permissions_for(guild.me)
    missing = [name for name in needed_permissions(schedule) if not getattr(allowed, name)]
    if "mention_everyone" in missing and schedule.role_id != guild.id:
        roles = {role.id: role for role in await guild.fetch_roles()}
        role = roles.get(schedule.role_id or 0)
        if role is not None and role.mentionable:  # anybody may ping it
            missing.remove("mention_everyone")
    return missing


def check_admin(interaction: Interaction) -> int:
    """The server of an admin's click. Raises Refusal for anybody else: the message may be public."""
    words = texts(interaction)
    if interaction.guild_id is None:
        raise Refusal(words("only-in-server"))
    if not interaction.permissions.manage_guild:
        raise Refusal(words("need-manage-server"))
    return interaction.guild_id

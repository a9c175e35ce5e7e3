"""What can be clicked on the screens of /daily: one kind of button for all that is done with a schedule."""

import datetime as dt
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import discord

from bot.daily.roster import BY_ADMIN, Settings
from bot.daily.schedule import Schedule, TimeTextError, parse_time
from bot.locale import Texts
from bot.ui import daily as screens
from bot.ui.host import Host, Interaction, host, texts
from bot.ui.screen import Refusal, Reply, Screen, Step, escaped, follow, may_change, notice
from bot.ui.zones import need_zone

DAYS_AHEAD = 7
DAYS_AHEAD_AT_MOST = 60
_GREY, _RED, _GREEN = discord.ButtonStyle.secondary, discord.ButtonStyle.danger, discord.ButtonStyle.success
STYLES = {"remove": _RED, "ping": _RED, "resume": _GREEN, "undo": _GREEN}
EMOJI = {
    "queue": "📅", "preview": "👁️", "check": "🩺", "history": "🧾", "edit": "✏️", "now": "📮", "pause": "⏸️",
    "resume": "▶️", "remove": "🗑️", "status": "↩️", "undo": "↩️", "skip": "⏭️", "swap": "🔀", "pin": "📌",
    "clear": "✖️", "again": "🔁",
    "ping": "🔔",
}  # fmt: skip


def row(words: Texts, schedule: Schedule, *acts: str, more: str = "") -> discord.ui.ActionRow[Any]:
    """Buttons that do something with a schedule, side by side."""
    return discord.ui.ActionRow(*(ScheduleButton(act, schedule.id, more, words(f"daily-button-{act}")) for act in acts))


async def need(bot: Host, words: Texts, guild_id: int, schedule_id: int) -> Schedule:
    """A schedule of this server. Raises Refusal for one that is gone or another server's."""
    schedule = await bot.roster.by_id(schedule_id, guild_id)
    if schedule is None:
        raise Refusal(words("daily-schedule-gone"))
    return schedule


class ScheduleButton(
    Step,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"d:(?P<act>[a-z]+):(?P<id>[0-9]{1,18}):(?P<more>[0-9]*)",
):
    """A button that does `act` with a schedule; `more` is a date (20260127) or a role."""

    def __init__(self, act: str, schedule_id: int, more: str = "", label: str = "…") -> None:
        self.act, self.schedule_id, self.more = act, schedule_id, more
        super().__init__(
            discord.ui.Button(
                label=label,
                emoji=EMOJI.get(act),
                style=STYLES.get(act, _GREY),
                custom_id=f"d:{act}:{schedule_id}:{more}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["act"], int(match["id"]), match["more"])

    async def callback(self, interaction: Interaction) -> None:
        if self.act in FORMS:
            await self._ask(interaction)
        else:
            await follow(interaction, lambda: self.screen(interaction))

    async def screen(self, interaction: Interaction) -> Screen:
        schedule = await self._schedule(interaction)
        return await ACTS[self.act](interaction, schedule, self.more)

    async def _schedule(self, interaction: Interaction) -> Schedule:
        guild_id = screens.check_admin(interaction)
        return await need(host(interaction), texts(interaction), guild_id, self.schedule_id)

    async def _ask(self, interaction: Interaction) -> None:
        async with Reply(interaction, private=True):  # answers if something goes wrong
            form = FORMS[self.act](texts(interaction), await self._schedule(interaction), self.more)
            await interaction.response.send_modal(form)


class ChooseSchedule(Step, discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"ds"):
    """A select of the schedules of a server."""

    def __init__(self, words: Texts, schedules: Sequence[Schedule], chosen: int = 0) -> None:
        options = [
            discord.SelectOption(
                label=one.name[:100],
                value=str(one.id),
                description=f"{one.at:%H:%M} · {screens.place_of(one.zone)}"[:100],
                emoji="⏸️" if one.paused_because else None,
                default=one.id == chosen,
            )
            for one in schedules[:25]
        ] or [discord.SelectOption(label="…")]
        super().__init__(discord.ui.Select(custom_id="ds", placeholder=words("daily-choose"), options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(texts(interaction), [])

    async def screen(self, interaction: Interaction) -> Screen:
        bot, words = host(interaction), texts(interaction)
        guild_id = screens.check_admin(interaction)
        schedule = await need(bot, words, guild_id, int(chosen_value(interaction)))
        return await screens.status_screen(bot, words, guild_id, schedule)


class ChooseDay(Step, discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"dd:(?P<id>[0-9]{1,18})"):
    """A select of the next dates of a schedule."""

    def __init__(self, words: Texts, schedule_id: int, titles: Mapping[dt.date, str]) -> None:
        self.schedule_id = schedule_id
        options = [
            discord.SelectOption(label=words.weekday_and_day(on), value=f"{on:%Y%m%d}", description=title[:100])
            for on, title in titles.items()
        ] or [discord.SelectOption(label="…")]
        placeholder = words("daily-choose-day")
        super().__init__(discord.ui.Select(custom_id=f"dd:{schedule_id}", placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(texts(interaction), int(match["id"]), {})

    async def screen(self, interaction: Interaction) -> Screen:
        bot, words = host(interaction), texts(interaction)
        schedule = await need(bot, words, screens.check_admin(interaction), self.schedule_id)
        return await screens.day_screen(bot, words, schedule, read_day(chosen_value(interaction)))


def chosen_value(interaction: Interaction) -> str:
    """What was chosen in a select."""
    data: dict[str, Any] = dict(interaction.data or {})
    return str(data["values"][0])


def read_day(text: str) -> dt.date:
    """A date of a custom_id."""
    return dt.datetime.strptime(text, "%Y%m%d").replace(tzinfo=dt.UTC).date()


class _Form(discord.ui.Modal):
    """A form about a schedule; what is entered is answered like any other click."""

    def __init__(self, words: Texts, schedule: Schedule, title: str) -> None:
        super().__init__(title=title[:45], timeout=1800)
        self.words = words
        self.schedule = schedule

    def ask(self, key: str, value: str = "", *, required: bool = True, longest: int = 100) -> Any:  # Any: of a modal
        """Add a line to fill in."""
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(default=value, required=required, max_length=longest)
        label = discord.ui.Label[Any](
            text=self.words(f"form-{key}"), description=self.words(f"form-{key}-help"), component=field
        )
        self.add_item(label)
        return field

    async def done(self, interaction: Interaction) -> Screen:
        """The screen that follows."""
        raise NotImplementedError

    async def on_submit(self, interaction: Interaction) -> None:
        mine = may_change(interaction)
        async with Reply(interaction, private=True, edit=mine) as reply:
            screens.check_admin(interaction)
            await reply.show(await self.done(interaction))


class EditForm(_Form):
    """Name, time, zone and days of a schedule."""

    def __init__(self, words: Texts, schedule: Schedule, _: str) -> None:
        super().__init__(words, schedule, words("form-edit-title"))
        self.name = self.ask("name", schedule.name, longest=60)
        self.time = self.ask("time", f"{schedule.at:%H:%M}", longest=20)
        self.zone = self.ask("zone", schedule.zone, longest=60)

    async def done(self, interaction: Interaction) -> Screen:
        bot = host(interaction)
        schedule = await need(bot, self.words, self.schedule.guild_id, self.schedule.id)
        settings = replace(
            Settings.of(schedule),
            name=" ".join(self.name.value.split()) or schedule.name,
            at=read_time(self.words, self.time.value),
            zone=await need_zone(bot, self.words, self.zone.value),
        )
        changed = await bot.roster.edit(schedule, settings, now=bot.now())
        return await screens.saved_screen(bot, self.words, changed)


class PinForm(_Form):
    """Which moment to post on a date."""

    def __init__(self, words: Texts, schedule: Schedule, day: str) -> None:
        self.day = read_day(day)
        super().__init__(words, schedule, words("form-pin-title", date=words.on(self.day)))
        self.name = self.ask("moment")

    async def done(self, interaction: Interaction) -> Screen:
        bot = host(interaction)
        return await pin(bot, self.words, self.schedule, self.day, self.name.value)


async def pin(bot: Host, words: Texts, schedule: Schedule, on: dt.date, name: str) -> Screen:
    """Have a moment posted on a date. Raises Refusal if no moment, or more than one, is meant."""
    found = await bot.catalog.find(name)
    if found.moment is None:
        if found.choices:
            titles = words.join([f"**{escaped(one.title)}**" for one in found.choices[:3]])
            raise Refusal(words("daily-pin-which", text=escaped(name), titles=titles))
        raise Refusal(words("daily-pin-unknown", text=escaped(name)))
    await bot.ledger.set_plan(schedule.id, on, found.moment.slug)
    return await screens.day_screen(bot, words, schedule, on)


def read_time(words: Texts, text: str) -> dt.time:
    """The time of day that is meant. Raises Refusal."""
    try:
        return parse_time(text)
    except TimeTextError:
        raise Refusal(words("unknown-time", text=escaped(text))) from None


FORMS: dict[str, Callable[[Texts, Schedule, str], _Form]] = {"edit": EditForm, "pin": PinForm}


async def _status(interaction: Interaction, schedule: Schedule, _: str) -> Screen:
    bot = host(interaction)
    return await screens.status_screen(bot, texts(interaction), schedule.guild_id, schedule)


async def _queue(interaction: Interaction, schedule: Schedule, _: str) -> Screen:
    return await screens.queue_screen(host(interaction), texts(interaction), schedule)


async def _preview(interaction: Interaction, schedule: Schedule, _: str) -> Screen:
    return await screens.preview_screen(host(interaction), texts(interaction), schedule)


async def _check(interaction: Interaction, schedule: Schedule, _: str) -> Screen:
    return await screens.check_screen(interaction, texts(interaction), schedule)


async def _history(interaction: Interaction, schedule: Schedule, _: str) -> Screen:
    return await screens.history_screen(host(interaction), texts(interaction), schedule)


async def post_now(interaction: Interaction, schedule: Schedule, _: str = "") -> Screen:
    """Post today's moment at once. Raises Refusal where today has one already, or the post is paused."""
    bot, words = host(interaction), texts(interaction)
    if not schedule.runs:
        raise Refusal(screens.state_line(words, schedule))
    done = await bot.delivery.post_now(schedule)
    if done is None:
        raise Refusal(words("daily-not-now"))
    changed = await need(bot, words, schedule.guild_id, schedule.id)
    return await screens.history_screen(bot, words, changed)


async def pause(interaction: Interaction, schedule: Schedule, _: str = "") -> Screen:
    """Post no more until it is resumed."""
    bot, words = host(interaction), texts(interaction)
    if schedule.paused_because is None:
        await bot.roster.pause(schedule, BY_ADMIN, now=bot.now())
    changed = await need(bot, words, schedule.guild_id, schedule.id)
    return await screens.status_screen(bot, words, schedule.guild_id, changed)


async def resume(interaction: Interaction, schedule: Schedule, _: str = "") -> Screen:
    """Post again from the next date on."""
    bot, words = host(interaction), texts(interaction)
    if schedule.runs:
        return await screens.status_screen(bot, words, schedule.guild_id, schedule)
    changed = await bot.roster.resume(schedule, now=bot.now())
    return await screens.saved_screen(bot, words, changed)


async def remove(interaction: Interaction, schedule: Schedule, _: str = "") -> Screen:
    """Take a schedule away, with a way back."""
    bot, words = host(interaction), texts(interaction)
    await bot.roster.remove(schedule, now=bot.now())
    return notice(words("daily-removed", name=escaped(schedule.name)), row(words, schedule, "undo"))


async def _skip(interaction: Interaction, schedule: Schedule, day: str) -> Screen:
    bot, words = host(interaction), texts(interaction)
    await bot.ledger.set_plan(schedule.id, read_day(day), None)
    return await screens.day_screen(bot, words, schedule, read_day(day))


async def _clear(interaction: Interaction, schedule: Schedule, day: str) -> Screen:
    bot, words = host(interaction), texts(interaction)
    await bot.ledger.clear_plan(schedule.id, read_day(day))
    return await screens.day_screen(bot, words, schedule, read_day(day))


async def swap(interaction: Interaction, schedule: Schedule, day: str) -> Screen:
    """Another moment for a date. Raises Refusal if there is no other."""
    bot, words = host(interaction), texts(interaction)
    slug = await bot.chooser.another(schedule, read_day(day))
    if slug is None:
        raise Refusal(words("daily-no-other"))
    await bot.ledger.set_plan(schedule.id, read_day(day), slug)
    return await screens.day_screen(bot, words, schedule, read_day(day))


async def _ping(interaction: Interaction, schedule: Schedule, role: str) -> Screen:
    bot, words = host(interaction), texts(interaction)
    settings = replace(Settings.of(schedule), role_id=int(role))
    return await screens.saved_screen(bot, words, await bot.roster.edit(schedule, settings, now=bot.now()))


ACTS: dict[str, Callable[[Interaction, Schedule, str], Awaitable[Screen]]] = {
    "status": _status, "queue": _queue, "preview": _preview, "check": _check, "again": _check, "history": _history,
    "now": post_now, "pause": pause, "resume": resume, "undo": resume, "remove": remove, "skip": _skip,
    "clear": _clear, "swap": swap, "ping": _ping,
}  # fmt: skip

"""The screens of /about and /help."""

import datetime as dt
import importlib.metadata
import re
from typing import Any, Self

import discord

from bot.catalog import Query
from bot.catalog.query import Stats
from bot.locale import Texts
from bot.ui.host import Host, Interaction, host, texts
from bot.ui.moment import new_draw, random_screen
from bot.ui.screen import COLOUR, Screen, Step, notice


def about_screen(bot: Host, words: Texts, stats: Stats) -> Screen:
    """What the bot is, how much it knows, and what it keeps."""
    built = words.on(_day(stats.built_at))
    lines = [
        f"## {words('about-title')}",
        words("about-text", moments=stats.moments, countries=stats.countries, hashtags=stats.hashtags),
        words("about-source"),
        words("about-privacy"),
        "-# " + words("about-version", version=version(), built=built),
    ]
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(ShowRandom(words("moment-surprise")))
    if bot.source_url:
        row.add_item(discord.ui.Button(label=words("about-source-button"), url=bot.source_url))
    return notice("\n".join(lines), row)


def help_screen(words: Texts, commands: list[tuple[str, str, bool]]) -> Screen:
    """All commands: those for everybody, then those for admins."""

    def lines(*, admin: bool) -> str:
        return "\n".join(
            words("help-line", command=name, description=text)
            for name, text, for_admins in commands
            if for_admins is admin
        )

    return Screen(
        discord.ui.Container(
            discord.ui.TextDisplay(f"## {words('help-title')}\n{lines(admin=False)}"),
            discord.ui.Separator(),
            discord.ui.TextDisplay(f"{words('help-daily')}\n{lines(admin=True)}"),
            discord.ui.Separator(),
            discord.ui.TextDisplay(f"-# {words('help-tip')}"),
            discord.ui.ActionRow(ShowRandom(words("moment-surprise"))),
            accent_colour=COLOUR,
        )
    )


def version() -> str:
    """The version of this program."""
    return importlib.metadata.version("moments")


def _day(instant: str) -> dt.date:
    return dt.datetime.fromisoformat(instant).date()


class ShowRandom(Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"a"):
    """A button that shows any moment."""

    def __init__(self, label: str = "…") -> None:
        super().__init__(discord.ui.Button(label=label, emoji="🎲", custom_id="a"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls()

    async def screen(self, interaction: Interaction) -> Screen:
        return await random_screen(host(interaction), texts(interaction), new_draw(host(interaction), Query()))

"""/about and /help."""

from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.cogs.options import everywhere
from bot.cogs.registration import summary
from bot.ui.about import about_screen, help_screen
from bot.ui.host import Interaction, host, texts
from bot.ui.screen import Reply


class About(commands.Cog):
    """What the bot is and what it can do."""

    def __init__(self, tree: app_commands.CommandTree[Any]) -> None:
        self.tree = tree

    @everywhere
    @app_commands.command()
    async def about(self, interaction: Interaction, private: bool = False) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=private) as reply:
            await reply.show(about_screen(bot, words, await bot.catalog.stats()))

    @everywhere
    @app_commands.command()
    async def help(self, interaction: Interaction, private: bool = False) -> None:
        words = texts(interaction)
        async with Reply(interaction, private=private) as reply:
            await reply.show(help_screen(words, summary(self.tree, words)))

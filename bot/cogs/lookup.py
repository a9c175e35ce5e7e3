"""Finding moments: /moment, /search, /country, /hashtag, /today, /random."""

import zoneinfo

from discord import app_commands
from discord.ext import commands

from bot.catalog import Query
from bot.catalog.dates import DateError, parse_day
from bot.cogs import options
from bot.cogs.options import CATEGORY_CHOICES, everywhere
from bot.locale import Texts
from bot.ui.host import Host, Interaction, host, texts
from bot.ui.listing import LONGEST_TEXT, Listing, list_screen
from bot.ui.moment import choices_screen, moment_screen, new_draw, random_screen
from bot.ui.screen import Refusal, Reply, Screen, escaped

Text = app_commands.Range[str, 1, LONGEST_TEXT]
Name = app_commands.Range[str, 1, 200]


class Lookup(commands.Cog):
    """The commands with which members find moments."""

    @everywhere
    @app_commands.command()
    @app_commands.autocomplete(name=options.moments)
    async def moment(self, interaction: Interaction, name: Name, private: bool = False) -> None:
        async with Reply(interaction, private=private) as reply:
            await reply.show(await named_moment(host(interaction), texts(interaction), name))

    @everywhere
    @app_commands.command()
    @app_commands.autocomplete(country=options.countries, hashtag=options.hashtags)
    @app_commands.choices(category=CATEGORY_CHOICES)
    async def search(
        self,
        interaction: Interaction,
        text: Text,
        country: Name | None = None,
        category: str | None = None,
        hashtag: Name | None = None,
        since: Name | None = None,
        until: Name | None = None,
        private: bool = False,
    ) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=private) as reply:
            query = await options.read_query(
                bot, words, text=text, country=country, category=category, hashtag=hashtag, since=since, until=until
            )
            await reply.show(await list_screen(bot, words, Listing(query)))

    @everywhere
    @app_commands.command()
    @app_commands.autocomplete(name=options.countries)
    async def country(self, interaction: Interaction, name: Name, private: bool = False) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=private) as reply:
            code = await options.read_country(bot, words, name)
            await reply.show(await list_screen(bot, words, Listing(Query(country=code))))

    @everywhere
    @app_commands.command()
    @app_commands.autocomplete(name=options.hashtags)
    async def hashtag(self, interaction: Interaction, name: Name, private: bool = False) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=private) as reply:
            tag = await options.read_hashtag(bot, words, name)
            await reply.show(await list_screen(bot, words, Listing(Query(hashtag=tag))))

    @everywhere
    @app_commands.command()
    async def today(self, interaction: Interaction, date: Name | None = None, private: bool = False) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=private) as reply:
            day = await read_day(bot, words, date or "today", interaction.guild_id)
            await reply.show(await list_screen(bot, words, Listing(Query(day=day))))

    @everywhere
    @app_commands.command()
    @app_commands.autocomplete(country=options.countries, hashtag=options.hashtags)
    @app_commands.choices(category=CATEGORY_CHOICES)
    async def random(
        self,
        interaction: Interaction,
        country: Name | None = None,
        category: str | None = None,
        hashtag: Name | None = None,
        private: bool = False,
    ) -> None:
        bot, words = host(interaction), texts(interaction)
        async with Reply(interaction, private=private) as reply:
            query = await options.read_query(bot, words, country=country, category=category, hashtag=hashtag)
            await reply.show(await random_screen(bot, words, new_draw(bot, query)))


async def named_moment(bot: Host, words: Texts, name: str) -> Screen:
    """The moment that a name stands for, or buttons if several may be meant. Raises Refusal if none is."""
    found = await bot.catalog.find(name)
    if found.moment:
        return moment_screen(bot, words, found.moment)
    if not found.choices:
        raise Refusal(words("unknown-moment", name=escaped(name)))
    return choices_screen(words, words("unknown-moment-choices", name=escaped(name)), found.choices)


async def read_day(bot: Host, words: Texts, text: str, guild_id: int | None) -> str:
    """MM-DD for what was typed; 'today' is that of the server's daily moment, else of UTC. Raises Refusal."""
    zone = await bot.roster.last_zone(guild_id) if guild_id else None
    today = bot.now().astimezone(zoneinfo.ZoneInfo(zone or "UTC")).date()
    try:
        return "{:02}-{:02}".format(*parse_day(text, today=today))
    except DateError:
        raise Refusal(words("unknown-day", text=escaped(text))) from None

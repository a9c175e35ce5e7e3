"""The bot: opens catalogue and state, adds commands and buttons, posts once a day, answers every fault."""

import asyncio
import datetime as dt
import logging
import random
import signal
import sys
from collections.abc import Callable
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands

from bot.catalog import Catalog
from bot.cogs.about import About
from bot.cogs.daily import Daily
from bot.cogs.lookup import Lookup
from bot.cogs.registration import register
from bot.config import Config
from bot.daily.chooser import Chooser
from bot.daily.delivery import Delivery
from bot.daily.ledger import Ledger
from bot.daily.roster import Roster
from bot.locale import Locales
from bot.state.database import State
from bot.ui import about, daily_buttons, listing, moment
from bot.ui.post import DiscordWire
from bot.ui.screen import Reply

log = logging.getLogger(__name__)

# How long a thread that looks something up may keep the event loop waiting; Python's 5 ms would add up.
SECONDS_A_TURN = 0.001

BUTTONS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (
    listing.OpenList,
    listing.PageLabel,
    listing.SearchInstead,
    moment.OpenMoment,
    moment.Another,
    moment.MoreBy,
    moment.Related,
    daily_buttons.ScheduleButton,
    daily_buttons.ChooseSchedule,
    daily_buttons.ChooseDay,
    about.ShowRandom,
)


class Tree(app_commands.CommandTree["MomentsBot"]):
    """The slash commands, with an answer for whatever breaks before a command has begun."""

    async def on_error(
        self, interaction: discord.Interaction["MomentsBot"], error: app_commands.AppCommandError
    ) -> None:
        if isinstance(error, app_commands.CommandNotFound):  # an old definition that Discord still shows
            log.warning("Unknown command: %s", error)
        async with Reply(interaction, private=True):
            raise getattr(error, "original", error)


class MomentsBot(commands.AutoShardedBot):
    """The Discord client. It needs the guilds intent only and keeps no members, messages or channels in memory."""

    def __init__(
        self,
        catalog: Catalog,
        state: State,
        *,
        locales: Locales,
        config: Config,
        rng: random.Random,
        now: Callable[[], dt.datetime] = discord.utils.utcnow,
        tick: float = 5.0,
        **options: Any,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # this bot plays nothing
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.5,  # seconds without a further server; nothing here needs all of them
            **options,
        )
        self.catalog = catalog
        self.state = state
        self.locales = locales
        self.source_url = config.source_url
        self.rng = rng
        self.typing: dict[int, asyncio.Task[Any]] = {}
        self.now = now
        self.roster = Roster(state.engine)
        self.ledger = Ledger(state.engine)
        self.chooser = Chooser(self.ledger, lambda filters: filters.candidates(catalog), self._is_moment)
        self.delivery = Delivery(
            self.roster,
            self.ledger,
            self.chooser,
            DiscordWire(self, self),
            now=now,
            catch_up=dt.timedelta(hours=config.catch_up_hours),
            tick=tick,
        )
        self._delivering: asyncio.Task[None] | None = None
        _keep_guilds_slim(self)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*BUTTONS)
        for cog in (Lookup(), Daily(), About(self.tree)):
            await self.add_cog(cog)
        if await register(self, self.tree, self.locales, self.state):
            log.info("Commands registered")

    async def on_ready(self) -> None:
        log.info("Ready as %s in %d servers", self.user, len(self.guilds))
        try:
            await self._note_servers()
        except Exception:  # the posts must begin all the same
            log.exception("It could not be noted which servers were left")
        if self._delivering is None:
            self._delivering = asyncio.create_task(self.delivery.run(), name="daily posts")

    async def _is_moment(self, slug: str) -> bool:
        return await self.catalog.get(slug) is not None

    async def _note_servers(self) -> None:
        """Take note of servers that the bot was put out of, or let into again, while it was not running."""
        here = {guild.id for guild in self.guilds}
        for gone in await self.roster.guilds() - here:
            await self.roster.left(gone, now=self.now())
        await self.roster.came_back(here, now=self.now())

    async def on_guild_join(self, guild: discord.Guild) -> None:
        back = await self.roster.came_back([guild.id], now=self.now())
        log.info("Joined server %d; %d schedules run again", guild.id, sum(one.runs for one in back))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        log.info("Left server %d; its schedules are kept for a while", guild.id)
        await self.roster.left(guild.id, now=self.now())

    async def close(self) -> None:
        if self._delivering is not None:
            self._delivering.cancel()
            try:
                await self._delivering
            except asyncio.CancelledError:
                pass
            except Exception:  # whatever it is, the connections must be closed, or the process would never end
                log.exception("The daily posts did not stop as they should")
        await super().close()


def _keep_guilds_slim(bot: MomentsBot) -> None:
    """Forget channels, threads, emojis and other roles as they arrive: 3 kB a server instead of 40.

    Commands get their channel with the interaction, posts go to ids. The hook is private to discord.py 2.7.1; without
    it the bot only needs more memory. A test holds it in place.
    """
    state: Any = bot._connection  # noqa: SLF001 there is no public way to filter what is cached
    parse = state.parsers.get("GUILD_CREATE")
    if parse is None:
        return

    def slim(data: dict[str, Any]) -> None:
        own = {role for member in data.get("members", ()) for role in member.get("roles", ())} | {data["id"]}
        empty: dict[str, Any] = {
            name: [] for name in ("channels", "threads", "emojis", "stickers", "soundboard_sounds", "voice_states")
        }
        roles = [role for role in data.get("roles", ()) if role["id"] in own]
        parse({**data, **empty, "roles": roles})

    state.parsers["GUILD_CREATE"] = slim


def use_api(url: str) -> None:
    """Send all requests to another REST base, such as a rate-limit proxy or a test server."""
    discord.http.Route.BASE = url


async def use_gateway_of_api(bot: MomentsBot) -> None:
    """Connect where that REST base says; discord.py would identify anew at Discord's own address."""
    data: dict[str, Any] = await bot.http.request(discord.http.Route("GET", "/gateway/bot"))
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(data["url"])


async def serve(config: Config, token: str) -> None:
    """Run the bot until it is told to stop (SIGINT, SIGTERM) and close it cleanly.

    Raises `discord.LoginFailure` for a refused token, CatalogError, StateError or OSError for what cannot be opened.
    """
    sys.setswitchinterval(SECONDS_A_TURN)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if config.api_url:
        use_api(config.api_url)
    async with Catalog.open(config.catalog) as catalog, await State.open(config.state) as state:
        bot = MomentsBot(catalog, state, locales=Locales(), config=config, rng=random.Random())  # noqa: S311 chance, not secrecy
        async with bot:
            await bot.login(token)
            if config.api_url:
                await use_gateway_of_api(bot)
            running = asyncio.create_task(bot.connect())
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if not running.done():
                log.info("Stopping")
                await bot.close()
            await running

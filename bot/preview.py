"""The real bot in a simulated Discord, in the browser: no token, no network."""

import asyncio
import contextlib
import datetime as dt
import logging
import random
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord

from bot.catalog import Catalog
from bot.client import MomentsBot
from bot.config import Config
from bot.locale import Locales
from bot.state.database import State

log = logging.getLogger(__name__)

# Whoever opens the page is Ada; the others are there so that a server looks like one.
ADMIN, MEMBERS = "Ada", ("Ben", "Chimeg", "Dolores")
FASTEST_WITH_SHORT_TICKS = 60


class PreviewError(Exception):
    """The preview cannot start; one sentence says why and what to do."""


async def show(
    config: Config, *, host: str = "127.0.0.1", port: int = 8080, speed: float = 1.0, open_browser: bool = False
) -> None:
    """Serve the preview until it is stopped (SIGINT, SIGTERM) or closed. Raises PreviewError.

    The simulated clock starts at the present and runs `speed` times as fast.
    """
    if host not in ("127.0.0.1", "localhost"):
        raise PreviewError("The preview is served on this machine only: leave out --host, or write 127.0.0.1.")
    if not 0 < speed <= 100_000:
        raise PreviewError("--speed takes a number above 0 and up to 100000.")
    _need_free(port)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _environment(config, speed) as env, _page(env, port) as (page, lock):
        print(f"Open {page.url}", flush=True)  # noqa: T201 what the command is for
        if open_browser and not webbrowser.open(page.url):
            print("No browser was found: open the address above in one.", file=sys.stderr)  # noqa: T201 as above
        tasks = [asyncio.create_task(one) for one in (_clock(env, page, lock, speed), page.wait_closed(), stop.wait())]
        done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for task in done:
            task.result()


def _need_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise PreviewError(f"Port {port} cannot be used ({error}). Choose another with --port.") from error


@contextlib.asynccontextmanager
async def _environment(config: Config, speed: float) -> AsyncIterator[Any]:
    """A running bot in a simulated Discord. Its state is thrown away: the servers are not real."""
    simcord = _simcord()
    with tempfile.TemporaryDirectory(prefix="moments-preview-") as folder:
        async with Catalog.open(config.catalog) as catalog, await State.open(Path(folder) / "state.db") as state:
            tick = 15.0 if speed <= FASTEST_WITH_SHORT_TICKS else 600.0
            bot = MomentsBot(
                catalog,
                state,
                locales=Locales(),
                config=config,
                rng=random.Random(),  # noqa: S311 chance, not secrecy
                tick=tick,
                shard_count=1,
            )
            env = simcord.Env(bot, check_errors=False, settle_timeout=2.0)
            env.backend.edit_bot_profile("Moments")
            env.backend.advance_clock((dt.datetime.now(dt.UTC) - env.now()).total_seconds())
            await env.start()
            try:
                yield env
            finally:
                await env.shutdown()
                await bot.close()


def _simcord() -> Any:  # Any: simcord is in the preview extra only
    logging.disable(logging.WARNING)  # importing it builds a client, which warns of things nobody here needs
    try:
        import simcord
    finally:
        logging.disable(logging.NOTSET)
    return simcord


@contextlib.asynccontextmanager
async def _page(env: Any, port: int) -> AsyncIterator[tuple[Any, asyncio.Lock]]:
    """The page of one channel, and the lock that keeps clicks and the clock apart."""
    with env.time_context():
        guild = env.create_guild("History club")
        channel = guild.create_text_channel("history", topic="Type / to see the commands")
        admins = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
        ada = guild.add_member(env.create_user(ADMIN.lower(), global_name=ADMIN), roles=[admins])
        others = [guild.add_member(env.create_user(name.lower(), global_name=name)) for name in MEMBERS]
        await ada.slash(channel, "help")
        async with env.preview(channel, viewers=[ada, *others], layout="channel", port=port) as page:
            lock = asyncio.Lock()
            act = page._action  # noqa: SLF001 simcord runs one action at a time and rejects a second

            async def one_at_a_time(context: Any, body: Any) -> Any:
                async with lock:
                    return await act(context, body)

            page._action = one_at_a_time  # noqa: SLF001 as above
            yield page, lock


async def _clock(env: Any, page: Any, lock: asyncio.Lock, speed: float) -> None:
    """Let simulated time follow the wall clock, and show what the bot does by itself."""
    loop = asyncio.get_running_loop()
    started, simulated = loop.time(), env.now()
    while True:
        await asyncio.sleep(1)
        async with lock:
            behind = simulated + dt.timedelta(seconds=(loop.time() - started) * speed) - env.now()
            requests = len(env.http_requests)
            try:
                await env.advance_time(max(0.0, behind.total_seconds()))
            except TimeoutError:
                continue  # a busy machine; the next second catches up
            if len(env.http_requests) != requests:
                await page.refresh()

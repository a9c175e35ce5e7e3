"""`moments run` as an operator runs it: the real process, over real sockets, against a stand-in for Discord."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.wire.standin import TOKEN, StandIn, stand_in

CONTENT = Path(__file__).parents[2] / "data" / "moments"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def environment(home: Path, discord: StandIn | None, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    api = {"DISCORD_API_URL": discord.api} if discord else {}
    return kept | api | {"DISCORD_TOKEN": TOKEN, "MOMENTS_HOME": str(home), "MOMENTS_CONTENT": str(CONTENT)} | more


@asynccontextmanager
async def process(env: dict[str, str], folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A running bot; it is stopped at the end in any case. It runs in a folder of its own, away from any .env."""
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=env, cwd=folder, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.kill()
        _, errors = await bot.communicate()
        sys.stderr.write(errors.decode())  # pytest shows it where a test fails


async def stop(bot: asyncio.subprocess.Process) -> str:
    """Tell it to stop; it must do so cleanly within 5 seconds. Returns what it logged."""
    bot.send_signal(signal.SIGTERM)
    async with asyncio.timeout(5):
        _, errors = await bot.communicate()
    assert bot.returncode == 0, errors.decode()
    return errors.decode()


async def test_it_gets_ready_answers_registers_once_and_stops_cleanly(home: Path, tmp_path: Path) -> None:
    async with stand_in() as discord:
        for start in (1, 2):
            async with process(environment(home, discord), tmp_path) as bot:
                await discord.until(lambda start=start: _identified(discord) == start)
                answer = await discord.slash(start, "moment", name="mongolia-us-relations")
                assert answer["type"] == 4
                assert "Mongolia and the United States" in str(answer)
                log = await stop(bot)
                assert "Traceback" not in log
            assert ("GW", "closed", 1000) in discord.log
        assert len(discord.requests("PUT", "/applications/1000/commands")) == 1
        [identify] = {entry[2]["intents"] for entry in discord.log if entry[:2] == ("GW", 2)}
        assert identify == 1  # guilds, and nothing privileged


def _identified(discord: StandIn) -> int:
    return sum(entry[:2] == ("GW", 2) for entry in discord.log)


async def test_a_broken_gateway_connection_is_resumed(home: Path, tmp_path: Path) -> None:
    async with stand_in() as discord, process(environment(home, discord), tmp_path) as bot:
        await discord.until(lambda: _identified(discord) == 1)
        await discord.slash(1, "about")
        await discord.send(7)
        await discord.until(lambda: any(entry[:2] == ("GW", 6) for entry in discord.log))
        assert (await discord.slash(2, "random"))["type"] == 4
        await stop(bot)


async def test_a_refused_token_is_one_sentence_and_exit_2(home: Path, tmp_path: Path) -> None:
    async with stand_in() as discord:
        async with process(environment(home, discord, DISCORD_TOKEN="wrong"), tmp_path) as bot:
            _, errors = await bot.communicate()
        assert bot.returncode == 2
        assert errors.decode().splitlines()[-1].startswith("moments: Discord refused DISCORD_TOKEN")
        assert "Traceback" not in errors.decode()


async def test_an_unreachable_discord_is_one_sentence_and_exit_2(home: Path, tmp_path: Path) -> None:
    env = environment(home, None, DISCORD_API_URL="http://127.0.0.1:9/api/v10")
    async with process(env, tmp_path) as bot:
        _, errors = await bot.communicate()
    assert bot.returncode == 2
    assert errors.decode().splitlines()[-1].startswith("moments: ")
    assert "Traceback" not in errors.decode()

"""`python -m bot.state PATH` makes or migrates a database in a process of its own, which takes Alembic with it."""

import asyncio
import sys
from pathlib import Path

from bot.state.database import State, StateError


async def _open_once(path: Path) -> None:
    async with await State.open(path):
        pass


try:
    asyncio.run(_open_once(Path(sys.argv[1])))
except StateError as error:
    sys.exit(f"moments: {error}")

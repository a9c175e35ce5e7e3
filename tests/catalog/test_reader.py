"""Who answers: one connection, and another where a question keeps it."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.catalog.reader import Readers


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncIterator[Readers]:
    with contextlib.closing(sqlite3.connect(tmp_path / "some.db")) as db:
        db.execute("CREATE TABLE thing (n INTEGER)")
    opened = await Readers.open(tmp_path / "some.db", 2)
    yield opened
    await opened.close()


def who(db: sqlite3.Connection) -> int:
    """The thread that answers."""
    return threading.get_ident()


async def test_short_questions_are_all_answered_by_one_connection(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.catalog.reader.PATIENCE_SECONDS", 60)
    answers = await asyncio.gather(*(readers.run(who) for _ in range(100)))
    assert len(set(answers)) == 1


async def test_nobody_waits_for_a_long_question(readers: Readers) -> None:
    go_on = threading.Event()

    def long(db: sqlite3.Connection) -> int:
        assert go_on.wait(30)
        return who(db)

    slow = asyncio.create_task(readers.run(long))
    answers = await asyncio.gather(*(readers.run(who) for _ in range(100)))
    go_on.set()
    assert await slow not in answers


async def test_all_questions_are_answered_where_each_takes_long(readers: Readers) -> None:
    at_once = threading.Barrier(2)

    def meet(db: sqlite3.Connection) -> int:
        at_once.wait(30)  # answers only while the other connection is at work as well
        return who(db)

    answers = await asyncio.gather(*(readers.run(meet) for _ in range(6)))
    assert len(set(answers)) == 2


async def test_questions_that_wait_are_answered_before_closing(readers: Readers) -> None:
    waiting = [asyncio.create_task(readers.run(who)) for _ in range(50)]
    await asyncio.sleep(0)
    await readers.close()
    assert len(await asyncio.gather(*waiting)) == 50

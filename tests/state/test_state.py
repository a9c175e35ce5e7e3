"""state.db: made, migrated, and kind about files that it cannot use."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.state.database import HEAD, State, StateError, alembic_config, is_current
from bot.state.tables import metadata


async def test_settings_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.db"
    async with await State.open(path) as state:
        assert await state.get_setting("a") is None
        await state.put_setting("a", "1")
        await state.put_setting("a", "2")
    async with await State.open(path) as state:
        assert await state.get_setting("a") == "2"


async def test_the_migrations_make_the_tables_that_the_program_knows(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert not is_current(path)
    async with await State.open(path):
        pass
    assert is_current(path)
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
    engine.dispose()


@pytest.mark.parametrize("name", ["plain", "two words", "50%", "a%20b", "why?", "a#b", "é"])
async def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "state.db"
    async with await State.open(path) as state:
        await state.put_setting("a", "1")
    assert is_current(path)  # it lies where it was asked for


async def test_a_migration_that_is_cut_short_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.db"

    def cut_short(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(op, "create_index", cut_short)  # by then two tables are made
        with pytest.raises(StateError, match="the disk is full"):
            await State.open(path)
    db = sqlite3.connect(path)
    assert db.execute("SELECT name FROM sqlite_master").fetchall() == []
    db.close()
    async with await State.open(path):
        pass
    assert is_current(path)


async def test_processes_that_migrate_at_the_same_time_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    command = [sys.executable, "-m", "bot.state", str(path)]
    runs = [asyncio.to_thread(subprocess.run, command, capture_output=True, check=False) for _ in range(4)]
    ended = await asyncio.gather(*runs)
    assert [(run.returncode, run.stderr) for run in ended] == [(0, b"")] * 4
    assert is_current(path)


def test_a_database_that_is_current_is_opened_without_alembic(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    script = f"""
import asyncio, pathlib, sys
from bot.state.database import State
async def main():
    async with await State.open(pathlib.Path({path!r})):
        print('alembic' in sys.modules)
asyncio.run(main())
"""
    loaded = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True) for _ in "12"]
    assert [run.stdout.strip() for run in loaded] == ["True", "False"]


def other_program(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE theirs (id)")
    db.close()


def newer(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE alembic_version (version_num TEXT)")
    db.execute("INSERT INTO alembic_version VALUES ('9999')")
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda path: path.write_text("not a database, but long enough to be read as one" * 20, "utf-8"),
            "cannot be used",
        ),
        (other_program, "is not a Moments database"),
        (newer, "was written by a newer version"),
        (lambda path: path.mkdir(), "cannot be used"),
    ],
)
async def test_a_file_that_is_no_state_is_left_alone(tmp_path: Path, make: object, sentence: str) -> None:
    path = tmp_path / "state.db"
    make(path)  # type: ignore[operator]  # any of the makers
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StateError, match=sentence):
        await State.open(path)
    assert (path.read_bytes() if path.is_file() else b"") == before

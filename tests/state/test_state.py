"""state.db: made, migrated, and kind about files that it cannot use."""

import sqlite3
from pathlib import Path

import pytest
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
    assert ScriptDirectory.from_config(alembic_config(path)).get_current_head() == HEAD
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
    engine.dispose()


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

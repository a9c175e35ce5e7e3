"""Opens state.db and brings its tables up to date."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.state.tables import setting

HEAD = "0002"  # the newest revision below migrations/versions; a test keeps them equal
# For how long one who writes waits for another, in ms.
WAIT = 5_000
_MIGRATIONS = Path(__file__).parent / "migrations"


class StateError(Exception):
    """The database cannot be used; one sentence says why and what to do."""


class State:
    """The open database. Close it, or use it as an async context manager."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @classmethod
    async def open(cls, path: Path) -> Self:
        """The database in a file, made if it is missing and migrated if it is old. Raises StateError."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            await asyncio.to_thread(migrate, path)
        except (OSError, sqlite3.Error, DatabaseError) as error:
            cause = getattr(error, "orig", error)
            raise StateError(
                f"{path} cannot be used ({cause}). Check that it is a Moments database you may write."
            ) from error
        engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))
        event.listen(engine.sync_engine, "connect", _prepare)
        return cls(engine)

    async def close(self) -> None:
        await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def get_setting(self, key: str) -> str | None:
        """A value kept under a key."""
        async with self.engine.connect() as db:
            value: str | None = await db.scalar(select(setting.c.value).where(setting.c.key == key))
            return value

    async def put_setting(self, key: str, value: str) -> None:
        """Keep a value under a key."""
        async with self.engine.begin() as db:
            new = insert(setting).values(key=key, value=value)
            await db.execute(new.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def _prepare(connection: Any, _: object) -> None:  # Any: SQLAlchemy's adapter around aiosqlite
    cursor = connection.cursor()
    for pragma in ("foreign_keys = ON", f"busy_timeout = {WAIT}", "synchronous = FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def is_current(path: Path) -> bool:
    """Whether a database exists and has the newest tables. Raises StateError or a database error."""
    return _revision(path) == HEAD


def migrate(path: Path) -> None:
    """Bring the tables of a database to HEAD. Raises StateError, OSError or a database error."""
    revision = _revision(path)
    if revision == HEAD:
        return
    # Only when needed: Alembic costs 12 MB of memory that a running bot could use better.
    from alembic import command
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine

    config = alembic_config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StateError(f"{path} was written by a newer version of Moments ({revision}). Update the program.")
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _lock)
    try:
        with engine.begin() as db:
            config.attributes["connection"] = db
            command.upgrade(config, "head")
    finally:
        engine.dispose()


# Python's sqlite3 begins no transaction before CREATE TABLE: what a migration that was cut short had made would stay
# behind without its record, and the next start would stumble over it.
def _leave_transactions_to_us(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")


def _lock(db: Connection) -> None:
    # At once, so that a second process waits and then finds the work done.
    db.exec_driver_sql("BEGIN IMMEDIATE")


def alembic_config() -> Any:  # Any: imported only when needed
    """What Alembic needs to know, without an .ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))  # '%' is ConfigParser's
    config.set_main_option("path_separator", "os")
    return config


def _revision(path: Path) -> str | None:
    """The revision that a database has now; None for a new one."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    db = sqlite3.connect(path)
    try:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in tables:
            if tables:
                raise StateError(
                    f"{path} is not a Moments database. Set MOMENTS_HOME to another folder or move it away."
                )
            return None
        row = db.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    finally:
        db.close()

"""The schedules in the database."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.daily.filters import Filters
from bot.daily.schedule import EVERY_DAY, ChannelKind, Schedule, following, instant, next_due
from bot.state.tables import extra, plan, post, schedule

MOST_SCHEDULES = 25
BY_ADMIN = "by_admin"  # the reason of a pause that somebody wants
# After the bot was put out of a server, its settings are kept so long for the day it comes back.
KEPT_AFTER_LEAVING = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an admin decides about a schedule."""

    name: str
    channel_id: int
    at: dt.time
    zone: str
    locale: str
    channel_kind: ChannelKind = ChannelKind.TEXT
    weekdays: int = EVERY_DAY
    filters: Filters = Filters()  # noqa: RUF009 immutable
    publish: bool = False
    thread: bool = False
    role_id: int | None = None

    @classmethod
    def of(cls, one: Schedule) -> Self:
        """Those of a schedule."""
        return cls(**{field.name: getattr(one, field.name) for field in fields(cls)})

    def values(self) -> dict[str, Any]:  # Any: as the columns are
        """The columns that hold them."""
        return {
            "name": self.name, "channel_id": self.channel_id, "channel_kind": self.channel_kind, "at": self.at,
            "zone": self.zone, "locale": self.locale,
            "weekdays": self.weekdays, "filters": self.filters.key(), "publish": self.publish, "thread": self.thread,
            "role_id": self.role_id,
        }  # fmt: skip


class TooManyError(Exception):
    """A server has MOST_SCHEDULES schedules already."""


class Roster:
    """Who is posted to, and when next."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def add(self, guild_id: int, settings: Settings, *, by: int, now: dt.datetime) -> Schedule:
        """A new schedule. Raises TooManyError."""
        async with self.engine.begin() as db:
            count = select(func.count()).where(schedule.c.guild_id == guild_id, schedule.c.active)
            if (await db.scalar(count) or 0) >= MOST_SCHEDULES:
                raise TooManyError
            next_on, next_at = next_due(now, settings.at, settings.zone, settings.weekdays)
            values = settings.values() | {
                "guild_id": guild_id, "created_by": by, "changed_at": now, "active": True, "next_on": next_on,
                "next_at": next_at,
            }  # fmt: skip
            return _schedule((await db.execute(insert(schedule).values(values).returning(schedule))).one())

    async def edit(self, of: Schedule, settings: Settings, *, now: dt.datetime) -> Schedule:
        """Change a schedule; it runs on, or again, unless an admin has paused it.

        It keeps its history: a local date that has a post gets no second one, and one whose time is moved into the
        past is posted at once, so that it is not lost.
        """
        async with self.engine.begin() as db:
            next_on, next_at = await self._moved(db, of, settings, now)
            values = settings.values() | {
                "changed_at": now, "active": True, "next_on": next_on, "next_at": next_at,
                "paused_because": BY_ADMIN if of.paused_because == BY_ADMIN else None,
            }  # fmt: skip
            return await _change(db, of.id, values)

    async def _moved(
        self, db: AsyncConnection, of: Schedule, settings: Settings, now: dt.datetime
    ) -> tuple[dt.date, dt.datetime]:
        last: dt.date | None = await db.scalar(select(func.max(post.c.local_date)).where(post.c.schedule_id == of.id))
        soonest, soonest_at = next_due(now, settings.at, settings.zone, settings.weekdays)
        if of.runs and of.next_at > now and of.next_on < soonest and settings.weekdays >> of.next_on.weekday() & 1:
            due = instant(of.next_on, settings.at, settings.zone)
            if due is not None:  # the date was still to come, and by the new time it has gone by
                return of.next_on, max(due, now.replace(microsecond=0))
        if last is not None and soonest <= last:
            return following(last, settings.at, settings.zone, settings.weekdays)
        return soonest, soonest_at

    async def resume(self, of: Schedule, *, now: dt.datetime) -> Schedule:
        """Post again from the next date on; also brings back a removed one."""
        async with self.engine.begin() as db:
            last: dt.date | None = await db.scalar(
                select(func.max(post.c.local_date)).where(post.c.schedule_id == of.id)
            )
            next_on, next_at = next_due(now, of.at, of.zone, of.weekdays)
            if last is not None and next_on <= last:
                next_on, next_at = of.after(last)
            values = {
                "active": True, "paused_because": None, "changed_at": now, "next_on": next_on, "next_at": next_at,
            }  # fmt: skip
            return await _change(db, of.id, values)

    async def pause(self, of: Schedule, reason: str, *, now: dt.datetime) -> bool:
        """Post no more until it is resumed, and remember why (a reason code).

        Nothing is done (False) if the schedule was changed since `of` was read: the reason was about the old settings.
        """
        unchanged = [schedule.c.id == of.id, schedule.c.changed_at == of.changed_at, schedule.c.active]
        stop = update(schedule).where(*unchanged).values(paused_because=reason, changed_at=now)
        async with self.engine.begin() as db:
            return (await db.execute(stop)).rowcount > 0

    async def remove(self, of: Schedule, *, now: dt.datetime) -> None:
        """Take a schedule away; `resume` brings it back with its history."""
        async with self.engine.begin() as db:
            await db.execute(update(schedule).where(schedule.c.id == of.id).values(active=False, changed_at=now))

    async def of_guild(self, guild_id: int) -> list[Schedule]:
        """The schedules of a server, the oldest first, without removed ones."""
        return await self._all(
            select(schedule).where(schedule.c.guild_id == guild_id, schedule.c.active).order_by(schedule.c.id)
        )

    async def by_id(self, schedule_id: int, guild_id: int | None = None) -> Schedule | None:
        """A schedule, also a removed one; of this server only, if one is given."""
        own = [] if guild_id is None else [schedule.c.guild_id == guild_id]
        found = await self._all(select(schedule).where(schedule.c.id == schedule_id, *own))
        return found[0] if found else None

    async def due(self, now: dt.datetime, limit: int = 500, *, besides: Collection[int] = ()) -> list[Schedule]:
        """Schedules whose time has come, but for those under way, the longest overdue first.

        What is due in one minute comes in the order of the servers' ids, mixed: a server's posts are spread over it.
        """
        mixed = (schedule.c.guild_id.op(">>")(22) * 7919 + schedule.c.id * 1543) % 2003
        return await self._all(
            select(schedule)
            .where(*_running(), schedule.c.next_at <= now, schedule.c.id.not_in(besides))
            .order_by(schedule.c.next_at, mixed, schedule.c.id)
            .limit(limit)
        )

    async def counts(self, guild_id: int) -> tuple[int, int]:
        """How many schedules a server has, and how many of them are paused."""
        all_of_it = await self.of_guild(guild_id)
        return len(all_of_it), sum(one.paused_because is not None for one in all_of_it)

    async def last_zone(self, guild_id: int) -> str | None:
        """The time zone that was last set in a server."""
        wanted = select(schedule.c.zone).where(schedule.c.guild_id == guild_id).order_by(schedule.c.changed_at.desc())
        async with self.engine.connect() as db:
            zone: str | None = await db.scalar(wanted.limit(1))
            return zone

    async def guilds(self) -> set[int]:
        """The servers with schedules that the bot has not left."""
        async with self.engine.connect() as db:
            return set(await db.scalars(select(schedule.c.guild_id).where(schedule.c.left_at.is_(None)).distinct()))

    async def left(self, guild_id: int, *, now: dt.datetime) -> None:
        """The bot was put out of a server: nothing is posted there, and nothing is forgotten yet."""
        gone = update(schedule).where(schedule.c.guild_id == guild_id, schedule.c.left_at.is_(None))
        async with self.engine.begin() as db:
            await db.execute(gone.values(left_at=now))

    async def came_back(self, guild_ids: Iterable[int], *, now: dt.datetime) -> list[Schedule]:
        """The bot is in these servers: what was set there runs again; returns the schedules that do."""
        back = []
        ids = set(guild_ids)
        for one in await self._all(select(schedule).where(schedule.c.left_at.is_not(None))):
            if one.guild_id in ids:
                next_on, next_at = next_due(now, one.at, one.zone, one.weekdays)
                if next_on < one.next_on:
                    next_on, next_at = one.next_on, one.next_at
                async with self.engine.begin() as db:
                    back.append(await _change(db, one.id, {"left_at": None, "next_on": next_on, "next_at": next_at}))
        return back

    async def purge(self, *, now: dt.datetime) -> int:
        """Forget all about servers that the bot left more than KEPT_AFTER_LEAVING ago; returns how many schedules."""
        async with self.engine.begin() as db:
            gone = select(schedule.c.id).where(schedule.c.left_at < now - KEPT_AFTER_LEAVING)
            posts = select(post.c.id).where(post.c.schedule_id.in_(gone))
            await db.execute(extra.delete().where(extra.c.post_id.in_(posts)))
            await db.execute(post.delete().where(post.c.schedule_id.in_(gone)))
            await db.execute(plan.delete().where(plan.c.schedule_id.in_(gone)))
            return (await db.execute(schedule.delete().where(schedule.c.id.in_(gone)))).rowcount

    async def _all(self, wanted: Select[Any]) -> list[Schedule]:
        async with self.engine.connect() as db:
            return [_schedule(row) for row in await db.execute(wanted)]


def _running() -> list[ColumnElement[bool]]:
    return [schedule.c.active, schedule.c.paused_because.is_(None), schedule.c.left_at.is_(None)]


async def _change(db: AsyncConnection, schedule_id: int, values: Mapping[str, object]) -> Schedule:
    change = update(schedule).where(schedule.c.id == schedule_id).values(dict(values)).returning(schedule)
    return _schedule((await db.execute(change)).one())


def _schedule(row: Row[Any]) -> Schedule:
    values = dict(row._mapping)  # noqa: SLF001 SQLAlchemy's public name
    kinds = {"filters": Filters.read(values["filters"]), "channel_kind": ChannelKind(values["channel_kind"])}
    return Schedule(**{**values, **kinds})

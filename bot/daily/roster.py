"""The schedules in the database."""

import datetime as dt

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.daily.schedule import Schedule, following, next_due
from bot.state.tables import post, schedule


class Roster:
    """Who is posted to, and when next. One schedule a server."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def put(
        self,
        *,
        guild_id: int,
        channel_id: int,
        at: dt.time,
        zone: str,
        country: str | None,
        category: str | None,
        hashtag: str | None,
        locale: str,
        created_by: int,
        now: dt.datetime,
    ) -> Schedule:
        """Set a server's schedule, new or changed; returns it.

        A changed one keeps its history: a local date that already has a post gets no second one, whatever the new
        time or zone.
        """
        values = {
            "channel_id": channel_id,
            "at": at,
            "zone": zone,
            "country": country,
            "category": category,
            "hashtag": hashtag,
            "locale": locale,
            "created_by": created_by,
            "changed_at": now,
            "active": True,
            "paused_because": None,
        }
        async with self.engine.begin() as db:
            next_on, next_at = await self._next(db, guild_id, at, zone, now)
            values |= {"next_on": next_on, "next_at": next_at}
            new = insert(schedule).values(guild_id=guild_id, **values)
            await db.execute(new.on_conflict_do_update(index_elements=["guild_id"], set_=values))
            row = (await db.execute(select(schedule).where(schedule.c.guild_id == guild_id))).one()
        return _schedule(row)

    @staticmethod
    async def _next(
        db: AsyncConnection, guild_id: int, at: dt.time, zone: str, now: dt.datetime
    ) -> tuple[dt.date, dt.datetime]:
        next_on, next_at = next_due(now, at, zone)
        newest = select(func.max(post.c.local_date)).join(schedule).where(schedule.c.guild_id == guild_id)
        last: dt.date | None = await db.scalar(newest)
        if last is not None and next_on <= last:
            return following(last, at, zone)
        return next_on, next_at

    async def get(self, guild_id: int) -> Schedule | None:
        """The schedule of a server, also one that is off or paused."""
        async with self.engine.connect() as db:
            row = (await db.execute(select(schedule).where(schedule.c.guild_id == guild_id))).one_or_none()
        return _schedule(row) if row else None

    async def off(self, guild_id: int) -> bool:
        """Stop a server's posts; what was shown stays known. Whether it was on."""
        stop = update(schedule).where(schedule.c.guild_id == guild_id, schedule.c.active).values(active=False)
        async with self.engine.begin() as db:
            return (await db.execute(stop)).rowcount > 0

    async def pause(self, schedule_id: int, reason: str) -> None:
        """Post no more until the schedule is set again, and remember why (a reason code)."""
        async with self.engine.begin() as db:
            await db.execute(update(schedule).where(schedule.c.id == schedule_id).values(paused_because=reason))

    async def due(self, now: dt.datetime, limit: int = 500) -> list[Schedule]:
        """Schedules whose time has come, the longest overdue first."""
        wanted = (
            select(schedule)
            .where(schedule.c.active, schedule.c.paused_because.is_(None), schedule.c.next_at <= now)
            .order_by(schedule.c.next_at, schedule.c.id)
            .limit(limit)
        )
        async with self.engine.connect() as db:
            return [_schedule(row) for row in await db.execute(wanted)]

    async def by_id(self, schedule_id: int) -> Schedule | None:
        async with self.engine.connect() as db:
            row = (await db.execute(select(schedule).where(schedule.c.id == schedule_id))).one_or_none()
        return _schedule(row) if row else None


def _schedule(row: Row[tuple[object, ...]]) -> Schedule:
    return Schedule(**row._mapping)  # noqa: SLF001 SQLAlchemy's public name

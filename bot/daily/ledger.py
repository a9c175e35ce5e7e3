"""The ledger of posts: a row before each message, its result after it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.daily.schedule import Schedule
from bot.state.tables import extra, lease, pick, plan, post, schedule


class PostState(StrEnum):
    """How far a post has come. `claimed` is the only one that changes."""

    CLAIMED = "claimed"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


class ExtraState(StrEnum):
    """How far a step after a post has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Extra:
    """A step after a post: `publish` it in an announcement channel, open a `thread` under it."""

    post_id: int
    kind: str
    state: ExtraState
    reason: str | None
    tries: int
    next_try: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Post:
    """One day of one schedule. `reason` is a code; `nonce` is the same however often the post is tried."""

    id: int
    schedule_id: int
    local_date: dt.date
    slug: str | None
    state: PostState
    reason: str | None
    nonce: str
    channel_id: int
    message_id: int | None
    due_at: dt.datetime
    claimed_at: dt.datetime
    finished_at: dt.datetime | None


class Ledger:
    """What was posted, skipped or failed, for each schedule and local date."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def enter(
        self,
        of: Schedule,
        *,
        now: dt.datetime,
        slug: str | None = None,
        skipped_because: str | None = None,
    ) -> Post | None:
        """Enter the schedule's next date as claimed (or skipped) and move the schedule on, in one transaction.

        None if the date has an entry already: then somebody else posts it, and the schedule moves on all the same.
        None also if the schedule was changed, stopped or moved on since `of` was read: then nothing is done.
        """
        on = of.next_on
        values = {
            "schedule_id": of.id,
            "local_date": on,
            "slug": slug,
            "state": PostState.SKIPPED if skipped_because else PostState.CLAIMED,
            "reason": skipped_because,
            "nonce": f"{of.id}-{on:%Y%m%d}",
            "channel_id": of.channel_id,
            "due_at": of.next_at,
            "claimed_at": now,
            "finished_at": now if skipped_because else None,
        }
        later_on, later_at = of.after(on)
        async with self.engine.begin() as db:
            move = update(schedule).where(*_unchanged(of)).values(next_on=later_on, next_at=later_at)
            if (await db.execute(move)).rowcount == 0:
                return None
            row = (await db.execute(insert(post).values(values).on_conflict_do_nothing().returning(post))).one_or_none()
        return _post(row) if row else None

    async def enter_besides(self, of: Schedule, on: dt.date, *, now: dt.datetime, slug: str) -> Post | None:
        """Enter a date as claimed that the schedule leaves out; None if the date has an entry already."""
        values = {
            "schedule_id": of.id, "local_date": on, "slug": slug, "state": PostState.CLAIMED,
            "nonce": f"{of.id}-{on:%Y%m%d}", "channel_id": of.channel_id, "due_at": now, "claimed_at": now,
        }  # fmt: skip
        async with self.engine.begin() as db:
            row = (await db.execute(insert(post).values(values).on_conflict_do_nothing().returning(post))).one_or_none()
        return _post(row) if row else None

    async def on(self, schedule_id: int, local_date: dt.date) -> Post | None:
        """The entry of a date."""
        wanted = select(post).where(post.c.schedule_id == schedule_id, post.c.local_date == local_date)
        async with self.engine.connect() as db:
            row = (await db.execute(wanted)).one_or_none()
        return _post(row) if row else None

    async def finish(
        self,
        one: Post,
        state: PostState,
        *,
        now: dt.datetime,
        reason: str | None = None,
        message_id: int | None = None,
    ) -> None:
        """Record how a claimed post ended."""
        end = update(post).where(post.c.id == one.id, post.c.state == PostState.CLAIMED)
        async with self.engine.begin() as db:
            await db.execute(end.values(state=state, reason=reason, message_id=message_id, finished_at=now))

    async def by_id(self, post_id: int) -> Post | None:
        """One entry."""
        async with self.engine.connect() as db:
            row = (await db.execute(select(post).where(post.c.id == post_id))).one_or_none()
        return _post(row) if row else None

    async def open_claims(self) -> list[Post]:
        """Posts that were begun and of which no result is recorded, the oldest first."""
        wanted = select(post).where(post.c.state == PostState.CLAIMED).order_by(post.c.claimed_at, post.c.id)
        async with self.engine.connect() as db:
            return [_post(row) for row in await db.execute(wanted)]

    async def shown(self, schedule_id: int) -> Counter[str]:
        """How often each moment was posted, or may have been."""
        counted = (
            select(post.c.slug, func.count())
            .where(post.c.schedule_id == schedule_id, post.c.slug.is_not(None))
            .where(post.c.state.in_([PostState.CLAIMED, PostState.SENT, PostState.UNKNOWN]))
            .group_by(post.c.slug)
        )
        async with self.engine.connect() as db:
            return Counter({str(slug): int(times) for slug, times in await db.execute(counted)})

    async def history(self, schedule_id: int, limit: int = 14) -> list[Post]:
        """The last entries, the newest first."""
        wanted = select(post).where(post.c.schedule_id == schedule_id).order_by(post.c.local_date.desc()).limit(limit)
        async with self.engine.connect() as db:
            return [_post(row) for row in await db.execute(wanted)]

    async def posts_on(self, guild_id: int, on: dt.date, *, besides: int) -> set[str]:
        """The moments that other schedules of a server show on a local date, or are planned to."""
        mine = (schedule.c.guild_id == guild_id, schedule.c.active, schedule.c.id != besides)
        shown = (
            select(post.c.slug)
            .join(schedule)
            .where(*mine, post.c.local_date == on, post.c.slug.is_not(None), post.c.state != PostState.FAILED)
        )
        planned = select(plan.c.slug).join(schedule).where(*mine, plan.c.local_date == on, plan.c.slug.is_not(None))
        async with self.engine.connect() as db:
            return {str(slug) for slug in await db.scalars(shown.union(planned))}

    async def plans(self, schedule_id: int, start: dt.date) -> dict[dt.date, str | None]:
        """What an admin has set for dates from `start` on: a slug, or None for no post."""
        wanted = select(plan.c.local_date, plan.c.slug).where(
            plan.c.schedule_id == schedule_id, plan.c.local_date >= start
        )
        async with self.engine.connect() as db:
            return {row.local_date: row.slug for row in await db.execute(wanted)}

    async def set_plan(self, schedule_id: int, on: dt.date, slug: str | None) -> None:
        """Have a moment posted on a date, or none."""
        new = insert(plan).values(schedule_id=schedule_id, local_date=on, slug=slug)
        async with self.engine.begin() as db:
            await db.execute(
                new.on_conflict_do_update(index_elements=["schedule_id", "local_date"], set_={"slug": slug})
            )

    async def clear_plan(self, schedule_id: int, on: dt.date) -> None:
        """Let the date be chosen for again."""
        gone = plan.delete().where(plan.c.schedule_id == schedule_id, plan.c.local_date == on)
        async with self.engine.begin() as db:
            await db.execute(gone)

    async def pick_of(self, filters: str, on: dt.date) -> str | None:
        """What everybody with these filters sees on a date, if that is settled."""
        wanted = select(pick.c.slug).where(pick.c.filters == filters, pick.c.local_date == on)
        async with self.engine.connect() as db:
            slug: str | None = await db.scalar(wanted)
            return slug

    async def picked(self, filters: str, before: dt.date) -> Counter[str]:
        """How often each moment was what everybody with these filters saw, before a date."""
        counted = (
            select(pick.c.slug, func.count())
            .where(pick.c.filters == filters, pick.c.local_date < before)
            .group_by(pick.c.slug)
        )
        async with self.engine.connect() as db:
            return Counter({str(slug): int(times) for slug, times in await db.execute(counted)})

    async def settle_pick(self, filters: str, on: dt.date, slug: str) -> str:
        """Settle what everybody with these filters sees on a date; the first to settle it wins, and is returned."""
        async with self.engine.begin() as db:
            await db.execute(insert(pick).values(filters=filters, local_date=on, slug=slug).on_conflict_do_nothing())
        return await self.pick_of(filters, on) or slug

    async def add_extras(self, of: Post, kinds: Iterable[str], *, now: dt.datetime) -> None:
        """Enter the steps that follow a post."""
        rows = [
            {"post_id": of.id, "kind": kind, "state": ExtraState.WAITING, "tries": 0, "next_try": now} for kind in kinds
        ]
        if rows:
            async with self.engine.begin() as db:
                await db.execute(insert(extra).values(rows).on_conflict_do_nothing())

    async def extras_due(self, now: dt.datetime, limit: int = 100) -> list[tuple[Extra, Post]]:
        """Steps that wait to be tried, with their posts."""
        wanted = (
            select(extra, post)
            .join(post)
            .where(extra.c.state == ExtraState.WAITING, extra.c.next_try <= now, post.c.state == PostState.SENT)
            .order_by(extra.c.next_try)
            .limit(limit)
        )
        size = len(extra.c)
        async with self.engine.connect() as db:
            rows = (await db.execute(wanted)).all()
        return [(_extra(row[:size]), _post_of(row[size:])) for row in rows]

    async def extras_wait(self) -> bool:
        """Whether any step waits to be tried, now or later."""
        wanted = select(extra.c.post_id).where(extra.c.state == ExtraState.WAITING).limit(1)
        async with self.engine.connect() as db:
            return await db.scalar(wanted) is not None

    async def finish_extra(
        self, of: Extra, state: ExtraState, *, reason: str | None = None, next_try: dt.datetime | None = None
    ) -> None:
        """Record how a try of a step ended."""
        end = update(extra).where(extra.c.post_id == of.post_id, extra.c.kind == of.kind)
        values = {"state": state, "reason": reason, "tries": of.tries + 1, "next_try": next_try}
        async with self.engine.begin() as db:
            await db.execute(end.values(values))

    async def extras(self, post_ids: Iterable[int]) -> list[Extra]:
        """The steps of some posts."""
        wanted = select(extra).where(extra.c.post_id.in_(list(post_ids))).order_by(extra.c.post_id, extra.c.kind)
        async with self.engine.connect() as db:
            return [_extra(tuple(row)) for row in await db.execute(wanted)]

    async def hold(self, name: str, holder: str, *, now: dt.datetime, until: dt.datetime) -> bool:
        """Take or renew a lease; False while somebody else holds it."""
        new = insert(lease).values(name=name, holder=holder, until=until)
        mine = (lease.c.holder == holder) | (lease.c.until <= now)
        async with self.engine.begin() as db:
            taken = new.on_conflict_do_update(
                index_elements=["name"], set_={"holder": holder, "until": until}, where=mine
            )
            return (await db.execute(taken)).rowcount > 0

    async def holder_of(self, name: str) -> str | None:
        """Who has a lease now."""
        async with self.engine.connect() as db:
            holder: str | None = await db.scalar(select(lease.c.holder).where(lease.c.name == name))
            return holder

    async def release(self, name: str, holder: str) -> None:
        """Give a lease back, so that another process need not wait for its end."""
        async with self.engine.begin() as db:
            await db.execute(lease.delete().where(lease.c.name == name, lease.c.holder == holder))


def _extra(values: Iterable[object]) -> Extra:
    fields = dict(zip((column.name for column in extra.c), values, strict=True))
    return Extra(**{**fields, "state": ExtraState(str(fields["state"]))})  # type: ignore[arg-type]  # as the columns are


def _post_of(values: Iterable[object]) -> Post:
    fields = dict(zip((column.name for column in post.c), values, strict=True))
    return Post(**{**fields, "state": PostState(str(fields["state"]))})  # type: ignore[arg-type]  # as the columns are


def _unchanged(of: Schedule) -> list[ColumnElement[bool]]:
    """That a schedule is still due as it was read; `changed_at` alone would miss a second change in its second."""
    columns = schedule.c
    return [
        columns.id == of.id,
        columns.active,
        columns.paused_because.is_(None),
        columns.left_at.is_(None),
        columns.changed_at == of.changed_at,
        columns.channel_id == of.channel_id,
        columns.next_on == of.next_on,
        columns.next_at == of.next_at,
    ]


def _post(row: Row[tuple[object, ...]]) -> Post:
    return _post_of(tuple(row))

"""The ledger of posts: a row before each message, its result after it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.daily.schedule import Schedule, following
from bot.state.tables import post, schedule


class PostState(StrEnum):
    """How far a post has come. `claimed` is the only one that changes."""

    CLAIMED = "claimed"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


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
        self, of: Schedule, *, now: dt.datetime, slug: str | None = None, skipped_because: str | None = None
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
        later_on, later_at = following(on, of.at, of.zone)
        async with self.engine.begin() as db:
            move = update(schedule).where(*_unchanged(of)).values(next_on=later_on, next_at=later_at)
            if (await db.execute(move)).rowcount == 0:
                return None
            row = (await db.execute(insert(post).values(values).on_conflict_do_nothing().returning(post))).one_or_none()
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


def _unchanged(of: Schedule) -> list[ColumnElement[bool]]:
    """That a schedule is still due as it was read; `changed_at` alone would miss a second change in its second."""
    columns = schedule.c
    return [
        columns.id == of.id,
        columns.active,
        columns.paused_because.is_(None),
        columns.changed_at == of.changed_at,
        columns.channel_id == of.channel_id,
        columns.next_on == of.next_on,
        columns.next_at == of.next_at,
    ]


def _post(row: Row[tuple[object, ...]]) -> Post:
    values = dict(row._mapping)  # noqa: SLF001 SQLAlchemy's public name
    values["state"] = PostState(str(values["state"]))
    return Post(**values)

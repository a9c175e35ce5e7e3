"""The tables of state.db. Instants are whole seconds since 1970 (UTC), local dates and times ISO text."""

import datetime as dt

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[dt.datetime]):
    """A point in time: an aware datetime in Python, whole seconds in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 SQLAlchemy's signature
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        return None if value is None else dt.datetime.fromtimestamp(value, dt.UTC)


metadata = MetaData()

setting = Table("setting", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

schedule = Table(
    "schedule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("channel_kind", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("zone", Text, nullable=False),
    Column("weekdays", Integer, nullable=False),
    Column("filters", Text, nullable=False),
    Column("publish", Boolean, nullable=False),
    Column("thread", Boolean, nullable=False),
    Column("role_id", BigInteger),
    Column("locale", Text, nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("next_on", Date, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("paused_because", Text),
    Column("left_at", Instant),
)
Index("schedule_guild", schedule.c.guild_id)
Index("schedule_due", schedule.c.active, schedule.c.next_at)

post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schedule_id", ForeignKey("schedule.id"), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("slug", Text),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("nonce", Text, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("due_at", Instant, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("finished_at", Instant),
    UniqueConstraint("schedule_id", "local_date", name="one_post_per_day"),
)
Index("post_state", post.c.state)
Index("post_message", post.c.schedule_id, post.c.slug)

# What an admin has set for a date: a moment, or none to skip it.
plan = Table(
    "plan",
    metadata,
    Column("schedule_id", ForeignKey("schedule.id"), primary_key=True),
    Column("local_date", Date, primary_key=True),
    Column("slug", Text),
)

# What everybody with the same filters sees on a date.
pick = Table(
    "pick",
    metadata,
    Column("filters", Text, primary_key=True),
    Column("local_date", Date, primary_key=True),
    Column("slug", Text, nullable=False),
)

# Steps after a post that may fail without costing it.
extra = Table(
    "extra",
    metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("tries", Integer, nullable=False),
    Column("next_try", Instant),
)

# Which process posts.
lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)

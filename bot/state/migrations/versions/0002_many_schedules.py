"""Many schedules a server, with weekdays and more filters; what is planned, picked and left; extras of posts."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("schedule") as table:
        table.drop_constraint("one_schedule_per_server", type_="unique")
        table.add_column(sa.Column("name", sa.Text, nullable=False, server_default="Moment of the day"))
        table.add_column(sa.Column("channel_kind", sa.Text, nullable=False, server_default="text"))
        table.add_column(sa.Column("weekdays", sa.Integer, nullable=False, server_default="127"))
        table.add_column(sa.Column("filters", sa.Text, nullable=False, server_default="{}"))
        table.add_column(sa.Column("publish", sa.Boolean, nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("thread", sa.Boolean, nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("role_id", sa.BigInteger))
        table.add_column(sa.Column("left_at", sa.BigInteger))
    _move_filters()
    with op.batch_alter_table("schedule") as table:
        for name in ("country", "category", "hashtag"):
            table.drop_column(name)
    op.create_index("schedule_guild", "schedule", ["guild_id"])
    op.create_index("post_message", "post", ["schedule_id", "slug"])
    op.create_table(
        "plan",
        sa.Column("schedule_id", sa.Integer, sa.ForeignKey("schedule.id"), primary_key=True),
        sa.Column("local_date", sa.Date, primary_key=True),
        sa.Column("slug", sa.Text),
    )
    op.create_table(
        "pick",
        sa.Column("filters", sa.Text, primary_key=True),
        sa.Column("local_date", sa.Date, primary_key=True),
        sa.Column("slug", sa.Text, nullable=False),
    )
    op.create_table(
        "extra",
        sa.Column("post_id", sa.Integer, sa.ForeignKey("post.id"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try", sa.BigInteger),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )


def _move_filters() -> None:
    db = op.get_bind()
    old = db.execute(sa.text("SELECT id, country, category, hashtag FROM schedule")).all()
    for number, *values in old:
        names = ("countries", "categories", "hashtags")
        given = {name: [value] for name, value in zip(names, values, strict=True) if value}
        text = json.dumps(given, ensure_ascii=False, sort_keys=True)
        db.execute(sa.text("UPDATE schedule SET filters = :text WHERE id = :id"), {"text": text, "id": number})

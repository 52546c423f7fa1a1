"""What every process must know to keep the platforms' limits; and messages in line within their chats."""

import sqlalchemy as sa
from alembic import op

from storage.base import Identity, Instant

revision = "20261121_limits"
down_revision = "20261121_accounts"
branch_labels = None
depends_on = None

OWED = "state IN ('queued', 'waiting', 'sending')"
OWED_BEFORE = "state IN ('queued', 'sending')"
PUT_OFF = "state IN ('waiting', 'sending')"
NEW = (
    ("urgency", sa.Integer(), sa.text("0")),
    ("followed", sa.Boolean(), sa.false()),
    ("pieces_sent", sa.Integer(), sa.text("0")),
    ("units", sa.Integer(), sa.text("1")),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "sending_account",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("paused_until", Instant(), nullable=True),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.Column("refused_place", sa.String(length=120), nullable=True),
        sa.Column("refused_at", Instant(), nullable=True),
        sa.Column("paced_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_sending_account")),
    )
    op.create_table(
        "sending_use",
        sa.Column("id", Identity, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("outbox_id", Identity, nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("counted_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_use")),
    )
    op.create_index("ix_sending_use_counted", "sending_use", ["channel", "account", "counted_at"])
    op.create_index("ix_sending_use_place", "sending_use", ["channel", "account", "place", "counted_at"])
    op.create_index("ix_sending_use_outbox", "sending_use", ["outbox_id"])
    _drop("ix_outbox_owed", "ix_outbox_urgent")
    # Column by column: SQLite would make the table anew, and parts refer to it.
    for name, kind, default in NEW:
        op.add_column("outbox", sa.Column(name, kind, nullable=False, server_default=default))
    op.execute("UPDATE outbox SET urgency = priority")
    op.execute("UPDATE outbox SET send_after = leased_until WHERE state = 'sending' AND leased_until IS NOT NULL")
    op.execute(
        "UPDATE outbox SET pieces_sent = p.parts FROM"
        " (SELECT outbox_id, count(DISTINCT part) AS parts FROM outbox_part GROUP BY outbox_id) AS p"
        " WHERE outbox.id = p.outbox_id"
    )
    if op.get_bind().dialect.name == "postgresql":
        for name, _kind, _default in NEW:
            op.alter_column("outbox", name, server_default=None)
    op.drop_column("outbox", "leased_until")
    _index("ix_outbox_owed", ["channel", "account", "chat", "id"], OWED)
    _index("ix_outbox_queued", ["channel", "account", "urgency", "id"], "state = 'queued'")
    _index("ix_outbox_put_off", ["channel", "account", "send_after"], PUT_OFF)


def downgrade() -> None:
    """Go back."""
    _drop("ix_outbox_put_off", "ix_outbox_queued", "ix_outbox_owed")
    op.execute("UPDATE outbox SET state = 'queued' WHERE state = 'waiting'")
    op.add_column("outbox", sa.Column("leased_until", Instant(), nullable=True))
    op.execute("UPDATE outbox SET leased_until = send_after WHERE state = 'sending'")
    for name, _kind, _default in NEW:
        op.drop_column("outbox", name)
    _index("ix_outbox_urgent", ["priority", "id"], OWED_BEFORE)
    _index("ix_outbox_owed", ["channel", "account", "chat", "id"], OWED_BEFORE)
    op.drop_table("sending_use")
    op.drop_table("sending_account")


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)


def _drop(*names: str) -> None:
    for name in names:
        op.drop_index(name, table_name="outbox")

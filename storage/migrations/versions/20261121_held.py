"""Messages a platform holds back until their receiver writes again."""

import sqlalchemy as sa
from alembic import op

from storage.base import Identity, Instant

revision = "20261121_held"
down_revision = "20261121_open_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "held_message",
        sa.Column("outbox_id", Identity, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=120), nullable=False),
        sa.Column("ward_id", Identity, nullable=True),
        sa.Column("case_id", Identity, nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("held_at", Instant(), nullable=False),
        sa.Column("noted_at", Instant(), nullable=True),
        sa.Column("called_at", Instant(), nullable=True),
        sa.Column("released_at", Instant(), nullable=True),
        sa.Column("over_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_held_message_outbox_id_outbox")),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_held_message_ward_id_ward")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_held_message_case_id_cases")),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("pk_held_message")),
    )
    _partial_index("ix_held_message_chat", ["channel", "account", "chat"], "released_at IS NULL")
    _partial_index("ix_held_message_ward", ["ward_id"], "over_at IS NULL")
    _partial_index("ix_held_message_case", ["case_id"], "over_at IS NULL")


def downgrade() -> None:
    """Go back."""
    op.execute("UPDATE outbox SET state = 'refused' WHERE state = 'held'")
    op.drop_table("held_message")


def _partial_index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "held_message", columns, sqlite_where=where, postgresql_where=where)

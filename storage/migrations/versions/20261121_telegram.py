"""What Telegram needs: files fetched before the turn, albums, messages in pieces, chats that cannot be reached."""

import sqlalchemy as sa
from alembic import op

from storage.base import Identity, Instant

revision = "20261121_telegram"
down_revision = "20261121_queues"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "outbox_part",
        sa.Column("id", Identity, nullable=False),
        sa.Column("outbox_id", Identity, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sent_as", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_outbox_part_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_part")),
        sa.UniqueConstraint("outbox_id", "part", "sent_as", name=op.f("uq_outbox_part_outbox_id_part_sent_as")),
    )
    with op.batch_alter_table("outbox_part", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_part_sent_as", ["sent_as"], unique=False)

    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unreachable_at", Instant(), nullable=True))

    with op.batch_alter_table("group_chat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("menu", sa.String(length=16), nullable=True))

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("album", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("fetch_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("fetch_tries", sa.Integer(), nullable=True))
    _partial_index("ix_inbox_fetch", ["lane", "id"], "state = 'fetch'")
    _partial_index("ix_inbox_album", ["lane", "album"], "album IS NOT NULL")


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_inbox_album", table_name="inbox")
    op.drop_index("ix_inbox_fetch", table_name="inbox")
    op.execute("UPDATE inbox SET state = 'new' WHERE state = 'fetch'")
    op.execute("UPDATE inbox SET state = 'done' WHERE state = 'merged'")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_column("fetch_tries")
        batch_op.drop_column("fetch_at")
        batch_op.drop_column("album")

    with op.batch_alter_table("group_chat", schema=None) as batch_op:
        batch_op.drop_column("menu")

    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_column("unreachable_at")

    with op.batch_alter_table("outbox_part", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_part_sent_as")

    op.drop_table("outbox_part")


def _partial_index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "inbox", columns, sqlite_where=where, postgresql_where=where)

"""Files of every kind: recordings, videos and documents beside photos; and which messages became part of a case."""

import sqlalchemy as sa
from alembic import op

from storage.base import Identity, Instant

revision = "20261121_files_of_every_kind"
down_revision = "20261121_ward_in_every_row"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: what was taken before is photos."""
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="photo"))
        batch_op.add_column(sa.Column("seconds", sa.Integer(), nullable=False, server_default="0"))
        batch_op.alter_column("mime", existing_type=sa.String(length=40), type_=sa.String(length=100))
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(length=10), server_default=None)
        batch_op.alter_column("seconds", existing_type=sa.Integer(), server_default=None)
    op.create_table(
        "case_message",
        sa.Column("id", Identity, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=120), nullable=False),
        sa.Column("message", sa.String(length=80), nullable=False),
        sa.Column("case_id", Identity, nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_message_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_message")),
        sa.UniqueConstraint(
            "channel", "account", "chat", "message", name=op.f("uq_case_message_channel_account_chat_message")
        ),
    )
    with op.batch_alter_table("case_message", schema=None) as batch_op:
        batch_op.create_index("ix_case_message_at", ["at"], unique=False)


def downgrade() -> None:
    """Go back. A media type that is too long for the old column becomes one that is served as plain bytes."""
    op.drop_table("case_message")
    op.execute("UPDATE attachment SET mime = 'application/octet-stream' WHERE length(mime) > 40")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_column("seconds")
        batch_op.drop_column("kind")
        batch_op.alter_column("mime", existing_type=sa.String(length=100), type_=sa.String(length=40))

"""Cards that are kept up to date where they stand: which message is one, and which only changes it."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant

revision = "20261121_cards"
down_revision = "20261121_set_aside"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("edits", sa.Boolean(), nullable=False, server_default=sa.false()))
    condition = sa.text("card IS NOT NULL")
    op.create_index("ix_outbox_card", "outbox", ["card", "id"], sqlite_where=condition, postgresql_where=condition)
    with op.batch_alter_table("web_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_at", Instant(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("web_message", schema=None) as batch_op:
        batch_op.drop_column("edited_at")
    op.drop_index("ix_outbox_card", table_name="outbox")
    # Changes that are still owed would be sent as messages of their own.
    op.execute("DELETE FROM outbox WHERE edits")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("edits")
        batch_op.drop_column("card")

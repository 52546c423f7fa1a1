"""Only updates that are done stand in the index of when: a new one costs an index less."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_inbox_done"
down_revision = "20261121_wards_named"
branch_labels = None
depends_on = None

IS_DONE = sa.text("done_at IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.drop_index("ix_inbox_done", table_name="inbox")
    op.create_index("ix_inbox_done", "inbox", ["lane", "done_at"], sqlite_where=IS_DONE, postgresql_where=IS_DONE)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_inbox_done", table_name="inbox")
    op.create_index("ix_inbox_done", "inbox", ["lane", "done_at"])

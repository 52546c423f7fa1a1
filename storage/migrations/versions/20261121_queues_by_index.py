"""What waits in the two queues is found by an index of its own, however many rows are done with."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_queues"
down_revision = "20261121_first"
branch_labels = None
depends_on = None

NEW = sa.text("state = 'new'")
OWED = sa.text("state IN ('queued', 'sending')")


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_inbox_new", "inbox", ["id"], sqlite_where=NEW, postgresql_where=NEW)
    op.create_index("ix_outbox_urgent", "outbox", ["priority", "id"], sqlite_where=OWED, postgresql_where=OWED)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_outbox_urgent", table_name="outbox")
    op.drop_index("ix_inbox_new", table_name="inbox")

"""What is set aside is found by an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_set_aside"
down_revision = "20261121_telegram"
branch_labels = None
depends_on = None

SET_ASIDE = sa.text("state = 'set_aside'")


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_inbox_set_aside", "inbox", ["id"], sqlite_where=SET_ASIDE, postgresql_where=SET_ASIDE)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_inbox_set_aside", table_name="inbox")

"""Open cases, a session's questions and a week's opinions have indexes of their own, however long the history."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_open_cases"
down_revision = "20261121_limits"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("status IN ('accepted', 'received', 'waiting')")
HAS_DIALOGUE = sa.text("dialogue_id IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.drop_index("ix_cases_unit", table_name="cases")
    op.drop_index("ix_cases_due", table_name="cases")
    op.create_index("ix_cases_open", "cases", ["ward_id", "due_on"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index(
        "ix_cases_dialogue", "cases", ["dialogue_id"], sqlite_where=HAS_DIALOGUE, postgresql_where=HAS_DIALOGUE
    )
    op.create_index("ix_opinion_at", "opinion", ["ward_id", "at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_opinion_at", table_name="opinion")
    op.drop_index("ix_cases_dialogue", table_name="cases")
    op.drop_index("ix_cases_open", table_name="cases")
    op.create_index("ix_cases_due", "cases", ["ward_id", "status", "due_on"])
    op.create_index("ix_cases_unit", "cases", ["ward_id", "unit_id", "status", "due_on"])

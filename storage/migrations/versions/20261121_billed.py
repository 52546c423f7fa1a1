"""How many messages of a month a platform charges for."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_billed"
down_revision = "20261121_linking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("quota", sa.Column("billed", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go back."""
    op.drop_column("quota", "billed")

"""Leases name the process that holds them, so that they end when it dies."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_leases_name_processes"
down_revision = "20261121_zalo_oa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the holder to both queues."""
    for table in ("inbox", "outbox"):
        op.add_column(table, sa.Column("leased_by", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take the holders away: leases end by time again."""
    for table in ("inbox", "outbox"):
        op.drop_column(table, "leased_by")

"""What of a plan's monthly messages an account has used."""

import sqlalchemy as sa
from alembic import op

from storage.base import Identity, Instant

revision = "20261121_quota"
down_revision = "20261121_leases_name_processes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "quota",
        sa.Column("id", Identity, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("paused_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
        sa.UniqueConstraint("channel", "account", "month", name=op.f("uq_quota_channel_account_month")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("quota")

"""What a Zalo Official Account needs kept: its id, its sealed tokens, when it was last heard of."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant

revision = "20261121_zalo_oa"
down_revision = "20261121_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "zalo_account",
        sa.Column("app_id", sa.String(length=64), nullable=False),
        sa.Column("oa_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("tokens", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("seed", sa.String(length=16), nullable=True),
        sa.Column("refreshing_until", Instant(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("verified_key", sa.String(length=16), nullable=True),
        sa.Column("last_event_at", Instant(), nullable=True),
        sa.Column("caught_up_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_zalo_account")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("zalo_account")

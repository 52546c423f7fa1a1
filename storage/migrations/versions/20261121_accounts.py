"""Our own accounts on platforms, as each introduced itself."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant

revision = "20261121_accounts"
down_revision = "20261121_quota"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "account",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("ward_code", sa.String(length=40), nullable=True),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_account")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("account")

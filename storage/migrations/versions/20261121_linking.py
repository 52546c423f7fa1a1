"""What linking a person's channels needs: codes, whose a contact point was, and where a case came from."""

import sqlalchemy as sa
from alembic import op

from storage.base import Identity, Instant

revision = "20261121_linking"
down_revision = "20261121_files_of_every_kind"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "channel_link",
        sa.Column("id", Identity, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_point_id", Identity, nullable=False),
        sa.Column("asked_by", Identity, nullable=True),
        sa.Column("agreed_at", Instant(), nullable=True),
        sa.Column("joined_at", Instant(), nullable=True),
        sa.Column("refused_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_point.id"], name=op.f("fk_channel_link_contact_point_id_contact_point")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["contact_point.id"], name=op.f("fk_channel_link_asked_by_contact_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_link")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_channel_link_code_hash")),
    )
    op.create_index("ix_channel_link_contact_point", "channel_link", ["contact_point_id"])
    op.add_column("contact_point", sa.Column("home_person_id", Identity, nullable=True))
    op.add_column("contact_point", sa.Column("preferred", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("cases", sa.Column("contact_point_id", Identity, nullable=True))
    op.add_column("opinion", sa.Column("contact_point_id", Identity, nullable=True))


def downgrade() -> None:
    """Go back; what was linked stays with whom it is linked to."""
    for table, column in (
        ("opinion", "contact_point_id"),
        ("cases", "contact_point_id"),
        ("contact_point", "preferred"),
        ("contact_point", "home_person_id"),
    ):
        op.drop_column(table, column)
    op.drop_table("channel_link")

"""Contact points and plan days carry their ward as well, so that every row of a ward says whose it is."""

import sqlalchemy as sa
from alembic import op

from storage.base import Identity

revision = "20261121_ward_in_every_row"
down_revision = "20261121_held"
branch_labels = None
depends_on = None

TABLES = ("contact_point", "plan_day")


def upgrade() -> None:
    """Go forward."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("ward_id", Identity, nullable=True))
    op.execute(
        "UPDATE contact_point SET ward_id = (SELECT ward_id FROM person WHERE person.id = contact_point.person_id)"
    )
    op.execute(
        "UPDATE plan_day SET ward_id = (SELECT ward_id FROM plan_item WHERE plan_item.id = plan_day.plan_item_id)"
    )
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("ward_id", existing_type=Identity, nullable=False)
            batch_op.create_foreign_key(op.f(f"fk_{table}_ward_id_ward"), "ward", ["ward_id"], ["id"])


def downgrade() -> None:
    """Go back."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_ward_id_ward"), type_="foreignkey")
            batch_op.drop_column("ward_id")

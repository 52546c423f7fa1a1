"""Statements that go by an id name the ward as well: indexes for both, and where somebody lived before."""

import sqlalchemy as sa
from alembic import op

from storage.base import Json

revision = "20261121_wards_named"
down_revision = "20261121_billed"
branch_labels = None
depends_on = None

HAS_DIALOGUE = sa.text("dialogue_id IS NOT NULL")
# Index, table, its first column, and what came after that one.
INDEXES = (
    ("ix_cases_resident", "cases", "resident_id", ["id"], None),
    ("ix_cases_dialogue", "cases", "dialogue_id", [], HAS_DIALOGUE),
    ("ix_case_event_case", "case_event", "case_id", ["id"], None),
    ("ix_plan_item_document", "plan_item", "document_id", ["position"], None),
    ("ix_plan_day_item", "plan_day", "plan_item_id", ["due_on"], None),
    ("ix_opinion_item", "opinion", "plan_item_id", ["id"], None),
    ("ix_opinion_person", "opinion", "person_id", [], None),
)
# What somebody brought to a ward that they do not live in (any more); also what went to whom they are linked with.
BROUGHT = """
    WITH brought AS (
        SELECT resident_id AS person_id, ward_id FROM cases UNION SELECT person_id, ward_id FROM opinion
    ), theirs AS (
        SELECT person_id, ward_id FROM brought
        UNION
        SELECT c.home_person_id, b.ward_id FROM brought b JOIN contact_point c ON c.person_id = b.person_id
        WHERE c.home_person_id IS NOT NULL
    )
    SELECT p.id, t.ward_id FROM theirs t JOIN person p ON p.id = t.person_id WHERE t.ward_id <> p.ward_id ORDER BY 1, 2
"""


def upgrade() -> None:
    """Go forward."""
    for name, table, first, rest, where in INDEXES:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [first, "ward_id", *rest], sqlite_where=where, postgresql_where=where)
    with op.batch_alter_table("official") as batch_op:
        batch_op.drop_constraint(op.f("uq_official_person_id"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_official_person_id_ward_id"), ["person_id", "ward_id"])
    op.add_column("person", sa.Column("former_wards", Json, nullable=False, server_default="[]"))
    _note_former_wards()


def _note_former_wards() -> None:
    former: dict[int, list[int]] = {}
    for person_id, ward_id in op.get_bind().execute(sa.text(BROUGHT)):
        former.setdefault(person_id, []).append(ward_id)
    kept = sa.text("UPDATE person SET former_wards = :wards WHERE id = :id").bindparams(
        sa.bindparam("wards", type_=Json)
    )
    for person_id, wards in former.items():
        op.get_bind().execute(kept, {"wards": wards, "id": person_id})


def downgrade() -> None:
    """Go back; of offices in several wards the one in the person's own stays."""
    op.drop_column("person", "former_wards")
    op.execute(
        "DELETE FROM official WHERE ward_id <> (SELECT ward_id FROM person WHERE person.id = official.person_id)"
        " AND person_id IN (SELECT person_id FROM official GROUP BY person_id HAVING count(*) > 1)"
    )
    with op.batch_alter_table("official") as batch_op:
        batch_op.drop_constraint(op.f("uq_official_person_id_ward_id"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_official_person_id"), ["person_id"])
    for name, table, first, rest, where in INDEXES:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [first, *rest], sqlite_where=where, postgresql_where=where)

"""The offices persons hold in their ward: given, taken away, listed."""

from datetime import datetime

from sqlalchemy import update

from domain.people import Official, Role
from storage.database import Transaction
from storage.people import IS_THEIRS, official, official_of, person, with_office
from storage.wards import unit


async def appoint(
    tx: Transaction, *, person_id: int, ward_id: int, unit_id: int | None, role: Role, now: datetime
) -> None:
    """Make somebody an official; a second appointment replaces the first."""
    values = {"unit_id": unit_id, "role": role.value, "joined_at": now, "left_at": None}
    await tx.execute(
        tx.upsert(official)
        .values(person_id=person_id, ward_id=ward_id, **values)
        .on_conflict_do_update(index_elements=["person_id", "ward_id"], set_=values)
    )


async def leave(tx: Transaction, one: Official, *, now: datetime) -> None:
    """End an office; what was done in it stays written down."""
    await tx.execute(
        update(official).where(official.c.ward_id == one.ward_id, official.c.id == one.id).values(left_at=now)
    )


async def of_ward(
    tx: Transaction, *, ward_id: int, unit_id: int | None = None, role: Role | None = None
) -> list[Official]:
    """The officials of a ward in office, of one unit or in one role."""
    statement = (
        with_office()
        .select_from(official)
        .join(person, IS_THEIRS)
        .outerjoin(unit, unit.c.id == official.c.unit_id)
        .where(official.c.ward_id == ward_id, official.c.left_at.is_(None))
        .order_by(official.c.id)
    )
    if unit_id is not None:
        statement = statement.where(official.c.unit_id == unit_id)
    if role is not None:
        statement = statement.where(official.c.role == role.value)
    found = [official_of(row) for row in (await tx.execute(statement)).all()]
    return [one for one in found if one is not None]

"""Somebody who lives in another ward now: their person moves, their cases stay where they were brought."""

from sqlalchemy import or_, select, update

from storage.database import Transaction
from storage.people import contact_point, person


async def move(tx: Transaction, person_id: int, ward_id: int) -> None:
    """Move a person to a ward, with all they write from; in which residential group they live there is not known yet.

    Whoever they were on a linked channel moves as well (storage.linking): parted again, they are still of this ward.
    """
    homes = select(contact_point.c.home_person_id).where(
        contact_point.c.person_id == person_id, contact_point.c.home_person_id.is_not(None)
    )
    await tx.execute(
        update(person)
        .where(or_(person.c.id == person_id, person.c.id.in_(homes)))
        .values(ward_id=ward_id, residential_group_id=None, residential_group_asked=False)
    )
    await tx.execute(update(contact_point).where(contact_point.c.person_id == person_id).values(ward_id=ward_id))

"""Somebody who lives in another ward now: their person moves, their cases stay where they were brought."""

from collections.abc import Collection

from sqlalchemy import select, update

from domain.people import Person
from storage.database import Transaction
from storage.people import contact_point, person


async def move(tx: Transaction, somebody: Person, ward_id: int) -> None:
    """Move a person to a ward, with all they write from; in which residential group they live there is not known yet.

    Whoever they were on a linked channel moves as well (storage.linking): parted again, they are still of this ward.
    """
    homes = await tx.execute(
        select(contact_point.c.home_person_id).where(
            contact_point.c.person_id == somebody.id, contact_point.c.home_person_id.is_not(None)
        )
    )
    mine = (person.c.ward_id == somebody.ward_id, person.c.id.in_({somebody.id, *homes.scalars()}))
    for row in (await tx.execute(select(person.c.id, person.c.former_wards).where(*mine))).all():
        await tx.execute(
            update(person)
            .where(person.c.ward_id == somebody.ward_id, person.c.id == row.id)
            .values(
                ward_id=ward_id, former_wards=left(row.former_wards, somebody.ward_id, ward_id),
                residential_group_id=None, residential_group_asked=False,
            )
        )  # fmt: skip
    await tx.execute(update(contact_point).where(contact_point.c.person_id == somebody.id).values(ward_id=ward_id))


def left(former_wards: Collection[int], ward_id: int, new_ward_id: int) -> list[int]:
    """Where somebody lived before who leaves a ward for another, which may be one of these."""
    return sorted({*former_wards, ward_id} - {new_ward_id})

"""Somebody who lives in another ward now: their person moves, their cases stay where they were brought."""

from sqlalchemy import update

from storage.database import Transaction
from storage.people import person


async def move(tx: Transaction, person_id: int, ward_id: int) -> None:
    """Move a person to a ward; in which residential group they live there is not known yet."""
    await tx.execute(
        update(person)
        .where(person.c.id == person_id)
        .values(ward_id=ward_id, residential_group_id=None, residential_group_asked=False)
    )

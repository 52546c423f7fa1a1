"""Opinions: what people say about a published plan item; the desk reads them without names."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from storage.database import Transaction
from storage.plan_tables import opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One opinion as the desk reads it; who gave it is not in it."""

    id: int
    text: str
    at: datetime


async def add(
    tx: Transaction,
    *,
    ward_id: int,
    plan_item_id: int,
    person_id: int,
    text: str,
    now: datetime,
    contact_point_id: int | None = None,
) -> int:
    """Keep an opinion; its id."""
    values = {
        "ward_id": ward_id, "plan_item_id": plan_item_id, "person_id": person_id, "text": text, "at": now,
        "contact_point_id": contact_point_id,
    }  # fmt: skip
    done = await tx.execute(insert(opinion).values(**values).returning(opinion.c.id))
    return int(done.scalar_one())


async def count(tx: Transaction, plan_item_id: int) -> int:
    """How many opinions there are about an item."""
    return int(
        await tx.scalar(select(func.count()).select_from(opinion).where(opinion.c.plan_item_id == plan_item_id)) or 0
    )


async def of_item(tx: Transaction, plan_item_id: int, *, limit: int, offset: int = 0) -> list[Opinion]:
    """The opinions about an item, the newest first."""
    rows = await tx.execute(
        select(opinion)
        .where(opinion.c.plan_item_id == plan_item_id)
        .order_by(opinion.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Opinion(id=row.id, text=row.text, at=row.at) for row in rows]


async def of_person(tx: Transaction, person_id: int) -> list[tuple[int, Opinion]]:
    """What one person has said, with the item's id, oldest first; for their own eyes."""
    rows = await tx.execute(select(opinion).where(opinion.c.person_id == person_id).order_by(opinion.c.id))
    return [(row.plan_item_id, Opinion(id=row.id, text=row.text, at=row.at)) for row in rows]

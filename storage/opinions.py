"""Opinions: what people say about a published plan item; the desk reads them without names."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select

from storage.database import Transaction
from storage.plan_tables import opinion
from storage.plans import StoredItem


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


async def count(tx: Transaction, item: StoredItem) -> int:
    """How many opinions there are about an item."""
    return int(await tx.scalar(select(func.count()).select_from(opinion).where(*_about(item))) or 0)


async def of_item(tx: Transaction, item: StoredItem, *, limit: int, offset: int = 0) -> list[Opinion]:
    """The opinions about an item, the newest first."""
    rows = await tx.execute(
        select(opinion).where(*_about(item)).order_by(opinion.c.id.desc()).limit(limit).offset(offset)
    )
    return [Opinion(id=row.id, text=row.text, at=row.at) for row in rows]


def _about(item: StoredItem) -> tuple[ColumnElement[bool], ...]:
    return opinion.c.ward_id == item.ward_id, opinion.c.plan_item_id == item.id

"""A resident says what they think of a published plan item; its unit is told, without a name."""

from datetime import datetime

from actions.notify import tell_unit
from domain.errors import DomainError
from domain.notices import Notice, NoticeKind
from domain.people import Person
from storage import audit, contacts, opinions, plans
from storage.database import Transaction
from storage.plans import StoredItem
from storage.wards import StoredWard


async def give_opinion(
    tx: Transaction, ward: StoredWard, resident: Person, number: int, *, text: str, now: datetime
) -> tuple[StoredItem, str]:
    """Keep an opinion and owe its card to the unit that leads the item, or else to reception.

    The item and the name of the unit that was told. DomainErrors: `plan_item_unknown`, also for what is not public;
    `opinion_empty`.
    """
    item = await published_item(tx, ward, number)
    if not text.strip():
        raise DomainError("opinion_empty", item=item.code)
    await contacts.stays_with(tx, resident)
    await opinions.add(
        tx, ward_id=ward.id, plan_item_id=item.id, person_id=resident.id, text=text.strip(), now=now,
        contact_point_id=resident.contact_point_id,
    )  # fmt: skip
    await audit.write(
        tx, ward_id=ward.id, act="opinion.give", subject=f"plan {item.code}", actor_id=resident.id, now=now
    )
    unit_id = item.lead_unit_id or ward.unit_id(ward.ward.reception.code)
    params = {
        "item": item.code, "title": item.title, "unit": ward.unit_names[unit_id], "text": text.strip(),
        "count": await opinions.count(tx, item),
    }  # fmt: skip
    await tell_unit(tx, ward, unit_id, Notice(kind=NoticeKind.OPINION_CARD, params=params), now=now)
    return item, ward.unit_names[unit_id]


async def published_item(tx: Transaction, ward: StoredWard, number: int) -> StoredItem:
    """An item everybody may read. DomainError `plan_item_unknown` for any other: that it exists is not told."""
    item = await plans.get(tx, ward.id, number)
    if not item.is_published:
        raise DomainError("plan_item_unknown", item=item.code)
    return item

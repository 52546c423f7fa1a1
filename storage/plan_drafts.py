"""Writing plan items: the documents they come from, their content, their numbers, and every change of status."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from domain.errors import DomainError
from domain.plan_document import PlanDocument, to_json
from domain.plan_matching import DocumentIdentity
from domain.plans import ItemContent, PlanStatus, searchable
from storage.cases import counter
from storage.database import Transaction
from storage.plan_tables import plan_day, plan_document, plan_item
from storage.plans import StoredItem, item_of
from storage.wards import ward

NUMBERS = "PLAN"


async def lock_plans(tx: Transaction, ward_id: int) -> None:
    """Let one import at a time work on a ward's plans, so that a document imported twice at once is one document."""
    await tx.execute(select(ward.c.id).where(ward.c.id == ward_id).with_for_update())


async def documents(tx: Transaction, ward_id: int) -> list[tuple[int, DocumentIdentity]]:
    """What tells a ward's documents apart, the newest first."""
    rows = await tx.execute(
        select(plan_document).where(plan_document.c.ward_id == ward_id).order_by(plan_document.c.id.desc())
    )
    return [
        (
            row.id,
            DocumentIdentity(
                number=row.number, issuer=row.issuer, title=row.title, year=row.year, source_name=row.source_name
            ),
        )
        for row in rows
    ]


async def write_document(
    tx: Transaction, ward_id: int, document: PlanDocument, identity: DocumentIdentity, *, now: datetime,
    document_id: int | None,
) -> int:  # fmt: skip
    """Keep what was read of a document, in the place of an earlier reading of it if there is one; its id."""
    data = to_json(document)
    del data["items"]
    values = {
        "kind": document.kind.value, "number": identity.number, "issuer": identity.issuer, "title": identity.title,
        "year": identity.year, "issued_on": document.issued_on, "source_name": identity.source_name, "data": data,
        "imported_at": now,
    }  # fmt: skip
    if document_id is not None:
        its = (plan_document.c.ward_id == ward_id, plan_document.c.id == document_id)
        await tx.execute(update(plan_document).where(*its).values(**values))
        return document_id
    done = await tx.execute(insert(plan_document).values(ward_id=ward_id, **values).returning(plan_document.c.id))
    return int(done.scalar_one())


async def take_numbers(tx: Transaction, ward_id: int, count: int) -> range:
    """The next `count` item numbers of a ward; a number is never given twice."""
    done = await tx.execute(
        tx.upsert(counter)
        .values(ward_id=ward_id, name=NUMBERS, value=count)
        .on_conflict_do_update(index_elements=["ward_id", "name"], set_={"value": counter.c.value + count})
        .returning(counter.c.value)
    )
    last = int(done.scalar_one())
    return range(last - count + 1, last + 1)


async def decided_units(tx: Transaction, ward_id: int) -> list[tuple[str, int]]:
    """The printed names of leads and the units they were found, or decided, to be; the newest first."""
    rows = await tx.execute(
        select(plan_item.c.content, plan_item.c.lead_unit_id)
        .where(plan_item.c.ward_id == ward_id, plan_item.c.lead_unit_id.is_not(None))
        .order_by(plan_item.c.changed_at.desc(), plan_item.c.id.desc())
    )
    return [(row.content["lead"]["name"], row.lead_unit_id) for row in rows]


async def add(
    tx: Transaction, *, ward_id: int, document_id: int, number: int, position: int, content: ItemContent, now: datetime
) -> int:
    """Write a new draft; its id."""
    done = await tx.execute(
        insert(plan_item)
        .values(
            ward_id=ward_id, document_id=document_id, number=number, status=PlanStatus.DRAFT.value,
            withdrawn_reason="", position=position, changed_at=now, **_columns(content),
        )
        .returning(plan_item.c.id)
    )  # fmt: skip
    item_id = int(done.scalar_one())
    await _write_days(tx, ward_id, item_id, content)
    return item_id


async def set_content(tx: Transaction, item: StoredItem, content: ItemContent, *, now: datetime) -> None:
    """Put what a (corrected) document says in the place of what was kept; nothing is open about it any more."""
    await change(tx, item, revised=None, kept_hash=None, changed_at=now, **_columns(content))
    await tx.execute(delete(plan_day).where(plan_day.c.ward_id == item.ward_id, plan_day.c.plan_item_id == item.id))
    await _write_days(tx, item.ward_id, item.id, content)


async def change(tx: Transaction, item: StoredItem, **values: Any) -> None:
    """Change columns of an item. DomainError `plan_item_changed` when its status is no longer what was seen."""
    done = await tx.execute(
        update(plan_item)
        .where(plan_item.c.ward_id == item.ward_id, plan_item.c.id == item.id, plan_item.c.status == item.status.value)
        .values(**values)
    )
    if done.rowcount != 1:
        raise DomainError("plan_item_changed", item=item.code)


async def remove(tx: Transaction, item: StoredItem) -> None:
    """Delete a draft that nobody but the desk has ever seen."""
    await tx.execute(delete(plan_day).where(plan_day.c.ward_id == item.ward_id, plan_day.c.plan_item_id == item.id))
    await tx.execute(delete(plan_item).where(plan_item.c.ward_id == item.ward_id, plan_item.c.id == item.id))


def _columns(content: ItemContent) -> dict[str, Any]:
    units = [unit.name for unit in (content.lead, *content.implementing) if unit]
    rest = [content.text, *(text for _marker, text in content.parts), content.period or "", *units]
    return {
        "title": content.title,
        "content": content.to_json(),
        "lead_unit_id": content.lead.unit_id if content.lead else None,
        "title_words": searchable(content.title),
        "text_words": searchable(" ".join(rest)),
        "content_hash": content.digest(),
    }


async def _write_days(tx: Transaction, ward_id: int, item_id: int, content: ItemContent) -> None:
    ends = (content.ends_on,) if content.ends_on else ()
    days = sorted({*content.last_days, *ends})
    if days:
        rows = [{"ward_id": ward_id, "plan_item_id": item_id, "due_on": day} for day in days]
        await tx.execute(insert(plan_day), rows)


async def refresh(tx: Transaction, item: StoredItem, content: ItemContent) -> None:
    """Keep the same printed content with what is newly known about it (units, days, doubts)."""
    await change(tx, item, **_columns(content))
    await tx.execute(delete(plan_day).where(plan_day.c.ward_id == item.ward_id, plan_day.c.plan_item_id == item.id))
    await _write_days(tx, item.ward_id, item.id, content)


async def set_lead(tx: Transaction, item: StoredItem, content: ItemContent) -> None:
    """Keep who leads an item, as a person decided; what is printed, and so its hash, is left as the import had it."""
    unit_id = content.lead.unit_id if content.lead else None
    await change(tx, item, content=content.to_json(), lead_unit_id=unit_id)


async def without_lead_unit(tx: Transaction, ward_id: int) -> list[StoredItem]:
    """The items of a ward whose lead is none of its units yet."""
    rows = await tx.execute(
        select(plan_item)
        .where(plan_item.c.ward_id == ward_id, plan_item.c.lead_unit_id.is_(None))
        .order_by(plan_item.c.number)
        .with_for_update()
    )
    return [item_of(row) for row in rows]


async def redraft(tx: Transaction, item: StoredItem) -> None:
    """Make a withdrawn item a draft again, since its document has been corrected."""
    await change(tx, item, status=PlanStatus.DRAFT.value, withdrawn_reason="")


async def publish(tx: Transaction, items: Sequence[StoredItem], *, person_id: int | None, now: datetime) -> None:
    """Let everybody read these items. DomainError `plan_item_changed` if one is no longer as it was seen."""
    for item in items:
        await change(
            tx, item, status=PlanStatus.PUBLISHED.value, published_at=now, published_by=person_id,
            withdrawn_reason="", changed_at=now,
        )  # fmt: skip


async def withdraw(tx: Transaction, item: StoredItem, *, reason: str, now: datetime) -> None:
    """Take a published item back; nothing is asked about it any more."""
    await change(
        tx, item, status=PlanStatus.WITHDRAWN.value, withdrawn_reason=reason, revised=None, kept_hash=None,
        changed_at=now,
    )  # fmt: skip


async def ask(tx: Transaction, item: StoredItem, revised: dict[str, Any] | None) -> None:
    """Keep what a corrected document says of a published item until a person decides; None asks nothing."""
    await change(tx, item, revised=revised)


async def keep(tx: Transaction, item: StoredItem) -> None:
    """A person has decided for what is published: this correction is not asked about again."""
    await change(tx, item, revised=None, kept_hash=item.question)


async def place(tx: Transaction, item: StoredItem, position: int) -> None:
    """Keep where an item stands in its document."""
    if item.position != position:
        await change(tx, item, position=position)

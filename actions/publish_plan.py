"""An editor decides about plan items: publish, take back, take a correction over or not, say which unit leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.errors import DomainError
from domain.people import Official
from domain.plan_document.matching import fold_unit
from domain.plans import NamedUnit, PlanStatus
from storage import audit, plan_drafts, plans
from storage.database import Transaction
from storage.plans import StoredItem
from storage.wards import StoredWard

EVERY_PLAN_MAX = 2000  # items one "publish all" takes at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did: the items now public, those that were already, and numbers the ward has not."""

    items: tuple[StoredItem, ...]
    already: tuple[StoredItem, ...] = ()
    unknown: tuple[int, ...] = ()


async def publish(
    tx: Transaction, ward: StoredWard, official: Official, numbers: Iterable[int], *, now: datetime
) -> Published:
    """Let everybody read these items, drafts or once withdrawn; the weekly digest tells of them.

    DomainErrors: `may_not_publish`; `plan_item_changed`.
    """
    _need_editor(official)
    found: list[StoredItem] = []
    unknown: list[int] = []
    for number in numbers:
        try:
            found.append(await plans.get(tx, ward.id, number, lock=True))
        except DomainError:
            unknown.append(number)
    waiting = [item for item in found if not item.is_published]
    await _publish(tx, ward, waiting, official, now=now)
    return Published(
        items=tuple(waiting), already=tuple(item for item in found if item.is_published), unknown=tuple(unknown)
    )


async def publish_every_draft(
    tx: Transaction, ward: StoredWard, official: Official | None, *, count: int | None, last: int | None, now: datetime
) -> Published:
    """Publish all drafts, if they are still the `count` items up to number `last` that were shown to the editor.

    `official` None is the house itself (the sample ward's first start). DomainError `drafts_changed` when others
    came or went meanwhile; then nothing is published.
    """
    if official is not None:
        _need_editor(official)
    drafts, _total = await plans.with_status(tx, ward.id, PlanStatus.DRAFT, limit=EVERY_PLAN_MAX)
    seen = (len(drafts), max((item.number for item in drafts), default=0))
    if count is not None and (count, last) != seen:
        raise DomainError("drafts_changed")
    await _publish(tx, ward, drafts, official, now=now)
    return Published(items=tuple(drafts))


async def withdraw(
    tx: Transaction, ward: StoredWard, official: Official, number: int, *, reason: str, now: datetime
) -> StoredItem:
    """Take a published item back; it stays at the desk with the reason.

    DomainErrors: `may_not_publish`, `plan_item_unknown`, `plan_item_not_published`, `withdraw_reason_missing`.
    """
    _need_editor(official)
    item = await plans.get(tx, ward.id, number, lock=True)
    if not item.is_published:
        raise DomainError("plan_item_not_published", item=item.code)
    if not reason.strip():
        raise DomainError("withdraw_reason_missing", item=item.code)
    await plan_drafts.withdraw(tx, item, reason=reason.strip(), now=now)
    await _audit(tx, item, "plan.withdraw", official, now=now, reason=reason.strip())
    return item


async def apply_correction(
    tx: Transaction, ward: StoredWard, official: Official, number: int, *, seen: str, now: datetime
) -> StoredItem:
    """Publish what the corrected document says in the place of what is public; `seen` is the question's beginning.

    DomainErrors: `may_not_publish`, `plan_item_unknown`, `no_correction`, `correction_changed`.
    """
    item = await _asked(tx, ward, official, number, seen)
    if item.revised is None:
        raise DomainError("no_correction", item=item.code)
    await plan_drafts.set_content(tx, item, item.revised, now=now)
    await _audit(tx, item, "plan.correct", official, now=now, before=item.content_hash, after=item.revised.digest())
    return await plans.get(tx, ward.id, number)


async def keep_published(
    tx: Transaction, ward: StoredWard, official: Official, number: int, *, seen: str, now: datetime
) -> StoredItem:
    """Leave what is public as it is; this correction is not asked about again. Errors as `apply_correction`."""
    item = await _asked(tx, ward, official, number, seen)
    await plan_drafts.keep(tx, item)
    await _audit(tx, item, "plan.keep", official, now=now, against=item.question or "")
    return item


async def name_lead(
    tx: Transaction, ward: StoredWard, official: Official, number: int, *, unit_code: str, now: datetime
) -> tuple[StoredItem, str, int]:
    """Decide which unit of the ward leads an item: the item, the unit's name, and how many more items it settled.

    The same printed name is then known in every item of the ward, and in the next import.
    DomainErrors: `may_not_publish`, `plan_item_unknown`, `plan_unit_unknown`.
    """
    _need_editor(official)
    item = await plans.get(tx, ward.id, number, lock=True)
    unit = ward.ward.find_unit(unit_code)
    if unit is None:
        raise DomainError("plan_unit_unknown", unit=unit_code, units=", ".join(one.code for one in ward.ward.units))
    unit_id = ward.unit_id(unit.code)
    await _lead(tx, item, unit.name, unit_id)
    await _audit(tx, item, "plan.unit", official, now=now, unit=unit.code)
    others = 0
    if item.content.lead is not None and not item.content.lead.decided:
        for other in await plan_drafts.without_lead_unit(tx, ward.id):
            if other.content.lead and fold_unit(other.content.lead.name) == fold_unit(item.content.lead.name):
                await _lead(tx, other, unit.name, unit_id)
                await _audit(tx, other, "plan.unit", official, now=now, unit=unit.code)
                others += 1
    return await plans.get(tx, ward.id, number), unit.name, others


async def _lead(tx: Transaction, item: StoredItem, unit_name: str, unit_id: int) -> None:
    """A printed name stays as it is printed; an item that names nobody gets the unit's own name."""
    lead = item.content.lead
    if lead is None or lead.decided:
        named = NamedUnit(name=unit_name, unit_id=unit_id, decided=True)
    else:
        named = NamedUnit(name=lead.name, unit_id=unit_id)
    await plan_drafts.set_lead(tx, item, replace(item.content, lead=named))


async def _asked(tx: Transaction, ward: StoredWard, official: Official, number: int, seen: str) -> StoredItem:
    _need_editor(official)
    item = await plans.get(tx, ward.id, number, lock=True)
    if item.question is None:
        raise DomainError("no_correction", item=item.code)
    if not seen or not item.question.startswith(seen):
        raise DomainError("correction_changed", item=item.code)
    return item


def _need_editor(official: Official) -> None:
    if not official.may_publish:
        raise DomainError("may_not_publish")


async def _publish(
    tx: Transaction, ward: StoredWard, items: Sequence[StoredItem], official: Official | None, *, now: datetime
) -> None:
    await plan_drafts.publish(tx, items, person_id=official.person_id if official else None, now=now)
    for item in items:
        await _audit(tx, item, "plan.publish", official, now=now)


async def _audit(
    tx: Transaction, item: StoredItem, act: str, official: Official | None, *, now: datetime, **details: Any
) -> None:
    await audit.write(
        tx, ward_id=item.ward_id, act=act, subject=f"plan {item.code}",
        actor_id=official.person_id if official else None, now=now,
        role=official.role.value if official else "house", **details,
    )  # fmt: skip

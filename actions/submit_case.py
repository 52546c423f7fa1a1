"""A resident submits a case: code, unit, due day, the unit's card, all in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from actions.notify import unit_addresses
from actions.show_case import post_new_card
from domain.case import Act, Case, CaseKind, Status
from domain.deadlines import due_on
from domain.errors import DomainError
from domain.people import Person
from storage import attachments, audit, case_events, cases, contacts
from storage.database import Transaction
from storage.wards import StoredWard

FIRST_REPLY = "REPLY_FIRST"
IN_CHAT = frozenset({CaseKind.REPORT, CaseKind.PETITION, CaseKind.QUESTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """What a resident wants to submit; `category_code` None leaves the choice of unit to reception."""

    kind: CaseKind
    text: str
    category_code: str | None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    attachments: tuple[int, ...] = ()
    dialogue_id: int | None = None


async def submit(tx: Transaction, ward: StoredWard, resident: Person, draft: CaseDraft, *, now: datetime) -> Case:
    """Submit a case; the unit responsible is owed its card.

    DomainError `not_by_chat` for a complaint or a denunciation (Luật 02/2011/QH13 Đ8, Luật 25/2018/QH14 Đ22).
    """
    if draft.kind not in IN_CHAT:
        raise DomainError("not_by_chat")
    unit = ward.ward.unit_for(draft.category_code)
    unit_id = ward.unit_id(unit.code)
    today = ward.ward.calendar.local_day(now)
    await contacts.stays_with(tx, resident)
    # Before the number: whoever submits next waits for it until this transaction is over.
    told = await unit_addresses(tx, ward, unit_id)
    case = await cases.add(
        tx,
        ward_id=ward.id,
        code=await cases.next_code(tx, ward.id, today.year),
        kind=draft.kind.value,
        status=Status.RECEIVED.value,
        category_id=_category_id(ward, draft.category_code),
        unit_id=unit_id,
        resident_id=resident.id,
        contact_point_id=resident.contact_point_id,
        residential_group_id=resident.residential_group_id,
        dialogue_id=draft.dialogue_id,
        text=draft.text,
        place=draft.place,
        latitude=draft.latitude,
        longitude=draft.longitude,
        language=resident.language,
        received_at=now,
        due_on=first_reply_due(ward, today),
    )
    event_id = await case_events.write(
        tx, case, Act.SUBMIT, now=now, actor_id=resident.id, details={"due_on": case.due_on.isoformat()}
    )
    await attachments.link_to_case(tx, draft.attachments, case, case_event_id=event_id)
    await audit.write(
        tx, ward_id=ward.id, act="case.submit", subject=f"case {case.code}", actor_id=resident.id, now=now
    )
    await post_new_card(tx, ward, case, draft.attachments, told, now=now)
    return case


def first_reply_due(ward: StoredWard, received_on: date) -> date:
    """The last day for the first answer: 10 working days (Luật 42/2013/QH13 Đ28.1)."""
    return due_on(FIRST_REPLY, received_on, ward.ward.calendar)


async def files_of(tx: Transaction, case: Case) -> tuple[int, ...]:
    """The ids of a case's files."""
    return tuple(one.id for one in await attachments.of_case(tx, case))


def _category_id(ward: StoredWard, code: str | None) -> int:
    known = ward.ward.category(code) if code else None
    return ward.category_ids[known.code if known else other_category(ward)]


def other_category(ward: StoredWard) -> str:
    """The category for what fits nowhere: `other`, or else the last one."""
    codes = [category.code for category in ward.ward.categories]
    return "other" if "other" in codes else codes[-1]

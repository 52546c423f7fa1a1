"""Somebody who could not be reached is back: what was held comes to them, and what stands there is true again."""

from datetime import datetime, timedelta

from actions import reroute
from actions.notify import body_of
from actions.show_case import show_status, status_card
from domain.notices import Notice, NoticeKind, Priority
from domain.people import Official
from storage import cases, outbox, standing, wards
from storage.database import Transaction
from storage.outbox import Address
from storage.people import Known


async def welcome_back(tx: Transaction, known: Known, address: Address, *, now: datetime) -> None:
    """Bring what is held elsewhere to whoever can be reached here again, and what stands here up to date, once.

    An official is told of their desk.
    """
    if not known.was_unreachable or known.person.contact_point_id is None:
        return
    await reroute.bring(tx, known.person.id, to=known.person.contact_point_id, now=now)
    await _show_how_it_stands(tx, known, address, now=now)
    if known.official is not None:
        await _tell_what_waits(tx, known.official, address, known.person.language, now=now)


async def _show_how_it_stands(tx: Transaction, known: Known, address: Address, *, now: datetime) -> None:
    """Owe anew the changes of a resident's cases that were refused meanwhile, as the cases stand now.

    They are made where the message stands, above the answer that comes with them ("further down").
    """
    for card, case_id in (await standing.out_of_date(tx, address)).items():
        case = await cases.among(tx, known.person.ward_ids, case_id) if card == status_card(case_id) else None
        if case is not None and case.resident_id == known.person.id:
            await show_status(tx, await wards.load(tx, case.ward_id), case, now=now)


async def _tell_what_waits(
    tx: Transaction, official: Official, address: Address, language: str, *, now: datetime
) -> None:
    """Owe the figures of a desk as it is now; nothing if nothing is open there.

    Cards and reminders missed meanwhile are not brought (actions.reroute): each was about its day.
    """
    if official.unit_id is None and not official.may_see_every_case:
        return
    ward = await wards.load(tx, official.ward_id)
    unit_id = None if official.may_see_every_case else official.unit_id
    yesterday = ward.ward.calendar.local_day(now) - timedelta(days=1)
    _shown, waiting = await cases.queue(tx, ward_id=ward.id, unit_id=unit_id, limit=1)
    _shown, late = await cases.queue(tx, ward_id=ward.id, unit_id=unit_id, due_until=yesterday, limit=1)
    if waiting:
        notice = Notice(kind=NoticeKind.BACK_AT_DESK, params={"open": waiting, "overdue": late})
        await outbox.put(
            tx, address, body_of(notice), language=language, priority=Priority.NOTICE, now=now, ward_id=ward.id
        )

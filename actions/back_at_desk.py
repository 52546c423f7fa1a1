"""Somebody who could not be reached is back: what was held comes to them, and an official learns what waits now."""

from datetime import datetime, timedelta

from actions import reroute
from actions.notify import body_of
from domain.notices import Notice, NoticeKind, Priority
from domain.people import Official
from storage import cases, outbox, wards
from storage.database import Transaction
from storage.outbox import Address
from storage.people import Known


async def welcome_back(tx: Transaction, known: Known, address: Address, *, now: datetime) -> None:
    """Bring what is held elsewhere to whoever can be reached here again, and tell an official of their desk, once."""
    if not known.was_unreachable or known.person.contact_point_id is None:
        return
    await reroute.bring(tx, known.person.id, to=known.person.contact_point_id, now=now)
    if known.official is not None:
        await _tell_what_waits(tx, known.official, address, known.person.language, now=now)


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

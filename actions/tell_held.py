"""What a platform holds back: the unit knows that a resident has not been told, and when they have been."""

from datetime import datetime, timedelta

from actions.follow_case import ward_of
from actions.show_case import bring_up_to_date
from actions.tell_trouble import official_untold
from domain.notices import Notice, NoticeKind
from storage import cases, held, people
from storage.database import Transaction
from storage.held import Held
from storage.wards import StoredWard

BATCH = 50
# What is held for want of a plan is tried again so often: at the month's turn, or when the plan was made larger.
SPENT_AGAIN = timedelta(hours=1)


async def tell_held(tx: Transaction, ward: StoredWard, *, now: datetime) -> int:
    """Bring the ward's units up to date on what is held and what has arrived after all; how much there was.

    What was overlooked (its receiver wrote in the very moment it was held) is let go here, and what was held as
    nothing of a plan was left is tried again.
    """
    for address in await held.overlooked(tx, ward.id):
        await held.release(tx, address, now=now)
    for address in await held.spent_before(tx, ward.id, now - SPENT_AGAIN):
        await held.try_again(tx, address, now=now)
    waiting = await held.unnoted(tx, ward.id, limit=BATCH)
    for one in waiting:
        await held.mark(tx, one.outbox_id, "noted_at", now=now)
        await _tell(tx, ward, one, NoticeKind.CASE_UNTOLD, now=now)
    arrived = await held.arrived(tx, ward.id, limit=BATCH)
    for one in arrived:
        await held.mark(tx, one.outbox_id, "over_at", now=now)
        await _tell(tx, ward, one, NoticeKind.CASE_TOLD, now=now)
    return len(waiting) + len(arrived)


async def _tell(tx: Transaction, ward: StoredWard, one: Held, kind: NoticeKind, *, now: datetime) -> None:
    """Tell the unit in charge, if it was the resident's to be told; of an official, the administrators."""
    if one.case_id is None:
        return
    at = one.address
    known = await people.find(tx, channel=at.channel, account=at.account, address=at.chat)
    if known is not None and known.official is not None and kind is NoticeKind.CASE_UNTOLD:
        await official_untold(tx, ward, known.official, at.on, lost=False, now=now)
    case = await cases.among(tx, known.person.ward_ids, one.case_id) if known else None
    if known is None or case is None or known.person.id != case.resident_id:
        return
    ward = await ward_of(tx, ward, case)
    params = {"code": case.code, "in_doubt": one.in_doubt}
    await bring_up_to_date(tx, ward, case, now=now, instead=Notice(kind=kind, params=params))

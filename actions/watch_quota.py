"""Telling the administrators, once each, that a platform's plan is nearly or wholly used up."""

from datetime import datetime

from actions.notify import tell_admins
from domain.notices import Notice, NoticeKind
from storage import wards
from storage.base import Account
from storage.database import Transaction

NEAR_PERCENT = 80


def near(most: int) -> int:
    """The count at which a plan of `most` is nearly used up."""
    return -(-most * NEAR_PERCENT // 100)


async def watch_messages(tx: Transaction, on: Account, *, used: int, most: int, month: str, now: datetime) -> None:
    """Tell of a month's messages when `used` has just come to 80 % or to all of them (`most` 0: no limit)."""
    if most and used in (near(most), most):
        what = "messages_gone" if used == most else "messages_near"
        await tell(tx, on, what, used=used, most=most, period=month, now=now)


async def watch_people(tx: Transaction, on: Account, *, count: int, most: int, now: datetime) -> None:
    """Tell of an account's people from 80 % on, and when there are as many as the plan has (0: no limit)."""
    if most and count >= near(most):
        what = "people_full" if count >= most else "people_near"
        await tell(tx, on, what, used=count, most=most, period=str(most), now=now)


async def tell(tx: Transaction, on: Account, what: str, *, used: int, most: int, period: str, now: datetime) -> None:
    """Owe the administrators of every ward the news `what` (handlers.texts.quotas), once in a `period`."""
    params = {"channel": on.channel, "what": what, "used": used, "most": most}
    for ward_id, _code, _name in await wards.codes(tx):
        ward = await wards.load(tx, ward_id)
        # Every addressee's id is added to it, so that the wards' may be the same.
        key = f"quota:{on.channel}:{on.account}:{what}:{period}"
        await tell_admins(tx, ward, Notice(kind=NoticeKind.QUOTA, params=params), now=now, key=key)

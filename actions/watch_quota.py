"""Telling the administrators, once each, that a platform's plan is nearly or wholly used up."""

from datetime import datetime

from actions.notify import GROUP_LANGUAGE, tell_admins, tell_admins_off, tell_chats
from domain.notices import Notice, NoticeKind
from domain.people import GroupKind
from storage import invites, wards
from storage.base import Account
from storage.database import Transaction

# Once it is used up, whoever is only there can be told no more: so they learn it before.
NEAR_PERCENT, LAST_PERCENT = 80, 95
# After these nothing can be sent there.
OVER = frozenset({"messages_gone", "refused"})


def near(most: int, percent: int = NEAR_PERCENT) -> int:
    """The count at which a plan of `most` is nearly used up."""
    return -(-most * percent // 100)


async def watch_messages(tx: Transaction, on: Account, *, used: int, most: int, month: str, now: datetime) -> None:
    """Tell of a month's messages when `used` has just come to 80 %, 95 % or to all of them (`most` 0: no limit)."""
    steps = {near(most): "messages_near", near(most, LAST_PERCENT): "messages_last", most: "messages_gone"}
    what = steps.get(used) if most else None
    if what is not None:
        await tell(tx, on, what, used=used, most=most, period=month, now=now)


async def watch_people(tx: Transaction, on: Account, *, count: int, most: int, now: datetime) -> None:
    """Tell of an account's people from 80 % on, and when there are as many as the plan has (0: no limit)."""
    if most and count >= near(most):
        what = "people_full" if count >= most else "people_near"
        await tell(tx, on, what, used=count, most=most, period=str(most), now=now)


async def tell(tx: Transaction, on: Account, what: str, *, used: int, most: int, period: str, now: datetime) -> None:
    """Owe the administrators of every ward the news `what` (handlers.texts.quotas), once in a `period`.

    When nothing can be sent there any more: to whoever reads elsewhere, and where nobody does, in reception's groups,
    which some plans do not count.
    """
    params = {"channel": on.channel, "what": what, "used": used, "most": most}
    for ward_id, _code, _name in await wards.codes(tx):
        ward = await wards.load(tx, ward_id)
        # Every addressee's id is added to it, so that the wards' may be the same.
        key = f"quota:{on.channel}:{on.account}:{what}:{period}"
        notice = Notice(kind=NoticeKind.QUOTA, params=params)
        if what not in OVER:
            await tell_admins(tx, ward, notice, now=now, key=key)
        elif not await tell_admins_off(tx, ward, notice, trouble=on, now=now, key=key):
            desk = ward.unit_id(ward.ward.reception.code)
            groups = await invites.groups_of(tx, ward_id=ward.id, kind=GroupKind.UNIT, unit_id=desk)
            told = [(group.address, GROUP_LANGUAGE) for group in groups]
            await tell_chats(tx, told, notice, ward_id=ward.id, now=now, key=key)

"""Telling the administrators that a platform needs them, before people notice that nobody answers."""

from datetime import datetime

from actions.notify import tell_admins, tell_admins_off
from domain.notices import Notice, NoticeKind
from domain.people import Official
from storage import wards
from storage.base import Account
from storage.database import Transaction
from storage.wards import StoredWard


async def zalo_login_needed(tx: Transaction, on: Account, *, link: str, now: datetime, key: str) -> None:
    """Zalo's tokens cannot be renewed: every ward's administrators get the link at which it is authorised again.

    Not on that account, by which nothing is sent any more.
    """
    for ward_id, _code, _name in await wards.codes(tx):
        ward = await wards.load(tx, ward_id)
        notice = Notice(kind=NoticeKind.ZALO_LOGIN_NEEDED, params={"link": link, "ward": ward.ward.name})
        await tell_admins_off(tx, ward, notice, trouble=on, now=now, key=key)


async def zalo_webhook_silent(tx: Transaction, *, missed: int, now: datetime, key: str) -> None:
    """Zalo's webhook did not bring what people wrote: every ward's administrators learn it."""
    for ward_id, _code, _name in await wards.codes(tx):
        ward = await wards.load(tx, ward_id)
        notice = Notice(kind=NoticeKind.ZALO_WEBHOOK_SILENT, params={"missed": missed, "ward": ward.ward.name})
        await tell_admins(tx, ward, notice, now=now, key=key)


async def zalo_history_differs(tx: Transaction, *, now: datetime, key: str) -> None:
    """Zalo's history does not know what its webhook brought: every ward's administrators should look themselves."""
    for ward_id, _code, _name in await wards.codes(tx):
        ward = await wards.load(tx, ward_id)
        notice = Notice(kind=NoticeKind.ZALO_HISTORY_DIFFERS, params={"ward": ward.ward.name})
        await tell_admins(tx, ward, notice, now=now, key=key)


async def official_untold(
    tx: Transaction, ward: StoredWard, official: Official, on: Account, *, lost: bool, now: datetime
) -> None:
    """News of a case has not reached an official, who is nowhere else: the administrators learn it, once a day.

    `lost`: they have blocked us; else the platform takes nothing for them until they write there.
    """
    unit = ward.unit_names[official.unit_id] if official.unit_id is not None else ""
    params = {"name": official.name, "unit": unit, "channel": on.channel, "lost": lost}
    notice = Notice(kind=NoticeKind.OFFICIAL_UNTOLD, params=params)
    key, besides = f"official_untold:{official.id}:{now:%Y%m%d}", official.person_id
    if lost:
        await tell_admins(tx, ward, notice, now=now, key=key, besides=besides)
    else:
        await tell_admins_off(tx, ward, notice, trouble=on, now=now, key=key, besides=besides)

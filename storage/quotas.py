"""What of a plan's monthly messages an account has used, and until when the platform wants to be left alone.

A count for an account and a month; of several processes each takes its message by one statement, so that together they
take no more than there are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint, func, or_, select, update

from storage.base import Account, Identity, Instant, metadata
from storage.database import Transaction
from storage.people import contact_point

quota = Table(
    "quota",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    # The month it is counted for, as "2026-11".
    Column("month", String(7), nullable=False),
    Column("used", Integer, nullable=False),
    # How often in a row the platform has refused for want of quota, and until when nothing is sent because of it.
    Column("refusals", Integer, nullable=False),
    Column("paused_until", Instant, nullable=True),
    # How many of the messages the platform charges for, beyond the plan.
    Column("billed", Integer, nullable=False, server_default="0"),
    UniqueConstraint("channel", "account", "month"),
)
_Q = quota.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """One account's month."""

    used: int = 0
    refusals: int = 0
    paused_until: datetime | None = None
    billed: int = 0


def _of(on: Account, month: str) -> tuple[Any, ...]:
    return (_Q.channel == on.channel, _Q.account == on.account, _Q.month == month)


async def load(tx: Transaction, on: Account, month: str) -> Quota:
    """How a month stands."""
    known = select(_Q.used, _Q.refusals, _Q.paused_until, _Q.billed).where(*_of(on, month))
    row = (await tx.execute(known)).one_or_none()
    return Quota() if row is None else Quota(**row._mapping)


async def take(tx: Transaction, on: Account, month: str, *, most: int, now: datetime) -> int | None:
    """Take one message of a month; how many are used with it. None when there is none left (`most` 0: no limit), or
    while the account is paused."""
    await tx.execute(
        tx.upsert(quota)
        .values(channel=on.channel, account=on.account, month=month, used=0, refusals=0)
        .on_conflict_do_nothing()
    )
    free = [or_(_Q.paused_until.is_(None), _Q.paused_until <= now), *([_Q.used < most] if most else [])]
    done = await tx.execute(update(quota).where(*_of(on, month), *free).values(used=_Q.used + 1).returning(_Q.used))
    used: int | None = done.scalar_one_or_none()
    return used


async def give_back(tx: Transaction, on: Account, month: str) -> None:
    """A message that was taken has surely not been sent."""
    await tx.execute(update(quota).where(*_of(on, month), _Q.used > 0).values(used=_Q.used - 1))


async def charge(tx: Transaction, on: Account, month: str) -> None:
    """A message that was taken is one the platform charges for."""
    await tx.execute(update(quota).where(*_of(on, month)).values(billed=_Q.billed + 1))


async def pause(tx: Transaction, on: Account, month: str, *, until: datetime) -> None:
    """The platform has refused for want of quota: leave it alone until then."""
    await tx.execute(update(quota).where(*_of(on, month)).values(refusals=_Q.refusals + 1, paused_until=until))


async def resume(tx: Transaction, on: Account, month: str) -> None:
    """The platform takes messages (again)."""
    await tx.execute(update(quota).where(*_of(on, month), _Q.refusals > 0).values(refusals=0, paused_until=None))


async def contacts_on(tx: Transaction, on: Account) -> int:
    """How many people an account of ours has."""
    statement = select(func.count()).select_from(contact_point)
    here = (contact_point.c.channel == on.channel, contact_point.c.account == on.account)
    return int(await tx.scalar(statement.where(*here)))

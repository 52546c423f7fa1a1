"""How much waits in the two queues and for how long, and which deadlines are near: numbers only, for whoever watches.

Every statement looks at what waits by the small index of what waits, however much is done with.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, case, false, func, or_, select, union

from domain.notices import Priority
from storage.base import Account, belongs_to, literally
from storage.cases import IS_OPEN, cases
from storage.database import Transaction
from storage.inbox import FETCH, NEW, SET_ASIDE, inbox
from storage.outbox import OWED, QUEUED, outbox
from storage.wards import ward


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """What waits in one state on one channel: how much, and since when the oldest does."""

    channel: str
    state: str
    count: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """A ward's open cases whose due day is near (from today on) or past."""

    ward_code: str
    due_soon: int
    overdue: int


async def of_inbox(tx: Transaction) -> list[Depth]:
    """Updates that wait to be fetched for or handled, and those set aside."""
    return [depth for state in (FETCH, NEW, SET_ASIDE) for depth in await _depths(tx, _by_state(inbox, state))]


async def of_outbox(tx: Transaction) -> list[Depth]:
    """Messages owed, queued or being sent."""
    return await _depths(tx, _owed_by_state())


@cache
def _by_state(table: Table, state: str) -> Any:
    channel, oldest = _channel(table), func.min(table.c.received_at).label("oldest")
    return (
        select(channel.label("channel"), table.c.state, func.count().label("many"), oldest)
        .where(table.c.state == literally(state))
        .group_by(channel, table.c.state)
    )


@cache
def _owed_by_state() -> Any:
    channel, oldest = _channel(outbox), func.min(outbox.c.created_at).label("oldest")
    return (
        select(channel.label("channel"), outbox.c.state, func.count().label("many"), oldest)
        .where(outbox.c.state.in_([literally(state) for state in OWED]))
        .group_by(channel, outbox.c.state)
    )


def _channel(table: Table) -> ColumnElement[str]:
    # In a form no index serves, or all rows would be walked in the order of one (storage.base.belongs_to).
    return table.c.channel.concat(literally(""))


async def _depths(tx: Transaction, statement: Any) -> list[Depth]:
    rows = (await tx.execute(statement)).all()
    return [Depth(channel=row.channel, state=row.state, count=row.many, oldest_at=row.oldest) for row in rows]


async def accounts(tx: Transaction) -> tuple[Account, ...]:
    """The accounts for which anything waits."""
    return tuple(sorted(Account(row.channel, row.account) for row in (await tx.execute(_accounts())).all()))


@cache
def _accounts() -> Any:
    waiting = [
        select(_channel(inbox).label("channel"), inbox.c.account).where(inbox.c.state == literally(state))
        for state in (FETCH, NEW)
    ]
    owed = select(_channel(outbox), outbox.c.account).where(outbox.c.state.in_([literally(state) for state in OWED]))
    return union(*waiting, owed)


async def oldest_turn(tx: Transaction, *, accounts: tuple[Account, ...], now: datetime) -> datetime | None:
    """Since when the oldest update that could be handled now has been due; None if there is none.

    What waits behind another of its lane, for its files or for its next try is not late because of us.
    """
    due: datetime | None = await tx.scalar(_oldest_turn(accounts), {"now": now})
    return due


async def oldest_reply(tx: Transaction, *, accounts: tuple[Account, ...], now: datetime) -> datetime | None:
    """Since when the oldest answer to a person that could be sent now has been due; None if there is none.

    Cards and digests may rightly wait for the platform's limits; an answer never waits long.
    """
    due: datetime | None = await tx.scalar(_oldest_reply(accounts), {"now": now})
    return due


@cache
def _oldest_turn(accounts: tuple[Account, ...]) -> Any:
    earlier = inbox.alias("earlier")
    blocked = [
        select(earlier.c.id)
        .where(earlier.c.lane == inbox.c.lane, earlier.c.state == literally(state), earlier.c.id < inbox.c.id)
        .exists()
        for state in (NEW, FETCH)
    ]
    return (
        select(inbox.c.due_at)
        .where(
            inbox.c.state == literally(NEW), inbox.c.due_at <= bindparam("now"), belongs_to(inbox, accounts),
            *(~one for one in blocked),
        )
        .order_by(inbox.c.id)
        .limit(1)
    )  # fmt: skip


@cache
def _oldest_reply(accounts: tuple[Account, ...]) -> Any:
    earlier = outbox.alias("earlier")
    owed = [literally(state) for state in OWED]
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.channel == outbox.c.channel, earlier.c.account == outbox.c.account,
            earlier.c.chat == outbox.c.chat, earlier.c.state.in_(owed), earlier.c.id < outbox.c.id,
        )
        .exists()
    )  # fmt: skip
    ours = [(outbox.c.channel == one.channel) & (outbox.c.account == one.account) for one in accounts]
    return select(func.min(outbox.c.send_after)).where(
        outbox.c.state == literally(QUEUED), outbox.c.urgency <= Priority.REPLY,
        outbox.c.send_after <= bindparam("now"), or_(false(), *ours), ~blocked,
    )  # fmt: skip


async def deadlines(tx: Transaction, *, today: date, soon: date) -> list[Deadlines]:
    """Ward by ward, the open cases due before `today` and those due from then to `soon`; wards without are left out."""
    overdue = func.sum(case((cases.c.due_on < today, 1), else_=0)).label("overdue")
    rows = await tx.execute(
        select(ward.c.code, overdue, func.count().label("all_due"))
        .join(cases, cases.c.ward_id == ward.c.id)
        .where(IS_OPEN, cases.c.due_on <= soon)
        .group_by(ward.c.code)
    )
    return [
        Deadlines(ward_code=row.code, overdue=int(row.overdue), due_soon=int(row.all_due - row.overdue))
        for row in rows.all()
    ]

"""Messages that cannot reach their receiver until they write again: kept, let go, and known to whom they concern.

The message itself stays in the outbox, in state `held`. Its row here says what has come of it: that the unit knows
(`noted_at`), that the receiver was called by other means (`called_at`), that it was let go (`released_at`), and that it
has arrived and the unit knows that too (`over_at`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, Select, String, Table, bindparam, func, select, update

from storage.base import Account, Instant, metadata
from storage.database import Transaction, brief
from storage.outbox import NOT_BEGUN, QUEUED, SENT, TOPIC, Address, Sending, outbox
from storage.people import SEEN_AGAIN_AFTER, contact_point
from storage.sending_ends import mark_over

HELD = "held"
# Why something is held that its receiver's word does not let go, nor any call: their platform's plan is used up.
SPENT = "nothing of the plan is left"

held_message = Table(
    "held_message",
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("chat", String(120), nullable=False),
    Column("ward_id", ForeignKey("ward.id"), nullable=True),
    Column("case_id", ForeignKey("cases.id"), nullable=True),
    Column("times", Integer, nullable=False),
    Column("held_at", Instant, nullable=False),
    Column("noted_at", Instant, nullable=True),
    Column("called_at", Instant, nullable=True),
    Column("released_at", Instant, nullable=True),
    Column("over_at", Instant, nullable=True),
    Index(
        "ix_held_message_chat", "channel", "account", "chat",
        sqlite_where=Column("released_at").is_(None), postgresql_where=Column("released_at").is_(None),
    ),
    Index(
        "ix_held_message_ward", "ward_id",
        sqlite_where=Column("over_at").is_(None), postgresql_where=Column("over_at").is_(None),
    ),
    Index(
        "ix_held_message_case", "case_id",
        sqlite_where=Column("over_at").is_(None), postgresql_where=Column("over_at").is_(None),
    ),
)  # fmt: skip
_H = held_message.c
_IN_CHAT = (
    _H.channel == bindparam("in_channel"),
    _H.account == bindparam("in_account"),
    _H.chat == bindparam("in_chat"),
)
_WAITING = select(_H.outbox_id).where(*_IN_CHAT, _H.released_at.is_(None))
_LETTING_GO = (
    update(outbox)
    .where(outbox.c.id.in_(_WAITING), outbox.c.state == HELD)
    .values(state=QUEUED, send_after=bindparam("now"), attempts=0)
)
_RELEASING = update(held_message).where(*_IN_CHAT, _H.released_at.is_(None)).values(released_at=bindparam("now"))
# Run at every sign of life of a person; mostly there is nothing.
_LET_GO, _RELEASED = brief(_LETTING_GO), brief(_RELEASING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One message that waits, or has waited, for its receiver."""

    outbox_id: int
    address: Address
    ward_id: int | None
    case_id: int | None
    held_at: datetime
    # An earlier call may have brought it (the line broke then).
    in_doubt: bool


async def hold(tx: Transaction, sending: Sending, *, why: str, now: datetime) -> None:
    """Keep a message in hand until its receiver writes again; a second time counts from now."""
    if await mark_over(tx, sending, HELD, error=why):
        await _keep(tx, sending, now=now)


async def hold_waiting(tx: Transaction, sending: Sending, *, why: str, now: datetime) -> None:
    """Keep a message that nobody has in hand yet; one that somebody took meanwhile is left to its call."""
    waits = (outbox.c.id == sending.id, outbox.c.state.in_(NOT_BEGUN))
    if (await tx.execute(update(outbox).where(*waits).values(state=HELD, error=why))).rowcount:
        await _keep(tx, sending, now=now)


async def _keep(tx: Transaction, sending: Sending, *, now: datetime) -> None:
    row = {
        "outbox_id": sending.id, "channel": sending.address.channel, "account": sending.address.account,
        "chat": sending.address.chat, "ward_id": sending.ward_id, "case_id": sending.case_id, "times": 1,
        "held_at": now,
    }  # fmt: skip
    again = {"held_at": now, "released_at": None, "times": _H.times + 1}
    await tx.execute(
        tx.upsert(held_message).values(**row).on_conflict_do_update(index_elements=["outbox_id"], set_=again)
    )


async def release(tx: Transaction, address: Address, *, now: datetime) -> bool:
    """Somebody has written: what waited for that goes out, before what is said now. Whether there was anything."""
    values = {"in_channel": address.channel, "in_account": address.account, "in_chat": address.chat, "now": now}
    done = await tx.execute(_LET_GO, values)
    if not done.rowcount:
        return False
    await tx.execute(_RELEASED, values)
    tx.wake(TOPIC)
    return True


async def held_before(tx: Transaction, sending: Sending) -> datetime | None:
    """When the longest held of what is older than a message and waits in its chat was held; None if nothing is.

    What may have arrived holds up nothing.
    """
    found: datetime | None = await tx.scalar(
        select(func.min(_H.held_at)).where(_H.outbox_id.in_(_surely_held(sending.address)), _H.outbox_id < sending.id)
    )
    return found


async def try_again(tx: Transaction, address: Address, *, now: datetime) -> None:
    """Something newer is to be sent to a chat: what is held there is tried once more, before it.

    What may have arrived stays: only its receiver's word lets that go.
    """
    ids = (await tx.execute(_surely_held(address))).scalars().all()
    again = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == HELD)
    await tx.execute(again.values(state=QUEUED, send_after=now, attempts=0))
    await tx.execute(update(held_message).where(_H.outbox_id.in_(ids)).values(released_at=now))
    tx.wake(TOPIC)


def _surely_held(address: Address) -> Select[tuple[int]]:
    return (
        select(_H.outbox_id)
        .join(outbox, outbox.c.id == _H.outbox_id)
        .where(
            _H.channel == address.channel, _H.account == address.account, _H.chat == address.chat,
            _H.released_at.is_(None), outbox.c.state == HELD, outbox.c.doubts == 0,
        )
    )  # fmt: skip


async def redirect(tx: Transaction, old: Address, new: Address, *, now: datetime) -> None:
    """What waits in one chat of somebody's goes to another of theirs; the unit learns when it has arrived."""
    values = {"in_channel": old.channel, "in_account": old.account, "in_chat": old.chat, "now": now}
    there = {"channel": new.channel, "account": new.account, "chat": new.chat}
    moved = _LETTING_GO.values(pieces_sent=0, **there)
    if (await tx.execute(moved, values)).rowcount:
        await tx.execute(_RELEASING.values(**there), values)
        tx.wake(TOPIC)


async def move(tx: Transaction, outbox_ids: Iterable[int], new: Address, *, now: datetime) -> None:
    """As `redirect`, for some of what is held."""
    ids, there = list(outbox_ids), {"channel": new.channel, "account": new.account, "chat": new.chat}
    which = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == HELD)
    await tx.execute(which.values(state=QUEUED, send_after=now, attempts=0, pieces_sent=0, **there))
    await tx.execute(update(held_message).where(_H.outbox_id.in_(ids)).values(released_at=now, **there))
    tx.wake(TOPIC)


async def overlooked(tx: Transaction, ward_id: int) -> list[Address]:
    """Chats whose person may have written since something was held there, without its being let go.

    Who writes twice within a minute is seen once (people.SEEN_AGAIN_AFTER): in that minute nobody can tell. Whoever
    blocked us is seen at their first word.
    """
    rows = await tx.execute(
        select(_H.channel, _H.account, _H.chat, _H.held_at, contact_point.c.last_seen_at)
        .join(
            contact_point,
            (contact_point.c.channel == _H.channel)
            & (contact_point.c.account == _H.account)
            & (contact_point.c.address == _H.chat),
        )
        .where(
            _H.ward_id == ward_id, _H.over_at.is_(None), _H.released_at.is_(None),
            contact_point.c.unreachable_at.is_(None),
        )
    )  # fmt: skip
    found = [row for row in rows.all() if row.last_seen_at > row.held_at - SEEN_AGAIN_AFTER]
    return [Address(channel=row.channel, account=row.account, chat=row.chat) for row in found]


async def spent_before(tx: Transaction, ward_id: int, before: datetime) -> list[Address]:
    """Chats in which something has been held since before an instant for want of a plan: it may be tried again."""
    rows = await tx.execute(
        select(_H.channel, _H.account, _H.chat)
        .distinct()
        .join(outbox, outbox.c.id == _H.outbox_id)
        .where(
            _H.ward_id == ward_id, _H.over_at.is_(None), _H.released_at.is_(None), _H.held_at < before,
            outbox.c.state == HELD, outbox.c.error == SPENT,
        )
    )  # fmt: skip
    return [Address(channel=row.channel, account=row.account, chat=row.chat) for row in rows.all()]


async def unnoted(tx: Transaction, ward_id: int, *, limit: int) -> list[Held]:
    """What is held and nobody of the ward knows of yet."""
    return await _found(
        tx, _H.ward_id == ward_id, _H.over_at.is_(None), _H.noted_at.is_(None), outbox.c.state == HELD, limit=limit
    )


async def arrived(tx: Transaction, ward_id: int, *, limit: int) -> list[Held]:
    """What was held, and has arrived by now."""
    return await _found(tx, _H.ward_id == ward_id, _H.over_at.is_(None), outbox.c.state == SENT, limit=limit)


async def uncalled(tx: Transaction, on: Account, *, limit: int) -> list[Held]:
    """What is held on one account about a case, and whose receiver has not been called by other means.

    A call costs money: it is not made for what may have arrived, nor where an answer could not be sent either.
    """
    mine = (
        _H.channel == on.channel, _H.account == on.account, _H.case_id.is_not(None), outbox.c.doubts == 0,
        func.coalesce(outbox.c.error, "") != SPENT,
    )  # fmt: skip
    return await _found(tx, *mine, _H.over_at.is_(None), _H.called_at.is_(None), outbox.c.state == HELD, limit=limit)


async def _found(tx: Transaction, *where: Any, limit: int) -> list[Held]:
    rows = await tx.execute(
        select(held_message, outbox.c.doubts)
        .join(outbox, outbox.c.id == _H.outbox_id)
        .where(*where)
        .order_by(_H.outbox_id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=held_message)
    )
    return [
        Held(
            outbox_id=row.outbox_id, address=Address(channel=row.channel, account=row.account, chat=row.chat),
            ward_id=row.ward_id, case_id=row.case_id, held_at=row.held_at, in_doubt=row.doubts > 0,
        )
        for row in rows.all()
    ]  # fmt: skip


async def was_called_lately(tx: Transaction, address: Address, *, now: datetime, within: timedelta) -> bool:
    """Whether somebody has been called by other means within a time."""
    found = await tx.scalar(
        select(_H.outbox_id)
        .where(
            _H.channel == address.channel, _H.account == address.account, _H.chat == address.chat,
            _H.released_at.is_(None), _H.called_at > now - within,
        )
        .limit(1)
    )  # fmt: skip
    return found is not None


async def mark(tx: Transaction, outbox_id: int, step: str, *, now: datetime) -> None:
    """Write down that a step was taken: `noted_at`, `called_at` or `over_at`."""
    await tx.execute(update(held_message).where(_H.outbox_id == outbox_id).values(**{step: now}))


async def not_called(tx: Transaction, outbox_ids: Iterable[int]) -> None:
    """Their receivers were surely not called after all: they are called another time."""
    await tx.execute(update(held_message).where(_H.outbox_id.in_(list(outbox_ids))).values(called_at=None))


async def untold(tx: Transaction, case_ids: Iterable[int]) -> dict[int, bool]:
    """The cases of which something is held: their resident does not know it yet, or (True) perhaps does after all."""
    rows = await tx.execute(
        select(_H.case_id, func.min(outbox.c.doubts).label("doubts"))
        .join(outbox, outbox.c.id == _H.outbox_id)
        .where(_H.case_id.in_(list(case_ids)), _H.over_at.is_(None), outbox.c.state == HELD)
        .group_by(_H.case_id)
    )
    return {row.case_id: row.doubts > 0 for row in rows.all()}

"""Messages that stand in chats and are kept up to date there: a case's card in its unit's group, say.

A row of the outbox whose body has a "card" is such a message; one that has "instead" besides only changes it. A change
that cannot be made (nothing stands there, or the platform changes no messages) says what stands under "instead", or
nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, false, func, select, true, update

from storage.database import Transaction, brief
from storage.outbox import (
    NOT_BEGUN,
    OWED,
    QUEUED,
    REFUSED,
    SENDING,
    SENT,
    TOPIC,
    UNKNOWN,
    WAITING,
    Address,
    Sending,
    outbox,
    put,
    units_of,
)
from storage.sending_ends import close_up, mark_over

# The end of a change that could not be made and left nothing to say instead.
DROPPED = "dropped"
# Words that were said longer before than this were about something else; and no chat is told so much meanwhile.
SAME_NEWS = timedelta(days=1)
TAKEN_AMONG = 200


@cache
def _standing() -> Any:
    return brief(
        select(outbox.c.channel, outbox.c.account, outbox.c.chat, outbox.c.language)
        .where(
            outbox.c.card == bindparam("which"), outbox.c.edits == false(), outbox.c.state.in_((*OWED, SENT)),
        )
        .order_by(outbox.c.id)
    )  # fmt: skip


async def chats_of(tx: Transaction, card: str) -> dict[Address, str]:
    """The chats where a card stands or is owed, with the language it is read in there."""
    rows = (await tx.execute(_standing(), {"which": card})).all()
    return {Address(channel=row.channel, account=row.account, chat=row.chat): row.language for row in rows}


async def message_of(tx: Transaction, sending: Sending) -> str | None:
    """The id the platform gave the newest message with this card in this chat; None when none stands there."""
    address = sending.address
    found = await tx.execute(
        select(outbox.c.sent_as)
        .where(
            outbox.c.card == sending.card, outbox.c.edits == false(), outbox.c.state == SENT,
            outbox.c.channel == address.channel, outbox.c.account == address.account, outbox.c.chat == address.chat,
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    )  # fmt: skip
    return found.scalar() or None


async def owe_change(
    tx: Transaction,
    address: Address,
    body: dict[str, Any],
    *,
    language: str,
    priority: int,
    now: datetime,
    ward_id: int,
    case_id: int | None,
) -> None:
    """Owe the change that a body with "card" and "instead" is; one that waits there already takes this one's words.

    What the earlier one would say instead is kept if this one has nothing: it may be the only word of what happened.
    """
    there = {"at_channel": address.channel, "at_account": address.account, "at_chat": address.chat}
    waiting = (await tx.execute(_waiting(), {"which": body["card"]} | there)).one_or_none()
    if waiting is not None:
        body = body | {"instead": body["instead"] or waiting.body.get("instead")}
        changed = await tx.execute(
            update(outbox)
            .where(outbox.c.id == waiting.id, outbox.c.state.in_(NOT_BEGUN))
            .values(body=body, priority=priority, language=language)
        )
        if changed.rowcount:
            return
    await put(tx, address, body, language=language, priority=priority, now=now, ward_id=ward_id, case_id=case_id)


@cache
def _waiting() -> Any:
    return brief(
        select(outbox.c.id, outbox.c.body)
        .where(
            outbox.c.card == bindparam("which"), outbox.c.edits == true(), outbox.c.state.in_(NOT_BEGUN),
            outbox.c.channel == bindparam("at_channel"), outbox.c.account == bindparam("at_account"),
            outbox.c.chat == bindparam("at_chat"),
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    )  # fmt: skip


async def say_instead(tx: Transaction, sending: Sending, *, now: datetime, why: str) -> None:
    """The change cannot be made: owe what is said instead, in its place in line; nothing if there is nothing."""
    instead = sending.body.get("instead")
    if instead is None:
        await mark_over(tx, sending, DROPPED, error=why)
        return
    values: dict[str, Any] = {
        "state": QUEUED, "error": why, "body": instead, "edits": False, "card": None, "send_after": now, "doubts": 0,
        "units": units_of(instead),
    }  # fmt: skip
    # What another sender took over is said, or not, by that one.
    ours = (outbox.c.id == sending.id, outbox.c.state == SENDING, outbox.c.attempts == sending.attempts)
    done = await tx.execute(update(outbox).where(*ours).values(**values))
    if done.rowcount:
        tx.wake(TOPIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of ours as a chat shows it."""

    body: dict[str, Any]
    language: str
    case_id: int | None


async def shown_last(tx: Transaction, address: Address, *, limit: int) -> list[Shown]:
    """What was sent to a chat last, newest first (what is in doubt counts: it may be what they see)."""
    statement = (
        select(outbox.c.body, outbox.c.language, outbox.c.case_id)
        .where(
            outbox.c.channel == address.channel, outbox.c.account == address.account, outbox.c.chat == address.chat,
            outbox.c.state.in_((SENDING, SENT, UNKNOWN)), outbox.c.edits == false(),
        )
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [Shown(body=row.body, language=row.language, case_id=row.case_id) for row in await tx.execute(statement)]


async def out_of_date(tx: Transaction, address: Address) -> dict[str, int]:
    """The cards in a chat whose last change was refused there, with their cases: what they show is over."""
    newest = outbox.alias("newest")
    last = (
        select(func.max(newest.c.id))
        .where(
            newest.c.card == outbox.c.card, newest.c.channel == outbox.c.channel,
            newest.c.account == outbox.c.account, newest.c.chat == outbox.c.chat,
        )
        .scalar_subquery()
    )  # fmt: skip
    statement = select(outbox.c.card, outbox.c.case_id).where(
        outbox.c.channel == address.channel, outbox.c.account == address.account, outbox.c.chat == address.chat,
        outbox.c.card.is_not(None), outbox.c.case_id.is_not(None), outbox.c.edits == true(),
        outbox.c.state == REFUSED, outbox.c.id == last,
    )  # fmt: skip
    return {row.card: row.case_id for row in await tx.execute(statement)}


async def put_off(tx: Transaction, address: Address, card: str, *, until: datetime) -> None:
    """What is to stand in a chat by this name leaves at `until`, unless it is dropped before."""
    await tx.execute(update(outbox).where(*_not_left(address, card)).values(state=WAITING, send_after=until))


async def drop(tx: Transaction, address: Address, card: str) -> None:
    """What was to stand in a chat by this name and has not left yet is not needed any more."""
    here = _not_left(address, card)
    gone = await tx.execute(select(outbox.c.id, outbox.c.state, outbox.c.send_after, outbox.c.error).where(*here))
    waits = gone.all()
    done = await tx.execute(update(outbox).where(*here).values(state=DROPPED, error="not needed"))
    if done.rowcount:
        await close_up(tx, address, waits)


def _not_left(address: Address, card: str) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.card == card, outbox.c.state.in_(NOT_BEGUN), outbox.c.channel == address.channel,
        outbox.c.account == address.account, outbox.c.chat == address.chat,
    )  # fmt: skip


async def is_taken(tx: Transaction, address: Address, one: Sending, body: dict[str, Any]) -> bool | None:
    """Whether a chat has, or is still owed, what another was owed as `one` and now as this body; None: it never was.

    Where a card stands, its changes are seen without a word.
    """
    statement = (
        select(outbox.c.state, outbox.c.body)
        .where(
            outbox.c.channel == address.channel, outbox.c.account == address.account, outbox.c.chat == address.chat,
            outbox.c.case_id.is_not_distinct_from(one.case_id), outbox.c.created_at >= one.created_at - SAME_NEWS,
        )
        .order_by(outbox.c.id.desc())
        .limit(TAKEN_AMONG)
    )  # fmt: skip
    ends = [
        row.state in (*OWED, SENT, UNKNOWN)
        for row in await tx.execute(statement)
        if body in (row.body, row.body.get("instead"))
    ]
    if ends:
        return any(ends)
    return (one.edits and one.card is not None and address in await chats_of(tx, one.card)) or None

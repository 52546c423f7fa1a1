"""How a sending ended: sent, a piece of it sent, refused for good, in doubt for good, or to be tried again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select, true, update

from storage.base import literally
from storage.database import Transaction, brief
from storage.outbox import (
    NOT_BEGUN,
    QUEUED,
    REFUSED,
    SENDING,
    SENT,
    TOPIC,
    UNKNOWN,
    WAITING,
    Address,
    Sending,
    is_owed,
    outbox,
)

_WHICH = outbox.c.id == bindparam("which")
# What another sender took over, or what was refused with all its chat, is no longer ours to judge.
_OURS = (_WHICH, outbox.c.state == literally(SENDING), outbox.c.attempts == bindparam("tried"))

_SENT = brief(
    update(outbox)
    .where(_WHICH)
    .values(state=SENT, sent_as=bindparam("as_message"), sent_at=bindparam("now"), error=None)
    .returning(outbox.c.followed)
)
_ALL_SENT = brief(
    update(outbox)
    .where(_WHICH)
    .values(state=SENT, sent_as=bindparam("as_message"), sent_at=bindparam("now"), error=None)
)
_OVER = brief(
    update(outbox).where(*_OURS).values(state=bindparam("end"), error=bindparam("why")).returning(outbox.c.followed)
)
_PIECE = brief(
    update(outbox)
    .where(*_OURS)
    .values(
        state=QUEUED, pieces_sent=bindparam("pieces"), units=bindparam("next_units"), attempts=bindparam("tries"),
        doubts=bindparam("doubted"),
    )
)  # fmt: skip
_AGAIN = brief(
    update(outbox)
    .where(*_OURS)
    .values(
        state=WAITING, send_after=bindparam("until"), error=bindparam("why"), doubts=bindparam("doubted"),
        attempts=bindparam("tries"),
    )
)  # fmt: skip
_NEXT_IN_CHAT = (
    select(func.min(outbox.c.id))
    .where(
        outbox.c.channel == bindparam("on_channel"), outbox.c.account == bindparam("on_account"),
        outbox.c.chat == bindparam("in_chat"), is_owed(outbox),
    )
    .scalar_subquery()
)  # fmt: skip
# The next one may have been written before those behind it and committed after they were lined up (PostgreSQL numbers
# rows before they can be seen): then only we know that somebody waits behind it.
_ITS_TURN = update(outbox).values(
    state=case((outbox.c.state == literally(WAITING), literally(QUEUED)), else_=outbox.c.state), followed=True
)
_WAKE_NEXT = brief(_ITS_TURN.where(outbox.c.id == _NEXT_IN_CHAT))
_SENT_NOW, _BEHIND = outbox.alias("sent_now"), outbox.alias("behind")
_NEXT_IN_CHATS = (
    select(func.min(_BEHIND.c.id))
    .where(
        _SENT_NOW.c.id.in_(bindparam("ids", expanding=True)), _SENT_NOW.c.followed == true(),
        _BEHIND.c.channel == _SENT_NOW.c.channel, _BEHIND.c.account == _SENT_NOW.c.account,
        _BEHIND.c.chat == _SENT_NOW.c.chat, is_owed(_BEHIND),
    )
    .group_by(_SENT_NOW.c.id)
)  # fmt: skip
_WAKE_NEXT_IN_CHATS = brief(_ITS_TURN.where(outbox.c.id.in_(_NEXT_IN_CHATS)))


async def mark_all_sent(tx: Transaction, sent: Sequence[tuple[int, str]], *, now: datetime) -> None:
    """The platform has these messages of different chats, each by the id given: as mark_sent, in two statements."""
    await tx.execute(_ALL_SENT, [{"which": one, "as_message": sent_as, "now": now} for one, sent_as in sent])
    await tx.execute(_WAKE_NEXT_IN_CHATS, {"ids": [one for one, _ in sent]})


async def mark_sent(tx: Transaction, sending: Sending, *, sent_as: str, now: datetime) -> None:
    """The platform has it, as message `sent_as`. True whoever else took it over meanwhile."""
    done = await tx.execute(_SENT, {"which": sending.id, "as_message": sent_as, "now": now})
    await _wake_next(tx, sending, followed=done.scalar())


async def mark_piece(tx: Transaction, sending: Sending, *, next_units: int) -> None:
    """The platform has one more piece of it; the next one makes `next_units` messages."""
    values = {"pieces": sending.pieces_sent + 1, "next_units": next_units, "tries": 0, "doubted": 0}
    await tx.execute(_PIECE, _ours(sending) | values)


async def mark_larger(tx: Transaction, sending: Sending, *, units: int) -> None:
    """It was not sent: its next call makes more messages than were counted; it is claimed again."""
    values = {
        "pieces": sending.pieces_sent,
        "next_units": units,
        "tries": sending.attempts - 1,
        "doubted": sending.doubts,
    }
    await tx.execute(_PIECE, _ours(sending) | values)


async def mark_not_begun(tx: Transaction, sending: Sending) -> None:
    """No call was made for it: it is claimed again, as if it had not been."""
    await mark_larger(tx, sending, units=sending.units)


async def mark_refused(tx: Transaction, sending: Sending, *, error: str) -> None:
    """The platform will never take it (blocked, gone, malformed)."""
    await mark_over(tx, sending, REFUSED, error=error)


async def mark_unknown(tx: Transaction, sending: Sending, *, error: str) -> None:
    """It may or may not have arrived, and must not be sent again."""
    await mark_over(tx, sending, UNKNOWN, error=error)


async def mark_again(
    tx: Transaction, sending: Sending, *, send_after: datetime, error: str, doubted: bool = False, counted: bool = True
) -> None:
    """Once more at `send_after`; `doubted` if the try just made may have arrived.

    It is not `counted` as a try when the message had no part in it: the platform said when to come back, say.
    """
    values = {
        "until": send_after, "why": error, "doubted": sending.doubts + doubted,
        "tries": sending.attempts - (not counted),
    }  # fmt: skip
    await tx.execute(_AGAIN, _ours(sending) | values)


def _ours(sending: Sending) -> dict[str, Any]:
    return {"which": sending.id, "tried": sending.attempts}


async def mark_over(tx: Transaction, sending: Sending, end: str, *, error: str) -> bool:
    """It came to some end without having been sent. False if it was no longer ours to judge."""
    done = (await tx.execute(_OVER, _ours(sending) | {"end": end, "why": error})).one_or_none()
    await _wake_next(tx, sending, followed=done is not None and done.followed)
    return done is not None


async def _wake_next(tx: Transaction, sending: Sending, *, followed: bool | None) -> None:
    if not followed:
        return
    on = sending.address
    await tx.execute(_WAKE_NEXT, {"on_channel": on.channel, "on_account": on.account, "in_chat": on.chat})


async def recall(tx: Transaction, sending: Sending, end: str, *, error: str) -> bool:
    """Nobody has it in hand, and it will not be sent after all. False if somebody has taken it meanwhile."""
    was = select(outbox.c.id, outbox.c.state, outbox.c.send_after, outbox.c.error).where(outbox.c.id == sending.id)
    rows = (await tx.execute(was)).all()
    waits = (outbox.c.id == sending.id, outbox.c.state.in_(NOT_BEGUN))
    done = await tx.execute(update(outbox).where(*waits).values(state=end, error=error))
    if done.rowcount:
        await close_up(tx, sending.address, rows)
    return bool(done.rowcount)


async def close_up(tx: Transaction, address: Address, gone: Sequence[Any]) -> None:
    """What stood behind messages that will not be sent after all may go; `gone` are their rows as they were.

    What stands before them stays as it is. One that was tried and waits to be tried again waits for the platform: a
    pause it asked for is the chat's, whatever becomes of the message, so that the next one keeps it.
    """
    waited = [row for row in gone if row.state in NOT_BEGUN]
    if not waited:
        return
    pauses = [row.send_after for row in waited if row.state == WAITING and row.error is not None]
    next_state = {"state": WAITING, "send_after": max(pauses)} if pauses else {"state": QUEUED}
    behind = (
        outbox.c.channel == address.channel, outbox.c.account == address.account, outbox.c.chat == address.chat,
        outbox.c.state.in_(NOT_BEGUN), outbox.c.id > min(row.id for row in waited),
    )  # fmt: skip
    await tx.execute(update(outbox).where(*behind).values(**next_state))
    tx.wake(TOPIC)

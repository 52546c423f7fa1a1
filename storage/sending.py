"""How messages leave: the heads of their chats in order of urgency, claimed with a lease (their ends: sending_ends).

Within a chat nothing overtakes. A message found behind another waits until that one ends; if it is the more urgent one,
all before it in the chat become as urgent. So the queue holds heads of chats only, each looked at once, however much
is owed. Whoever looks holds the account (storage.sending_limits.lock), so that two processes never sort the same chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, false, func, select, update

from storage.base import Account, literally
from storage.database import Transaction, brief, lasting
from storage.held import held_message
from storage.outbox import (
    PUT_OFF,
    QUEUED,
    SENDING,
    WAITING,
    Sending,
    is_owed,
    outbox,
    sending_in,
)

# Who waits behind another is woken by its end; this is for the case that nobody told.
BEHIND_AT_MOST = timedelta(minutes=10)
PAGES_MAX = 50

_ON = (outbox.c.channel == bindparam("on_channel"), outbox.c.account == bindparam("on_account"))
_IS_QUEUED = outbox.c.state == literally(QUEUED)
_WHICH = outbox.c.id == bindparam("which")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A message that is the first one owed to its chat; its next call makes `units` messages at most."""

    id: int
    chat: str
    urgency: int
    units: int
    # Something older is held in this chat until its receiver is back (storage.held).
    behind_held: bool


@cache
def _heads() -> Any:
    earlier = outbox.alias("earlier")
    behind = (
        select(earlier.c.id)
        .where(
            earlier.c.channel == outbox.c.channel, earlier.c.account == outbox.c.account,
            earlier.c.chat == outbox.c.chat, is_owed(earlier), earlier.c.id < outbox.c.id,
        )
        .exists()
    )  # fmt: skip
    behind_held = (
        select(held_message.c.outbox_id)
        .where(
            held_message.c.channel == outbox.c.channel, held_message.c.account == outbox.c.account,
            held_message.c.chat == outbox.c.chat, held_message.c.released_at.is_(None),
            held_message.c.outbox_id < outbox.c.id,
        )
        .exists()
    )  # fmt: skip
    return brief(
        select(
            outbox.c.id,
            outbox.c.chat,
            outbox.c.urgency,
            outbox.c.units,
            behind.label("behind"),
            behind_held.label("behind_held"),
        )
        # What is owed from a later time on is not looked at before, and holds its chat.
        .where(*_ON, _IS_QUEUED, outbox.c.created_at <= bindparam("now"))
        .order_by(outbox.c.urgency, outbox.c.id)
        .limit(bindparam("most"))
    )


_BEHIND = lasting(
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=WAITING, send_after=bindparam("until"))
)
_LIFT = lasting(
    update(outbox)
    .where(
        *_ON, outbox.c.chat == bindparam("in_chat"), is_owed(outbox), outbox.c.id < bindparam("last"),
        (outbox.c.followed == false()) | (outbox.c.urgency > bindparam("at_most")),
    )
    .values(
        followed=True,
        urgency=case((outbox.c.urgency < bindparam("at_most"), outbox.c.urgency), else_=bindparam("at_most")),
    )
)  # fmt: skip
_PUT_OFF = brief(update(outbox).where(_WHICH).values(state=WAITING, send_after=bindparam("until")))
_CLAIM = brief(
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), _IS_QUEUED)
    .values(state=SENDING, send_after=bindparam("until"), leased_by=bindparam("holder"), attempts=outbox.c.attempts + 1)
    .returning(outbox)
)
_HOLD_ON = brief(
    update(outbox)
    .where(_WHICH, outbox.c.state == literally(SENDING), outbox.c.attempts == bindparam("tried"))
    .values(send_after=bindparam("until"))
)
_DUE = (
    update(outbox)
    .where(*_ON, outbox.c.state.in_([literally(state) for state in PUT_OFF]), outbox.c.send_after <= bindparam("now"))
    .values(state=QUEUED, doubts=outbox.c.doubts + case((outbox.c.state == SENDING, 1), else_=0))
)
_NEXT_DUE = select(func.min(outbox.c.send_after)).where(
    *_ON, outbox.c.state.in_([literally(state) for state in PUT_OFF])
)


def _on(on: Account) -> dict[str, Any]:
    return {"on_channel": on.channel, "on_account": on.account}


async def wake_due(tx: Transaction, on: Account, *, now: datetime) -> datetime | None:
    """Queue again what waited until now, and what a dead sender left (with a doubt more); when the next is due."""
    await tx.execute(_DUE, _on(on) | {"now": now})
    due: datetime | None = await tx.scalar(_NEXT_DUE, _on(on))
    return due


async def hold_on(tx: Transaction, sendings: Sequence[Sending], *, until: datetime) -> None:
    """What is in this sender's hands stays there, unless another took it over when its lease was over."""
    rows = [{"which": one.id, "tried": one.attempts, "until": until} for one in sendings]
    await tx.execute(_HOLD_ON, rows)


async def heads(tx: Transaction, on: Account, *, most: int, now: datetime) -> list[Head]:
    """The most urgent messages that their chats' order lets go; whatever stands behind another is put away."""
    found: list[Head] = []
    for _ in range(PAGES_MAX):
        rows = (await tx.execute(_heads(), _on(on) | {"most": most, "now": now})).all()
        behind = [row for row in rows if row.behind]
        found = [
            Head(
                id=row.id, chat=row.chat, urgency=row.urgency, units=row.units, behind_held=bool(row.behind_held)
            )
            for row in rows if not row.behind
        ]  # fmt: skip
        if not behind:
            return found
        await _line_up(tx, on, behind, until=now + BEHIND_AT_MOST)
    return found


async def _line_up(tx: Transaction, on: Account, behind: Sequence[Any], *, until: datetime) -> None:
    await tx.execute(_BEHIND, {"ids": [row.id for row in behind], "until": until})
    for chat in {row.chat for row in behind}:
        mine = [row for row in behind if row.chat == chat]
        last, most_urgent = max(row.id for row in mine), min(row.urgency for row in mine)
        await tx.execute(_LIFT, _on(on) | {"in_chat": chat, "last": last, "at_most": most_urgent})


async def put_off(tx: Transaction, sending_id: int, *, until: datetime) -> None:
    """Its chat's limit lets it go at `until`, not before."""
    await tx.execute(_PUT_OFF, {"which": sending_id, "until": until})


async def claim(tx: Transaction, ids: Sequence[int], *, until: datetime) -> list[Sending]:
    """Take heads of chats into this sender's hands, until the lease ends."""
    rows = (await tx.execute(_CLAIM, {"ids": list(ids), "until": until, "holder": tx.holder})).all()
    found = {row.id: sending_in(row) for row in rows}
    return [found[one] for one in ids if one in found]

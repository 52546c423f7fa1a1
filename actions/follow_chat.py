"""What becomes of a chat: it is gone, it is back, it cannot be written to, or it has a new id."""

from dataclasses import replace
from datetime import datetime, timedelta

from actions import lost_group, reroute
from actions.back_at_desk import welcome_back
from actions.notify import GROUP_LANGUAGE, body_of
from actions.tell_trouble import official_untold
from domain.notices import Notice, NoticeKind, Priority
from storage import chat_moves, held, invites, outbox, people, standing, wards
from storage.database import Transaction
from storage.outbox import Address, Sending

GONE = "the chat is gone"
# The card of the greeting in a group that is bound to nothing yet.
GREETING = "greeting"
GREETING_AFTER = timedelta(seconds=3)


async def gone(tx: Transaction, address: Address, *, now: datetime, for_good: bool = True) -> None:
    """Nothing can be sent to a chat any more: blocked, removed, deleted, or (not `for_good`) silenced.

    What is owed to it is refused; a person is told by another channel of theirs, and where there is none, news of a
    case is held until they are back; a desk's card of a case goes to whoever is next there. What a sender has in hand
    comes to its own end (`not_taken`). A unit's group is unbound, what no other group of the unit has goes to its
    officials instead, and the unit is told; for a ward's group the administrators are.
    """
    groups = await invites.groups_in(tx, address)
    if not groups:
        await people.set_reachable(
            tx, channel=address.channel, account=address.account, address=address.chat, unreachable_at=now
        )
        for one in await outbox.owed_to(tx, address, in_hand=False):
            if not await reroute.from_lost_chat(tx, one, now=now) and await reroute.is_worth_keeping(tx, one):
                await held.hold_waiting(tx, one, why=GONE, now=now)
            else:
                await lost_group.bring_card(tx, one, now=now)
                await _refuse(tx, [one])
                await _tell_of_official(tx, one, now=now)
    for group in groups:
        owed = await outbox.owed_to(tx, group.address)
        await lost_group.tell(tx, group, owed, now=now, for_good=for_good)
        await _refuse(tx, owed)


async def not_taken(tx: Transaction, sending: Sending, *, why: str, now: datetime) -> None:
    """A message in hand was refused because its chat is gone: it finds its way round, or is held, like the others.

    What a group does not take is brought to its unit when the group is looked at (`gone`).
    """
    if await reroute.from_lost_chat(tx, sending, now=now):
        return
    if await reroute.is_worth_keeping(tx, sending):
        await held.hold(tx, sending, why=why, now=now)
    elif not await invites.groups_in(tx, sending.address):
        await lost_group.bring_card(tx, sending, now=now)
        await _tell_of_official(tx, sending, now=now)


async def _tell_of_official(tx: Transaction, sending: Sending, *, now: datetime) -> None:
    """Nobody at the desk may know of a case's news that was refused: somebody who can mend it learns that."""
    at = sending.address
    if sending.case_id is None or "notice" not in sending.body:
        return
    known = await people.find(tx, channel=at.channel, account=at.account, address=at.chat)
    if known is not None and known.official is not None:
        ward = await wards.load(tx, known.official.ward_id)
        await official_untold(tx, ward, known.official, at.on, lost=True, now=now)


async def _refuse(tx: Transaction, owed: list[Sending]) -> None:
    await outbox.refuse(tx, [one.id for one in owed], error=GONE)


async def added(tx: Transaction, address: Address, *, by: str, title: str, may_write: bool, now: datetime) -> None:
    """We were added to a group: it is told how it is bound, unless that is done; who may not be answered, in private.

    A link with an invite binds the group right after it adds us: the greeting waits a moment for that.
    """
    if await invites.groups_in(tx, address):
        return
    known = await wards.codes(tx)
    ward = known[0][2] if len(known) == 1 else ""
    if may_write:
        notice = Notice(kind=NoticeKind.GROUP_GREETING, params={"ward": ward}, card=GREETING)
        where = address
    else:
        notice = Notice(kind=NoticeKind.GROUP_CLOSED_TO_US, params={"group": title})
        where = replace(address, chat=by)
    await outbox.put(
        tx, where, body_of(notice), language=GROUP_LANGUAGE, priority=Priority.REPLY, now=now,
        key=f"added:{address.channel}:{address.account}:{address.chat}:{now:%Y%m%d%H%M}",
    )  # fmt: skip
    await standing.put_off(tx, address, GREETING, until=now + GREETING_AFTER)


async def back(tx: Transaction, address: Address, *, now: datetime) -> None:
    """Somebody who had blocked us can be reached again: what was held goes out; an official learns what waits."""
    at = {"channel": address.channel, "account": address.account, "address": address.chat}
    known = await people.find(tx, **at)
    if known is None:
        return
    await people.set_reachable(tx, **at, unreachable_at=None)
    await held.release(tx, address, now=now)
    await welcome_back(tx, known, address, now=now)


async def moved(tx: Transaction, address: Address, *, new_chat: str) -> None:
    """A chat has a new id; told twice, nothing happens the second time."""
    await chat_moves.move_chat(tx, address, new_chat)
    # The platform adds us to the new chat; that is no news to anybody.
    await standing.drop(tx, replace(address, chat=new_chat), GREETING)

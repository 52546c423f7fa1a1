"""What cannot reach somebody on one channel goes by another of theirs, once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.notices import Priority
from domain.people import Person
from storage import cases, contacts, held, linking, outbox, people, sending_ends
from storage.contacts import Contact
from storage.database import Transaction
from storage.outbox import Sending

# The end of a message that was sent on by another channel instead.
ELSEWHERE = "elsewhere"
TRIED = "tried"
PARTED = "its case is another person's now"
BEHIND = "older news is held in this chat"


async def instead_of_holding(tx: Transaction, sending: Sending, *, why: str, now: datetime) -> bool:
    """A platform holds a notice back: it goes by another channel of the same person at once. False if there is none.

    Only where it has not been: two platforms that both hold it back would hand it to each other for ever.
    """
    body = _notice_of(sending)
    other = await _other(tx, sending, fresh=True) if body is not None else None
    if body is None or other is None:
        return False
    if await sending_ends.mark_over(tx, sending, ELSEWHERE, error=why):
        await _send_on(tx, sending, body, other, now=now)
    return True


async def from_lost_chat(tx: Transaction, sending: Sending, *, now: datetime) -> bool:
    """A chat is gone, and with it a notice owed there: it is owed to another channel of theirs. False if none is."""
    body = _notice_of(sending)
    other = await _other(tx, sending, fresh=False) if body is not None else None
    if body is None or other is None:
        return False
    await _send_on(tx, sending, body, other, now=now)
    return True


async def waits_behind_held(tx: Transaction, sending: Sending, *, now: datetime) -> bool:
    """Whether a message in hand must not leave now, because older news is held in its chat: nothing overtakes that.

    What was held before this was owed is tried first, once: its receiver may be back, whoever tells us. What was tried
    since, in vain, is waited for: news of a case is held with it, and what belongs to its moment goes.
    """
    if sending.edits:
        return False
    held_at = await held.held_before(tx, sending)
    if held_at is None or held_at < sending.created_at:
        if held_at is not None:
            await held.try_again(tx, sending.address, now=now)
        elif not any(one.id < sending.id for one in await outbox.owed_to(tx, sending.address)):
            return False  # what is held may have arrived
        await sending_ends.mark_not_begun(tx, sending)
        return True
    if not await is_worth_keeping(tx, sending):
        return False
    if not await instead_of_holding(tx, sending, why=BEHIND, now=now):
        await held.hold(tx, sending, why=BEHIND, now=now)
    return True


async def is_worth_keeping(tx: Transaction, sending: Sending) -> bool:
    """Whether a message is news of a case to its resident, which waits for them however long they are away.

    A reply belongs to its moment, a digest to its week, a card to how the case stands when it is shown, and what an
    official is reminded of to its day (actions.back_at_desk).
    """
    is_news = "notice" in sending.body and sending.card is None and sending.priority < Priority.DIGEST
    if not is_news or sending.case_id is None:
        return False
    at = sending.address
    known = await people.find(tx, channel=at.channel, account=at.account, address=at.chat)
    case = await cases.among(tx, known.person.ward_ids, sending.case_id) if known else None
    return known is not None and case is not None and case.resident_id == known.person.id


async def bring(tx: Transaction, person_id: int, *, to: int, now: datetime) -> None:
    """Somebody can be reached at a contact point now: what is held for them elsewhere goes there."""
    mine = await contacts.of_person(tx, person_id)
    here = next((one for one in mine if one.id == to), None)
    if here is not None:
        for one in mine:
            if one.id != to:
                await held.redirect(tx, one.address, here.address, now=now)


async def after_parting(tx: Transaction, somebody: Person, those: Sequence[Contact], *, now: datetime) -> None:
    """Contact points of somebody's have parted: what has not left yet goes where its case is now.

    News of it would else be read by whoever stays, and perhaps never by the one it is for.
    """
    for one in await linking.astray(tx, somebody, [contact.id for contact in those]):
        other = next(iter(await contacts.of_person(tx, one.resident_id)), None)
        if other is not None and one.held:
            await held.move(tx, [one.sending.id], other.address, now=now)
        elif await sending_ends.recall(tx, one.sending, ELSEWHERE, error=PARTED) and other is not None:
            body = _notice_of(one.sending)
            if body is not None:
                await _send_on(tx, one.sending, body, other, now=now)


def _notice_of(sending: Sending) -> dict[str, Any] | None:
    """What there is to be told; None for a reply, which belongs to its chat."""
    body = sending.body.get("instead") if sending.edits else sending.body
    return body if body and "notice" in body else None


async def _other(tx: Transaction, sending: Sending, *, fresh: bool) -> Contact | None:
    here = await contacts.at(tx, sending.address)
    if here is None:
        return None
    been = _been(sending)
    others = [
        one for one in await contacts.of_person(tx, here.person_id)
        if one.id != here.id and not one.unreachable and not (fresh and one.id in been)
    ]  # fmt: skip
    return min(others, key=lambda one: one.id in been, default=None)


def _been(sending: Sending) -> list[int]:
    return list((sending.body.get("instead") or {} if sending.edits else sending.body).get(TRIED, ()))


async def _send_on(tx: Transaction, sending: Sending, body: dict[str, Any], other: Contact, *, now: datetime) -> None:
    here = await contacts.at(tx, sending.address)
    been = [*_been(sending), *([here.id] if here else [])]
    await outbox.put(
        tx, other.address, body | {TRIED: been}, language=sending.language, priority=sending.priority, now=now,
        ward_id=sending.ward_id, case_id=sending.case_id, key=f"elsewhere:{sending.id}",
    )  # fmt: skip

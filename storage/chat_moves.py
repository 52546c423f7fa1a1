"""A chat whose id the platform changed (a group made a supergroup): what is kept under the old id moves along."""

from sqlalchemy import ColumnElement, Table, delete, literal, select, update

from storage.conversations import conversation
from storage.database import Transaction
from storage.invites import group_chat
from storage.outbox import OWED, QUEUED, TOPIC, WAITING, Address, outbox, outbox_part
from storage.people import contact_point


async def move_chat(tx: Transaction, old: Address, new_chat: str) -> None:
    """Move a chat to its new id; done twice it changes nothing, and what the new id already has stays."""
    await _drop_doubles(tx, old, new_chat)
    # The platform shows no menu of ours under the new id yet.
    await tx.execute(update(group_chat).where(*_in(group_chat, old.chat, old)).values(chat=new_chat, menu=None))
    await tx.execute(update(conversation).where(*_in(conversation, old.chat, old)).values(chat=new_chat))
    await _move_owed(tx, old, new_chat)
    address = contact_point.c.address == old.chat
    taken = select(contact_point.c.id).where(
        contact_point.c.channel == old.channel, contact_point.c.account == old.account,
        contact_point.c.address == new_chat,
    )  # fmt: skip
    if (await tx.execute(taken)).first() is None:
        await tx.execute(
            update(contact_point)
            .where(contact_point.c.channel == old.channel, contact_point.c.account == old.account, address)
            .values(address=new_chat)
        )
    tx.wake(TOPIC)


async def _move_owed(tx: Transaction, old: Address, new_chat: str) -> None:
    """What is still owed goes to the new id. What was sent stays where it is: messages are numbered anew there."""
    owed = (*_in(outbox, old.chat, old), outbox.c.state.in_(OWED))
    pieces = outbox_part.c.outbox_id.in_(select(outbox.c.id).where(*owed))
    await tx.execute(update(outbox_part).where(pieces).values(sent_as=literal("moved:").concat(outbox_part.c.sent_as)))
    await tx.execute(update(outbox).where(*owed).values(chat=new_chat))
    # Who stands behind whom is found out anew.
    lined_up = (*_in(outbox, new_chat, old), outbox.c.state == WAITING)
    await tx.execute(update(outbox).where(*lined_up).values(state=QUEUED))


async def _drop_doubles(tx: Transaction, old: Address, new_chat: str) -> None:
    """What stands under both ids: the new one counts."""
    bound = select(group_chat.c.id).where(*_in(group_chat, new_chat, old)).exists()
    await tx.execute(delete(group_chat).where(*_in(group_chat, old.chat, old), bound))
    newer = conversation.alias("newer")
    spoken = (
        select(newer.c.id)
        .where(
            newer.c.channel == old.channel, newer.c.account == old.account, newer.c.chat == new_chat,
            newer.c.sender == conversation.c.sender,
        )
        .exists()
    )  # fmt: skip
    await tx.execute(delete(conversation).where(*_in(conversation, old.chat, old), spoken))


def _in(table: Table, chat: str, address: Address) -> tuple[ColumnElement[bool], ...]:
    return (table.c.channel == address.channel, table.c.account == address.account, table.c.chat == chat)

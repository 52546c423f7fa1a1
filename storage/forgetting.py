"""Forgetting what must not be kept: words wherever the channel keeps its own copy of them, and files."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import select, update

from domain.notices import Priority
from storage import webchat
from storage.attachments import attachment
from storage.database import Transaction
from storage.held import HELD
from storage.outbox import QUEUED, REFUSED, WAITING, Address, outbox, outbox_part, put
from storage.sending_ends import close_up
from storage.webchat import PERSON, web_message

# The one channel whose messages are kept in this database.
WEB = "web"
# Where a message can be taken away from the chat, in private also what the other one wrote (Bot API `deleteMessages`).
REMOVING = frozenset({"telegram"})
# Not sent yet, nor being sent.
WAITS = frozenset({QUEUED, WAITING, HELD})
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def forget_words(tx: Transaction, channel: str, chat: str, heard: Collection[str], *, now: datetime) -> None:
    """Drop the words of these messages of a chat; their rows stay, so that nothing is asked for twice."""
    tx.forget()
    if channel == WEB:
        for message_id in heard:
            await webchat.remove_text(tx, chat, message_id=int(message_id), now=now)


async def forget_talk(
    tx: Transaction, address: Address, heard: Collection[str], *, since: datetime, language: str, now: datetime
) -> None:
    """Drop the words of these messages of a private chat, and whatever we asked since (it quotes them).

    Where the platform keeps the messages, their removal is owed: it takes away what is younger than its own limit
    (Telegram: 48 hours).
    """
    await forget_words(tx, address.channel, address.chat, heard, now=now)
    said = await _said_since(tx, address, since)
    if address.channel == WEB:
        for message_id in said:
            await webchat.remove_text(tx, address.chat, message_id=int(message_id), now=now)
    ids = sorted({one for one in (*heard, *said) if one.isdigit()}, key=int)
    if address.channel in REMOVING and ids:
        reply = {"text": "", "choices": [], "attachments": [], "menu": "", "case_id": None, "removes": ids}
        await put(tx, address, {"reply": reply}, language=language, priority=Priority.REPLY, now=now)


async def _said_since(tx: Transaction, address: Address, since: datetime) -> list[str]:
    """Blank our replies to a chat since an instant; the ids of the messages they were sent as."""
    rows = (
        await tx.execute(
            select(
                outbox.c.id, outbox.c.state, outbox.c.sent_as, outbox.c.body, outbox.c.send_after, outbox.c.error
            ).where(
                outbox.c.channel == address.channel, outbox.c.account == address.account,
                outbox.c.chat == address.chat, outbox.c.created_at >= since,
            )
        )
    ).all()  # fmt: skip
    # What quotes a draft asks about it. A warning of danger asks nothing: whom to call must stay to be read.
    ours = [row for row in rows if row.body.get("reply", {}).get("menu")]
    for row in ours:
        blank = {"reply": row.body["reply"] | {"text": "", "choices": [], "attachments": []}}
        # What waits in whatever way is not sent any more; what has left, or is just leaving, ends as it may.
        state = REFUSED if row.state in WAITS else row.state
        await tx.execute(outbox.update().where(outbox.c.id == row.id).values(body=blank, state=state))
    await close_up(tx, address, ours)
    parts = await tx.execute(select(outbox_part.c.sent_as).where(outbox_part.c.outbox_id.in_([row.id for row in ours])))
    return [str(one) for one in (*(row.sent_as for row in ours if row.sent_as), *parts.scalars()) if one]


async def forget_everything_said(tx: Transaction, channel: str, chat: str, *, now: datetime) -> None:
    """Drop whatever a person wrote in their private chat."""
    tx.forget()
    if channel == WEB:
        await tx.execute(
            update(web_message)
            .where(web_message.c.chat == chat, web_message.c.author == PERSON, web_message.c.removed_at.is_(None))
            .values(text="", choices=[], attachments=[], place=None, removed_at=now)
        )
        tx.wake(webchat.topic(chat))


async def forget_files(tx: Transaction, ids: Sequence[int]) -> None:
    """Take files that belong to no case from their sender; the next sweep (`attachments.drop_unlinked`) ends them."""
    if ids:
        await tx.execute(
            update(attachment)
            .where(attachment.c.id.in_(ids), attachment.c.case_id.is_(None))
            .values(uploaded_by_address="", created_at=LONG_AGO)
        )

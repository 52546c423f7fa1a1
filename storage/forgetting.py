"""Forgetting what must not be kept: words wherever the channel keeps its own copy of them, and files."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import update

from storage import webchat
from storage.attachments import attachment
from storage.database import Transaction
from storage.webchat import PERSON, web_message

# The one channel whose messages are kept in this database.
WEB = "web"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def forget_words(tx: Transaction, channel: str, chat: str, heard: Collection[str], *, now: datetime) -> None:
    """Drop the words of these messages of a chat; their rows stay, so that nothing is asked for twice."""
    tx.forget()
    if channel == WEB:
        for message_id in heard:
            await webchat.remove_text(tx, chat, message_id=int(message_id), now=now)


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

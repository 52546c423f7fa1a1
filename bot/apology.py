"""Telling whoever wrote a message that it could not be handled, even when nobody could read what it was."""

from datetime import datetime

from domain.notices import NoticeKind, Priority
from handlers.commands import parse
from handlers.engine.event import Event
from handlers.i18n import DEFAULT_LANGUAGE
from storage import inbox, outbox, people
from storage.database import Transaction
from storage.inbox import Update
from storage.outbox import Address

# Where a number alone names a person's own chat: groups are below zero, or have a word before theirs.
NUMBERED = frozenset({"telegram", "zalo_oa"})


async def apologise(tx: Transaction, update: Update, event: Event | None, *, now: datetime) -> None:
    """Owe the sender of an update set aside one sentence; nothing where nobody waits for an answer.

    In a group nobody else needs to know: who spoke to us there is told in private.
    """
    chat = await _read_out(tx, update) if event is None else _private(event)
    if chat is None:
        return
    at = Address(channel=update.channel, account=update.account, chat=chat)
    known = await people.find(tx, channel=at.channel, account=at.account, address=chat)
    language = known.person.language if known else (event and event.language) or DEFAULT_LANGUAGE
    await outbox.put(
        tx, at, {"notice": NoticeKind.MESSAGE_SET_ASIDE.value, "params": {}, "attachments": []},
        language=language, priority=Priority.REPLY, now=now, key=f"aside:{update.id}",
    )  # fmt: skip


def _private(event: Event) -> str | None:
    if not event.in_group:
        return event.chat
    spoken_to = event.choice or event.reply_to or parse(event.text)
    # Who hides behind a group has no chat of their own.
    return event.sender if spoken_to and ":" not in event.sender else None


async def _read_out(tx: Transaction, update: Update) -> str | None:
    """The private chat that the update's lane names; None for a group, and when no chat could be read out."""
    chat = inbox.chat_of(update)
    if chat is None:
        return None
    if update.channel in NUMBERED:
        return chat if chat.isdigit() and chat != "0" else None
    # A person's own chat bears the person's own name on every platform.
    found = await people.find(tx, channel=update.channel, account=update.account, address=chat)
    return chat if found is not None else None

"""Raw events of a Zalo Bot as events of ours: pure, and never surprised by a kind it does not know."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bot.channels.zalo_bot_mention import meant_for_us
from bot.channels.zalo_bot_update import (
    IMAGE,
    NAME,
    OURS,
    STICKER,
    UNSUPPORTED,
    VOICE,
    Identity,
    Json,
    chat_of,
    file_url,
    in_group,
    message_of,
    sender_of,
)
from handlers.engine.event import Event

# What cannot be taken, by the event's name. `unsupported` brings nothing along: a place, a file, a link.
NOT_TAKEN = {IMAGE: "file_failed", VOICE: "file_failed", UNSUPPORTED: "hidden"}


def read(raw: Json, me: Identity, commands: Collection[str], received_at: datetime) -> Event | None:
    """The event in a raw one; None when nobody waits for an answer. `commands` may be typed without a slash in groups.

    A message without a chat or a sender raises KeyError: it is set aside for somebody to look at.
    """
    message = message_of(raw)
    if not chat_of(raw) or not sender_of(raw):
        raise KeyError("an event without chat and sender")
    if message["from"].get("is_bot"):
        return None
    ours = raw.get(OURS) or {}
    taken = tuple(ours.get("attachments", ()))
    text, addressed = _words(message), False
    if in_group(raw):
        text, addressed = meant_for_us(text, me.names, commands)
    event = _event(
        raw, me, received_at, text=text, attachments=taken, addressed=in_group(raw) or addressed,
        not_taken=ours.get("not_taken") or (None if taken else _missing(raw)),
    )  # fmt: skip
    if event.is_empty and event.not_taken is None:
        if in_group(raw):
            return None
        return _event(raw, me, received_at, unsupported="sticker" if raw["event_name"] == STICKER else "message")
    return event


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _missing(raw: Json) -> str | None:
    if file_url(raw) is not None:
        return "file_failed"
    return NOT_TAKEN.get(raw["event_name"])


def _event(raw: Json, me: Identity, received_at: datetime, **parts: Any) -> Event:
    message = message_of(raw)
    known = message.get("message_id")
    return Event(
        channel=NAME, account=me.account, chat=chat_of(raw), sender=sender_of(raw), at=received_at,
        in_group=in_group(raw), sender_name=str(message["from"].get("display_name") or ""),
        # Zalo says nothing of who runs a group; whoever holds an invite's code may bind it.
        sender_is_admin=in_group(raw), message_id=str(known) if known else None, one_message=True, **parts,
    )  # fmt: skip

"""A raw event of a Zalo Bot before it is handled: what it is called, its lane, and what has to be fetched for it.

Raw events are stored as {"event_name": …, "message": …}, without the envelope that Zalo sometimes puts around them.
What was fetched is written into them under the key OURS: {"attachments": [ids], "not_taken": reason or null}.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.files import FileKind

NAME = "zalo_bot"
OURS = "danban"
ID_MAX_CHARS = 80
TEXT, IMAGE, STICKER, VOICE, UNSUPPORTED = (
    f"message.{kind}.received" for kind in ("text", "image", "sticker", "voice", "unsupported")
)
PRIVATE = "PRIVATE"

# What a message holds a file in; its content has the last word.
FILE_PARTS = {"photo_url": FileKind.PHOTO, "photo": FileKind.PHOTO, "voice_url": FileKind.VOICE}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which bot reads: its account, and the names by which it is mentioned in groups (without the @), if known."""

    account: str
    names: tuple[str, ...] = ()


def unwrapped(given: Any) -> Json | None:
    """The event in what Zalo sent, in its envelope {"ok": true, "result": …} or bare; None if there is none."""
    if isinstance(given, Mapping) and "event_name" not in given and "ok" in given:
        given = given.get("result")
    if not isinstance(given, Mapping) or not isinstance(given.get("event_name"), str):
        return None
    return {"event_name": given["event_name"], "message": given.get("message")}


def message_of(raw: Json) -> Json:
    """The message of an event; empty when it has none."""
    message = raw.get("message")
    return message if isinstance(message, dict) else {}


def update_id(raw: Json) -> str:
    """What a repeat of this event is known by: its message's id; without one, what it says."""
    known = message_of(raw).get("message_id")
    name = str(known) if known else ""
    if 0 < len(name) <= ID_MAX_CHARS:
        return name
    said = json.dumps(raw, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()


def chat_of(raw: Json) -> str:
    """The chat's id; in private that is the person's. "" when the event names nobody."""
    message = message_of(raw)
    return _id(message.get("chat")) or sender_of(raw)


def sender_of(raw: Json) -> str:
    """The id of whoever wrote."""
    return _id(message_of(raw).get("from"))


def _id(one: Any) -> str:
    return str(one.get("id") or "")[:120] if isinstance(one, Mapping) else ""


def in_group(raw: Json) -> bool:
    """Whether it was written in a group."""
    chat = message_of(raw).get("chat")
    kind = str(chat.get("chat_type") or PRIVATE) if isinstance(chat, Mapping) else PRIVATE
    return kind.upper() != PRIVATE


def lane(account: str, raw: Json) -> str:
    """All events of one chat are handled one after the other; one that names no chat holds up nobody."""
    return f"{NAME}:{account}:{chat_of(raw) or f'unknown:{update_id(raw)}'}"


def file_url(raw: Json) -> tuple[str, FileKind] | None:
    """Where the file of an event lies, and what it is: `photo_url` as it arrives, `photo` as it is documented."""
    message = message_of(raw)
    for name, kind in FILE_PARTS.items():
        if isinstance(message.get(name), str) and message[name]:
            return str(message[name]), kind
    return None


def needs_fetching(raw: Json) -> bool:
    """Whether there is something to fetch before this event can be handled."""
    return file_url(raw) is not None

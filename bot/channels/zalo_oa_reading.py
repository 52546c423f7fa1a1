"""Raw events of a Zalo Official Account as events of ours: pure, and never surprised by a kind it does not know."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.base import ChatNews, Loss
from bot.channels.zalo_oa_event import (
    FILE_KINDS,
    NAME,
    OURS,
    Json,
    attachments_of,
    chat_of,
    in_group,
    is_taken,
    kind,
    message_of,
    quoted,
    sender_of,
)
from handlers.engine.event import Event, Place
from handlers.engine.menu import PAYLOAD

STICKERS = frozenset({"sticker", "gif"})
# A tapped button comes back as text: its label, and behind a sign the payload of the choice (zalo_oa_layout.TAP).
_TAPPED = re.compile(rf".*\s#(?:({PAYLOAD})|(/[a-z]\w*(?:\s.*)?))", re.DOTALL)


def read(raw: Json, account: str, received_at: datetime) -> Event | ChatNews | None:
    """The event in a raw one, the news of a chat in it, or None when nobody waits for an answer."""
    if not is_taken(raw):
        return None
    name = raw["event_name"]
    if name == "unfollow":
        return ChatNews(channel=NAME, account=account, chat=sender_of(raw), loss=Loss.GONE)
    if name in {"follow", "user_click_chatnow"}:
        return _event(raw, account, received_at, text="/start")
    if name == "user_submit_info":
        # Zalo's form asks for a name, a telephone number, an address: none of it has been agreed to here.
        return _event(raw, account, received_at, not_taken="form")
    return _message(raw, account, received_at)


def _message(raw: Json, account: str, received_at: datetime) -> Event | None:
    ours = raw.get(OURS) or {}
    taken = tuple(ours.get("attachments", ()))
    text, choice = _words(raw)
    event = _event(
        raw, account, received_at, text=text, choice=choice, attachments=taken, place=_place(raw),
        not_taken=ours.get("not_taken") or (None if taken else _missing(raw)),
        # Only the Official Account makes such a group, and only its managers let people in; the code does the rest.
        sender_is_admin=in_group(raw), reply_to=_reply_to(raw, ours),
    )  # fmt: skip
    if event.is_empty and event.not_taken is None:
        if in_group(raw):
            return None
        return _event(raw, account, received_at, unsupported="sticker" if kind(raw) in STICKERS else "message")
    return event


def _event(raw: Json, account: str, received_at: datetime, **parts: Any) -> Event:
    message_id = message_of(raw).get("msg_id")
    return Event(
        channel=NAME, account=account, chat=chat_of(raw), sender=sender_of(raw), at=received_at,
        in_group=in_group(raw), message_id=str(message_id) if message_id else None, **parts,
    )  # fmt: skip


def _words(raw: Json) -> tuple[str, str | None]:
    """What was written, or the choice that a button's text stands for; a command's button is the command."""
    text = str(message_of(raw).get("text") or "")
    said = kind(raw)
    if said == "text":
        tapped = _TAPPED.fullmatch(text)
        if tapped is None:
            return text, None
        return (tapped[2], None) if tapped[2] else ("", tapped[1])
    if said == "location":
        return "", None  # the text is the place's name
    if said in {"link", "business_card"}:
        return "\n".join(part for part in (text, *map(_card, attachments_of(raw))) if part), None
    return ("" if said in STICKERS else text), None


def _card(shared: Json) -> str:
    """A link or a visiting card in words: what it says of itself, and where it leads."""
    about = str(shared.get("description") or shared.get("title") or "")
    try:
        inside = json.loads(about)
    except (ValueError, RecursionError):
        inside = None
    if isinstance(inside, Mapping):
        about = f"☎ {inside['phone']}" if inside.get("phone") else ""
    return " ".join(part for part in (about, str(shared.get("url") or "")) if part)


def _place(raw: Json) -> Place | None:
    if kind(raw) != "location":
        return None
    for one in attachments_of(raw):
        point = one.get("coordinates")
        if isinstance(point, Mapping) and {"latitude", "longitude"} <= point.keys():
            label = str(message_of(raw).get("text") or "")
            return Place(latitude=float(point["latitude"]), longitude=float(point["longitude"]), label=label)
    return None


def _missing(raw: Json) -> str | None:
    if in_group(raw) and not (raw.get(OURS) or {}).get("for_us"):
        return None
    return "file_failed" if kind(raw) in FILE_KINDS else None


def _reply_to(raw: Json, ours: Json) -> str | None:
    # In a group people quote each other: that is not for us.
    return quoted(raw) if not in_group(raw) or ours.get("quotes_us") else None

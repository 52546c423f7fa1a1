"""What a browser may post as a message, and how a message is shown to it."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.web.refusal import Refusal
from bot.web.uploads import file_json
from handlers.i18n import N_
from storage import attachments
from storage.attachments import Attachment
from storage.database import Transaction
from storage.webchat import PERSON, WebMessage

CHOICE_MAX_CHARS = 100
LABEL_MAX_CHARS = 200
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
# Control characters but tab and line feed; PostgreSQL takes no NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_MALFORMED = N_("This message could not be read. Please open the page again and send it once more.")
_EMPTY = N_("The message is empty. Please type something, choose a button, or add a photo or a recording.")
_TOO_LONG = N_("The message is too long: {chars} characters at most. Please send it in two parts.")
_TOO_MANY_FILES = N_("Too many files in one message: {count} at most. Please send the others in the next one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message as posted. `label` is what the pressed button says; `tokens` name files uploaded before."""

    client_id: str
    text: str
    choice: str | None
    label: str
    tokens: tuple[str, ...]
    place: dict[str, float] | None
    reply_to: int | None

    @property
    def shown(self) -> str:
        """What the sender sees of it."""
        return (self.label or self.choice) if self.choice else self.text


def posted(body: bytes, *, chars_max: int, files_max: int) -> Posted:
    """Read a posted message. Refusal 400 or 413 saying what is wrong with it."""
    fields = _fields(body)
    message = Posted(
        client_id=_named(fields.get("client_id")),
        text=_text(fields.get("text", ""), chars_max),
        choice=_text(fields.get("choice") or "", CHOICE_MAX_CHARS) or None,
        label=_text(fields.get("label") or "", LABEL_MAX_CHARS),
        tokens=_tokens(fields.get("attachments", []), files_max),
        place=_place(fields.get("place")),
        reply_to=_number(fields.get("reply_to")),
    )
    if not (message.text or message.choice or message.tokens or message.place):
        raise Refusal(400, _EMPTY)
    return message


def _fields(body: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, _MALFORMED) from None
    if not isinstance(fields, dict):
        raise Refusal(400, _MALFORMED)
    return fields


def _named(value: Any) -> str:
    if not isinstance(value, str) or not _CLIENT_ID.fullmatch(value):
        raise Refusal(400, _MALFORMED)
    return value


def _text(value: Any, chars_max: int) -> str:
    if not isinstance(value, str):
        raise Refusal(400, _MALFORMED)
    # Half a surrogate pair is valid JSON, but no text.
    whole = value.replace("\r\n", "\n").encode("utf-8", "ignore").decode()
    clean = _CONTROL.sub("", whole).strip()
    if len(clean) > chars_max:
        raise Refusal(413, _TOO_LONG, chars=chars_max)
    return clean


def _tokens(value: Any, files_max: int) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.isascii() for one in value):
        raise Refusal(400, _MALFORMED)
    if len(value) > files_max:
        raise Refusal(413, _TOO_MANY_FILES, count=files_max)
    return tuple(dict.fromkeys(value))


def _place(value: Any) -> dict[str, float] | None:
    if value is None:
        return None
    try:
        place = {"lat": float(value["lat"]), "lon": float(value["lon"])}
    except (TypeError, KeyError, ValueError, OverflowError):
        raise Refusal(400, _MALFORMED) from None
    if not (math.isfinite(sum(place.values())) and abs(place["lat"]) <= 90 and abs(place["lon"]) <= 180):
        raise Refusal(400, _MALFORMED)
    return place


def _number(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or not 0 < value < 2**63:
        raise Refusal(400, _MALFORMED)
    return value


async def shown(tx: Transaction, messages: Sequence[WebMessage], visitor: str) -> list[dict[str, Any]]:
    """Messages as JSON for one visitor's browser; a remark for somebody else is none."""
    messages = [one for one in messages if one.author == PERSON or one.sender in ("", visitor)]
    ids = {one for message in messages for one in message.attachments}
    files = {one.id: one for one in await attachments.by_ids(tx, sorted(ids))} if ids else {}
    return [_shown(message, files, visitor) for message in messages]


def _shown(message: WebMessage, files: Mapping[int, Attachment], visitor: str) -> dict[str, Any]:
    from_bot = message.author != PERSON
    mine = message.sender == visitor and not from_bot
    return {
        "id": message.id,
        "author": message.author,
        "mine": mine,
        "name": message.sender_name,
        "client_id": message.client_id if mine else None,
        "text": message.text,
        "choices": [list(choice) for choice in message.choices],
        "files": [file_json(files[one]) for one in message.attachments if one in files],
        "place": message.place,
        "reply_to": message.reply_to,
        "quote": message.quote,
        "menu": message.menu,
        "about_case": message.about_case,
        "at": message.at.isoformat(),
        "removed": message.removed,
        "only_you": from_bot and message.sender != "",
    }

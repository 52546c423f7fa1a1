"""A raw event of a Zalo Official Account before it is handled: whose it is, its key, its lane, what must be fetched.

Raw events are the webhook's bodies as they came. What we found out is written into them under the key OURS:
{"attachments": [ids], "not_taken": reason or null, "quotes_us": whether the quoted message is ours, "for_us": whether a
file sent in a group is meant for us}.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.storable import storable
from domain.files import FileKind

NAME = "zalo_oa"
OURS = "danban"
# Ids of people and of groups are numbers of two different kinds: a group's chat says so.
GROUP = "group:"
_STRANGE = "unknown:"
UPDATE_ID_MAX = 80
# What a message's kind says of its file; the content has the last word.
FILE_KINDS = {
    "image": FileKind.PHOTO, "audio": FileKind.VOICE, "video": FileKind.VIDEO, "file": FileKind.DOCUMENT,
}  # fmt: skip
FILES_MAX = 10

_SENT, _SENT_IN_GROUP = "user_send_", "user_send_group_"
DEEDS = frozenset({"follow", "unfollow", "user_submit_info", "user_click_chatnow"})

Json = dict[str, Any]


def as_event(body: bytes) -> Json | None:
    """The event in a request's body, fit for every database; None if it is none."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("event_name"), str):
        return None
    cleaned: Json = storable(raw)
    return cleaned


def is_taken(raw: Json) -> bool:
    """Whether an event is something a person did that we act on; echoes of our own and receipts are not."""
    name = str(raw["event_name"])
    return name.startswith(_SENT) or name in DEEDS


def is_anonymous(raw: Json) -> bool:
    """Whether it was done by somebody who is not logged in to Zalo: OpenAPI v3 has no way to answer them."""
    return str(raw["event_name"]).startswith("anonymous_")


def in_group(raw: Json) -> bool:
    """Whether it happened in a group (GMF)."""
    return str(raw["event_name"]).startswith(_SENT_IN_GROUP)


def kind(raw: Json) -> str:
    """What was sent: text, image, location…; "" for what is no message."""
    name = str(raw["event_name"])
    for prefix in (_SENT_IN_GROUP, _SENT):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return ""


def sender_of(raw: Json) -> str:
    """The id of the person who did it."""
    who = raw.get("follower") if raw["event_name"] in {"follow", "unfollow"} else raw.get("sender")
    return _id(who)


def chat_of(raw: Json) -> str:
    """The chat it happened in, as we name it."""
    return f"{GROUP}{_id(raw.get('recipient'))}" if in_group(raw) else sender_of(raw)


def _id(who: Any) -> str:
    found = str(who["id"])
    if not found or len(found) > UPDATE_ID_MAX:
        raise ValueError("not an id")
    return found


def account_of(raw: Json) -> str | None:
    """The Official Account an event says it is for; None if it does not say (in groups the receiver is the group)."""
    said = raw.get("oa_id")
    if said is None and not in_group(raw) and isinstance(raw.get("recipient"), Mapping):
        said = raw["recipient"].get("id")
    return None if said is None else str(said)


def lane(account: str, raw: Json) -> str:
    """All events of one chat are handled one after the other."""
    return f"{NAME}:{account}:{chat_of(raw)}"


def strange_lane(account: str, key: str) -> str:
    """The lane of an event whose chat could not be read."""
    return f"{NAME}:{account}:{_STRANGE}{key[:16]}"


def beside_the_history(account: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How the lanes, and how the update ids, begin of what the history of the conversations does not hold.

    It holds what one person wrote to the account: no group, and nothing done without a message (follow, a form…).
    """
    lanes = (f"{NAME}:{account}:{GROUP}", f"{NAME}:{account}:{_STRANGE}")
    return lanes, tuple(f"{deed}:" for deed in sorted(DEEDS))


def update_id(raw: Json) -> str:
    """What makes a redelivery known: the message's id, else what was done by whom and when."""
    message = raw.get("message")
    said = message.get("msg_id") if isinstance(message, Mapping) else None
    key = str(said) if said else f"{raw['event_name']}:{sender_of(raw)}:{raw.get('timestamp', '')}"
    return key if len(key) <= UPDATE_ID_MAX else hashlib.sha256(key.encode()).hexdigest()


def message_of(raw: Json) -> Json:
    """The message; empty for what is none."""
    found = raw.get("message")
    return found if isinstance(found, dict) else {}


def attachments_of(raw: Json) -> list[Json]:
    """The payloads of a message's attachments."""
    every = message_of(raw).get("attachments") or []
    return [one.get("payload") or {} for one in every if isinstance(one, dict)]


def file_urls(raw: Json) -> tuple[str, ...]:
    """Where the files of a message lie: photos, recordings, videos, documents."""
    if kind(raw) not in FILE_KINDS:
        return ()
    found = [one for one in attachments_of(raw) if one.get("url")]
    return tuple(str(one["url"]) for one in found[:FILES_MAX])


def quoted(raw: Json) -> str | None:
    """The id of the message that this one quotes."""
    message = message_of(raw)
    said = message.get("quote_msg_id") or message.get("quote_msg")
    if isinstance(said, Mapping):
        said = said.get("msg_id") or said.get("message_id")
    return str(said) if said else None

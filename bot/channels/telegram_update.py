"""A raw update of Telegram before it is handled: its lane, its album, and what has to be fetched for it first.

Raw updates are Bot API `Update` objects as they came. What was fetched is written into them under the key OURS:
{"attachments": [ids], "not_taken": reason or null, "is_admin": bool}.
"""

from dataclasses import dataclass
from typing import Any

from bot.file_types import kind_said
from domain.files import FileKind

NAME = "telegram"
OURS = "danban"
JOIN_COMMANDS = frozenset({"thamgia", "join"})
# What a message holds a file in, and what kind that is. An animation comes with a document that is the same file.
FILE_PARTS = {
    "voice": FileKind.VOICE, "audio": FileKind.VOICE, "video": FileKind.VIDEO, "video_note": FileKind.VIDEO,
    "animation": FileKind.VIDEO, "document": FileKind.DOCUMENT,
}  # fmt: skip
# Stands before whatever was written elsewhere and brought here: so it is no command and answers no question.
FORWARDED = "↪️ "

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which bot reads: its account (id) and its name without the @."""

    account: str
    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file at Telegram; `size` in bytes and `seconds` it plays, 0 if unsaid."""

    file_id: str
    size: int
    kind: FileKind
    seconds: int = 0


def message_of(raw: Json) -> Json | None:
    """The message an update brings or was tapped on; None for other updates."""
    for kind in ("message", "edited_message"):
        if kind in raw:
            found: Json = raw[kind]
            return found
    tapped: Json | None = raw.get("callback_query", {}).get("message")
    return tapped


def chat_of(raw: Json) -> Json:
    """The chat an update happened in; its sender's own where no message is said (an inline message's button)."""
    message = message_of(raw)
    if message is not None:
        chat: Json = message["chat"]
        return chat
    for kind in ("my_chat_member", "channel_post", "edited_channel_post", "chat_member"):
        if kind in raw:
            other: Json = raw[kind]["chat"]
            return other
    return {"id": raw.get("callback_query", {}).get("from", {}).get("id", 0), "type": "private"}


def lane(account: str, raw: Json) -> str:
    """All updates of one chat are handled one after the other, whatever they are."""
    return f"{NAME}:{account}:{chat_of(raw).get('id', 0)}"


def album(raw: Json) -> str | None:
    """The name of the album an update is a part of."""
    return album_of(raw.get("message", {}))


def album_of(message: Json) -> str | None:
    """The name of the album a message is a part of."""
    name = message.get("media_group_id")
    return str(name)[:64] if name else None


def text_of(message: Json, me: Identity) -> str:
    """What was written; a command in a group without our name, a link's payload as the command it stands for."""
    text = str(message.get("text") or message.get("caption") or "")
    if is_forwarded(message):
        return f"{FORWARDED}{text}" if text.strip() else ""
    if not text.startswith("/"):
        return text
    head, separator, rest = text.partition(" ")
    name, at, bot = head.partition("@")
    if at and bot.casefold() == me.username.casefold():
        text = f"{name}{separator}{rest}"
    # `?startgroup=thamgia_CODE` arrives in the group as `/start thamgia_CODE`.
    command, underscore, value = rest.strip().partition("_")
    if name == "/start" and underscore and command.casefold() in JOIN_COMMANDS and message["chat"]["type"] != "private":
        return f"/{command} {value}"
    return text


def is_for_another_bot(message: Json, me: Identity) -> bool:
    """Whether a message is a command to some other bot of the group."""
    if is_forwarded(message):
        return False
    text = str(message.get("text") or message.get("caption") or "")
    name, at, bot = text.partition(" ")[0].partition("@")
    return name.startswith("/") and bool(at) and bot.casefold() != me.username.casefold()


def replied_to(message: Json, me: Identity) -> str | None:
    """The id of the message of ours that this one answers.

    In a forum every message answers the one that began its topic, and people answer each other: neither is for us.
    """
    answered = message.get("reply_to_message")
    if not answered or str(answered.get("from", {}).get("id")) != me.account:
        return None
    if "forum_topic_created" in answered:
        return None
    return str(answered["message_id"])


def is_addressed(message: Json, me: Identity) -> bool:
    """Whether a message is for us: everything in private; commands and answers to us in a group."""
    if message["chat"]["type"] == "private":
        return True
    if is_for_another_bot(message, me):
        return False
    return text_of(message, me).startswith("/") or replied_to(message, me) is not None


def needs_rank(raw: Json, me: Identity) -> bool:
    """Whether somebody binds a group by this update, for which they must be one of its administrators."""
    message = raw.get("message")
    if message is None or message["chat"]["type"] == "private" or is_hidden(message):
        return False
    command = text_of(message, me).removeprefix("/").partition(" ")[0].casefold()
    return is_addressed(message, me) and command in JOIN_COMMANDS


def is_forwarded(message: Json) -> bool:
    """Whether somebody passed on what was written elsewhere, or had another bot write it (`via_bot`)."""
    return not {"forward_origin", "forward_date", "via_bot"}.isdisjoint(message)


def remote_file(raw: Json, me: Identity, *, photo_bytes_max: int) -> RemoteFile | None:
    """The file to fetch: a photo in the largest size that may be taken, or whatever else a message holds."""
    message = raw.get("message")
    if message is None or not is_addressed(message, me):
        return None
    if message.get("photo"):
        sizes = sorted(message["photo"], key=lambda one: one.get("file_size", 0))
        fitting = [one for one in sizes if one.get("file_size", 0) <= photo_bytes_max]
        best = fitting[-1] if fitting else sizes[0]
        return RemoteFile(file_id=best["file_id"], size=best.get("file_size", 0), kind=FileKind.PHOTO)
    for part, kind in FILE_PARTS.items():
        if message.get(part):
            return _file(message[part], kind)
    return None


def _file(held: Json, kind: FileKind) -> RemoteFile:
    if kind is FileKind.DOCUMENT:
        kind = kind_said(str(held.get("mime_type", ""))) or kind
    return RemoteFile(
        file_id=held["file_id"], size=held.get("file_size", 0), kind=kind, seconds=int(held.get("duration", 0))
    )


def needs_fetching(raw: Json, me: Identity) -> bool:
    """Whether something must be asked of Telegram before this update can be handled."""
    return remote_file(raw, me, photo_bytes_max=1) is not None or needs_rank(raw, me)


def is_hidden(message: Json) -> bool:
    """Whether a message comes from behind a chat: an anonymous administrator, or a channel linked to the group."""
    return "sender_chat" in message

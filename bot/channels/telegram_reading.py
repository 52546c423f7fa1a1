"""Raw updates of Telegram as events: pure, on plain JSON, and never surprised by a kind it does not know."""

from datetime import datetime
from typing import Any

from bot.channels.base import ChatNews, Loss
from bot.channels.telegram_update import (
    FILE_PARTS,
    NAME,
    OURS,
    Identity,
    album_of,
    is_for_another_bot,
    is_hidden,
    replied_to,
    text_of,
)
from handlers.engine.event import Event, Place

Json = dict[str, Any]

# What cannot be taken, by the message's part that holds it: Telegram hands none of these out.
NOT_TAKEN = {"paid_media": "not_handed_out", "story": "not_handed_out"}
# What is no message at all: nobody waits for an answer to these.
SERVICE = frozenset(
    {
        "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
        "group_chat_created", "supergroup_chat_created", "channel_chat_created", "pinned_message",
        "message_auto_delete_timer_changed", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
        "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "boost_added",
        "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
        "chat_background_set", "write_access_allowed", "proximity_alert_triggered", "web_app_data", "users_shared",
        "chat_shared", "successful_payment", "refunded_payment", "connected_website", "passport_data",
        "giveaway_created", "giveaway", "giveaway_winners", "giveaway_completed", "chat_owner_left",
        "chat_owner_changed", "direct_message_price_changed", "paid_message_price_changed",
    }
)  # fmt: skip
GONE_STATUSES = frozenset({"left", "kicked"})


def read(raw: Json, me: Identity, received_at: datetime) -> Event | ChatNews | None:
    """The event in an update, the news of a chat in it, or None when nobody waits for an answer."""
    if "callback_query" in raw:
        return _tap(raw["callback_query"], me, received_at)
    if "my_chat_member" in raw:
        return _standing(raw["my_chat_member"], me)
    if "edited_message" in raw:
        return _edited(raw["edited_message"], me, received_at)
    message = raw.get("message")
    if message is None:
        return None
    moved = _moved(message, me)
    return moved or _message(message, raw.get(OURS) or {}, me, received_at)


def _message(message: Json, ours: Json, me: Identity, received_at: datetime) -> Event | None:
    if _is_nobodys(message) or is_for_another_bot(message, me) or SERVICE & message.keys():
        return None
    text = _words(message, me)
    taken = tuple(ours.get("attachments", ()))
    event = _event(
        message, me, received_at, text=text, attachments=taken, place=_place(message),
        not_taken=ours.get("not_taken") or (None if taken else _missing(message)),
        sender_is_admin=bool(ours.get("is_admin")) and not is_hidden(message), album=album_of(message),
    )  # fmt: skip
    if event.is_empty and event.not_taken is None:
        return _unreadable(message, me, received_at)
    return event


def _unreadable(message: Json, me: Identity, received_at: datetime) -> Event | None:
    """A sticker, a poll, or something newer than this program: to whom it was sent to us it is answered all the same.

    That is everybody in private, and in a group whoever replies with it to a message of ours (a case's card).
    """
    is_for_us = message["chat"]["type"] == "private" or replied_to(message, me) is not None
    if not is_for_us or "photo" in message:
        return None
    return _event(message, me, received_at, unsupported="sticker" if "sticker" in message else "message")


def _edited(message: Json, me: Identity, received_at: datetime) -> Event | None:
    if _is_nobodys(message) or is_for_another_bot(message, me):
        return None
    # A place that is shared live is edited every few seconds.
    holds_file = _holds_file(message)
    if "location" in message or not (message.get("text") or message.get("caption") or holds_file):
        return None
    # Whether the file or the words beside it were changed is not said.
    return _event(
        message, me, received_at, text=text_of(message, me), edited=True, reply_to=None,
        not_taken="file_changed" if holds_file else None,
    )  # fmt: skip


def _tap(query: Json, me: Identity, received_at: datetime) -> Event | None:
    message, data = query.get("message"), str(query.get("data") or "")
    if not message or not data:
        return None
    command = data.startswith("/")
    return _event(
        message | {"from": query["from"]}, me, received_at, text=data if command else "",
        choice=None if command else data, reply_to=None, tap=str(query["id"]),
    )  # fmt: skip


def _standing(change: Json, me: Identity) -> ChatNews | None:
    """Our own standing in a chat: blocked, removed, silenced, or let in again."""
    member = change["new_chat_member"]
    loss = None
    if _is_out(member):
        loss = Loss.GONE
    elif member.get("status") == "restricted" and not member.get("can_send_messages", True):
        loss = Loss.MUTED
    chat = change["chat"]
    added_by = _added_by(change)
    return ChatNews(
        channel=NAME, account=me.account, chat=str(chat["id"]), loss=loss, added_by=added_by,
        title=str(chat.get("title") or "") if added_by else "",
    )  # fmt: skip


def _is_out(member: Json) -> bool:
    """Whether somebody is no member any more (a restricted one may have left; Bot API `ChatMemberRestricted`)."""
    return member.get("status") in GONE_STATUSES or member.get("is_member") is False


def _added_by(change: Json) -> str | None:
    """Who has just added us to a group; None for everything else that may have changed."""
    came = _is_out(change.get("old_chat_member", {})) and not _is_out(change["new_chat_member"])
    is_group = change["chat"]["type"] in ("group", "supergroup")
    return str(change["from"]["id"]) if is_group and came else None


def _moved(message: Json, me: Identity) -> ChatNews | None:
    if "migrate_to_chat_id" in message:
        old, new = message["chat"]["id"], message["migrate_to_chat_id"]
    elif "migrate_from_chat_id" in message:
        old, new = message["migrate_from_chat_id"], message["chat"]["id"]
    else:
        return None
    return ChatNews(channel=NAME, account=me.account, chat=str(old), new_chat=str(new))


def _is_nobodys(message: Json) -> bool:
    """Other bots and channels are not listened to; an anonymous administrator is, as a stranger."""
    sender = message.get("from")
    if message["chat"]["type"] == "channel" or sender is None:
        return True
    if is_hidden(message):
        return bool(message["sender_chat"]["id"] != message["chat"]["id"])
    return bool(sender.get("is_bot"))


def _event(message: Json, me: Identity, received_at: datetime, **parts: Any) -> Event:
    chat, sender = message["chat"], message["from"]
    in_group = chat["type"] != "private"
    hidden = is_hidden(message)
    given = {"reply_to": replied_to(message, me)} | parts
    return Event(
        channel=NAME, account=me.account, chat=chat_key(message),
        # Whoever hides behind the group is somebody else every time: no office is ever theirs.
        sender=f"anonymous:{chat['id']}" if hidden else str(sender["id"]),
        at=received_at, in_group=in_group, sender_name="" if hidden else _name(sender),
        language=sender.get("language_code"), message_id=str(message["message_id"]), **given,
    )  # fmt: skip


def chat_key(message: Json) -> str:
    """The chat as we name it: its id, and in a forum `id:topic`, since each topic is a room of its own."""
    chat = message["chat"]
    if chat["type"] != "private" and message.get("is_topic_message") and message.get("message_thread_id"):
        return f"{chat['id']}:{message['message_thread_id']}"
    return str(chat["id"])


def _name(sender: Json) -> str:
    return " ".join(part for part in (sender.get("last_name"), sender.get("first_name")) if part)


def _words(message: Json, me: Identity) -> str:
    text = text_of(message, me)
    contact = message.get("contact")
    if contact:
        who = " ".join(part for part in (contact.get("last_name"), contact.get("first_name")) if part)
        return f"☎ {who}: {contact['phone_number']}"
    return text


def _place(message: Json) -> Place | None:
    venue = message.get("venue")
    point = venue["location"] if venue else message.get("location")
    if not point:
        return None
    label = ", ".join(part for part in (venue.get("title"), venue.get("address")) if part) if venue else ""
    return Place(latitude=float(point["latitude"]), longitude=float(point["longitude"]), label=label)


def _missing(message: Json) -> str | None:
    if message["chat"]["type"] == "private" and _holds_file(message):
        return "file_failed"
    return next((reason for part, reason in NOT_TAKEN.items() if part in message), None)


def _holds_file(message: Json) -> bool:
    return "photo" in message or not FILE_PARTS.keys().isdisjoint(message)

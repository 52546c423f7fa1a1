"""The Bot API's methods that send and change messages."""

import time
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram import checks
from tests.fakes.telegram.checks import as_int, as_json
from tests.fakes.telegram.errors import ApiError, bad
from tests.fakes.telegram.world import Bot, Chat, Json, World

# What may have a caption.
MEDIA = frozenset({"photo", "video", "voice", "document", "audio", "animation"})
Uploads = dict[str, bytes]
PHOTO_MAX_BYTES = 10 << 20
DOCUMENT_MAX_BYTES = 50 << 20


def send_message(world: World, bot: Bot, params: Json, uploads: Uploads) -> Json:
    """`sendMessage`."""
    chat = world.sendable(params.get("chat_id"))
    body = {"text": checks.text(params.get("text"))} | _common(world, chat, params)
    if params.get("parse_mode") or params.get("entities"):
        raise bad("can't parse entities: this stand-in takes plain text only")
    if params.get("ephemeral_message_parameters") and world.knows_ephemeral:
        return _show_to_one(world, bot, chat, as_json(params["ephemeral_message_parameters"]), body)
    return _post(world, bot, chat, [body])[0]


def _show_to_one(world: World, bot: Bot, chat: Chat, asked: Json, body: Json) -> Json:
    """Shown to one person for a while: no message of the chat, so its id is 0. It may count like any other."""
    receiver = as_int(asked.get("receiver_user_id"))
    if chat.type == "private" or receiver not in chat.members:
        raise bad("ephemeral message receiver not found")
    world.windows.count(bot=bot.token, chat_id=chat.id, at=time.monotonic())
    world.ephemeral.append((chat.id, receiver, body["text"]))
    number = len(world.ephemeral)
    return {"message_id": 0, "ephemeral_message_id": number, "date": int(time.time()), "chat": chat.json(), **body}


def delete_ephemeral_message(world: World, bot: Bot, params: Json, uploads: Uploads) -> bool:
    """`deleteEphemeralMessage` (Bot API 10.2): an older server does not know it."""
    if not world.knows_ephemeral:
        raise ApiError(404, "Not Found")
    number = as_int(params.get("ephemeral_message_id"))
    if not 1 <= number <= len(world.ephemeral):
        raise bad("ephemeral message to delete not found")
    return True


def send_photo(world: World, bot: Bot, params: Json, uploads: Uploads) -> Json:
    """`sendPhoto`."""
    chat = world.sendable(params.get("chat_id"))
    body = _photo(world, params.get("photo"), uploads) | _captioned(params) | _common(world, chat, params)
    return _post(world, bot, chat, [body])[0]


def send_document(world: World, bot: Bot, params: Json, uploads: Uploads) -> Json:
    """`sendDocument`."""
    return _send_file(world, bot, params, uploads, "document")


def send_voice(world: World, bot: Bot, params: Json, uploads: Uploads) -> Json:
    """`sendVoice`: OGG, MP3 or M4A."""
    return _send_file(world, bot, params, uploads, "voice")


def send_video(world: World, bot: Bot, params: Json, uploads: Uploads) -> Json:
    """`sendVideo`: MPEG-4."""
    return _send_file(world, bot, params, uploads, "video")


def _send_file(world: World, bot: Bot, params: Json, uploads: Uploads, kind: str) -> Json:
    chat = world.sendable(params.get("chat_id"))
    body = _media(world, kind, params, uploads)
    return _post(world, bot, chat, [body | _captioned(params) | _common(world, chat, params)])[0]


def send_media_group(world: World, bot: Bot, params: Json, uploads: Uploads) -> list[Json]:
    """`sendMediaGroup`: photos and videos together, documents or audio files among themselves, nothing else."""
    chat = world.sendable(params.get("chat_id"))
    media = as_json(params.get("media"))
    if not isinstance(media, list) or not 2 <= len(media) <= 10:
        raise bad("wrong number of media in an album: 2 to 10 are needed")
    if params.get("reply_markup"):
        raise bad("an album has no buttons")
    kinds = {str(one.get("type")) for one in media}
    if not kinds <= {"photo", "video", "document", "audio"}:
        raise bad("can't parse InputMedia: type of the media can't be used in an album")
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise bad("document can't be mixed with other media types")
    common = _common(world, chat, params) | {"media_group_id": str(time.time_ns())}
    bodies = []
    for one in media:
        kind = str(one["type"])
        bodies.append(_media(world, kind, one | {kind: one.get("media")}, uploads) | _captioned(one) | common)
    return _post(world, bot, chat, bodies)


def _media(world: World, kind: str, given: Json, uploads: Uploads) -> Json:
    """The part of a message that holds a file, as the API shows it back."""
    if kind == "photo":
        return _photo(world, given.get("photo"), uploads)
    file_id = _file(world, given.get(kind), uploads, DOCUMENT_MAX_BYTES)
    _check_played(kind, world.files[file_id])
    body: Json = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(world.files[file_id])}
    if kind != "document":
        body["duration"] = as_int(given.get("duration"))
    if kind == "video":
        body |= {"width": as_int(given.get("width")), "height": as_int(given.get("height"))}
    return {kind: body}


def _check_played(kind: str, data: bytes) -> None:
    """The platform would send these as documents; whoever calls the method should have known."""
    is_box = data[4:8] == b"ftyp"
    is_sound = data[:4] == b"OggS" or data[:3] == b"ID3" or data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")
    if (kind == "video" and not is_box) or (kind == "voice" and not (is_box or is_sound)):
        raise bad(f"this stand-in plays no such {kind}")


def edit_message(world: World, bot: Bot, params: Json, uploads: Uploads) -> Json:
    """`editMessageText`, `editMessageCaption` and `editMessageReplyMarkup`."""
    chat, message = _own_message(world, bot, params, "message to edit not found")
    changed = dict(message)
    if "text" in params:
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        changed["text"] = checks.text(params["text"])
    if "caption" in params:
        if not message.keys() & MEDIA:
            raise bad("there is no caption in the message to edit")
        changed |= {"caption": checks.caption(params["caption"])}
    markup = checks.keyboard(params.get("reply_markup"))
    changed.pop("reply_markup", None)
    changed |= {"reply_markup": markup} if markup else {}
    if changed == message:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a current "
            "content and reply markup of the message"
        )
    changed["edit_date"] = int(time.time())
    world.messages[chat.id][message["message_id"]] = changed
    world.windows.count(bot=bot.token, chat_id=chat.id, at=time.monotonic())
    return changed


def delete_message(world: World, bot: Bot, params: Json, uploads: Uploads) -> bool:
    """`deleteMessage`: the bot's own, and in a private chat also what the other one wrote; 48 hours long."""
    chat = world.sendable(params.get("chat_id"))
    message = world.messages[chat.id].get(as_int(params.get("message_id")))
    if message is None:
        raise bad("message to delete not found")
    if not _may_delete(bot, chat, message):
        raise bad("message can't be deleted")
    del world.messages[chat.id][message["message_id"]]
    return True


def delete_messages(world: World, bot: Bot, params: Json, uploads: Uploads) -> bool:
    """`deleteMessages`: 1 to 100; those that are gone or too old are skipped."""
    chat = world.sendable(params.get("chat_id"))
    ids = as_json(params.get("message_ids"))
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100:
        raise bad("message identifiers are not specified")
    for number in ids:
        message = world.messages[chat.id].get(as_int(number))
        if message is not None and _may_delete(bot, chat, message):
            del world.messages[chat.id][message["message_id"]]
    return True


def _may_delete(bot: Bot, chat: Chat, message: Json) -> bool:
    own = message.get("from", {}).get("id") == bot.id
    return (own or chat.type == "private") and message["date"] >= time.time() - 48 * 3600


def answer_callback_query(world: World, bot: Bot, params: Json, uploads: Uploads) -> bool:
    """`answerCallbackQuery`."""
    until = bot.taps.pop(str(params.get("callback_query_id")), 0.0)
    if until < time.time():
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(str(params.get("text") or "")) > checks.TAP_ANSWER_MAX:
        raise bad("MESSAGE_TOO_LONG")
    if params.get("text"):
        world.tap_answers.append(str(params["text"]))
    return True


def _own_message(world: World, bot: Bot, params: Json, gone: str) -> tuple[Chat, Json]:
    chat = world.sendable(params.get("chat_id"))
    message = world.messages[chat.id].get(as_int(params.get("message_id")))
    if message is None:
        raise bad(gone)
    if message.get("from", {}).get("id") != bot.id:
        raise bad("message can't be edited")
    return chat, message


def _common(world: World, chat: Chat, params: Json) -> Json:
    body: Json = {}
    thread = as_int(params.get("message_thread_id"))
    if thread:
        if thread not in chat.topics:
            raise bad("message thread not found")
        if thread in chat.closed_topics:
            raise bad("TOPIC_CLOSED")
        body |= {"message_thread_id": thread, "is_topic_message": True}
    if str(params.get("protect_content", "")).lower() == "true":
        body["has_protected_content"] = True
    answered = as_json(params.get("reply_parameters")) if params.get("reply_parameters") else None
    if answered:
        found = world.messages[chat.id].get(as_int(answered["message_id"]))
        if found is None and not answered.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        body |= {"reply_to_message": found} if found else {}
    markup = checks.keyboard(params.get("reply_markup"))
    return body | ({"reply_markup": markup} if markup else {})


def _captioned(params: Json) -> Json:
    said = checks.caption(params.get("caption"))
    return {"caption": said} if said else {}


def _photo(world: World, given: Any, uploads: Uploads) -> Json:
    file_id = _file(world, given, uploads, PHOTO_MAX_BYTES)
    size = {"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 90}
    return {"photo": [size | {"file_size": len(world.files[file_id])}]}


def _file(world: World, given: Any, uploads: Uploads, most: int) -> str:
    """A file uploaded with the request (`attach://name` or the field itself), or one the server has."""
    name = str(given or "")
    data = uploads.get(name.removeprefix("attach://"))
    if data is None:
        if name not in world.files:
            raise bad("wrong file identifier/HTTP URL specified")
        return name
    if not data:
        raise bad("file must be non-empty")
    if len(data) > most:
        raise bad("file is too big")
    return world.add_file(data)


def _post(world: World, bot: Bot, chat: Chat, bodies: list[Json]) -> list[Json]:
    world.windows.count(bot=bot.token, chat_id=chat.id, at=time.monotonic(), messages=len(bodies))
    return [world.keep(chat, {"from": bot.user()} | body) for body in bodies]


SENDING: dict[str, Callable[[World, Bot, Json, Uploads], Any]] = {
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendvoice": send_voice,
    "sendvideo": send_video,
    "sendmediagroup": send_media_group,
    "editmessagetext": edit_message,
    "editmessagecaption": edit_message,
    "editmessagereplymarkup": edit_message,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "deleteephemeralmessage": delete_ephemeral_message,
    "answercallbackquery": answer_callback_query,
}

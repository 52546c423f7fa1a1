"""What is sent: strict about every field and length, closed windows, quotas; effects as Zalo's."""

from typing import Any

from tests.fakes.zalo_oa.world import CLOSED_SECONDS, FREE_SECONDS, Json, Message, World, ZaloError

TEXT_MAX, TITLE_MAX, PAYLOAD_MAX, BUTTONS_MAX = 2000, 100, 1000, 5
SUBTITLE_MAX = 500
# The kinds of buttons, and the one field of a payload that is not just a text.
BUTTONS = {"oa.query.show": None, "oa.query.hide": None, "oa.open.url": "url", "oa.open.phone": "phone_code"}
UPLOAD_MAX, FILE_MAX = 1024 * 1024, 5 * 1024 * 1024


def _need(true: bool, what: str) -> None:
    if not true:
        raise ZaloError(-201, f"{what} is invalid")


def send_to_person(world: World, body: Json) -> Json:
    """POST /v3.0/oa/message/cs."""
    _need(set(body) == {"recipient", "message"}, "params")
    recipient = body["recipient"]
    _need(isinstance(recipient, dict) and set(recipient) == {"user_id"}, "recipient")
    user_id = recipient["user_id"]
    _need(isinstance(user_id, str) and user_id in world.people, "user_id")
    check_message(world, body["message"], buttons=True)
    person = world.people[user_id]
    if person.state == "declined":
        raise ZaloError(-244, "User has declined messages of this type")
    if person.state == "banned":
        raise ZaloError(-227, "User is banned or has been inactive for more than 45 days")
    if person.last_contact is None:
        raise ZaloError(-213, "User has not followed OA")
    since = world.now() - person.last_contact
    if since >= CLOSED_SECONDS:
        raise ZaloError(-230, "User has not interacted with the OA in the past 7 days")
    message = _keep(world, user_id, body["message"], billed=since >= FREE_SECONDS)
    data = {"message_id": message.id, "user_id": user_id, "sent_time": str(int(message.at * 1000))}
    return data | {"quota": {"quota_type": "sub_quota", "owner_type": "OA"}}


def send_to_group(world: World, body: Json) -> Json:
    """POST /v3.0/oa/group/message."""
    _need(set(body) == {"recipient", "message"}, "params")
    recipient = body["recipient"]
    _need(isinstance(recipient, dict) and set(recipient) == {"group_id"}, "recipient")
    group_id = recipient["group_id"]
    _need(group_id in world.groups, "group_id")
    if group_id in world.expired_groups:
        raise ZaloError(-237, "Group has expired")
    check_message(world, body["message"], buttons=False)
    message = _keep(world, group_id, body["message"])
    return {"message_id": message.id, "group_id": group_id, "sent_time": str(int(message.at * 1000))}


def _keep(world: World, chat: str, body: Json, *, billed: bool = False) -> Message:
    message = Message(id=world.message_id(), chat=chat, by_us=True, at=world.now(), body=body, billed=billed)
    world.messages.append(message)
    return message


def check_message(world: World, message: Any, *, buttons: bool) -> None:
    """Refuse what Zalo refuses."""
    _need(isinstance(message, dict) and bool(message), "message")
    _need(set(message) <= {"text", "attachment", "quote_message_id"}, "message")
    text = message.get("text")
    if text is not None:
        _need(isinstance(text, str) and bool(text.strip()), "text")
        # Counted in UTF-16 units, the strictest of what it might be.
        if len(text.encode("utf-16-le")) // 2 > TEXT_MAX:
            raise ZaloError(-210, "Parameter exceeds allowed limit")
    _need("text" in message or "attachment" in message, "message")
    if "attachment" in message:
        _check_attachment(world, message["attachment"], buttons=buttons, has_text=text is not None)
    if "quote_message_id" in message:
        _need(any(one.id == message["quote_message_id"] for one in world.messages), "quote_message_id")


def _check_attachment(world: World, attachment: Json, *, buttons: bool, has_text: bool) -> None:
    _need(isinstance(attachment, dict) and set(attachment) == {"type", "payload"}, "attachment")
    _need(attachment["type"] in ("template", "file"), "attachment.type")
    payload = attachment["payload"]
    if attachment["type"] == "file":
        _need(set(payload) == {"token"} and payload["token"] in world.uploads and not has_text, "token")
        return
    if "template_type" in payload:
        _need(set(payload) == {"template_type", "elements"} and len(payload["elements"]) == 1, "elements")
        _check_element(world, payload["template_type"], payload["elements"][0], private=buttons)
        return
    _need(buttons and has_text and set(payload) == {"buttons"}, "payload")
    _need(0 < len(payload["buttons"]) <= BUTTONS_MAX, "buttons")
    for button in payload["buttons"]:
        _check_button(button)


def _check_element(world: World, template: str, element: Json, *, private: bool) -> None:
    if template == "media":
        _need(element["media_type"] == "image", "media_type")
        _need(set(element) in ({"media_type", "attachment_id"}, {"media_type", "url"}), "element")
        _need(element.get("attachment_id", "") in world.uploads or "url" in element, "attachment_id")
        return
    _need(template == "request_user_info" and private, "template_type")
    _need(set(element) == {"title", "subtitle", "image_url"}, "element")
    _need(0 < len(element["title"]) <= TITLE_MAX and 0 < len(element["subtitle"]) <= SUBTITLE_MAX, "element")


def _check_button(button: Json) -> None:
    _need(set(button) == {"title", "type", "payload"} and button["type"] in BUTTONS, "button")
    said, inside = button["payload"], BUTTONS[button["type"]]
    if inside is not None:
        _need(set(said) == {inside}, "button")
        said = said[inside]
    _need(isinstance(said, str) and 0 < len(said) <= PAYLOAD_MAX and 0 < len(button["title"]) <= TITLE_MAX, "button")


def upload_image(world: World, data: bytes) -> Json:
    """POST /v2.0/oa/upload/image."""
    if not data.startswith((b"\xff\xd8", b"\x89PNG")):
        raise ZaloError(-201, "file type is invalid")
    if len(data) > UPLOAD_MAX:
        raise ZaloError(-210, "File size exceeds 1MB")
    name = f"upload-{len(world.uploads) + 1}-{world.message_id()}"
    world.uploads[name] = data
    return {"attachment_id": name}


def upload_file(world: World, data: bytes) -> Json:
    """POST /v2.0/oa/upload/file: PDF and Word."""
    if not data.startswith((b"%PDF", b"PK\x03\x04")):
        raise ZaloError(-201, "file type is invalid")
    if len(data) > FILE_MAX:
        raise ZaloError(-210, "File size exceeds 5MB")
    name = f"token-{world.message_id()}"
    world.uploads[name] = data
    return {"token": name}


def send_template(world: World, body: Json) -> Json:
    """POST /v3.0/oa/message/template: ZBS by user id (by telephone number it is another host, and other fields)."""
    _need(set(body) == {"user_id", "template_id", "template_data"}, "params")
    _need(body["user_id"] in world.people and isinstance(body["template_data"], dict), "user_id")
    world.templates.append(body)
    said = {"message_id": world.message_id(), "user_id": body["user_id"], "sent_time": str(int(world.now() * 1000))}
    return said | {"quota": {"quota_type": "purchase_quota"}}

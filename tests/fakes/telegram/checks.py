"""What the Bot API checks of a request's parameters, and its sentence for each mistake."""

import json
from typing import Any

from tests.fakes.telegram.errors import bad

Json = dict[str, Any]

TEXT_MAX, CAPTION_MAX, TAP_ANSWER_MAX = 4096, 1024, 200
BUTTONS_MAX, ROW_MAX, PAYLOAD_MAX_BYTES = 100, 8, 64
COMMANDS_MAX, COMMAND_ABOUT_MAX = 100, 256


def length(text: str) -> int:
    """Telegram counts UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def as_json(value: Any) -> Any:
    """A parameter that is an object: JSON in a form, itself in a JSON body."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad("can't parse a JSON object") from None


def as_int(value: Any, default: int = 0) -> int:
    """A number, written or not."""
    return default if value in (None, "") else int(value)


def text(value: Any) -> str:
    """A message's text."""
    if value is None or not str(value).strip():
        raise bad("message text is empty")
    if length(str(value)) > TEXT_MAX:
        raise bad("message is too long")
    return str(value)


def caption(value: Any) -> str:
    """A caption, or none."""
    if value and length(str(value)) > CAPTION_MAX:
        raise bad("message caption is too long")
    return str(value or "")


def keyboard(value: Any) -> Json | None:
    """An inline keyboard (the one kind of markup this product uses), or none."""
    markup = as_json(value) if value else None
    if not markup:
        return None
    rows = markup.get("inline_keyboard")
    if rows is None:
        return dict(markup)
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_MAX:
        raise bad("reply markup is too long")
    if any(len(row) > ROW_MAX for row in rows):
        raise bad("too many buttons in a row")
    for button in buttons:
        _button(button)
    return {"inline_keyboard": rows}


def _button(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: text must be non-empty")
    does = [key for key in button if key not in ("text", "style", "icon_custom_emoji_id", "disabled")]
    if len(does) != 1:
        raise bad("can't parse inline keyboard button: exactly one action is needed")
    if does == ["callback_data"] and not 1 <= len(str(button["callback_data"]).encode()) <= PAYLOAD_MAX_BYTES:
        raise bad("BUTTON_DATA_INVALID")


def commands(value: Any) -> list[Json]:
    """A command menu."""
    made = as_json(value)
    if len(made) > COMMANDS_MAX:
        raise bad("can't set more than 100 commands")
    for one in made:
        name, about = str(one.get("command", "")), str(one.get("description", ""))
        allowed = name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
        if not (1 <= len(name) <= 32 and allowed):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= length(about) <= COMMAND_ABOUT_MAX:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return list(made)

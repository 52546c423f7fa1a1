"""How a reply is laid out on a Zalo Official Account: pieces of text, pictures, buttons or numbered lists. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.numbered import texts_of
from bot.channels.splitting import split
from domain.files import FileKind
from handlers.engine.reply import Choice, Reply, payload
from storage.attachments import Attachment

# OpenAPI v3: a longer text is refused (-210), not cut.
TEXT_MAX = 2000
BUTTONS_MAX = 5
TITLE_MAX = 100
PAYLOAD_MAX = 1000
# What stands between a button's label and the payload in the text that a tap sends (zalo_oa_reading).
TAP = " #"
# With more choices than buttons, these still have one: the ways out.
_WAYS_OUT = frozenset({"cancel", "back", "skip"})
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message: a text with buttons, or one stored file."""

    text: str = ""
    file: Attachment | None = None
    buttons: tuple[tuple[str, str], ...] = ()


def parts_of(
    reply: Reply, language: str, *, in_group: bool, files: Sequence[Attachment] = (), in_words: str = ""
) -> tuple[Part, ...]:
    """The messages a reply takes, in order; the buttons come last, where the thumb is.

    `files` are those of the reply's files that Zalo carries; what there is to say of the others is `in_words`.
    A group has no buttons, and more than five choices have no room: then they are numbered lines, and a number answers.
    """
    if in_words:
        reply = replace(reply, text=f"{reply.text}\n\n{in_words}" if reply.text else in_words)
    buttons = _buttons(reply, in_group=in_group)
    if len(buttons) == len(reply.choices):
        pieces = split(reply.text, TEXT_MAX)
    else:
        pieces = texts_of(reply, language, limit=TEXT_MAX, mention="" if in_group else None)
    shown = [Part(file=one) for one in files]
    if not pieces:
        return (*shown, Part(text="👇", buttons=buttons)) if buttons else tuple(shown)
    return (*shown, *(Part(text=piece) for piece in pieces[:-1]), Part(text=pieces[-1], buttons=buttons))


def _buttons(reply: Reply, *, in_group: bool) -> tuple[tuple[str, str], ...]:
    if in_group:
        return ()
    shown = [one for one in reply.choices if len(reply.choices) <= BUTTONS_MAX or one.id in _WAYS_OUT]
    return tuple((_title(one), _text_of(reply.menu, one)) for one in shown[:BUTTONS_MAX])


def _title(choice: Choice) -> str:
    label = _BLANKS.sub(" ", choice.label).strip()
    return label if len(label) <= TITLE_MAX else f"{label[: TITLE_MAX - 1]}…"


def _text_of(menu: str, choice: Choice) -> str:
    """What a tap says in the person's name: the label they pressed, and which choice of which menu it was."""
    return f"{_title(choice)}{TAP}{payload(menu, choice)}"[:PAYLOAD_MAX]


def message_json(part: Part, *, uploaded: str | None, quote: str | None) -> dict[str, Any]:
    """The `message` of OpenAPI v3 for one part, with what Zalo calls its file once it is `uploaded`."""
    message: dict[str, Any] = {}
    if part.text:
        message["text"] = part.text
    if uploaded is not None and part.file is not None and part.file.file.kind is not FileKind.PHOTO:
        message["attachment"] = {"type": "file", "payload": {"token": uploaded}}
    elif uploaded is not None:
        elements = [{"media_type": "image", "attachment_id": uploaded}]
        message["attachment"] = {"type": "template", "payload": {"template_type": "media", "elements": elements}}
    elif part.buttons:
        shown = [{"title": title, "type": "oa.query.show", "payload": text} for title, text in part.buttons]
        message["attachment"] = {"type": "template", "payload": {"buttons": shown}}
    if quote is not None:
        message["quote_message_id"] = quote
    return message

"""Notices get their words when they are sent: one renderer for each kind, in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from domain.notices import NoticeKind
from handlers.engine.reply import Reply
from handlers.i18n import translator
from handlers.texts import (
    case_notices,
    case_status,
    chats,
    deadlines,
    dialogues,
    digest,
    linking,
    plans,
    platforms,
    quotas,
)
from handlers.texts.menus import main_menu

Renderer = Callable[[dict[str, Any], str], Reply]


def _slow_down(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _("You are writing very fast. I have kept everything and will read it one by one; please give me a moment.")
    return Reply(text=text)


def _message_set_aside(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "I am sorry, I could not handle your last message. It is kept for the administrator. "
        "Please try in other words, or call the ward office."
    )
    return Reply(text=text, choices=main_menu(language))


RENDERERS: dict[NoticeKind, Renderer] = {
    NoticeKind.SLOW_DOWN: _slow_down,
    NoticeKind.MESSAGE_SET_ASIDE: _message_set_aside,
    **case_notices.RENDERERS,
    **case_status.RENDERERS,
    **chats.RENDERERS,
    **deadlines.RENDERERS,
    **dialogues.RENDERERS,
    **digest.RENDERERS,
    **linking.RENDERERS,
    **plans.RENDERERS,
    **quotas.RENDERERS,
    **platforms.RENDERERS,
}


def render(body: dict[str, Any], language: str, *, case_id: int | None) -> Reply:
    """An outbox row's body as a message: a reply worded already, or a notice that finds its words now."""
    if "reply" in body:
        return Reply.from_json(body["reply"])
    reply = RENDERERS[NoticeKind(body["notice"])](body["params"], language)
    files: Sequence[int] = body.get("attachments", ())
    return replace(reply, case_id=case_id, attachments=reply.attachments or tuple(files))

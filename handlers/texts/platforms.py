"""What is said of the platforms themselves: a permission that has run out."""

from collections.abc import Callable
from typing import Any

from domain.notices import NoticeKind
from handlers.engine.reply import Reply
from handlers.i18n import translator


def _zalo_login_needed(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "⚠️ Zalo no longer lets me act for the Official Account of {ward}. Within a day nobody there will be answered.\n"
        "A manager of the Official Account should open this link and agree:\n{link}",
        ward=params["ward"], link=params["link"],
    )  # fmt: skip
    return Reply(text=text)


RENDERERS: dict[NoticeKind, Callable[[dict[str, Any], str], Reply]] = {
    NoticeKind.ZALO_LOGIN_NEEDED: _zalo_login_needed,
}

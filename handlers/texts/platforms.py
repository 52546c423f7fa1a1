"""What is said of the platforms themselves: a permission that has run out, somebody who cannot be told yet."""

from collections.abc import Callable
from typing import Any

from domain.notices import NoticeKind
from handlers.engine.reply import Reply
from handlers.i18n import plural_translator, translator
from handlers.texts.linking import channel_name


def _zalo_login_needed(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "⚠️ Zalo no longer lets me act for the Official Account of {ward}. Within a day nobody there will be answered.\n"
        "A manager of the Official Account should open this link and agree:\n{link}",
        ward=params["ward"], link=params["link"],
    )  # fmt: skip
    return Reply(text=text)


def _zalo_webhook_silent(params: dict[str, Any], language: str) -> Reply:
    n_ = plural_translator(language)
    text = n_(
        "⚠️ Zalo did not bring me {n} message of {ward}; I have read it from the history and answer it now. "
        "Please have the webhook switched on again at developers.zalo.me.",
        "⚠️ Zalo did not bring me {n} messages of {ward}; I have read them from the history and answer them now. "
        "Please have the webhook switched on again at developers.zalo.me.",
        params["missed"], ward=params["ward"],
    )  # fmt: skip
    return Reply(text=text)


def _zalo_history_differs(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    text = _(
        "⚠️ Zalo may not have brought me every message of {ward}, and its history does not tell me which. "
        "Please look in the Official Account for messages that nobody has answered. I go on looking."
    ).format(ward=params["ward"])
    return Reply(text=text)


def _case_untold(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    if params.get("in_doubt"):
        text = _(
            "📭 {code}: nobody knows whether the latest message has reached the resident: the line broke, and sending "
            "it again would cost money or the last message of the month. I send it again when they next write; if it "
            "is urgent, please tell them another way.",
            code=params["code"],
        )  # fmt: skip
        return Reply(text=text)
    text = _(
        "📭 {code}: the resident could not be told yet: they have blocked us, not written on Zalo for too long, or "
        "this month's messages are used up. I tell them as soon as I can; if it is urgent, please tell them "
        "another way.",
        code=params["code"],
    )  # fmt: skip
    return Reply(text=text)


def _case_told(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    return Reply(text=_("📬 {code}: the resident has now been told.", code=params["code"]))


def _official_untold(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    who = f"{params['name']} ({params['unit']})" if params["unit"] else params["name"]
    channel = channel_name(params["channel"], language)
    if params["lost"]:
        text = _(
            "⚠️ {who} did not get news of a case: they have blocked me on {channel} or left it. Please ask them to "
            "write to me again, or invite somebody else to their desk.",
            who=who, channel=channel,
        )  # fmt: skip
        return Reply(text=text)
    text = _(
        "⚠️ {who} has not got news of a case: {channel} takes nothing for somebody who has not written there for "
        "days. Please ask them to write anything to me there. A group of the unit is told at any time.",
        who=who, channel=channel,
    )  # fmt: skip
    return Reply(text=text)


RENDERERS: dict[NoticeKind, Callable[[dict[str, Any], str], Reply]] = {
    NoticeKind.ZALO_LOGIN_NEEDED: _zalo_login_needed,
    NoticeKind.ZALO_WEBHOOK_SILENT: _zalo_webhook_silent,
    NoticeKind.ZALO_HISTORY_DIFFERS: _zalo_history_differs,
    NoticeKind.CASE_UNTOLD: _case_untold,
    NoticeKind.CASE_TOLD: _case_told,
    NoticeKind.OFFICIAL_UNTOLD: _official_untold,
}

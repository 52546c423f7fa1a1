"""What the administrators are told of a plan that is nearly used up: messages of a month, people of an account."""

from collections.abc import Callable
from typing import Any

from domain.notices import NoticeKind
from handlers.engine.reply import Reply
from handlers.i18n import N_, translator

SENTENCES = {
    "messages_near": N_(
        "⚠️ {channel}: {used} of {most} messages of this month are used. When they are gone, people there are told "
        "nothing more until next month. Please think of a larger plan, or of a Zalo Official Account."
    ),
    "messages_gone": N_(
        "⛔ {channel}: all {most} messages of this month are used. What is owed there waits until next month, or until "
        "the plan is larger (then change ZALO_BOT_MONTHLY_MESSAGES). Messages from people still arrive."
    ),
    "refused": N_(
        "⛔ {channel}: the platform takes no more messages (429), although only {used} of {most} are counted here. "
        "What is owed there waits; I try again once an hour. Please look at the account's page."
    ),
    "people_near": N_(
        "⚠️ {channel}: {used} of {most} people use the assistant there. Beyond that newcomers may get no answer. Please "
        "think of a larger plan, or of a Zalo Official Account."
    ),
    "people_full": N_(
        "⛔ {channel}: {used} people use the assistant there; the plan is for {most}. Newcomers may get no answer. "
        "Please point them to the web page or to another channel."
    ),
}
CHANNELS = {"zalo_bot": "Zalo Bot"}


def _quota(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    name = CHANNELS.get(params["channel"], params["channel"])
    sentence = SENTENCES[params["what"]]
    return Reply(text=_(sentence, channel=name, used=params["used"], most=params["most"]))


RENDERERS: dict[NoticeKind, Callable[[dict[str, Any], str], Reply]] = {NoticeKind.QUOTA: _quota}

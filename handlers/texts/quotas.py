"""What the administrators are told of a plan that is nearly used up: messages of a month, people of an account."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.notices import NoticeKind
from handlers.engine.reply import Reply
from handlers.i18n import N_, translator

SENTENCES = {
    "messages_near": N_(
        "⚠️ {channel}: {used} of {most} messages of this month are used. When they are gone, people there are told "
        "nothing more until next month. Please think of a larger plan. {advice}"
    ),
    "messages_last": N_(
        "⚠️ {channel}: {used} of {most} messages of this month are used. When the last ones are gone, I can tell nobody "
        "anything there, you included, until next month or until the plan is larger (then change {setting})."
    ),
    "messages_gone": N_(
        "⛔ {channel}: all {most} messages of this month are used. What is owed there waits until next month, or until "
        "the plan is larger (then change {setting}). Messages from people still arrive."
    ),
    "refused": N_(
        "⛔ {channel}: the platform takes no more messages: its quota is used up, although {used} are counted here "
        "this month. What is owed there waits; I try again once an hour. Please look at the account's page."
    ),
    "people_near": N_(
        "⚠️ {channel}: {used} of {most} people use the assistant there. Beyond that newcomers may get no answer. Please "
        "think of a larger plan. {advice}"
    ),
    "people_full": N_(
        "⛔ {channel}: {used} people use the assistant there; the plan is for {most}. Newcomers may get no answer. "
        "Please point them to the web page or to another channel."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a platform's plan is called where people read and set it; `advice` is what else might help."""

    name: str
    setting: str
    advice: str = ""


PLANS = {
    "zalo_bot": Plan(
        name="Zalo Bot", setting="ZALO_BOT_MONTHLY_MESSAGES", advice=N_("A Zalo Official Account has room for more.")
    ),
    "zalo_oa": Plan(name="Zalo Official Account", setting="ZALO_OA_MONTHLY_MESSAGES"),
}


def _quota(params: dict[str, Any], language: str) -> Reply:
    _ = translator(language)
    plan = PLANS.get(params["channel"]) or Plan(name=params["channel"], setting="")
    sentence = SENTENCES[params["what"]]
    text = _(
        sentence, channel=plan.name, used=params["used"], most=params["most"], setting=plan.setting,
        advice=_(plan.advice) if plan.advice else "",
    )  # fmt: skip
    return Reply(text=text.strip())


RENDERERS: dict[NoticeKind, Callable[[dict[str, Any], str], Reply]] = {NoticeKind.QUOTA: _quota}

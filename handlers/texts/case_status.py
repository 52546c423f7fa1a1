"""The message that shows a resident how their case stands: said when it is received, kept up to date after that."""

from collections.abc import Callable
from datetime import date
from typing import Any

from domain.case import Status
from domain.notices import NoticeKind
from handlers.engine.reply import Choice, Reply
from handlers.i18n import N_, translator
from handlers.texts.formats import day

Params = dict[str, Any]

_STANDS = {
    Status.ACCEPTED: N_("📌 {code}\n{unit} has taken it up and answers by {day} at the latest."),
    Status.WAITING: N_("❓ {code}\n{unit} has asked you something and waits for what you add."),
    Status.ANSWERED: N_("✅ {code}\n{unit} has answered; the answer is further down."),
    Status.CLOSED: N_("📁 {code}\nClosed. Thank you for telling the ward."),
    Status.WITHDRAWN: N_("🚫 {code}\nYou have withdrawn it."),
}


def case_received(params: Params, language: str) -> str:
    """What a resident is told when their case is received."""
    _ = translator(language)
    text = _(
        "✅ Received: {code}\n{unit} is in charge and answers by {day} at the latest.\n"
        "I will tell you every step. Send /hoso to see it."
    )
    return text.format(**_told(params, language))


def case_status(params: Params, language: str) -> Reply:
    """The same message as the case stands now."""
    _ = translator(language)
    stands = _STANDS.get(Status(params["status"]))
    text = _(stands).format(**_told(params, language)) if stands else case_received(params, language)
    see = Choice(id=f"/hoso {params['code']}", label=_("See the case"), also=("xem", "hồ sơ"))
    return Reply(text=text, choices=(see,))


def _told(params: Params, language: str) -> Params:
    return params | {"day": day(date.fromisoformat(params["due_on"]), language)}


RENDERERS: dict[NoticeKind, Callable[[Params, str], Reply]] = {NoticeKind.CASE_STATUS: case_status}

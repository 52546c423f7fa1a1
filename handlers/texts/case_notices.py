"""What a resident and a unit are told about a case: one renderer for each kind of notice."""

from collections.abc import Callable
from datetime import date
from typing import Any

from domain.case import Act
from domain.notices import NoticeKind
from handlers.engine.reply import Choice, Reply
from handlers.i18n import translator
from handlers.texts.cards import case_card, moved_card
from handlers.texts.files import files_in
from handlers.texts.formats import day, quote

Params = dict[str, Any]

# --- the resident -----------------------------------------------------------------------------------------------------


def _accepted(params: Params, language: str) -> Reply:
    _ = translator(language)
    text = _("📌 {code}: {unit} has taken it up and answers by {day} at the latest.")
    return Reply(text=text.format(**_told(params, language)), choices=(_see(params["code"], language),))


def _transferred(params: Params, language: str) -> Reply:
    _ = translator(language)
    text = _("↪️ {code} has been passed on to {unit}.\nWhy: {reason}\nYou still get the answer by {day} at the latest.")
    told = _told(params, language) | {"reason": quote(params["reason"])}
    return Reply(text=text.format(**told), choices=(_see(params["code"], language),))


def asked(params: Params, language: str) -> Reply:
    """The question as the resident reads it; the official sees this very text before sending it."""
    _ = translator(language)
    text = _("❓ {code}: {unit} needs to know more from you:\n\n{text}\n\n↩️ Please reply to this message, photos too.")
    add = Choice(id=f"/bosung {params['code']}", label=_("Answer them"), also=("trả lời", "bổ sung", "add"))
    told = _told(params, language) | {"text": params["text"] or _("(please see what is attached)")}
    return Reply(text=text.format(**told), choices=(add, _see(params["code"], language)))


def answered(params: Params, language: str) -> Reply:
    """The answer as the resident reads it; the official sees this very text before sending it."""
    _ = translator(language)
    code = params["code"]
    text = _("✅ {code}: {unit} has answered you:\n\n{text}\n\nWas it solved? Please tell us.")
    choices = (
        Choice(id=f"/danhgia {code}", label=_("Rate the answer"), also=("đánh giá", "rate")),
        Choice(id=f"/molai {code}", label=_("Not solved, reopen"), also=("mở lại", "chưa xong", "reopen")),
        Choice(id=f"/bosung {code}", label=_("Add something"), also=("bổ sung", "thêm", "add")),
    )
    said = params["text"] or _("(please see what is attached)")
    return Reply(text=text.format(**_told(params, language) | {"text": said}), choices=choices)


def _closed(params: Params, language: str) -> Reply:
    _ = translator(language)
    code = params["code"]
    text = _("📁 {code} is closed. Thank you for telling the ward. If it is not solved, you may reopen it once.")
    choices = (
        Choice(id=f"/danhgia {code}", label=_("Rate the answer"), also=("đánh giá", "rate")),
        Choice(id=f"/molai {code}", label=_("Not solved, reopen"), also=("mở lại", "chưa xong", "reopen")),
    )
    return Reply(text=text.format(code=code), choices=choices)


def _told(params: Params, language: str) -> Params:
    return params | {"day": day(date.fromisoformat(params["due_on"]), language)}


def _see(code: str, language: str) -> Choice:
    _ = translator(language)
    return Choice(id=f"/hoso {code}", label=_("See the case"), also=("xem", "hồ sơ"))


# --- the unit ---------------------------------------------------------------------------------------------------------


def _added(params: Params, language: str) -> Reply:
    _ = translator(language)
    files = files_in(params.get("files", ()), language)
    by_reply = _("💬 Reply to this message to answer the resident.")
    lines = [
        _("➕ {code}: the resident added:", code=params["code"]),
        *([params["text"]] if params["text"] else []),
        *([_("📍 Place: {place}", place=params["place"])] if params["place"] else []),
        *([files] if files else []),
        by_reply,
    ]
    return Reply(text="\n".join(lines), choices=_desk(params["code"], language), by_reply=by_reply)


def _withdrawn(params: Params, language: str) -> Reply:
    _ = translator(language)
    text = _("🚫 {code}: the resident has withdrawn it; nothing more is to be done.")
    return Reply(text=text.format(code=params["code"]))


def _reopened(params: Params, language: str) -> Reply:
    _ = translator(language)
    text = _("🔁 {code}: the resident says that it is not solved and has reopened it:\n{text}")
    return Reply(text=text.format(code=params["code"], text=quote(params["text"]) or _("(no reason given)")))


def _rated(params: Params, language: str) -> Reply:
    _ = translator(language)
    text = _("{stars} {code}: the resident rated the answer {number} of 5. {text}")
    said = {"stars": "⭐" * params["stars"], "number": params["stars"], "text": quote(params["text"])}
    return Reply(text=text.format(code=params["code"], **said).rstrip())


def _taken_away(params: Params, language: str) -> Reply:
    _ = translator(language)
    text = _("↪️ {code}: {who} has passed it on to {unit}; it is theirs now.")
    return Reply(text=text.format(code=params["code"], who=params["who"], unit=params["unit"]))


def handled(params: Params, language: str) -> Reply:
    """One line on what a colleague did: in the group where it was done, and to those who have the card elsewhere."""
    _ = translator(language)
    lines = {
        Act.ACCEPT: _("✅ {code}: {who} has taken it up."),
        Act.ASK: _("✅ {code}: {who} has asked the resident for more."),
        Act.ANSWER: _("✅ {code}: {who} has answered the resident."),
        Act.CLOSE: _("✅ {code}: {who} has closed it."),
        Act.NOTE: _("✅ {code}: the note is kept (the resident does not see it)."),
    }
    return Reply(text=lines[Act(params["act"])].format(code=params["code"], who=params["who"]))


def _desk(code: str, language: str) -> tuple[Choice, ...]:
    _ = translator(language)
    return (
        Choice(id=f"/traloi {code}", label=_("Answer"), also=("trả lời", "answer")),
        Choice(id=f"/xem {code}", label=_("See all"), also=("xem", "view")),
    )


RENDERERS: dict[NoticeKind, Callable[[Params, str], Reply]] = {
    NoticeKind.CASE_CARD: case_card,
    NoticeKind.CASE_CARD_MOVED: moved_card,
    NoticeKind.CASE_ACCEPTED: _accepted,
    NoticeKind.CASE_TRANSFERRED: _transferred,
    NoticeKind.CASE_ASKED: asked,
    NoticeKind.CASE_ANSWERED: answered,
    NoticeKind.CASE_CLOSED: _closed,
    NoticeKind.CASE_ADDED: _added,
    NoticeKind.CASE_WITHDRAWN: _withdrawn,
    NoticeKind.CASE_REOPENED: _reopened,
    NoticeKind.CASE_RATED: _rated,
    NoticeKind.CASE_TAKEN_AWAY: _taken_away,
    NoticeKind.CASE_HANDLED: handled,
}

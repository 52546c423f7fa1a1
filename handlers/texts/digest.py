"""The weekly digest in words: short lines for a phone, figures and published titles only."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from domain.notices import NoticeKind
from domain.texts import shorten
from handlers.engine.reply import Reply
from handlers.i18n import plural_translator, translator
from handlers.texts.dialogues import moment
from handlers.texts.formats import short_day

TEXT_MAX_CHARS = 3500
TITLE_MAX_CHARS = 120
PLACE_MAX_CHARS = 100

Params = dict[str, Any]


def render_digest(params: Params, language: str) -> Reply:
    """The digest as the groups read it; at most TEXT_MAX_CHARS, whatever the ward's titles are like."""
    _ = translator(language)
    first_on, last_on = date.fromisoformat(params["first_on"]), date.fromisoformat(params["last_on"])
    head = _(
        "📰 WEEKLY DIGEST – {ward}\n{first} – {last}",
        ward=params["ward"], first=f"{first_on:%d/%m}", last=short_day(last_on),
    )  # fmt: skip
    parts = [section(params, language) for section in (_items, _opinions, _dialogues, _cases)]
    foot = _("💬 Write to me in private to report something, to ask, or to read the plan (/kehoach).")
    text = "\n\n".join([head, *filter(None, parts), foot])
    return Reply(text=text if len(text) <= TEXT_MAX_CHARS else text[: TEXT_MAX_CHARS - 1].rstrip() + "…")


def nothing_to_say(language: str) -> str:
    """The sentence for a week without anything to tell."""
    _ = translator(language)
    return _("There is nothing to tell this week, so no digest would be sent.")


def _items(params: Params, language: str) -> str:
    if not params["items"]:
        return ""
    _ = translator(language)
    n_ = plural_translator(language)
    lines = [_("📌 Newly published:")]
    lines += [f"• {shorten(title, TITLE_MAX_CHARS)}" for _number, title in params["items"]]
    if params["items_more"]:
        lines.append(n_("… and {n} more: /kehoach", "… and {n} more: /kehoach", params["items_more"]))
    return "\n".join(lines)


def _opinions(params: Params, language: str) -> str:
    if not params["open_items"]:
        return ""
    n_ = plural_translator(language)
    lines = [
        n_(
            "🗳️ {n} plan item is open to your opinion: /kehoach", "🗳️ {n} plan items are open to your opinion: /kehoach",
            params["open_items"],
        )
    ]  # fmt: skip
    if params["opinions"]:
        lines.append(n_("• {n} opinion in the week", "• {n} opinions in the week", params["opinions"]))
    return "\n".join(lines)


def _dialogues(params: Params, language: str) -> str:
    if not params["dialogues"]:
        return ""
    _ = translator(language)
    n_ = plural_translator(language)
    lines = [_("🤝 Dialogue with the people:")]
    for _id, title, held_at, place, questions in params["dialogues"]:
        when = moment(datetime.fromisoformat(held_at), params["timezone"], language)
        lines.append(f"• {shorten(title, TITLE_MAX_CHARS)}")
        lines.append(f"  {when}, {shorten(place, PLACE_MAX_CHARS)}")
        if questions:
            lines.append(
                n_("  {n} question so far; yours: /doithoai", "  {n} questions so far; yours: /doithoai", questions)
            )
        else:
            lines.append(_("  Send your question: /doithoai"))
    return "\n".join(lines)


def _cases(params: Params, language: str) -> str:
    _ = translator(language)
    lines = [
        _("📊 Reports and proposals:"),
        _("• received in the week: {n}", n=params["received"]),
        _("• answered in the week: {n}", n=params["answered"]),
        _("• being handled: {n}", n=params["open"]),
        _("• of these overdue: {n}", n=params["overdue"]),
    ]
    if params["on_time_percent"] is not None:
        lines.append(_("• answered on time: {percent}%", percent=params["on_time_percent"]))
    return "\n".join(lines)


RENDERERS: dict[NoticeKind, Callable[[Params, str], Reply]] = {NoticeKind.DIGEST: render_digest}

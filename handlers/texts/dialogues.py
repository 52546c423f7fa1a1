"""Dialogue sessions in words: the card everybody reads, and the notices to groups and to whoever asked."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.dialogue import DialogueSession, DialogueStatus
from domain.notices import NoticeKind
from handlers.engine.reply import Choice, Reply
from handlers.i18n import N_, translator
from handlers.texts.formats import day

Params = dict[str, Any]

_STATUSES = {
    DialogueStatus.ANNOUNCED: N_("announced"),
    DialogueStatus.HELD: N_("held"),
    DialogueStatus.CANCELLED: N_("cancelled"),
}


def moment(at: datetime, timezone: str, language: str) -> str:
    """When a session is, by the ward's clock: "08:30, thứ Bảy, 05/12/2026"."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%H:%M}, {day(local.date(), language)}"


def status_of(session: DialogueSession, language: str) -> str:
    """What a session's state is called."""
    return translator(language)(_STATUSES[session.status])


def details(title: str, held_at: datetime, place: str, topics: Sequence[str], timezone: str, language: str) -> str:
    """Title, time, place and topics, a line each."""
    _ = translator(language)
    lines = [
        f"🤝 {title}",
        f"📅 {moment(held_at, timezone, language)}",
        f"📍 {place}",
    ]
    if topics:
        lines += [_("📝 Topics:"), *(f"• {topic}" for topic in topics)]
    return "\n".join(lines)


def session_details(session: DialogueSession, timezone: str, language: str) -> str:
    """A stored session as people read it."""
    return details(session.title, session.held_at, session.place, session.topics, timezone, language)


def render_dialogue(params: Params, language: str) -> Reply:
    """A session announced or cancelled, for a group of the ward; cancelled also for whoever sent it questions."""
    _ = translator(language)
    held_at = datetime.fromisoformat(params["held_at"])
    if params["status"] == DialogueStatus.CANCELLED:
        return _cancelled(params, held_at, language)
    body = details(params["title"], held_at, params["place"], params["topics"], params["timezone"], language)
    text = _(
        "📣 {ward} invites everybody to a dialogue:\n\n{details}\n\n"
        "Would you like to ask something? Write to me in private: /doithoai. Your name is not shown to others.",
        ward=params["ward"][:1].upper() + params["ward"][1:], details=body,
    )  # fmt: skip
    return Reply(text=text)


def _cancelled(params: Params, held_at: datetime, language: str) -> Reply:
    _ = translator(language)
    text = _(
        "❌ This dialogue will not be held: {title} ({moment}).\nWhy: {reason}",
        title=params["title"], moment=moment(held_at, params["timezone"], language), reason=params["reason"],
    )  # fmt: skip
    codes = params["codes"]
    if not codes:
        return Reply(text=text)
    kept = _("Your question ({codes}) is kept, and the unit in charge still answers it.", codes=", ".join(codes))
    return Reply(text=f"{text}\n\n{kept}", choices=(Choice(id="/hoso", label=_("My cases")),))


RENDERERS: dict[NoticeKind, Callable[[Params, str], Reply]] = {NoticeKind.DIALOGUE_ANNOUNCED: render_dialogue}

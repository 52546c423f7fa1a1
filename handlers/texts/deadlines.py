"""Reminders of due days in words: how near or how late, by which article, and how the days were counted."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from domain.deadlines import RULES
from domain.notices import NoticeKind
from domain.workdays import SkipReason
from handlers.engine.reply import Choice, Reply
from handlers.i18n import plural_translator, translator
from handlers.texts.formats import day, quote, short_day

Params = dict[str, Any]


def render_reminder(params: Params, language: str) -> Reply:
    """A reminder for a unit or a leader, with buttons to see the case and to answer it."""
    _ = translator(language)
    lines = [
        _HEADS[params["reminder"]](params, language),
        _("📂 {category} – {unit}", category=_category(params, language), unit=params["unit"]),
        *([f"📝 {quote(params['quote'])}"] if params["quote"] else []),
        _("📅 Due: {day}", day=day(date.fromisoformat(params["due_on"]), language)),
        _count(params, language),
    ]
    code = params["code"]
    choices = (
        Choice(id=f"/xem {code}", label=_("See the case"), also=("xem",)),
        Choice(id=f"/traloi {code}", label=_("Answer"), also=("trả lời",)),
    )
    return Reply(text="\n".join(lines), choices=choices)


def _near(params: Params, language: str) -> str:
    _, n_ = translator(language), plural_translator(language)
    if params["left"] == 0:
        return _("⏰ {code} is due today.", code=params["code"])
    return n_(
        "⏰ {code}: {n} working day left to answer.", "⏰ {code}: {n} working days left to answer.",
        params["left"], code=params["code"],
    )  # fmt: skip


def _past(params: Params, language: str) -> str:
    n_ = plural_translator(language)
    return n_(
        "⚠️ {code} is {n} working day overdue. Please answer it, or tell the resident why it takes longer.",
        "⚠️ {code} is {n} working days overdue. Please answer it, or tell the resident why it takes longer.",
        max(1, params["late"]), code=params["code"],
    )  # fmt: skip


def _leader(params: Params, language: str) -> str:
    n_ = plural_translator(language)
    return n_(
        "⚠️ For the leader: {code} is {n} working day overdue; the unit has been reminded and has not answered.",
        "⚠️ For the leader: {code} is {n} working days overdue; the unit has been reminded and has not answered.",
        max(1, params["late"]), code=params["code"],
    )  # fmt: skip


def _outer(params: Params, language: str) -> str:
    _ = translator(language)
    return _(
        "🔴 For the leader: {code} has waited since {began}. If nothing is done by {outer}, whoever is responsible "
        "answers for it by law.",
        code=params["code"], began=short_day(date.fromisoformat(params["began_on"])),
        outer=day(date.fromisoformat(params["outer_on"]), language),
    )  # fmt: skip


_HEADS: dict[str, Callable[[Params, str], str]] = {
    "near": _near, "past": _past, "leader": _leader, "outer": _outer,
}  # fmt: skip


def _category(params: Params, language: str) -> str:
    return str(params["category_en"] if language == "en" else params["category_vi"])


def _count(params: Params, language: str) -> str:
    """How the period was counted, so that nobody has to take the day on trust."""
    _ = translator(language)
    rule = RULES[params["rule"]]
    values = {
        "period": params["period"], "article": rule.article, "began": short_day(date.fromisoformat(params["began_on"])),
    }  # fmt: skip
    if params["reminder"] == "outer":
        return _("⚖️ {period} days from {began} ({article}).", **values)
    if params["reopened"]:
        text = _("⚖️ {period} working days from the reopening on {began} ({article})", **values)
    else:
        text = _("⚖️ {period} working days from {began}, the day of receipt not counted ({article})", **values)
    skipped = _skipped(params["skipped"], language)
    return f"{text}; {skipped}." if skipped else f"{text}."


def _skipped(skipped: Iterable[Iterable[str]], language: str) -> str:
    _ = translator(language)
    by_reason: dict[str, list[str]] = {}
    for on, reason in skipped:
        by_reason.setdefault(reason, []).append(f"{date.fromisoformat(on):%d/%m}")
    holidays = ", ".join(by_reason.get(SkipReason.HOLIDAY, ()))
    weekends = SkipReason.WEEKEND in by_reason
    if holidays and weekends:
        return _("weekends and days off ({days}) are left out", days=holidays)
    if holidays:
        return _("days off ({days}) are left out", days=holidays)
    return _("weekends are left out") if weekends else ""


def render_back_at_desk(params: Params, language: str) -> Reply:
    """What waits at the desk of an official who could not be reached for a while."""
    _, n_ = translator(language), plural_translator(language)
    lines = [
        _("📋 For a while I could not write to you. What I had to say then is not repeated."),
        n_("{n} case is open at your desk.", "{n} cases are open at your desk.", params["open"]),
    ]
    if params["overdue"]:
        lines.append(n_("⚠️ {n} of them is overdue.", "⚠️ {n} of them are overdue.", params["overdue"]))
    return Reply(text="\n".join(lines), choices=(Choice(id="/viec", label=_("Open cases"), also=("việc", "queue")),))


RENDERERS: dict[NoticeKind, Callable[[Params, str], Reply]] = {
    NoticeKind.CASE_DUE_SOON: render_reminder,
    NoticeKind.CASE_OVERDUE: render_reminder,
    NoticeKind.BACK_AT_DESK: render_back_at_desk,
}

"""A case on a card: the unit's card for its group, the official's full view, and history lines for everybody."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from domain.case import MOVES, OPEN_STATUSES, Act, Case, Status
from domain.files import FileGist
from domain.texts import shorten
from domain.workdays import WorkCalendar
from handlers.engine.reply import Choice, Reply
from handlers.i18n import N_, translator
from handlers.texts.files import files_in, files_line
from handlers.texts.formats import act_name, day, due, instant, kind_name, place_line, quote, status_name
from storage.case_events import CaseEvent
from storage.wards import StoredWard

CARD_TEXT_MAX_CHARS = 2500
HISTORY_LINES_MAX = 15
_MARKS = {
    Status.ACCEPTED: "📌", Status.WAITING: "❓", Status.ANSWERED: "✅", Status.CLOSED: "📁", Status.WITHDRAWN: "🚫",
}  # fmt: skip
# What a resident waits to read is shown whole; everything else in a history is quoted.
_SHOWN_WHOLE = frozenset({Act.ANSWER, Act.ASK})

UNTOLD = N_("📭 The resident does not know the latest yet: it reaches them when they next write to us.")
IN_DOUBT = N_(
    "📭 Nobody knows whether the latest has reached the resident: it is sent once more when they next write to us."
)

Params = dict[str, Any]


def case_card(params: Params, language: str) -> Reply:
    """The unit's card of a case (params: actions.show_case) as the case stands now; never who wrote it.

    `news`: it comes for the first time, again, or from another unit, and says so.
    """
    _ = translator(language)
    status = Status(params["status"])
    by_reply = _("💬 Reply to this card to answer the resident.") if status in OPEN_STATUSES else ""
    lines = [
        _head(params, status, language),
        *([_("Why: {reason}", reason=quote(params["reason"]))] if params.get("reason") else []),
        *([_("👤 Handled by: {name}", name=params["handled_by"])] if params.get("handled_by") else []),
        f"📂 {params['category_en' if language == 'en' else 'category_vi']} · {kind_name(params['kind'], language)}",
        *_place_and_files(params, language),
        *([_(IN_DOUBT if params.get("in_doubt") else UNTOLD)] if params.get("untold") else []),
        *([_due(params, language)] if status in OPEN_STATUSES else []),
        "",
        shorten_lines(params["text"], CARD_TEXT_MAX_CHARS),
        *(["", by_reply] if by_reply else []),
    ]
    choices = desk_choices(params["code"], status, language, seen=False)
    return Reply(text="\n".join(lines), choices=choices, by_reply=by_reply)


def _head(params: Params, status: Status, language: str) -> str:
    _ = translator(language)
    if params.get("reason"):
        head = _("📥 {code} · passed on to {unit}")
    elif status is not Status.RECEIVED:
        return f"{_MARKS[status]} {params['code']} · {status_name(status, language)}"
    elif params.get("reopened"):
        head = _("🔁 {code} · reopened, for {unit}")
    else:
        head = _("🆕 {code} · new case for {unit}")
    return head.format(unit=params["unit"], code=params["code"])


def _due(params: Params, language: str) -> str:
    _ = translator(language)
    on = day(date.fromisoformat(params["due_on"]), language)
    return _("🔴 Overdue since {day}", day=on) if params.get("overdue") else _("⏰ Answer by: {day}", day=on)


def moved_card(params: Params, language: str) -> Reply:
    """What is left of a card at the unit that passed its case on: nothing of the case, and nothing to press."""
    _ = translator(language)
    return Reply(text=_("↪️ {code} · passed on to {unit} by {who}").format(**params))


def _place_and_files(params: Params, language: str) -> list[str]:
    where = place_line(params["place"], params["latitude"], params["longitude"], language)
    files = files_in(params.get("files", ()), language)
    _ = translator(language)
    return [
        *([_("📍 Place: {place}", place=where)] if where else []),
        *([files] if files else []),
    ]


def shorten_lines(text: str, limit: int) -> str:
    """A text as it was written if it fits, else its beginning in one line."""
    return text.strip() if len(text) <= limit else shorten(text, limit)


def case_view(
    case: Case,
    ward: StoredWard,
    history: Sequence[CaseEvent],
    *,
    assignee: str,
    files: Iterable[FileGist],
    today: date,
    language: str,
    untold: bool = False,
    in_doubt: bool = False,
) -> str:
    """A case as the desk sees it: all of it, with notes and names, but not who the resident is."""
    _ = translator(language)
    sent = files_line(files, language)
    where = place_line(case.place, case.latitude, case.longitude, language)
    left = due(case.due_on, today, ward.ward.calendar, language)
    lines = [
        f"📄 {case.code} · {status_name(case.status, language)}",
        f"📂 {ward.category_name(case.category_id, language)} · {kind_name(case.kind, language)}",
        _("🏢 In charge: {unit}", unit=ward.unit_names[case.unit_id]),
        *([_("👤 Handled by: {name}", name=assignee)] if assignee else []),
        *([_("📍 Place: {place}", place=where)] if where else []),
        *([sent] if sent else []),
        *([_("⏰ Answer by: {day} ({left})", day=day(case.due_on, language), left=left)] if case.is_open else []),
        *([_(IN_DOUBT if in_doubt else UNTOLD)] if untold else []),
        "",
        case.text,
        "",
        *history_lines(history, language, ward.ward.timezone, desk=True),
    ]
    return "\n".join(lines)


def history_lines(history: Iterable[CaseEvent], language: str, timezone: str, *, desk: bool = False) -> list[str]:
    """A history as lines, oldest first; names, units' codes and notes only for the desk. The last ones if many."""
    shown = [done for done in history if desk or done.public]
    lines = [_history_line(done, language, timezone, desk=desk) for done in shown[-HISTORY_LINES_MAX:]]
    return ["…", *lines] if len(shown) > HISTORY_LINES_MAX else lines


def _history_line(done: CaseEvent, language: str, timezone: str, *, desk: bool) -> str:
    mark = "🔒" if done.act is Act.NOTE else "•"
    who = f" – {done.actor_name}" if desk and done.actor_name else ""
    head = f"{mark} {instant(done.at, timezone, language)}: {act_name(done.act, language)}"
    more = [_moved(done) if desk else "", "⭐" * int(done.details.get("stars", 0))]
    said = done.text.strip() if done.act in _SHOWN_WHOLE else quote(done.text)
    return "\n   ".join(part for part in (" ".join(part for part in (head + who, *more) if part), said) if part)


def _moved(done: CaseEvent) -> str:
    return f"({done.details['from']} → {done.details['to']})" if done.act is Act.TRANSFER else ""


def desk_choices(code: str, status: Status | str, language: str, *, seen: bool) -> tuple[Choice, ...]:
    """What the desk may do with a case in this state, as buttons; `seen` leaves out the button that shows it."""
    _ = translator(language)
    offered = (
        (Act.ACCEPT, Choice(id=f"/nhan {code}", label=_("Take up"), also=("nhận", "take"))),
        (Act.ANSWER, Choice(id=f"/traloi {code}", label=_("Answer"), also=("trả lời", "answer"))),
        (Act.ASK, Choice(id=f"/hoithem {code}", label=_("Ask for more"), also=("hỏi thêm", "ask"))),
        (Act.TRANSFER, Choice(id=f"/chuyen {code}", label=_("Pass on"), also=("chuyển", "transfer"))),
        (Act.CLOSE, Choice(id=f"/dong {code}", label=_("Close"), also=("đóng", "close"))),
        (Act.NOTE, Choice(id=f"/ghichu {code}", label=_("Note"), also=("ghi chú", "note"))),
    )
    see = Choice(id=f"/xem {code}", label=_("See all"), also=("xem", "view"))
    legal = {act for (where, act) in MOVES if where == Status(status)}
    shown = legal if seen else legal - {Act.NOTE}
    return (*(choice for act, choice in offered if act in shown), *(() if seen else (see,)))


def due_line(case: Case, today: date, calendar: WorkCalendar, language: str) -> str:
    """The state and the time left of a case, for lists."""
    mark = "🔴" if case.due_on < today else "🟡" if calendar.workdays_between(today, case.due_on) <= 1 else "⏳"
    return f"{mark} {due(case.due_on, today, calendar, language)} · {status_name(case.status, language)}"

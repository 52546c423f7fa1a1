"""How days, instants, places, quotations and the names of kinds, states, acts and roles are worded."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.case import Act, CaseKind, Status
from domain.people import Role
from domain.texts import shorten
from domain.workdays import WorkCalendar
from handlers.i18n import N_, plural_translator, translator

QUOTE_CHARS = 300
MAP_URL = (
    "https://www.openstreetmap.org/?mlat={latitude:.5f}&mlon={longitude:.5f}#map=18/{latitude:.5f}/{longitude:.5f}"
)

_WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip

_KINDS = {
    CaseKind.REPORT: N_("report"),
    CaseKind.PETITION: N_("petition"),
    CaseKind.QUESTION: N_("question"),
    CaseKind.COMPLAINT: N_("complaint against a decision"),
    CaseKind.DENUNCIATION: N_("denunciation"),
}

_STATUSES = {
    Status.RECEIVED: N_("received"),
    Status.ACCEPTED: N_("being handled"),
    Status.WAITING: N_("waiting for the resident"),
    Status.ANSWERED: N_("answered"),
    Status.CLOSED: N_("closed"),
    Status.WITHDRAWN: N_("withdrawn"),
}

_ACTS = {
    Act.SUBMIT: N_("submitted"),
    Act.ACCEPT: N_("taken up"),
    Act.TRANSFER: N_("passed to another unit"),
    Act.ASK: N_("asked for more"),
    Act.ADD: N_("added to"),
    Act.NOTE: N_("noted (internal)"),
    Act.ANSWER: N_("answered"),
    Act.CLOSE: N_("closed"),
    Act.WITHDRAW: N_("withdrawn"),
    Act.RATE: N_("rated"),
    Act.REOPEN: N_("reopened"),
}

_ROLES = {
    Role.RECEPTION: N_("reception"),
    Role.MEMBER: N_("case officer"),
    Role.LEADER: N_("leader"),
    Role.EDITOR: N_("editor"),
    Role.ADMIN: N_("administrator"),
}


def day(on: date, language: str) -> str:
    """A day with its weekday: "thứ Ba, 24/11/2026"."""
    return f"{weekday(on, language)}, {short_day(on)}"


def weekday(on: date, language: str) -> str:
    """The weekday alone: "thứ Ba"."""
    return translator(language)(_WEEKDAYS[on.weekday()])


def weekdays(days: Iterable[int], language: str) -> str:
    """Several weekdays (0 = Monday) in their order: "thứ Ba, thứ Năm"."""
    return ", ".join(translator(language)(_WEEKDAYS[one]) for one in sorted(days))


def short_day(on: date) -> str:
    """A day in figures: "24/11/2026"."""
    return f"{on:%d/%m/%Y}"


def instant(at: datetime, timezone: str, language: str) -> str:
    """An instant as the ward's clock shows it: "15:32 ngày 24/11/2026"."""
    local = at.astimezone(ZoneInfo(timezone))
    _ = translator(language)
    return _("{clock} on {day}", clock=f"{local:%H:%M}", day=short_day(local.date()))


def due(due_on: date, today: date, calendar: WorkCalendar, language: str) -> str:
    """How much time is left, in working days: "còn 3 ngày làm việc", "hạn là hôm nay", "quá hạn 2 ngày làm việc"."""
    _, n_ = translator(language), plural_translator(language)
    if due_on == today:
        return _("due today")
    if due_on > today:
        left = calendar.workdays_between(today, due_on)
        return n_("{n} working day left", "{n} working days left", left)
    late = max(1, calendar.workdays_between(due_on, today))
    return n_("{n} working day overdue", "{n} working days overdue", late)


def place_line(label: str, latitude: float | None, longitude: float | None, language: str) -> str:
    """A place as plain text: what it is called, and a map link when its point (degrees) is known; "" for neither."""
    if latitude is None or longitude is None:
        return label.strip()
    link = MAP_URL.format(latitude=latitude, longitude=longitude)
    _ = translator(language)
    name = label.strip() or _("point on the map")
    return f"{name} {link}"


def quote(text: str, limit: int = QUOTE_CHARS) -> str:
    """The beginning of what somebody wrote, in one line between quotation marks; "" for nothing."""
    return f"“{shorten(text, limit)}”" if text.strip() else ""


def kind_name(kind: CaseKind | str, language: str) -> str:
    """What a kind of case is called."""
    return translator(language)(_KINDS[CaseKind(kind)])


def status_name(status: Status | str, language: str) -> str:
    """What a state of a case is called."""
    return translator(language)(_STATUSES[Status(status)])


def act_name(act: Act | str, language: str) -> str:
    """What was done to a case, as a past participle: "đã nhận", "đã trả lời"."""
    return translator(language)(_ACTS[Act(act)])


def role_name(role: Role | str, language: str) -> str:
    """What a role is called."""
    return translator(language)(_ROLES[Role(role)])

"""The desk's lists of cases (open, mine, due, overdue) and one case in full."""

from datetime import date, timedelta

from domain.case import Case
from domain.errors import DomainError
from domain.people import Official
from domain.texts import fold
from handlers.context import Command, For, Turn
from handlers.engine.reply import Choice
from handlers.i18n import N_
from handlers.official.desk import HANDLING, named_case, official_here, open_case
from handlers.texts.cards import case_view, desk_choices, due_line
from handlers.texts.formats import quote
from storage import attachments, case_events, cases, held, people

DUE_SOON_WORKDAYS = 2
LINE_MAX_CHARS = 60
OPEN, MINE, DUE, OVERDUE = "mo", "cuatoi", "denhan", "quahan"
_NAMES = {
    OPEN: OPEN, "open": OPEN, "dangmo": OPEN, "tatca": OPEN, "all": OPEN,
    MINE: MINE, "mine": MINE, "toi": MINE,
    DUE: DUE, "due": DUE, "saphan": DUE,
    OVERDUE: OVERDUE, "overdue": OVERDUE, "late": OVERDUE,
}  # fmt: skip
_TITLES = {
    OPEN: N_("📋 Open cases ({n})"),
    MINE: N_("📋 Cases you handle ({n})"),
    DUE: N_("🟡 Due soon ({n})"),
    OVERDUE: N_("🔴 Overdue ({n})"),
}
_NONE = {
    OPEN: N_("✅ No case is open."),
    MINE: N_("You handle no open case."),
    DUE: N_("✅ Nothing is due within {n} working days."),
    OVERDUE: N_("✅ Nothing is overdue."),
}


async def queue(turn: Turn, argument: str) -> None:
    """`/viec [mo|cuatoi|denhan|quahan] [page]`: open cases, the most urgent first.

    A unit sees its own, reception and the leader all; in a unit's group, that unit's. DomainErrors `no_desk`,
    `not_your_group`, `desk_list_unknown`.
    """
    official = official_here(turn)
    which, page = _asked_for(argument)
    unit_id = _unit_of(turn, official)
    size = turn.limits.page_size
    counts = await _counts(turn, unit_id)
    total = counts[which]
    if not total:
        turn.say(turn._(_NONE[which], n=DUE_SOON_WORKDAYS), _filters(turn, which, counts))
        return
    page = min(page, -(-total // size))
    found = await _find(turn, which, unit_id, limit=size, offset=(page - 1) * size)
    lines = [_line(turn, case, number, every_unit=unit_id is None) for number, case in enumerate(found, 1)]
    choices = [Choice(id=f"/xem {case.code}", label=case.code) for case in found]
    if page * size < total:
        more = Choice(id=f"/viec {which} {page + 1}", label=turn._("Next page"), also=("tiếp", "trang sau", "next"))
        choices.append(more)
    choices += _filters(turn, which, counts) if page == 1 else _first_page(turn, which)
    head = turn._(_TITLES[which], n=total)
    pages = f" · {page}/{-(-total // size)}" if total > size else ""
    turn.say("\n\n".join([f"{head}{pages}", *lines]), choices)


def _asked_for(argument: str) -> tuple[str, int]:
    words = fold(argument).split()
    page = int(words.pop()) if words and words[-1].isdigit() else 1
    name = "".join(words)
    if name and name not in _NAMES:
        raise DomainError("desk_list_unknown")
    return _NAMES.get(name, OPEN), max(page, 1)


def _unit_of(turn: Turn, official: Official) -> int | None:
    """The unit whose cases are listed; None for all of them."""
    if turn.group is not None and turn.group.unit_id is not None:
        if not official.may_act_for(turn.group.unit_id):
            raise DomainError("not_your_group", command="/viec")
        return turn.group.unit_id
    if official.may_see_every_case:
        return None
    if official.unit_id is None:
        raise DomainError("no_desk")
    return official.unit_id


async def _find(turn: Turn, which: str, unit_id: int | None, *, limit: int, offset: int = 0) -> list[Case]:
    found, _total = await _look(turn, which, unit_id, limit=limit, offset=offset)
    return found


async def _counts(turn: Turn, unit_id: int | None) -> dict[str, int]:
    return {which: (await _look(turn, which, unit_id, limit=1))[1] for which in _TITLES}


async def _look(turn: Turn, which: str, unit_id: int | None, *, limit: int, offset: int = 0) -> tuple[list[Case], int]:
    due_from, due_until = _days(turn, which)
    return await cases.queue(
        turn.tx, ward_id=turn.ward.id, unit_id=unit_id, assignee_id=turn.person.id if which == MINE else None,
        due_from=due_from, due_until=due_until, limit=limit, offset=offset,
    )  # fmt: skip


def _days(turn: Turn, which: str) -> tuple[date | None, date | None]:
    """Due from which day, until which day."""
    if which == OVERDUE:
        return None, turn.today - timedelta(days=1)
    if which == DUE:
        return turn.today, turn.calendar.add_workdays(turn.today, DUE_SOON_WORKDAYS)
    return None, None


def _filters(turn: Turn, which: str, counts: dict[str, int]) -> list[Choice]:
    """The other lists that hold something."""
    _ = turn._
    labels = {OVERDUE: _("Overdue"), DUE: _("Due soon"), MINE: _("Mine"), OPEN: _("Open cases")}
    others = [one for one in labels if one != which and counts[one]]
    room = turn.limits.choices_max - turn.limits.page_size - 1
    return [
        Choice(id=f"/viec {one}", label=f"{labels[one]} ({counts[one]})", also=(labels[one],)) for one in others[:room]
    ]


def _first_page(turn: Turn, which: str) -> list[Choice]:
    return [Choice(id=f"/viec {which}", label=turn._("First page"), also=("trang đầu", "first"))]


def _line(turn: Turn, case: Case, number: int, *, every_unit: bool) -> str:
    unit = f" · {turn.ward.unit_codes[case.unit_id]}" if every_unit else ""
    return (
        f"{number}. {case.code} · {turn.ward.category_name(case.category_id, turn.language)}{unit}\n"
        f"{due_line(case, turn.today, turn.calendar, turn.language)}\n"
        f"{quote(case.text, LINE_MAX_CHARS)}"
    )


async def view(turn: Turn, argument: str) -> None:
    """`/xem code`: one case in full, with its files, history and what may be done with it now."""
    code, _rest = await named_case(turn, argument)
    case = await open_case(turn, code)
    history = await case_events.history(turn.tx, case)
    files = await attachments.of_case(turn.tx, case)
    assignee = await people.name_of(turn.tx, case.ward_id, case.assignee_id) if case.assignee_id else ""
    waiting = await held.untold(turn.tx, [case.id])
    text = case_view(
        case, turn.ward, history, assignee=assignee, files=[one.file.gist for one in files], today=turn.today,
        language=turn.language, untold=case.id in waiting, in_doubt=waiting.get(case.id, False),
    )  # fmt: skip
    choices = desk_choices(case.code, case.status, turn.language, seen=True)
    turn.say(text, choices, case_id=case.id, attachments=tuple(one.id for one in files))


COMMANDS = (
    Command(
        names=("viec", "queue"),
        about=N_("open cases"),
        run=queue,
        audience=For.OFFICIALS,
        in_groups=True,
        roles=HANDLING,
    ),
    Command(
        names=("xem", "view"),
        about=N_("one case in full"),
        run=view,
        audience=For.OFFICIALS,
        in_groups=True,
        roles=HANDLING,
    ),
)

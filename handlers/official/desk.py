"""What every conversation at the desk begins with: who may act here, on which case, and what is kept when it fails."""

from actions import handle_case
from actions.handle_case import Desk
from domain.case import Case
from domain.errors import DomainError
from domain.people import GroupKind, Official, Role
from handlers.commands import split_code
from handlers.context import Turn
from handlers.texts.errors import refusal
from handlers.turns import case_replied_to
from storage import cases

# The offices that handle cases, and those that publish.
HANDLING = frozenset({Role.MEMBER, Role.RECEPTION, Role.LEADER})
PUBLISHING = frozenset({Role.EDITOR, Role.LEADER, Role.ADMIN})


def official_here(turn: Turn) -> Official:
    """The official who writes, in private or in a unit's group. DomainErrors `officials_only`, `desk_not_here`.

    The ward's groups are read by residents: nothing of a case is said there.
    """
    official = turn.need_official()
    if turn.event.in_group and (turn.group is None or turn.group.kind is not GroupKind.UNIT):
        raise DomainError("desk_not_here")
    return official


def desk(turn: Turn) -> Desk:
    """The official who acts, and the chat that learns of it by the reply."""
    return Desk(official=official_here(turn), told=turn.address)


async def named_case(turn: Turn, argument: str) -> tuple[str, str]:
    """The code an argument begins with, or of the card it replies to, and the rest. DomainError `desk_code_missing`."""
    try:
        return split_code(argument)
    except DomainError:
        case_id = await case_replied_to(turn)
    case = await cases.among(turn.tx, turn.ward_ids, case_id) if case_id is not None else None
    if case is None:
        raise DomainError("desk_code_missing")
    return case.code, argument.strip()


async def open_case(turn: Turn, code: str) -> Case:
    """The case if this official may act on it here.

    DomainErrors: those of `official_here` and `actions.handle_case.open_for`; `desk_case_unknown`;
    `case_not_in_this_group` when colleagues of another unit would read it.
    """
    official = official_here(turn)
    try:
        case = await handle_case.open_for(turn.tx, turn.ward, official, code)
    except DomainError as error:
        if error.code == "case_unknown":
            raise DomainError("desk_case_unknown", code=code) from None
        raise
    if turn.group is not None and turn.group.unit_id not in (case.unit_id, _reception_id(turn)):
        raise DomainError("case_not_in_this_group", code=case.code)
    return case


def say_refused(turn: Turn, error: DomainError, kept: str) -> None:
    """Say why something was not done, and give back what was typed for it."""
    said = refusal(error, turn.language, turn.calendar.timezone)
    back = turn._("Not sent, your text was:")
    turn.say(f"{said}\n\n{back}\n{kept}" if kept else said)


def _reception_id(turn: Turn) -> int:
    return turn.ward.unit_id(turn.ward.ward.reception.code)

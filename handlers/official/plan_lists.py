"""What the lists of the editor's desk share: who may see them, which page, which item, and the way between them."""

import re

from domain.errors import DomainError
from domain.people import Official
from domain.plans import read_item_number
from domain.texts import fold
from handlers.context import Turn
from handlers.engine.reply import Choice
from storage.plans import PlanCounts

COMMAND = "/congkhai"

_PAGE = re.compile(r"(?:trang|page)?\s*(\d{1,4})")


def editor(turn: Turn) -> Official:
    """The official who writes, if they may publish. DomainErrors `officials_only`, `may_not_publish`."""
    official = turn.need_official()
    if not official.may_publish:
        raise DomainError("may_not_publish")
    return official


def number_in(argument: str) -> int:
    """The number of the one item an argument names. DomainError `plan_numbers_unreadable`."""
    number = read_item_number(argument)
    if number is None:
        raise DomainError("plan_numbers_unreadable")
    return number


def other_lists(turn: Turn, count: PlanCounts) -> list[Choice]:
    """Buttons to the desk's lists that have something in them."""
    choices = []
    if count.questions:
        label = turn._("✏️ Corrections to decide ({count})", count=count.questions)
        choices.append(Choice(id=f"{COMMAND} sua", label=label, also=("sửa",)))
    if count.published:
        label = turn._("📢 Published ({count})", count=count.published)
        choices.append(Choice(id=f"{COMMAND} da", label=label, also=("đã công khai",)))
    if count.withdrawn:
        label = turn._("↩️ Taken back ({count})", count=count.withdrawn)
        choices.append(Choice(id=f"{COMMAND} dago", label=label, also=("đã gỡ",)))
    return choices


def page_in(turn: Turn, argument: str) -> tuple[int, int]:
    """The page asked for (1 without one) and how many items come before it."""
    found = _PAGE.fullmatch(fold(argument))
    page = max(1, int(found[1])) if found else 1
    return page, (page - 1) * turn.limits.page_size


def to_drafts(turn: Turn) -> Choice:
    """The button back to where the desk begins."""
    return Choice(id=COMMAND, label=turn._("Back to the drafts"), also=("quay lại", "bản nháp"))

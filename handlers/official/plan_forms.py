"""The two short forms of the editor's desk: why an item is taken back, and which unit leads it."""

from actions import publish_plan
from domain.errors import DomainError
from handlers.context import FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.official.plan_lists import COMMAND
from storage.plans import StoredItem

WITHDRAW = "plan_withdraw"
UNIT = "plan_unit"
REASON_MAX_CHARS = 500


def _give_up(turn: Turn) -> Choice:
    return Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi"))


def _to_item(turn: Turn, number: int) -> tuple[Choice, Choice]:
    return (
        Choice(id=f"{COMMAND} {number}", label=turn._("Back to the item"), also=("quay lại",)),
        Choice(id=COMMAND, label=turn._("Back to the drafts"), also=("bản nháp",)),
    )


async def _given_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("All right, nothing was changed."), _to_item(turn, data["number"]))


# --- taking back ------------------------------------------------------------------------------------------------------


def _ask_reason(turn: Turn, data: Data) -> Question:
    text = turn._("Why is “{title}” taken back? The reason stays at the desk.", title=data["title"])
    return Question(text=text, choices=(_give_up(turn),))


def _accept_reason(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if not event.text.strip():
        raise Refused(turn._("Please write the reason in a few words."))
    if len(event.text) > REASON_MAX_CHARS:
        raise Refused(turn._("Please write the reason in at most {limit} characters.", limit=REASON_MAX_CHARS))
    return data | {"reason": event.text.strip()}


async def _withdraw(turn: Turn, data: Data) -> None:
    try:
        item = await publish_plan.withdraw(
            turn.tx, turn.ward, turn.need_official(), data["number"], reason=data["reason"], now=turn.now
        )
    except DomainError as error:
        if error.code != "plan_item_not_published":
            raise
        # Somebody else was faster; raising would leave the question open for ever.
        turn.say(turn._("It has been taken back already."), _to_item(turn, data["number"]))
        return
    say_withdrawn(turn, item)


def say_withdrawn(turn: Turn, item: StoredItem) -> None:
    """Say that an item is no longer public."""
    turn.say(turn._("↩️ {item} is taken back; only the desk sees it now.", item=item.code), _to_item(turn, item.number))


# --- who leads --------------------------------------------------------------------------------------------------------


def _ask_unit(turn: Turn, data: Data) -> Question:
    choices = tuple(Choice(id=unit.code, label=unit.name, also=unit.names()) for unit in turn.ward.ward.units)
    if data["name"]:
        text = turn._("Which unit of the ward is “{name}”? Opinions go to it.", name=data["name"])
    else:
        text = turn._("The plan names nobody. Which unit leads this item? Opinions go to it.")
    return Question(text=text, choices=(*choices, _give_up(turn)))


def _accept_unit(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press a unit, or type its number."))
    return data | {"unit": picked}


async def _name_lead(turn: Turn, data: Data) -> None:
    await say_lead(turn, data["number"], data["unit"])


async def say_lead(turn: Turn, number: int, unit: str) -> None:
    """Put a unit in as an item's lead, and say where else that settled it."""
    item, name, others = await publish_plan.name_lead(
        turn.tx, turn.ward, turn.need_official(), number, unit_code=unit, now=turn.now
    )
    text = turn._("🏢 {item} is led by {unit}.", item=item.code, unit=name)
    if others:
        text += " " + turn.n_(
            "The same name was settled in {n} more item.", "The same name was settled in {n} more items.", others
        )
    turn.say(text, _to_item(turn, number))


FORMS = {
    WITHDRAW: FormHandler(
        form=Form(
            name=WITHDRAW, fields=(Field(missing=lacks("reason"), ask=_ask_reason, accept=_accept_reason),)
        ),
        done=_withdraw,
        cancelled=_given_up,
    ),
    UNIT: FormHandler(
        form=Form(name=UNIT, fields=(Field(missing=lacks("unit"), ask=_ask_unit, accept=_accept_unit),)),
        done=_name_lead,
        cancelled=_given_up,
    ),
}  # fmt: skip

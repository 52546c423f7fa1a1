"""Coming by a link: to a ward and a residential group, to one case, or to another ward than one's own."""

from dataclasses import replace

from domain.errors import DomainError
from domain.people import Person
from handlers.context import FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.links import CASE, WardLink, read_ward
from handlers.texts.menus import main_menu
from storage import audit, cases, moving, people, wards

MOVING = "moving"
MOVE, STAY = "move", "stay"


async def by_link(turn: Turn, payload: str) -> bool:
    """Do what a link is for; False for one that only greets, and for none at all."""
    if payload.startswith(CASE):
        await _open_case(turn, payload.removeprefix(CASE))
        return True
    link = read_ward(payload)
    if link is None or await wards.find(turn.tx, link.ward) in (None, turn.ward.id):
        return False
    if turn.official is not None:
        text = turn._(
            "You are an official of {ward}; residents of another ward use that link.", ward=turn.ward.ward.name
        )
        turn.say(text)
        return True
    await begin(turn, MOVING, {"payload": payload, "name": await _name(turn, link)})
    return True


def group_of(turn: Turn, payload: str) -> str | None:
    """The residential group whose poster led here, by its code."""
    link = read_ward(payload)
    return link.group if link is not None and link.group in turn.ward.group_ids else None


async def live_in(turn: Turn, code: str) -> None:
    """Keep the residential group of somebody who has agreed to that, and say so."""
    group, group_id = turn.ward.ward.group(code), turn.ward.group_ids[code]
    if group is None or turn.person.residential_group_id == group_id:
        return
    await people.set_residential_group(turn.tx, turn.person, group_id)
    turn.person = replace(turn.person, residential_group_id=group_id)
    turn.say(turn._("🏘 I have noted that you live in {group}.", group=group.name))


async def _name(turn: Turn, link: WardLink) -> str:
    return next(name for _id, code, name in await wards.codes(turn.tx) if code.casefold() == link.ward.casefold())


async def _open_case(turn: Turn, code: str) -> None:
    """One's own case, or for an official one of the desk's."""
    name = "hoso"
    if turn.official is not None:
        try:
            case = await cases.by_code(turn.tx, turn.ward.id, code)
        except DomainError:
            case = None
        name = "hoso" if case is not None and case.resident_id == turn.person.id else "xem"
    command = turn.book.command(name)
    if command is not None:
        await command.run(turn, code)


def _question(turn: Turn, data: Data) -> Question:
    _ = turn._
    names = {"here": turn.ward.ward.name, "there": data["name"]}
    text = _("You are with {here}. This link is of {there}. Do you want to change?\nYour cases stay in /hoso.", **names)
    return Question(
        text=text,
        choices=(
            Choice(id=MOVE, label=_("Change to {there}", **names), also=("đổi", "chuyển", "có", "yes")),
            Choice(id=STAY, label=_("Stay with {here}", **names), also=("không", "ở lại", "no")),
        ),
    )


def _accept(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press one of the buttons."))
    return data | {"answer": picked}


async def _answered(turn: Turn, data: Data) -> None:
    link = read_ward(data["payload"])
    ward_id = await wards.find(turn.tx, link.ward) if link and data["answer"] == MOVE else None
    if ward_id is None or turn.official is not None:
        await _stayed(turn, data)
        return
    left = turn.ward
    turn.ward = await wards.load(turn.tx, ward_id, turn.database)
    await moving.move(turn.tx, turn.person, ward_id)
    turn.person = _moved(turn.person, ward_id)
    # What was begun there named that ward's units and fields.
    turn.conversation = replace(turn.conversation, filling=None, parked=(), menu=None)
    await audit.write(
        turn.tx, ward_id=ward_id, act="person.move", subject=f"person {turn.person.id}", actor_id=turn.person.id,
        now=turn.now, left=left.ward.code,
    )  # fmt: skip
    command = turn.book.command("batdau")
    if command is not None:
        await command.run(turn, data["payload"])


def _moved(person: Person, ward_id: int) -> Person:
    former = tuple(moving.left(person.former_ward_ids, person.ward_id, ward_id))
    return replace(
        person, ward_id=ward_id, former_ward_ids=former, residential_group_id=None, residential_group_asked=False
    )


async def _stayed(turn: Turn, data: Data) -> None:
    turn.say(turn._("All right, you stay with {here}.", here=turn.ward.ward.name), main_menu(turn.language))


FORMS = {
    MOVING: FormHandler(
        form=Form(name=MOVING, fields=(Field(missing=lacks("answer"), ask=_question, accept=_accept),)),
        done=_answered,
        cancelled=_stayed,
    )
}

"""Small forms of the desk: passing a case on to another unit with a reason, and writing an internal note."""

from actions import handle_case
from domain.case import Act, Case
from domain.errors import DomainError
from domain.ward import Unit
from handlers.context import FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.official.desk import desk, say_refused
from handlers.texts.case_notices import handled
from handlers.texts.errors_cases import SENTENCES

TRANSFER, NOTE = "desk_transfer", "desk_note"
NOT_OURS = "not_ours"
TOO_LONG = SENTENCES["text_for_case_too_long"]


async def begin_transfer(turn: Turn, case: Case, rest: str) -> None:
    """Pass a case on to the unit that `rest` begins with, for the reason that follows; what is missing is asked."""
    case.after(Act.TRANSFER)
    unit, reason = _unit_at_head(turn, rest)
    data: Data = {"code": case.code, "version": case.version, "from": turn.ward.unit_codes[case.unit_id]}
    if unit is not None and unit.code == data["from"]:
        raise DomainError("same_unit", code=case.code, unit=unit.name)
    data |= {"unit": unit.code} if unit is not None else {}
    await begin(turn, TRANSFER, data | ({"reason": _fitting(turn, reason)} if reason else {}))


def _unit_at_head(turn: Turn, rest: str) -> tuple[Unit | None, str]:
    """The unit whose code or name stands at the head of a text (the longest one that fits), and what follows."""
    words = rest.split()
    for count in range(len(words), 0, -1):
        unit = turn.ward.ward.find_unit(" ".join(words[:count]).rstrip(",:;.-"))
        if unit is not None:
            return unit, rest.split(maxsplit=count)[count].lstrip(",:;.- ") if len(words) > count else ""
    return None, rest.strip()


def _fitting(turn: Turn, text: str) -> str:
    limit = turn.limits.text_max_chars
    if len(text) > limit:
        raise DomainError("text_for_case_too_long", length=len(text), limit=limit)
    return text


def _ask_unit(turn: Turn, data: Data) -> Question:
    units = [one for one in turn.ward.ward.units if one.code != data["from"]]
    choices = [Choice(id=one.code, label=one.name, also=(one.code, *one.aliases, *one.former_names)) for one in units]
    return Question(
        text=turn._("↪️ Which unit should {code} go to?", code=data["code"]), choices=(*choices, _cancel(turn))
    )


def _accept_unit(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press a unit, or type its number or code."))
    return data | {"unit": picked}


def _ask_reason(turn: Turn, data: Data) -> Question:
    _ = turn._
    unit = turn.ward.ward.unit(data["unit"])
    text = _(
        "Why does {code} go to {unit}? The resident reads it too.", code=data["code"], unit=unit.name if unit else ""
    )
    usual = Choice(id=NOT_OURS, label=_not_ours(turn), also=("không thuộc lĩnh vực", "sai bộ phận"))
    return Question(text=text, choices=(usual, _cancel(turn)))


def _not_ours(turn: Turn) -> str:
    return turn._("It belongs to that unit's field")


def _accept_reason(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    return data | {"reason": _not_ours(turn) if picked == NOT_OURS else _words(turn, event)}


def _words(turn: Turn, event: Event) -> str:
    text = event.text.strip()
    limit = turn.limits.text_max_chars
    if not text:
        raise Refused(turn._("Please write it in words."))
    if len(text) > limit:
        raise Refused(turn._(TOO_LONG, length=len(text), limit=limit))
    return text


async def _transfer(turn: Turn, data: Data) -> None:
    try:
        async with turn.tx.attempt(refusals_only=True):
            case = await handle_case.transfer(
                turn.tx, turn.ward, desk(turn), data["code"], unit_code=data["unit"], reason=data["reason"],
                now=turn.now, seen_version=data["version"],
            )  # fmt: skip
    except DomainError as error:
        say_refused(turn, error, data["reason"])
        return
    unit = turn.ward.unit_names[case.unit_id]
    turn.say(turn._("✅ {code} has been passed on to {unit}; the resident knows.", code=case.code, unit=unit))


async def begin_note(turn: Turn, case: Case, text: str) -> None:
    """Write an internal note; an empty one is asked for."""
    files = list(turn.event.attachments)
    data: Data = {"code": case.code, "files": files}
    await begin(turn, NOTE, data | ({"text": _fitting(turn, text)} if text or files else {}))


def _ask_note(turn: Turn, data: Data) -> Question:
    text = turn._("🔒 What should be noted on {code}? Only the desk reads it, never the resident.", code=data["code"])
    return Question(text=text, choices=(_cancel(turn),))


def _accept_note(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    text = event.text.strip() if event.attachments else _words(turn, event)
    return data | {"text": text, "files": [*data["files"], *event.attachments]}


async def _note(turn: Turn, data: Data) -> None:
    try:
        async with turn.tx.attempt(refusals_only=True):
            case = await handle_case.note(
                turn.tx,
                turn.ward,
                desk(turn),
                data["code"],
                text=data["text"],
                files=tuple(data["files"]),
                now=turn.now,
            )
    except DomainError as error:
        say_refused(turn, error, data["text"])
        return
    said = {"code": case.code, "who": desk(turn).official.name, "act": Act.NOTE.value}
    turn.say(handled(said, turn.language).text, case_id=case.id)


def _cancel(turn: Turn) -> Choice:
    return Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi"))


async def _given_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("Given up; {code} stays as it was.", code=data["code"]))


FORMS = {
    TRANSFER: FormHandler(
        form=Form(
            name=TRANSFER,
            fields=(
                Field(missing=lacks("unit"), ask=_ask_unit, accept=_accept_unit),
                Field(missing=lacks("reason"), ask=_ask_reason, accept=_accept_reason),
            ),
        ),
        done=_transfer,
        cancelled=_given_up,
    ),
    NOTE: FormHandler(
        form=Form(name=NOTE, fields=(Field(missing=lacks("text"), ask=_ask_note, accept=_accept_note),)),
        done=_note,
        cancelled=_given_up,
    ),
}

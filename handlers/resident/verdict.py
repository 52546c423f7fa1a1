"""The resident's word on a case: add to it, rate the answer, reopen it when it was not solved."""

import re

from actions.follow_case import own, rate, reopen, ward_of
from domain.case import RATING_STEPS, Act
from handlers.commands import split_code
from handlers.context import Command, FormHandler, Turn
from handlers.drafts import given_by, remember
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.i18n import N_
from handlers.resident import not_by_chat
from handlers.resident.which_case import add_to_case
from handlers.texts.chats import UNREADABLE
from handlers.texts.danger import warn_of_danger
from handlers.texts.errors import SENTENCES
from handlers.texts.files import in_recording

ADD, RATE, REOPEN = "add", "rate", "reopen"
TOO_LONG = SENTENCES["text_too_long"]
ALL_IS_WELL = 4


def _cancel(turn: Turn) -> Choice:
    return Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi"))


async def _said_nothing(turn: Turn, data: Data) -> None:
    turn.say(turn._("All right, I changed nothing."))


# --- adding -----------------------------------------------------------------------------------------------------------


async def add_something(turn: Turn, argument: str) -> None:
    """`/bosung code [text]`: add words, photos or a place to a case."""
    code, text = split_code(argument)
    (await own(turn.tx, turn.person, code)).after(Act.ADD)
    given = given_by(turn.event) | {"text": text}
    is_given = text or given["attachments"] or "lat" in given
    await begin(turn, ADD, {"code": code} | ({"given": given} if is_given else {}))


def _ask_addition(turn: Turn, data: Data) -> Question:
    text = turn._("What would you like to add to {code}? Words, photos or the place.", code=data["code"])
    return Question(text=text, choices=(_cancel(turn),))


def _accept_addition(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if event.is_empty or event.unsupported:
        raise Refused(turn._(UNREADABLE))
    return data | {"given": given_by(event)}


async def _added(turn: Turn, data: Data) -> None:
    await add_to_case(turn, data["code"], data["given"])


# --- rating -----------------------------------------------------------------------------------------------------------


async def rate_answer(turn: Turn, argument: str) -> None:
    """`/danhgia code [1-5] [words]`: say how good the answer was."""
    code, rest = split_code(argument)
    (await own(turn.tx, turn.person, code)).after(Act.RATE)
    head, _, words = rest.partition(" ")
    stars = {"stars": int(head)} if re.fullmatch(f"[1-{RATING_STEPS}]", head) else {}
    words = (words if stars else rest).strip()
    await begin(turn, RATE, {"code": code} | stars | ({"words": _fitting(turn, words)} if words else {}))


def _fitting(turn: Turn, text: str) -> str:
    """A text as long as may be kept. Raises Refused for a longer one: nothing is cut off in silence."""
    limit = turn.limits.text_max_chars
    if len(text) > limit:
        raise Refused(turn._(TOO_LONG, length=len(text), limit=limit))
    return text


def _ask_stars(turn: Turn, data: Data) -> Question:
    _ = turn._
    labels = (_("Very bad"), _("Bad"), _("So-so"), _("Good"), _("Very good"))
    choices = tuple(
        Choice(id=str(step), label=f"{'⭐' * step} {label}", also=(label, f"{step} sao"))
        for step, label in enumerate(labels, 1)
    )
    return Question(text=_("How was the answer to {code}?", code=data["code"]), choices=choices)


def _accept_stars(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press one of the five, or type a number from 1 to 5."))
    return data | {"stars": int(picked)}


def _ask_words(turn: Turn, data: Data) -> Question:
    _ = turn._
    skip = Choice(id="skip", label=_("Nothing more"), also=("không", "bỏ qua", "hết", "skip", "xong"))
    return Question(text=_("Thank you. Would you like to say why? You may skip this."), choices=(skip,))


def _accept_words(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    return data | {"words": "" if picked == "skip" else _words(turn, event)}


def _words(turn: Turn, event: Event) -> str:
    if not event.text.strip():
        raise Refused(turn._("Please write it in a few words."))
    return _fitting(turn, event.text.strip())


async def _rated(turn: Turn, data: Data) -> None:
    _ = turn._
    if not_by_chat.denounces(data["words"]):
        # The stars count all the same; of the words nothing is kept.
        await not_by_chat.guide_denouncer(turn, {})
        data |= {"words": ""}
    case = await rate(
        turn.tx, turn.ward, turn.person, data["code"], stars=data["stars"], words=data["words"], now=turn.now
    )
    unhappy = data["stars"] < ALL_IS_WELL and case.may(Act.REOPEN)
    choices = (Choice(id=f"/molai {case.code}", label=_("Not solved, reopen"), also=("mở lại",)),) if unhappy else ()
    turn.say(
        _("Thank you for your rating of {code}; the unit in charge has it.", code=case.code), choices, case_id=case.id
    )


# --- reopening --------------------------------------------------------------------------------------------------------


async def reopen_case(turn: Turn, argument: str) -> None:
    """`/molai code [reason]`: say that it was not solved; works once for a case."""
    code, reason = split_code(argument)
    (await own(turn.tx, turn.person, code)).after(Act.REOPEN)
    given = given_by(turn.event) | {"reason": _fitting(turn, reason)} if reason else {}
    await begin(turn, REOPEN, {"code": code} | given)


def _ask_reason(turn: Turn, data: Data) -> Question:
    text = turn._("What is not solved yet in {code}? One sentence is enough.", code=data["code"])
    return Question(text=text, choices=(_cancel(turn),))


def _accept_reason(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    spoken = turn.speaks(event.attachments) and not event.text.strip()
    return data | given_by(event) | {"reason": in_recording(turn.language) if spoken else _words(turn, event)}


async def _reopened(turn: Turn, data: Data) -> None:
    if not_by_chat.denounces(data["reason"]):
        await not_by_chat.guide_denouncer(turn, data)
        return
    warn_of_danger(turn, data["reason"], data)
    files = tuple(data.get("attachments", ()))
    case = await reopen(turn.tx, turn.ward, turn.person, data["code"], reason=data["reason"], files=files, now=turn.now)
    await remember(turn, data, case.id)
    unit = (await ward_of(turn.tx, turn.ward, case)).unit_names[case.unit_id]
    turn.say(turn._("{code} is open again. {unit} has been told.", code=case.code, unit=unit), case_id=case.id)


def _handler(form: Form[Turn], done):  # type: ignore[no-untyped-def]  # `done` is FormHandler.done
    return FormHandler(form=form, done=done, cancelled=_said_nothing)


FORMS = {
    ADD: _handler(
        Form(name=ADD, fields=(Field(missing=lacks("given"), ask=_ask_addition, accept=_accept_addition),)), _added
    ),
    RATE: _handler(
        Form(
            name=RATE,
            fields=(
                Field(missing=lacks("stars"), ask=_ask_stars, accept=_accept_stars),
                Field(missing=lacks("words"), ask=_ask_words, accept=_accept_words),
            ),
        ),
        _rated,
    ),
    REOPEN: _handler(
        Form(name=REOPEN, fields=(Field(missing=lacks("reason"), ask=_ask_reason, accept=_accept_reason),)), _reopened
    ),
}

COMMANDS = (
    Command(names=("bosung", "add"), about=N_("add something to a case"), run=add_something),
    Command(names=("danhgia", "rate"), about=N_("rate an answer"), run=rate_answer),
    Command(names=("molai", "reopen"), about=N_("reopen a case that was not solved"), run=reopen_case),
)

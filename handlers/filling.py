"""Filling in forms: beginning, answering, asking on, finishing, giving up, and going back to the one set aside."""

from dataclasses import replace

from domain.texts import fold
from handlers.context import Turn
from handlers.engine.conversation import Filling
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Question, Refused
from handlers.engine.menu import Menu, plain

_BACK_WORDS = frozenset({"0", "quay lai", "tro lai", "lui lai", "back"})
_CANCEL_WORDS = frozenset({"huy", "huy bo", "thoi", "thoat", "cancel", "stop"})


async def begin(turn: Turn, form: str, data: Data) -> None:
    """Take up a form and ask its first question (or finish it at once when nothing is missing)."""
    turn.conversation = turn.conversation.begin(form, data)
    await advance(turn)


async def fill(turn: Turn, picked: str | None) -> None:
    """Take the answer to the open question of the form in hand; ask the next one, or do what the form is for."""
    filling = turn.conversation.filling
    if filling is None:
        return
    handler = turn.book.forms[filling.form]
    picked = picked or _named(turn)
    if picked == CANCEL or (picked is None and _says(turn.event, _CANCEL_WORDS)):
        await give_up(turn)
        return
    if picked is None and _says(turn.event, _BACK_WORDS):
        _go_back(turn, filling)
        return
    try:
        data = handler.form.step(turn, filling.data, turn.event, picked)
    except Refused as refused:
        menu = turn.conversation.menu
        spelt = menu.spelt(turn.event, fold) if picked is None and menu is not None else None
        if spelt is None:
            _ask_again(turn, str(refused))
        else:
            await fill(turn, spelt)
        return
    moved_on = handler.form.open_field(data) is not open_field(turn)
    turn.conversation = turn.conversation.hold(filling.answered(data, moved_on=moved_on))
    await advance(turn)


def _ask_again(turn: Turn, why: str) -> None:
    """Say why an answer does not fit, and the question again; its list only once, since it still stands above."""
    question = open_question(turn)
    if question is None:
        return
    if question.choices and turn.conversation.repeated:
        still = turn._("The list above still holds; write “huỷ” to give up.")
        turn.say(f"{why}\n{still}")
        return
    _ask(turn, question, why)
    turn.conversation = replace(turn.conversation, repeated=True)


def _ask(turn: Turn, question: Question, before: str = "") -> None:
    field = open_field(turn)
    turn.ask(question, before, words=field is not None and field.words)


def _go_back(turn: Turn, filling: Filling) -> None:
    """Ask the question before this one again; what was written besides stays."""
    earlier = filling.back()
    if turn.book.forms[filling.form].form.open_field(earlier.data) is open_field(turn):
        _ask_again(turn, turn._("This is the first question."))
        return
    turn.conversation = turn.conversation.hold(earlier)
    question = open_question(turn)
    if question is not None:
        _ask(turn, question)


async def give_up(turn: Turn) -> None:
    """Put the form in hand away, say so, and go on with the one that was set aside for it."""
    filling = turn.conversation.filling
    if filling is None:
        return
    turn.conversation = turn.conversation.end()
    waiting = turn.conversation.filling
    await turn.book.forms[filling.form].cancelled(turn, filling.data)
    await _resume(turn, waiting)


def _named(turn: Turn) -> str | None:
    """The choice of the open question that was typed by name, when another menu was shown since.

    The numbers are that menu's; but whoever looks at a list and then types "gửi" means the draft in hand.
    """
    question, event = open_question(turn), turn.event
    if question is None or event.choice is not None or event.attachments or event.place:
        return None
    return Menu(token="", choices=question.choices).named(event.text, fold)


async def advance(turn: Turn) -> None:
    """Ask the form's next question, or finish it when nothing is missing."""
    filling = turn.conversation.filling
    if filling is None:
        return
    question = open_question(turn)
    if question is not None:
        _ask(turn, question)
        return
    turn.conversation = turn.conversation.end()
    waiting = turn.conversation.filling
    await turn.book.forms[filling.form].done(turn, filling.data)
    await _resume(turn, waiting)


def open_question(turn: Turn) -> Question | None:
    """The question that is open in this chat, if a form is in hand."""
    filling, field = turn.conversation.filling, open_field(turn)
    return None if filling is None or field is None else field.ask(turn, filling.data)


def open_field(turn: Turn) -> Field[Turn] | None:
    """The field that is open in this chat, if a form is in hand."""
    filling = turn.conversation.filling
    return None if filling is None else turn.book.forms[filling.form].form.open_field(filling.data)


async def _resume(turn: Turn, waiting: Filling | None) -> None:
    """Go on with the form that was set aside, unless what was just done began another."""
    if waiting is not None and turn.conversation.filling is waiting:
        await advance(turn)


def _says(event: Event, words: frozenset[str]) -> bool:
    """Whether an event is nothing but one of these words, however it is written."""
    bare = event.choice is None and not event.attachments and event.place is None
    return bare and plain(event.text, fold) in words

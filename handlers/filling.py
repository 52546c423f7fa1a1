"""Filling in forms: beginning, answering, asking on, finishing, giving up, and going back to the one set aside."""

from domain.texts import fold
from handlers.context import Turn
from handlers.engine.conversation import Filling
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Question, Refused
from handlers.engine.menu import Menu, plain

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
    if picked == CANCEL or (picked is None and _says_cancel(turn.event)):
        await give_up(turn)
        return
    try:
        data = handler.form.step(turn, filling.data, turn.event, picked)
    except Refused as refused:
        question = open_question(turn)
        if question is not None:
            turn.ask(question, str(refused))
        return
    turn.conversation = turn.conversation.fill(data)
    await advance(turn)


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
        turn.ask(question)
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


def _says_cancel(event: Event) -> bool:
    return event.choice is None and plain(event.text, fold) in _CANCEL_WORDS

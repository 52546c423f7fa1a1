"""From an event to what is said back: a command, an answer to an open question, a word on a case, or a new matter."""

from datetime import datetime

from domain.errors import DomainError
from domain.texts import fold
from handlers import changed_messages, last_list, turns
from handlers.commands import parse
from handlers.context import Book, Limits, Turn, is_menu_of
from handlers.engine.event import Event
from handlers.engine.form import Refused
from handlers.engine.menu import StaleChoice, as_pressed, is_number, plain
from handlers.filling import fill, open_field, open_question
from handlers.texts.chats import not_taken
from handlers.texts.errors import refusal
from handlers.texts.menus import main_menu
from storage.database import Database, Transaction


async def dispatch(
    book: Book, database: Database, tx: Transaction, event: Event, *, now: datetime, limits: Limits
) -> None:
    """Handle one event in the caller's transaction: effects, the conversation's new state and what is owed."""
    turn = await turns.open_turn(book, database, tx, as_pressed(event), now=now, limits=limits)
    if turn is None:
        return
    before = turn.conversation
    try:
        async with tx.attempt(refusals_only=True):
            if not await changed_messages.taken(turn):
                await _route(turn)
    except DomainError as error:
        # What was refused is undone whole; the chat stands where it stood, and the reason is said.
        turn.replies.clear()
        turn.conversation = before
        turn.remark(refusal(error, turn.language, turn.calendar.timezone))
    except Refused as refused:
        turn.replies.clear()
        turn.conversation = before
        turn.remark(str(refused))
    await turns.close_turn(turn, before)


async def _route(turn: Turn) -> None:
    if turn.event.in_group and not _addressed(turn):
        return
    if turn.event.not_taken is not None and _nothing_else(turn, turn.event.not_taken):
        return
    typed = _command_typed(turn.event)
    if typed is not None:
        await _run(turn, *typed)
        return
    try:
        picked = await last_list.pick(turn)
    except StaleChoice:
        _say_again(turn, _overtaken(turn))
        return
    if picked is not None and picked.startswith("/"):
        await _run(turn, *(parse(picked) or ("", "")))
    elif picked is None and (await _about_a_case(turn) or await turn.book.linking_code(turn)):
        # A reply to a message about a case is about that case; whatever form is open stays open.
        return
    elif turn.conversation.filling is not None:
        await fill(turn, picked)
    else:
        await _unbidden(turn)


def _overtaken(turn: Turn) -> str:
    """Why a pressed button does nothing: its question has been answered, or it is somebody else's."""
    tapped = turn.event.choice
    if turn.event.in_group and tapped is not None and not is_menu_of(tapped, turn.person.id):
        return turn._("These buttons are for the colleague who began this. Your own begin at the case's card or /viec.")
    pressed = turn.event.choice is not None
    return turn._("That button is no longer in use.") if pressed else turn._("That choice is no longer open.")


def _addressed(turn: Turn) -> bool:
    """In a group people also talk with each other: only commands, taps, replies and open questions are for the bot."""
    event = turn.event
    return turns.speaks_to_us(event) or _answers(turn)


def _answers(turn: Turn) -> bool:
    """Whether a message in a group can be the answer to an open question: chatter never is where a press is wanted."""
    field = open_field(turn)
    return field is not None and (field.words or bool(turn.event.attachments) or turn.pick() is not None)


def _command_typed(event: Event) -> tuple[str, str] | None:
    if event.choice is not None:
        return parse(event.choice) if event.choice.startswith("/") else None
    return parse(event.text)


async def _run(turn: Turn, name: str, argument: str) -> None:
    command = turn.book.command(name)
    if command is None:
        raise DomainError("command_unknown", command=f"/{name}")
    if turn.event.in_group and not command.in_groups:
        raise DomainError("command_private", command=f"/{name}")
    await command.run(turn, argument)


async def _about_a_case(turn: Turn) -> bool:
    case_id = await turns.case_replied_to(turn)
    return case_id is not None and await turn.book.reply_to_case(turn, case_id)


async def _unbidden(turn: Turn) -> None:
    """Something said without being asked: the words of a command, or the beginning of a case."""
    if turn.event.in_group:
        if turn.event.addressed:
            turn.say(
                turn._(
                    "In a group I take commands only; one about a case carries its code, like this: nhan PA-26-00012. "
                    "All of them: trogiup. To report something, please write to me in private."
                )
            )
        return
    command = turn.book.command_said(plain(turn.event.text, fold))
    if command is not None:
        await command.run(turn, "")
    elif is_number(turn.event.text, fold) and not turn.event.attachments:
        _say_again(turn, turn._("I have no list in which that number stands."))
    else:
        await turn.book.free_text(turn)


def _nothing_else(turn: Turn, reason: str) -> bool:
    """Say what could not be taken; whether that was all there was."""
    said = not_taken(reason, turn.language)
    if turn.event.is_empty:
        _say_again(turn, said)
        return True
    turn.say(said)
    return False


def _say_again(turn: Turn, before: str) -> None:
    """Say a sentence and the open question again, so that there is always something to press."""
    question = open_question(turn)
    if turn.event.in_group:
        turn.remark(before)
    elif question is not None:
        turn.ask(question, before)
    else:
        # Not within the f-string: there the words would not be collected for translation.
        what_next = turn._("Please write to me, or press one of these.")
        turn.say(f"{before} {what_next}", main_menu(turn.language))

"""What an official does with one case: the commands, and a reply to its card, which answers the resident."""

from actions import handle_case
from domain.case import Act, Case
from domain.errors import DomainError
from handlers.context import Command, For, Turn
from handlers.engine.reply import Choice
from handlers.i18n import N_
from handlers.official import answering, passing_on
from handlers.official.answering import begin_message
from handlers.official.desk import HANDLING, desk, named_case, open_case
from handlers.official.passing_on import begin_note, begin_transfer
from handlers.texts.case_notices import handled


async def take(turn: Turn, argument: str) -> None:
    """`/nhan code`: take a case up."""
    case = await _case(turn, argument)
    taken = await handle_case.accept(turn.tx, turn.ward, desk(turn), case.code, now=turn.now)
    _say_done(turn, taken, Act.ACCEPT)


async def close(turn: Turn, argument: str) -> None:
    """`/dong code`: close a case that has been answered."""
    case = await _case(turn, argument)
    closed = await handle_case.close(turn.tx, turn.ward, desk(turn), case.code, now=turn.now)
    _say_done(turn, closed, Act.CLOSE)


async def transfer(turn: Turn, argument: str) -> None:
    """`/chuyen code unit reason`: pass a case on; what is missing is asked."""
    code, rest = await named_case(turn, argument)
    await begin_transfer(turn, await open_case(turn, code), rest)


async def ask(turn: Turn, argument: str) -> None:
    """`/hoithem code question`: ask the resident, at once when the question is in the command."""
    code, rest = await named_case(turn, argument)
    await begin_message(turn, Act.ASK, await open_case(turn, code), turn.event, rest, at_once=True)


async def answer(turn: Turn, argument: str) -> None:
    """`/traloi code text`: answer the resident after one look at what they will read."""
    code, rest = await named_case(turn, argument)
    await begin_message(turn, Act.ANSWER, await open_case(turn, code), turn.event, rest)


async def note(turn: Turn, argument: str) -> None:
    """`/ghichu code text`: write an internal note."""
    code, rest = await named_case(turn, argument)
    await begin_note(turn, await open_case(turn, code), rest)


async def reply_to_case(turn: Turn, case: Case) -> bool:
    """A reply to one of our messages about a case: the answer to its resident, after one look at it.

    False for somebody in a private chat who is no official. DomainErrors: those of `open_case`; in a group a
    stranger is told how to join.
    """
    if turn.official is None and not turn.event.in_group:
        return False
    turn.need_official()
    case = await open_case(turn, case.code)
    if turn.event.is_empty:
        raise DomainError("not_this_kind")
    await begin_message(turn, Act.ANSWER, case, turn.event, turn.event.text)
    return True


async def _case(turn: Turn, argument: str) -> Case:
    code, _rest = await named_case(turn, argument)
    return await open_case(turn, code)


def _say_done(turn: Turn, case: Case, act: Act) -> None:
    said = {"code": case.code, "who": desk(turn).official.name, "act": act.value}
    choices: tuple[Choice, ...] = ()
    if act is Act.ACCEPT and not turn.event.in_group:
        _ = turn._
        choices = (
            Choice(id=f"/traloi {case.code}", label=_("Answer"), also=("trả lời", "answer")),
            Choice(id=f"/hoithem {case.code}", label=_("Ask for more"), also=("hỏi thêm", "ask")),
        )
    turn.say(handled(said, turn.language).text, choices, case_id=case.id)


FORMS = answering.FORMS | passing_on.FORMS

COMMANDS = (
    Command(
        names=("nhan", "take"),
        about=N_("take a case up"),
        run=take,
        audience=For.OFFICIALS,
        in_groups=True,
        roles=HANDLING,
    ),
    Command(
        names=("traloi", "answer"),
        about=N_("answer the resident"),
        run=answer,
        audience=For.OFFICIALS,
        in_groups=True,
        roles=HANDLING,
    ),
    Command(
        names=("hoithem", "ask"),
        about=N_("ask the resident for more"),
        run=ask,
        audience=For.OFFICIALS,
        in_groups=True,
        roles=HANDLING,
    ),
    Command(
        names=("chuyen", "transfer"),
        about=N_("pass a case on to another unit"),
        run=transfer,
        audience=For.OFFICIALS,
        in_groups=True,
        roles=HANDLING,
    ),
    Command(
        names=("ghichu", "note"),
        about=N_("internal note"),
        run=note,
        audience=For.OFFICIALS,
        in_groups=True,
        roles=HANDLING,
    ),
    Command(
        names=("dong", "close"),
        about=N_("close a case"),
        run=close,
        audience=For.OFFICIALS,
        in_groups=True,
        roles=HANDLING,
    ),
)

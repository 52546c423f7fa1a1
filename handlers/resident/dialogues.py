"""A resident reads when the next dialogue session is, and sends it a question."""

from actions.hold_dialogue import check_open
from domain.dialogue import DialogueSession
from domain.errors import DomainError
from domain.texts import shorten
from handlers.context import Command, Turn
from handlers.drafts import given_by
from handlers.engine.form import Data
from handlers.engine.reply import Choice
from handlers.i18n import N_
from handlers.resident import dialogue_question
from handlers.resident.start import begin_with_consent
from handlers.texts.dialogues import session_details, status_of
from handlers.texts.menus import main_menu
from storage import dialogues

LABEL_MAX_CHARS = 40


async def show_dialogues(turn: Turn, argument: str) -> None:
    """`/doithoai [number]`: the next session, or the one asked for; how to send it a question."""
    coming = await dialogues.upcoming(turn.tx, turn.ward.id, now=turn.now, limit=turn.limits.page_size)
    number = argument.strip()
    if number.isdecimal():
        session = await dialogues.find(turn.tx, turn.ward.id, int(number))
    elif coming:
        session = coming[0]
    else:
        _say_none(turn)
        return
    await _say_session(turn, session, [one for one in coming if one.id != session.id])


def _say_none(turn: Turn) -> None:
    text = turn._(
        "No dialogue session is announced at the moment. The ward holds at least one a year (Law 10/2022/QH15, "
        "Article 32); it will be announced here at least 7 days before. You need not wait: write to the ward now."
    )
    turn.say(text, () if turn.event.in_group else main_menu(turn.language))


async def _say_session(turn: Turn, session: DialogueSession, others: list[DialogueSession]) -> None:
    counts = await dialogues.question_counts(turn.tx, turn.ward.id, [session.id])
    number = counts.get(session.id, 0)
    text = session_details(session, turn.calendar.timezone, turn.language)
    if not session.takes_questions(turn.now):
        state = turn._("This session: {status}.", status=status_of(session, turn.language))
        text = "\n".join(filter(None, (text, state, session.reason)))
    elif number:
        text += "\n" + turn.n_("💬 {n} question so far", "💬 {n} questions so far", number)
    else:
        text += "\n" + turn._("💬 No question yet: yours may be the first.")
    if turn.event.in_group:
        turn.say(text + "\n\n" + turn._("To send a question, please write to me in private."))
    else:
        turn.say(text, _choices(turn, session, others))


def _choices(turn: Turn, session: DialogueSession, others: list[DialogueSession]) -> tuple[Choice, ...]:
    choices = []
    if session.takes_questions(turn.now):
        also = ("gửi câu hỏi", "câu hỏi", "hỏi", "gửi", "ask")
        choices.append(Choice(id=f"/cauhoi {session.id}", label=turn._("Send a question"), also=also))
    for other in others:
        label = f"{turn.calendar.local_day(other.held_at):%d/%m} – {other.title}"
        choices.append(Choice(id=f"/doithoai {other.id}", label=shorten(label, LABEL_MAX_CHARS)))
    return tuple(choices) or main_menu(turn.language)


async def send_question(turn: Turn, argument: str) -> None:
    """`/cauhoi [number | text]`: begin a question for a session, the next one unless a number says which."""
    session = await _session_meant(turn, argument)
    if session is None:
        _say_none(turn)
        return
    await check_open(turn.tx, turn.ward, turn.person, session.id, now=turn.now)
    data: Data = {"dialogue": session.id, "title": session.title, "held_at": session.held_at.isoformat()}
    text = "" if argument.strip().isdecimal() else argument.strip()
    if len(text) > turn.limits.text_max_chars:
        raise DomainError("text_too_long", length=len(text), limit=turn.limits.text_max_chars)
    if text or turn.event.attachments:
        data = dialogue_question.understood(turn, data | given_by(turn.event) | {"text": text})
    await begin_with_consent(turn, dialogue_question.QUESTION, data)


async def _session_meant(turn: Turn, argument: str) -> DialogueSession | None:
    if argument.strip().isdecimal():
        return await dialogues.find(turn.tx, turn.ward.id, int(argument))
    coming = await dialogues.upcoming(turn.tx, turn.ward.id, now=turn.now, limit=1)
    return coming[0] if coming else None


FORMS = {dialogue_question.QUESTION: dialogue_question.FORM}

COMMANDS = (
    Command(
        names=("doithoai", "dialogue"),
        about=N_("the next dialogue with the ward's leaders"),
        run=show_dialogues,
        words=("doi thoai", "lich doi thoai", "hoi nghi doi thoai", "doi thoai voi chu tich", "dialogue"),
        in_groups=True,
    ),
    Command(
        names=("cauhoi", "question"),
        about=N_("send a question to the next dialogue"),
        run=send_question,
        words=("gui cau hoi", "dat cau hoi", "send a question"),
    ),
)

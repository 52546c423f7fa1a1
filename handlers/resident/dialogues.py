"""A resident reads when the next dialogue session is, and sends it a question."""

from datetime import datetime

from actions.hold_dialogue import ask, check_open
from domain.case import CaseKind
from domain.dialogue import DialogueSession
from domain.errors import DomainError
from domain.routing_kind import guess_kind
from domain.texts import shorten
from handlers.context import Command, FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused
from handlers.engine.reply import Choice
from handlers.i18n import N_
from handlers.resident import not_by_chat
from handlers.resident.start import begin_with_consent
from handlers.texts.danger import warn_of_danger
from handlers.texts.dialogues import moment, session_details, status_of
from handlers.texts.formats import day
from handlers.texts.menus import main_menu
from storage import dialogues

QUESTION = "dialogue_question"
PREVIEW_MAX_CHARS = 600
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
    counts = await dialogues.question_counts(turn.tx, [session.id])
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


# --- a question -------------------------------------------------------------------------------------------------------


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
        data = _understood(turn, data | {"text": text, "attachments": list(turn.event.attachments)})
    await begin_with_consent(turn, QUESTION, data)


async def _session_meant(turn: Turn, argument: str) -> DialogueSession | None:
    if argument.strip().isdecimal():
        return await dialogues.find(turn.tx, turn.ward.id, int(argument))
    coming = await dialogues.upcoming(turn.tx, turn.ward.id, now=turn.now, limit=1)
    return coming[0] if coming else None


def _understood(turn: Turn, data: Data) -> Data:
    """The question with what its words say: danger is answered at once, and a denunciation is not kept."""
    text = data.get("text", "")
    warn_of_danger(turn, text, data)
    kind = guess_kind(text).kind
    if kind is CaseKind.DENUNCIATION:
        # Nothing of a denunciation's content may stand in an ordinary case (Luật 25/2018/QH14 Đ22, Đ56).
        return {"stop": True}
    return data | {"law": kind is CaseKind.COMPLAINT}


def _add(turn: Turn, data: Data, event: Event) -> Data:
    """The question with one more message in it; people write in pieces."""
    if event.unsupported or not (event.text.strip() or event.attachments):
        raise Refused(turn._("I cannot read that kind of message. Please write your question in words."))
    text = "\n".join(filter(None, (data.get("text", ""), event.text.strip())))
    if len(text) > turn.limits.text_max_chars:
        raise Refused(
            turn._(
                "That is {length} characters; I can take {limit}. Please write it shorter.",
                length=len(text), limit=turn.limits.text_max_chars,
            )
        )  # fmt: skip
    photos = [*data.get("attachments", []), *event.attachments]
    limit = turn.limits.photos_per_case_max
    if len(photos) > limit:
        turn.say(turn._("I can take {limit} photos for one case; I kept the first {limit}.", limit=limit))
    return _understood(turn, data | {"text": text, "attachments": photos[:limit]})


def _ask_text(turn: Turn, data: Data) -> Question:
    text = turn._("What would you like to ask at “{title}”? Please write your question.", title=data["title"])
    return Question(text=text, choices=(_giving_up(turn),))


def _ask_law(turn: Turn, data: Data) -> Question:
    _ = turn._
    return Question(
        text=not_by_chat.complaint(turn),
        choices=(
            Choice(id="as_question", label=_("Send it as a question"), also=("vẫn gửi", "gửi", "câu hỏi")),
            Choice(id=CANCEL, label=_("Do not send"), also=("không gửi", "huỷ", "thôi")),
        ),
    )


def _accept_law(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press one of these two buttons."))
    return data | {"law": False}


def _ask_sending(turn: Turn, data: Data) -> Question:
    _ = turn._
    photos = len(data.get("attachments", []))
    when = moment(datetime.fromisoformat(data["held_at"]), turn.calendar.timezone, turn.language)
    lines = [
        _("Please check before sending:"),
        f"📝 {shorten(data['text'], PREVIEW_MAX_CHARS)}",
        *([turn.n_("📷 {n} photo", "📷 {n} photos", photos)] if photos else []),
        _("🤝 For: {title} ({moment})", title=data["title"], moment=when),
    ]
    choices = (
        Choice(id="send", label=_("Send"), also=("gửi", "gửi đi", "gởi", "ok", "oke", "đồng ý", "có", "yes", "đúng")),
        Choice(id="change", label=_("Change"), also=("sửa", "sửa lại", "viết lại", "edit")),
        _giving_up(turn),
    )
    return Question(text="\n".join(lines), choices=choices)


def _accept_sending(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked == "send":
        return data | {"sent": True}
    if picked == "change":
        return {key: value for key, value in data.items() if key not in {"text", "law"}}
    return _add(turn, data, event)


def _giving_up(turn: Turn) -> Choice:
    return Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi", "không gửi"))


async def _asked(turn: Turn, data: Data) -> None:
    if data.get("stop"):
        await not_by_chat.guide_denouncer(turn)
        return
    files = tuple(data.get("attachments", ()))
    case = await ask(turn.tx, turn.ward, turn.person, data["dialogue"], text=data["text"], files=files, now=turn.now)
    text = turn._(
        "✅ Your question is in: {code}\nIt goes to “{title}”; {unit} is in charge and answers by {day} at the "
        "latest.\nI will tell you every step. Send /hoso to see it.",
        code=case.code, title=data["title"], unit=turn.ward.unit_names[case.unit_id],
        day=day(case.due_on, turn.language),
    )  # fmt: skip
    turn.say(text, case_id=case.id)


async def _given_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("I sent nothing. Write to me whenever you want."), main_menu(turn.language))


FORMS = {
    QUESTION: FormHandler(
        form=Form(
            name=QUESTION,
            fields=(
                Field(
                    missing=lambda data: not data.get("stop") and not data.get("text"),
                    ask=_ask_text,
                    accept=lambda turn, data, event, picked: _add(turn, data, event),
                ),
                Field(missing=lambda data: bool(data.get("law")), ask=_ask_law, accept=_accept_law),
                Field(
                    missing=lambda data: not data.get("stop") and not data.get("sent"),
                    ask=_ask_sending,
                    accept=_accept_sending,
                ),
            ),
        ),
        done=_asked,
        cancelled=_given_up,
    )
}

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

"""An official announces a dialogue session, cancels one, and reads what people ask."""

from actions.hold_dialogue import cancel, may_announce
from domain.dialogue import REASON_MAX_CHARS, DialogueSession
from domain.errors import DomainError
from domain.people import GroupKind, Official, Role
from domain.texts import shorten
from handlers.context import Command, For, FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.i18n import N_
from handlers.official import announcing
from handlers.texts.dialogues import moment, session_details, status_of
from handlers.texts.formats import status_name
from storage import dialogues, invites

CANCELLING = "dialogue_cancel"
ANNOUNCE_MORE = "them"
LABEL_MAX_CHARS = 40
ANNOUNCING = frozenset({Role.EDITOR, Role.LEADER, Role.ADMIN, Role.RECEPTION})


def _entitled(turn: Turn) -> Official:
    official = turn.need_official()
    if not may_announce(official):
        raise DomainError("dialogue_not_yours")
    return official


async def new_dialogue(turn: Turn, argument: str) -> None:
    """`/doithoai_moi`: what is announced (to cancel one), or straight to announcing when nothing is."""
    _entitled(turn)
    coming = await dialogues.upcoming(turn.tx, turn.ward.id, now=turn.now, limit=turn.limits.page_size)
    if argument.strip() == ANNOUNCE_MORE or not coming:
        await begin(turn, announcing.ANNOUNCING, {})
        return
    counts = await dialogues.question_counts(turn.tx, turn.ward.id, [session.id for session in coming])
    lines = [turn._("Announced sessions:")]
    choices = [Choice(id=f"/doithoai_moi {ANNOUNCE_MORE}", label=turn._("Announce a new session"), also=("mới", "new"))]
    for session in coming:
        lines.append(f"\n{_heading(turn, session)}\n{_asked(turn, counts.get(session.id, 0))}")
        label = turn._("Cancel {number}: {title}", number=session.id, title=session.title)
        choices.append(Choice(id=f"/doithoai_huy {session.id}", label=shorten(label, LABEL_MAX_CHARS)))
    choices.append(Choice(id="/doithoai_ds", label=turn._("Questions of the people")))
    turn.say("\n".join(lines), choices)


def _heading(turn: Turn, session: DialogueSession) -> str:
    when = moment(session.held_at, turn.calendar.timezone, turn.language)
    return f"🤝 {session.title}\n📅 {when}\n📍 {session.place}"


def _asked(turn: Turn, number: int) -> str:
    return turn.n_("💬 {n} question", "💬 {n} questions", number)


# --- cancelling -------------------------------------------------------------------------------------------------------


async def cancel_dialogue(turn: Turn, argument: str) -> None:
    """`/doithoai_huy [number] [reason]`: cancel a session; without a number, the announced ones are listed."""
    _entitled(turn)
    number, _, reason = argument.strip().partition(" ")
    if not number.isdecimal():
        await new_dialogue(turn, "")
        return
    session = await dialogues.find(turn.tx, turn.ward.id, int(number))
    if not session.takes_questions(turn.now):
        raise DomainError("dialogue_not_open", title=session.title)
    questions = (await dialogues.question_counts(turn.tx, turn.ward.id, [session.id])).get(session.id, 0)
    data: Data = {"dialogue": session.id, "heading": _heading(turn, session), "questions": questions}
    await begin(turn, CANCELLING, data | ({"reason": reason.strip()[:REASON_MAX_CHARS]} if reason.strip() else {}))


def _ask_reason(turn: Turn, data: Data) -> Question:
    text = turn._("Why is this session cancelled? People will read it.\n\n{heading}", heading=data["heading"])
    return Question(text=text, choices=(_keeping(turn),))


def _accept_reason(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    reason = event.text.strip()
    if not reason:
        raise Refused(turn._("Please say why it is cancelled; people read it."))
    if len(reason) > REASON_MAX_CHARS:
        raise Refused(turn._("Please say it in at most {limit} characters.", limit=REASON_MAX_CHARS))
    return data | {"reason": reason}


def _ask_sure(turn: Turn, data: Data) -> Question:
    _ = turn._
    text = _(
        "Cancel this session?\n\n{heading}\nWhy: {reason}\n\nThe ward's groups are told at once, and so is everybody "
        "who sent a question.",
        heading=data["heading"], reason=data["reason"],
    )  # fmt: skip
    sure = Choice(id="sure", label=_("Yes, cancel it"), also=("có", "đồng ý", "huỷ phiên", "yes", "ok"))
    return Question(text=text, choices=(sure, _keeping(turn)))


def _accept_sure(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked != "sure":
        raise Refused(turn._("Please press one of these two buttons."))
    return data | {"sure": True}


def _keeping(turn: Turn) -> Choice:
    return Choice(id=CANCEL, label=turn._("Keep the session"), also=("giữ", "không", "thôi", "no"))


async def _cancelled(turn: Turn, data: Data) -> None:
    official = turn.need_official()
    session = await cancel(turn.tx, turn.ward, official, data["dialogue"], reason=data["reason"], now=turn.now)
    groups = len(await invites.groups_of(turn.tx, ward_id=turn.ward.id, kind=GroupKind.WARD))
    told = turn.n_("{n} group has been told.", "{n} groups have been told.", groups)
    turn.say(turn._("❌ Cancelled: {title}. {told}", title=session.title, told=told))


async def _kept(turn: Turn, data: Data) -> None:
    turn.say(turn._("The session stays as announced."))


# --- what people ask --------------------------------------------------------------------------------------------------


async def dialogue_questions(turn: Turn, argument: str) -> None:
    """`/doithoai_ds [number [page]]`: the sessions, or the questions of one by subject and code."""
    turn.need_official()
    words = argument.split()
    if words and words[0].isdecimal():
        page = int(words[1]) if len(words) > 1 and words[1].isdecimal() else 1
        await _say_questions(turn, int(words[0]), max(1, page))
    else:
        await _say_sessions(turn)


async def _say_sessions(turn: Turn) -> None:
    sessions, _total = await dialogues.every(turn.tx, turn.ward.id, limit=turn.limits.choices_max)
    if not sessions:
        turn.say(turn._("No session has been announced yet. Send /doithoai_moi to announce one."))
        return
    counts = await dialogues.question_counts(turn.tx, turn.ward.id, [session.id for session in sessions])
    lines, choices = [turn._("Which session?")], []
    for number, session in enumerate(sessions, 1):
        on = f"{turn.calendar.local_day(session.held_at):%d/%m/%Y}"
        asked = _asked(turn, counts.get(session.id, 0))
        lines.append(f"{number}. {session.title} ({on}, {status_of(session, turn.language)})\n   {asked}")
        choices.append(Choice(id=f"/doithoai_ds {session.id}", label=shorten(f"{on} {session.title}", LABEL_MAX_CHARS)))
    turn.say("\n".join(lines), choices)


async def _say_questions(turn: Turn, number: int, page: int) -> None:
    session = await dialogues.find(turn.tx, turn.ward.id, number)
    size = turn.limits.page_size
    asked, total = await dialogues.questions(turn.tx, session, limit=size, offset=(page - 1) * size)
    lines = [session_details(session, turn.calendar.timezone, turn.language), _asked(turn, total)]
    for category_id, count in await dialogues.counts_by_category(turn.tx, session):
        lines.append(f"📂 {turn.ward.category_name(category_id, turn.language)}: {count}")
    lines.append("")
    for case in asked:
        category = turn.ward.category_name(case.category_id, turn.language)
        lines.append(f"• {case.code} – {category} – {status_name(case.status, turn.language)}")
    choices = [Choice(id=f"/xem {case.code}", label=case.code) for case in asked]
    if page > 1:
        choices.append(Choice(id=f"/doithoai_ds {number} {page - 1}", label=turn._("◀ Earlier"), also=("trước",)))
    if page * size < total:
        choices.append(Choice(id=f"/doithoai_ds {number} {page + 1}", label=turn._("More ▶"), also=("tiếp", "sau")))
    turn.say("\n".join(lines).strip(), choices)


FORMS = {
    announcing.ANNOUNCING: announcing.FORM,
    CANCELLING: FormHandler(
        form=Form(
            name=CANCELLING,
            fields=(
                Field(missing=lacks("reason"), ask=_ask_reason, accept=_accept_reason),
                Field(missing=lacks("sure"), ask=_ask_sure, accept=_accept_sure),
            ),
        ),
        done=_cancelled,
        cancelled=_kept,
    ),
}

COMMANDS = (
    Command(
        names=("doithoai_moi", "new_dialogue"),
        about=N_("announce a dialogue session, or cancel one"),
        run=new_dialogue,
        audience=For.OFFICIALS,
        roles=ANNOUNCING,
    ),
    Command(
        names=("doithoai_ds", "dialogue_questions"),
        about=N_("what people ask at the dialogue"),
        run=dialogue_questions,
        audience=For.OFFICIALS,
        roles=ANNOUNCING,
    ),
    Command(
        names=("doithoai_huy", "cancel_dialogue"),
        about=N_("cancel a dialogue session with a reason"),
        run=cancel_dialogue,
        audience=For.OFFICIALS,
        roles=ANNOUNCING,
    ),
)

"""Writing to the resident from the desk: an answer or a question, checked once as the resident will read it."""

from actions import handle_case
from domain.case import Act, Case, Status
from domain.errors import DomainError
from handlers.context import FormHandler, Turn
from handlers.drafts import given_by, kept_within, remember
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.official.desk import desk, say_refused
from handlers.texts.case_notices import answered, asked, handled
from handlers.texts.errors import refusal
from handlers.texts.errors_cases import SENTENCES
from handlers.texts.files import files_line
from handlers.texts.formats import instant, place_line, quote
from storage import case_events, cases

MESSAGE = "desk_message"
WHERE_SAID = frozenset({"heard", "pieces", "albums"})
NOT_THIS_KIND, TOO_LONG = SENTENCES["not_this_kind"], SENTENCES["answer_text_too_long"]
# What happened meanwhile and can be read about before sending all the same.
_NEWS = frozenset({"case_changed_by", "case_changed"})


async def begin_message(turn: Turn, act: Act, case: Case, event: Event, text: str, *, at_once: bool = False) -> None:
    """Begin an answer (Act.ANSWER) or a question (Act.ASK) with what was written so far.

    It is shown before it is sent, unless `at_once` and there is a text. DomainError `act_not_possible`.
    """
    case.after(act)
    _mention_unsent(turn, case)
    data: Data = {
        "act": act.value, "code": case.code, "version": case.version, "language": case.language,
        "unit": turn.ward.unit_names[case.unit_id], "due_on": case.due_on.isoformat(), "about": quote(case.text),
        "text": "", "files": [], "news": await _answered_before(turn, case),
    }  # fmt: skip
    try:
        data = _written(turn, data, event, text)
    except Refused as refused:
        turn.say(str(refused))
        data |= {"files": list(event.attachments[: turn.limits.files_per_case_max]), "editing": True}
    await begin(turn, MESSAGE, data | {"sent": at_once and bool(data["text"])})


async def _answered_before(turn: Turn, case: Case) -> str:
    done = await case_events.last(turn.tx, case, [Act.ANSWER])
    if done is None or case.status is not Status.ANSWERED:
        return ""
    at = instant(done.at, turn.calendar.timezone, turn.language)
    return turn._(
        "ℹ️ {who} has answered already ({at}): {said} Yours is sent in addition.",
        who=done.actor_name, at=at, said=quote(done.text),
    )  # fmt: skip


def _mention_unsent(turn: Turn, case: Case) -> None:
    """A second message begun before the first was sent takes its place; the first one's words are given back."""
    filling = turn.conversation.filling
    if filling is None or filling.form != MESSAGE or filling.data["code"] == case.code or not filling.data["text"]:
        return
    unsent = turn._("⚠️ Not sent yet for {code}:\n{text}", code=filling.data["code"], text=filling.data["text"])
    turn.say(unsent, (Choice(id=f"/traloi {filling.data['code']}", label=turn._("Answer")),))


def _written(turn: Turn, data: Data, event: Event, text: str, *, add: bool = False) -> Data:
    """The message with what an event brings. Raises Refused for what cannot be passed on or is too long."""
    if event.unsupported:
        raise Refused(turn._(NOT_THIS_KIND))
    where = (
        place_line(event.place.label, event.place.latitude, event.place.longitude, turn.language) if event.place else ""
    )
    parts = [data["text"] if add else "", text.strip(), f"📍 {where}" if where else ""]
    whole = "\n".join(part for part in parts if part)
    limit = turn.limits.text_max_chars
    if len(whole) > limit:
        raise Refused(turn._(TOO_LONG, length=len(whole), limit=limit))
    files = [*data["files"], *(one for one in event.attachments if one not in data["files"])]
    where_said = {name: [*data.get(name, []), *found] for name, found in given_by(event).items() if name in WHERE_SAID}
    if whole and not add:
        # What was written before is replaced: a change of it changes nothing any more.
        where_said["pieces"] = where_said.get("pieces", [])[-1:]
    return data | where_said | {"text": whole or data["text"], "files": kept_within(turn, files), "editing": False}


# --- the two fields ---------------------------------------------------------------------------------------------------


def _lacks_words(data: Data) -> bool:
    return bool(data.get("editing")) or not (data["text"] or data["files"])


def _ask_words(turn: Turn, data: Data) -> Question:
    _ = turn._
    about = {"code": data["code"], "about": data["about"]}
    if data["act"] == Act.ASK.value:
        text = _("❓ What do you want to ask the resident about {code}?\n{about}", **about)
    else:
        text = _("✍️ Please write the answer for {code}; photos and files may come with it.\n{about}", **about)
    return Question(text=text, choices=(_cancel(turn),))


def _accept_words(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    written = _written(turn, data, event, event.text)
    if _lacks_words(written):
        raise Refused(turn._(NOT_THIS_KIND))
    return written


def _ask_sending(turn: Turn, data: Data) -> Question:
    _ = turn._
    files = files_line(turn.gists(data["files"]), turn.language)
    lines = [
        *([data["news"], ""] if data["news"] else []),
        _("👀 Please check. The resident will read:"),
        "┄┄┄┄┄┄┄┄",
        _as_read(data),
        "┄┄┄┄┄┄┄┄",
        *([_("With it: {files}", files=files)] if files else []),
    ]
    no_files = Choice(id="no_files", label=_("Without the files"), also=("bỏ ảnh", "không ảnh", "bỏ tệp"))
    choices = (
        Choice(id="send", label=_("Send"), also=("gửi", "gửi đi", "ok", "oke", "đồng ý", "có", "yes", "send")),
        Choice(id="edit", label=_("Change"), also=("sửa", "sửa lại", "edit")),
        *((no_files,) if files and data["text"] else ()),
        _cancel(turn),
    )
    return Question(text="\n".join(lines), choices=choices)


def _as_read(data: Data) -> str:
    """The very words the resident gets, in the resident's language."""
    render = asked if data["act"] == Act.ASK.value else answered
    return render(data, data["language"]).text


def _accept_sending(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    changes: dict[str, Data] = {"send": {"sent": True}, "edit": {"editing": True}, "no_files": {"files": []}}
    if picked is not None:
        return data | changes[picked]
    # Words in a group may be meant for colleagues, and a reply may be meant for another case: only files are clear.
    if event.text.strip() and (turn.event.in_group or event.reply_to):
        raise Refused(turn._("Please press Send, Change or Give up for {code} first.", code=data["code"]))
    return _written(turn, data, event, event.text, add=True)


def _cancel(turn: Turn) -> Choice:
    return Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi", "không gửi"))


# --- the end ----------------------------------------------------------------------------------------------------------


async def _send(turn: Turn, data: Data) -> None:
    try:
        async with turn.tx.attempt(refusals_only=True):
            case = await _act(turn, data)
    except DomainError as error:
        await _not_sent(turn, data, error)
        return
    await remember(turn, data, case.id)
    done = {"code": case.code, "who": desk(turn).official.name, "act": data["act"]}
    turn.say(handled(done, turn.language).text, _next(turn, case), case_id=case.id)


async def _act(turn: Turn, data: Data) -> Case:
    files = tuple(data["files"])
    if data["act"] == Act.ASK.value:
        return await handle_case.ask(
            turn.tx, turn.ward, desk(turn), data["code"], question=data["text"], files=files, now=turn.now,
            seen_version=data["version"],
        )  # fmt: skip
    return await handle_case.answer(
        turn.tx, turn.ward, desk(turn), data["code"], text=data["text"], files=files, now=turn.now,
        seen_version=data["version"],
    )  # fmt: skip


async def _not_sent(turn: Turn, data: Data, error: DomainError) -> None:
    """Somebody was faster: what they did is shown above the same text, to be sent all the same; or it is given back."""
    case = await cases.by_code(turn.tx, turn.ward.id, data["code"])
    try:
        case.after(Act(data["act"]))
    except DomainError:
        say_refused(turn, error, data["text"])
        return
    if error.code not in _NEWS:
        say_refused(turn, error, data["text"])
        return
    news = [refusal(error, turn.language, turn.calendar.timezone)]
    news += [quote(one.text) for one in (await case_events.acts_since(turn.tx, case, data["version"]))[-1:] if one.text]
    await begin(turn, MESSAGE, data | {"version": case.version, "sent": False, "news": "⚠️ " + " ".join(news)})


def _next(turn: Turn, case: Case) -> tuple[Choice, ...]:
    if turn.event.in_group:
        return ()
    close = Choice(id=f"/dong {case.code}", label=turn._("Close"), also=("đóng", "close"))
    queue = Choice(id="/viec", label=turn._("Open cases"), also=("việc", "queue"))
    return (close, queue) if case.status is Status.ANSWERED else (queue,)


async def _given_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("Given up; nothing was sent to the resident of {code}.", code=data["code"]))


FORMS = {
    MESSAGE: FormHandler(
        form=Form(
            name=MESSAGE,
            fields=(
                Field(missing=_lacks_words, ask=_ask_words, accept=_accept_words),
                Field(missing=lambda data: not data.get("sent"), ask=_ask_sending, accept=_accept_sending, words=False),
            ),
        ),
        done=_send,
        cancelled=_given_up,
    )
}

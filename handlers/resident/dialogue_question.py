"""The form by which a resident sends a question to a dialogue session: the words, the law's word on them, sending."""

from datetime import datetime

from actions.hold_dialogue import ask
from domain.case import CaseKind
from domain.routing_kind import guess_kind
from domain.texts import shorten
from handlers.context import FormHandler, Turn
from handlers.drafts import given_by, joined, kept_within, remember
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused
from handlers.engine.reply import Choice
from handlers.resident import not_by_chat
from handlers.texts.danger import warn_of_danger
from handlers.texts.dialogues import moment
from handlers.texts.files import files_line, in_recording
from handlers.texts.formats import day
from handlers.texts.menus import main_menu

QUESTION = "dialogue_question"
PREVIEW_MAX_CHARS = 600


def understood(turn: Turn, data: Data) -> Data:
    """The question with what its words say: danger is answered at once, and a denunciation is not kept."""
    text = data.get("text", "")
    warn_of_danger(turn, text, data)
    kind = guess_kind(text).kind
    if kind is CaseKind.DENUNCIATION:
        # Nothing of a denunciation's content may stand in an ordinary case (Luật 25/2018/QH14 Đ22, Đ56).
        return not_by_chat.stopped(data)
    spoken = turn.speaks(data.get("attachments", ()))
    return data | {"spoken": spoken, "law": kind is CaseKind.COMPLAINT and not data.get("law_read")}


def _add(turn: Turn, data: Data, event: Event) -> Data:
    """The question with one more message in it; people write in pieces."""
    if event.unsupported or not (event.text.strip() or event.attachments):
        raise Refused(turn._("I cannot read that kind of message. Please write your question in words."))
    more = joined(data, given_by(event))
    text = more["text"]
    if len(text) > turn.limits.text_max_chars:
        raise Refused(
            turn._(
                "That is {length} characters; I can take {limit}. Please write it shorter.",
                length=len(text), limit=turn.limits.text_max_chars,
            )
        )  # fmt: skip
    return understood(turn, more | {"attachments": kept_within(turn, more["attachments"])})


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
    return data | {"law": False, "law_read": True}


def _ask_sending(turn: Turn, data: Data) -> Question:
    _ = turn._
    files = files_line(turn.gists(data.get("attachments", ())), turn.language)
    words = shorten(data["text"], PREVIEW_MAX_CHARS) if data.get("text") else in_recording(turn.language)
    when = moment(datetime.fromisoformat(data["held_at"]), turn.calendar.timezone, turn.language)
    lines = [
        _("Please check before sending:"),
        f"📝 {words}",
        *([files] if files else []),
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
        return {
            key: value
            for key, value in data.items()
            if key not in {"text", "law", "law_read", "spoken", "attachments", "pieces"}
        }
    return _add(turn, data, event)


def _giving_up(turn: Turn) -> Choice:
    return Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi", "không gửi"))


async def _asked(turn: Turn, data: Data) -> None:
    if data.get("stop"):
        await not_by_chat.guide_denouncer(turn, data)
        return
    files, text = tuple(data.get("attachments", ())), data.get("text") or in_recording(turn.language)
    case = await ask(turn.tx, turn.ward, turn.person, data["dialogue"], text=text, files=files, now=turn.now)
    await remember(turn, data, case.id)
    said = turn._(
        "✅ Your question is in: {code}\nIt goes to “{title}”; {unit} is in charge and answers by {day} at the "
        "latest.\nI will tell you every step. Send /hoso to see it.",
        code=case.code, title=data["title"], unit=turn.ward.unit_names[case.unit_id],
        day=day(case.due_on, turn.language),
    )  # fmt: skip
    turn.say(said, case_id=case.id)


async def _given_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("I sent nothing. Write to me whenever you want."), main_menu(turn.language))


FORM = FormHandler(
    form=Form(
        name=QUESTION,
        fields=(
            Field(
                missing=lambda data: not (data.get("stop") or data.get("text") or data.get("spoken")),
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
    reread=understood,
)

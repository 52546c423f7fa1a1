"""The form by which an official announces a dialogue session: title, time, place, topics, one last look."""

from actions.hold_dialogue import DialoguePlan, announce
from domain.dialogue import PLACE_MAX_CHARS, TITLE_MAX_CHARS, read_topics
from domain.people import GroupKind
from handlers.context import FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.i18n import DEFAULT_LANGUAGE, N_, translator
from handlers.official import dialogue_time
from handlers.texts.dialogues import details
from storage import invites

ANNOUNCING = "dialogue_new"
USUAL_TITLE = N_("Dialogue of the ward's leaders with the people")
# What is forgotten when a part is to be said anew.
PARTS = {
    "title": ("title",),
    "time": dialogue_time.PARTS,
    "place": ("place",),
    "topics": ("topics",),
}


def _typed(turn: Turn, event: Event, limit: int) -> str:
    text = " ".join(event.text.split())
    if not text:
        raise Refused(turn._("Please write it in words."))
    if len(text) > limit:
        raise Refused(turn._("Please say it in at most {limit} characters.", limit=limit))
    return text


# --- title ------------------------------------------------------------------------------------------------------------


def _usual_title() -> str:
    # What is published is in the ward's language, whatever the official reads.
    return translator(DEFAULT_LANGUAGE)(USUAL_TITLE)


def _ask_title(turn: Turn, data: Data) -> Question:
    usual = Choice(id="usual", label=_usual_title())
    text = turn._("What is the session called? Write its title, or press the usual one.")
    return Question(text=text, choices=(usual, dialogue_time.giving_up(turn)))


def _accept_title(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    return data | {"title": _usual_title() if picked == "usual" else _typed(turn, event, TITLE_MAX_CHARS)}


# --- place and topics -------------------------------------------------------------------------------------------------


def _ask_place(turn: Turn, data: Data) -> Question:
    address = turn.ward.ward.address
    office = (Choice(id="office", label=address),) if address else ()
    text = turn._("Where is it held? Write the place, for example: the hall of the ward office.")
    return Question(text=text, choices=(*office, dialogue_time.giving_up(turn)))


def _accept_place(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    return data | {
        "place": turn.ward.ward.address[:PLACE_MAX_CHARS]
        if picked == "office"
        else _typed(turn, event, PLACE_MAX_CHARS)
    }


def _ask_topics(turn: Turn, data: Data) -> Question:
    _ = turn._
    none = Choice(id="none", label=_("No topics set"), also=("không có", "không", "chưa có", "bỏ qua", "skip"))
    text = _("What will it be about? Write one topic a line, all in one message.")
    return Question(text=text, choices=(none, dialogue_time.giving_up(turn)))


def _accept_topics(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    topics = read_topics(event.text) if picked != "none" else ()
    if picked != "none" and not topics:
        raise Refused(turn._("Please write it in words."))
    return data | {"topics": list(topics)}


# --- one last look ----------------------------------------------------------------------------------------------------


def _ask_sure(turn: Turn, data: Data) -> Question:
    _ = turn._
    card = details(
        data["title"],
        dialogue_time.held_at(turn, data),
        data["place"],
        data["topics"],
        turn.calendar.timezone,
        turn.language,
    )
    text = _("Please check before announcing it to the ward's groups:\n\n{card}", card=card)
    return Question(
        text=text,
        choices=(
            Choice(id="sure", label=_("Announce"), also=("thông báo", "gửi", "đồng ý", "ok", "yes", "đúng")),
            Choice(id="edit", label=_("Change"), also=("sửa", "sửa lại", "edit")),
            dialogue_time.giving_up(turn),
        ),
    )


def _accept_sure(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press one of these buttons."))
    if picked == "edit":
        return data | {"edit": True}
    # Looked at once more: the form may have lain for days before this button was pressed.
    return dialogue_time.timed(turn, data) | {"sure": True}


def _ask_edit(turn: Turn, data: Data) -> Question:
    _ = turn._
    return Question(
        text=_("What shall I change?"),
        choices=(
            Choice(id="title", label=_("The title"), also=("tên",)),
            Choice(id="time", label=_("Day and hour"), also=("ngày", "giờ", "ngày giờ")),
            Choice(id="place", label=_("The place"), also=("địa điểm",)),
            Choice(id="topics", label=_("The topics"), also=("nội dung", "chủ đề")),
            Choice(id="back", label=_("Nothing, go back"), also=("quay lại", "không")),
        ),
    )


def _accept_edit(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press one of these buttons."))
    kept = {key: value for key, value in data.items() if key != "edit"}
    return kept if picked == "back" else _without(kept, picked)


def _without(data: Data, part: str) -> Data:
    return {key: value for key, value in data.items() if key not in PARTS[part]}


async def _announced(turn: Turn, data: Data) -> None:
    plan = DialoguePlan(
        title=data["title"],
        held_at=dialogue_time.held_at(turn, data),
        place=data["place"],
        topics=tuple(data["topics"]),
        short_notice=bool(data.get("short_known")),
    )
    session = await announce(turn.tx, turn.ward, turn.need_official(), plan, now=turn.now)
    groups = len(await invites.groups_of(turn.tx, ward_id=turn.ward.id, kind=GroupKind.WARD))
    if groups:
        told = turn.n_("{n} group has been told.", "{n} groups have been told.", groups)
    else:
        told = turn._("No group of the ward is bound yet, so nobody was told; /doithoai shows it to everybody.")
    choices = (
        Choice(id=f"/doithoai {session.id}", label=turn._("See it as people do")),
        Choice(id="/doithoai_ds", label=turn._("Questions of the people")),
    )
    turn.say(turn._("📣 Announced: {title}. {told}", title=session.title, told=told), choices)


async def _given_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("I announced nothing."))


FORM = FormHandler(
    form=Form(
        name=ANNOUNCING,
        fields=(
            Field(missing=lacks("title"), ask=_ask_title, accept=_accept_title),
            Field(missing=dialogue_time.is_missing, ask=dialogue_time.ask_time, accept=dialogue_time.accept_time),
            Field(
                missing=dialogue_time.is_too_near,
                ask=dialogue_time.ask_short,
                accept=dialogue_time.accept_short,
            ),
            Field(missing=lacks("place"), ask=_ask_place, accept=_accept_place),
            Field(missing=lacks("topics"), ask=_ask_topics, accept=_accept_topics),
            Field(missing=lambda data: bool(data.get("edit")), ask=_ask_edit, accept=_accept_edit),
            Field(missing=lacks("sure"), ask=_ask_sure, accept=_accept_sure),
        ),
    ),
    done=_announced,
    cancelled=_given_up,
)

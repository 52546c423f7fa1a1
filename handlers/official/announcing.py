"""The form by which an official announces a dialogue session: title, day and hour, place, topics, one last look."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from actions.hold_dialogue import DialoguePlan, announce
from domain.dialogue import (
    NOTICE_DAYS,
    PLACE_MAX_CHARS,
    TITLE_MAX_CHARS,
    check_time,
    days_of_notice,
    is_short_notice,
    read_topics,
)
from domain.errors import DomainError
from domain.people import GroupKind
from domain.typed_moment import TypedMoment, read_moment
from handlers.context import FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.i18n import DEFAULT_LANGUAGE, N_, translator
from handlers.texts.dialogues import details
from handlers.texts.errors_dialogues import SENTENCES
from handlers.texts.formats import day, weekday
from storage import invites

ANNOUNCING = "dialogue_new"
USUAL_TITLE = N_("Dialogue of the ward's leaders with the people")
# What is forgotten when a part is to be said anew.
PARTS = {
    "title": ("title",),
    "time": ("day", "at", "short", "short_known"),
    "place": ("place",),
    "topics": ("topics",),
}


def _giving_up(turn: Turn) -> Choice:
    return Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi"))


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
    return Question(text=text, choices=(usual, _giving_up(turn)))


def _accept_title(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    return data | {"title": _usual_title() if picked == "usual" else _typed(turn, event, TITLE_MAX_CHARS)}


# --- day and hour -----------------------------------------------------------------------------------------------------


def _ask_time(turn: Turn, data: Data) -> Question:
    _ = turn._
    if "day" in data:
        on = day(date.fromisoformat(data["day"]), turn.language)
        text = _("{day}: at what hour? For example: 8h30, 14:00, 2h chiều.", day=on)
    elif "at" in data:
        text = _("At {at}, on which day? For example: 5/12, thứ bảy tuần sau.", at=data["at"])
    else:
        text = _("On which day and at what hour? For example: 8h30 ngày 5/12, thứ bảy tuần sau 8 giờ.")
    return Question(text=text, choices=(_giving_up(turn),))


def _accept_time(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    read = read_moment(event.text, turn.today)
    if read.day is None and read.at is None:
        raise Refused(turn._("I could not read a day or an hour in that. Please write it like this: 8h30 ngày 5/12."))
    _check_weekday(turn, read)
    said = {
        "day": read.day.isoformat() if read.day else data.get("day"),
        "at": f"{read.at:%H:%M}" if read.at else data.get("at"),
    }
    return _timed(turn, data | {key: value for key, value in said.items() if value is not None})


def _check_weekday(turn: Turn, read: TypedMoment) -> None:
    if read.day is not None and read.contradicts_itself:
        raise Refused(
            turn._(
                "{day} is a {weekday}. Which of the two do you mean? Please write it once more.",
                day=f"{read.day:%d/%m/%Y}", weekday=weekday(read.day, turn.language),
            )
        )  # fmt: skip


def _timed(turn: Turn, data: Data) -> Data:
    """The data, with how many days of notice are left when these are too few. Refused for what is over or far."""
    if "day" not in data or "at" not in data:
        return data
    try:
        check_time(_held_at(turn, data), turn.now)
    except DomainError as error:
        raise Refused(turn._(SENTENCES[error.code], **error.params)) from error
    held_on = date.fromisoformat(data["day"])
    short = days_of_notice(turn.today, held_on) if is_short_notice(turn.today, held_on) else None
    return data | {"short": short}


def _held_at(turn: Turn, data: Data) -> datetime:
    zone = ZoneInfo(turn.calendar.timezone)
    return datetime.combine(date.fromisoformat(data["day"]), time.fromisoformat(data["at"]), zone)


def _ask_short(turn: Turn, data: Data) -> Question:
    _ = turn._
    text = turn.n_(
        "⚠️ {day} is only {n} day away. By law a dialogue is announced at least {least} days before "
        "(Law 72/2025/QH15, Article 43). Announce it for this day all the same?",
        "⚠️ {day} is only {n} days away. By law a dialogue is announced at least {least} days before "
        "(Law 72/2025/QH15, Article 43). Announce it for this day all the same?",
        data["short"], day=day(date.fromisoformat(data["day"]), turn.language), least=NOTICE_DAYS,
    )  # fmt: skip
    return Question(
        text=text,
        choices=(
            Choice(id="other", label=_("Choose another day"), also=("chọn ngày khác", "ngày khác", "không", "no")),
            Choice(id="known", label=_("Yes, this day all the same"), also=("vẫn thông báo", "đồng ý", "yes")),
            _giving_up(turn),
        ),
    )


def _accept_short(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked == "other":
        return {key: value for key, value in _without(data, "time").items() if key != "sure"}
    if picked != "known":
        raise Refused(turn._("Please press one of these buttons."))
    return data | {"short_known": True}


# --- place and topics -------------------------------------------------------------------------------------------------


def _ask_place(turn: Turn, data: Data) -> Question:
    address = turn.ward.ward.address
    office = (Choice(id="office", label=address),) if address else ()
    text = turn._("Where is it held? Write the place, for example: the hall of the ward office.")
    return Question(text=text, choices=(*office, _giving_up(turn)))


def _accept_place(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    return data | {"place": turn.ward.ward.address if picked == "office" else _typed(turn, event, PLACE_MAX_CHARS)}


def _ask_topics(turn: Turn, data: Data) -> Question:
    _ = turn._
    none = Choice(id="none", label=_("No topics set"), also=("không có", "không", "chưa có", "bỏ qua", "skip"))
    text = _("What will it be about? Write one topic a line, all in one message.")
    return Question(text=text, choices=(none, _giving_up(turn)))


def _accept_topics(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    topics = read_topics(event.text) if picked != "none" else ()
    if picked != "none" and not topics:
        raise Refused(turn._("Please write it in words."))
    return data | {"topics": list(topics)}


# --- one last look ----------------------------------------------------------------------------------------------------


def _ask_sure(turn: Turn, data: Data) -> Question:
    _ = turn._
    held_at = _held_at(turn, data)
    card = details(data["title"], held_at, data["place"], data["topics"], turn.calendar.timezone, turn.language)
    text = _("Please check before announcing it to the ward's groups:\n\n{card}", card=card)
    return Question(
        text=text,
        choices=(
            Choice(id="sure", label=_("Announce"), also=("thông báo", "gửi", "đồng ý", "ok", "yes", "đúng")),
            Choice(id="edit", label=_("Change"), also=("sửa", "sửa lại", "edit")),
            _giving_up(turn),
        ),
    )


def _accept_sure(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press one of these buttons."))
    if picked == "edit":
        return data | {"edit": True}
    # Looked at once more: the form may have lain for days before this button was pressed.
    return _timed(turn, data) | {"sure": True}


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
        held_at=_held_at(turn, data),
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
            Field(missing=lambda data: "day" not in data or "at" not in data, ask=_ask_time, accept=_accept_time),
            Field(
                missing=lambda data: data.get("short") is not None and not data.get("short_known"),
                ask=_ask_short,
                accept=_accept_short,
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

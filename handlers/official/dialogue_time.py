"""The day and the hour of a dialogue session as an official types them, and the seven days the law asks for."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.dialogue import NOTICE_DAYS, check_time, days_of_notice, is_short_notice
from domain.errors import DomainError
from domain.typed_moment import TypedMoment, read_moment
from handlers.context import Turn
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Question, Refused
from handlers.engine.reply import Choice
from handlers.texts.errors_dialogues import SENTENCES
from handlers.texts.formats import day, weekday

PARTS = ("day", "at", "short", "short_known")


def giving_up(turn: Turn) -> Choice:
    """The button that ends the form."""
    return Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi"))


def without_time(data: Data) -> Data:
    """The data without day and hour, to be said anew and looked at once more."""
    return {key: value for key, value in data.items() if key not in (*PARTS, "sure")}


def is_missing(data: Data) -> bool:
    """Whether the day or the hour is still to be said."""
    return "day" not in data or "at" not in data


def is_too_near(data: Data) -> bool:
    """Whether fewer days are left than the law asks for, and nobody has said yes to that."""
    return data.get("short") is not None and not data.get("short_known")


def ask_time(turn: Turn, data: Data) -> Question:
    """Ask for what is missing of day and hour."""
    _ = turn._
    if "day" in data:
        on = day(date.fromisoformat(data["day"]), turn.language)
        text = _("{day}: at what hour? For example: 8h30, 14:00, 2h chiều.", day=on)
    elif "at" in data:
        text = _("At {at}, on which day? For example: 5/12, thứ bảy tuần sau.", at=data["at"])
    else:
        text = _("On which day and at what hour? For example: 8h30 ngày 5/12, thứ bảy tuần sau 8 giờ.")
    return Question(text=text, choices=(giving_up(turn),))


def accept_time(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    """Take the day, the hour or both. Refused for what cannot be read or cannot be."""
    read = read_moment(event.text, turn.today)
    if read.day is None and read.at is None:
        raise Refused(turn._("I could not read a day or an hour in that. Please write it like this: 8h30 ngày 5/12."))
    _check_weekday(turn, read)
    said = {
        "day": read.day.isoformat() if read.day else data.get("day"),
        "at": f"{read.at:%H:%M}" if read.at else data.get("at"),
    }
    return timed(turn, data | {key: value for key, value in said.items() if value is not None})


def _check_weekday(turn: Turn, read: TypedMoment) -> None:
    if read.day is not None and read.contradicts_itself:
        raise Refused(
            turn._(
                "{day} is a {weekday}. Which of the two do you mean? Please write it once more.",
                day=f"{read.day:%d/%m/%Y}", weekday=weekday(read.day, turn.language),
            )
        )  # fmt: skip


def timed(turn: Turn, data: Data) -> Data:
    """The data, with how many days of notice are left when these are too few. Refused for what is over or far."""
    if "day" not in data or "at" not in data:
        return data
    try:
        check_time(held_at(turn, data), turn.now)
    except DomainError as error:
        raise Refused(turn._(SENTENCES[error.code], **error.params)) from error
    held_on = date.fromisoformat(data["day"])
    short = days_of_notice(turn.today, held_on) if is_short_notice(turn.today, held_on) else None
    return data | {"short": short}


def held_at(turn: Turn, data: Data) -> datetime:
    """The instant, by the ward's clock."""
    zone = ZoneInfo(turn.calendar.timezone)
    return datetime.combine(date.fromisoformat(data["day"]), time.fromisoformat(data["at"]), zone)


def ask_short(turn: Turn, data: Data) -> Question:
    """Tell the article, and ask whether it shall be announced all the same."""
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
            giving_up(turn),
        ),
    )


def accept_short(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    """Take an explicit yes, or go back to the day."""
    if picked == "other":
        return without_time(data)
    if picked != "known":
        raise Refused(turn._("Please press one of these buttons."))
    return data | {"short_known": True}

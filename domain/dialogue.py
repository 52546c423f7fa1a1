"""A dialogue session of the ward's leaders with its people, and when it may be announced."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.deadlines import RULES
from domain.errors import DomainError

NOTICE_DAYS = RULES["DLG_NOTICE"].period
# Further ahead than this is a slip of the finger in the year.
AHEAD_MAX_DAYS = 366
TITLE_MAX_CHARS = 160
PLACE_MAX_CHARS = 200
REASON_MAX_CHARS = 400
TOPIC_MAX_CHARS = 200
TOPICS_MAX = 10
QUESTIONS_PER_PERSON_MAX = 5


class DialogueStatus(StrEnum):
    """Where a session stands."""

    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueSession:
    """One dialogue session (hội nghị đối thoại), as it was announced."""

    id: int
    ward_id: int
    title: str
    held_at: datetime
    place: str
    topics: tuple[str, ...]
    status: DialogueStatus
    announced_at: datetime
    reason: str

    def takes_questions(self, now: datetime) -> bool:
        """Whether a question may still be sent: until the session begins, unless it was cancelled."""
        return self.status is DialogueStatus.ANNOUNCED and now < self.held_at


def days_of_notice(announced_on: date, held_on: date) -> int:
    """Calendar days between the day of announcing and the day of the session."""
    return (held_on - announced_on).days


def is_short_notice(announced_on: date, held_on: date) -> bool:
    """Whether a session would be announced less than 7 days before (Luật 72/2025/QH15 Đ43)."""
    return days_of_notice(announced_on, held_on) < NOTICE_DAYS


def check_time(held_at: datetime, now: datetime) -> None:
    """DomainErrors `dialogue_past` for what is over, `dialogue_far` for a year that must be mistyped."""
    if held_at <= now:
        raise DomainError("dialogue_past")
    if (held_at - now).days > AHEAD_MAX_DAYS:
        raise DomainError("dialogue_far", days=AHEAD_MAX_DAYS)


def read_topics(text: str) -> tuple[str, ...]:
    """The topics typed, one a line, without their dashes and numbers, each once; at most TOPICS_MAX."""
    lines = (line.strip().lstrip("-–+•*").strip() for line in text.splitlines())
    bare = (_unnumbered(line)[:TOPIC_MAX_CHARS] for line in lines)
    return tuple(dict.fromkeys(line for line in bare if line))[:TOPICS_MAX]


def _unnumbered(line: str) -> str:
    number, dot, rest = line.partition(".") if "." in line[:3] else line.partition(")")
    return rest.strip() if dot and number.isdigit() and len(number) <= 2 else line

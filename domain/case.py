"""A case: its kinds, its states and the one table of its legal moves."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.errors import DomainError


class CaseKind(StrEnum):
    """What the law calls a submission (Luật 42/2013/QH13 Đ2; LAW.md 2.1)."""

    REPORT = "report"
    PETITION = "petition"
    QUESTION = "question"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"


class Status(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


OPEN_STATUSES = frozenset({Status.RECEIVED, Status.ACCEPTED, Status.WAITING})


class Act(StrEnum):
    """What can be done to a case."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    TRANSFER = "transfer"
    ASK = "ask"
    ADD = "add"
    NOTE = "note"
    ANSWER = "answer"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    RATE = "rate"
    REOPEN = "reopen"


# (where it stands, what is done) → where it stands then. What is not here is refused.
MOVES: dict[tuple[Status, Act], Status] = {
    (Status.RECEIVED, Act.ACCEPT): Status.ACCEPTED,
    (Status.RECEIVED, Act.TRANSFER): Status.RECEIVED,
    (Status.ACCEPTED, Act.TRANSFER): Status.RECEIVED,
    (Status.WAITING, Act.TRANSFER): Status.RECEIVED,
    (Status.RECEIVED, Act.ASK): Status.WAITING,
    (Status.ACCEPTED, Act.ASK): Status.WAITING,
    (Status.WAITING, Act.ASK): Status.WAITING,
    (Status.RECEIVED, Act.ADD): Status.RECEIVED,
    (Status.ACCEPTED, Act.ADD): Status.ACCEPTED,
    (Status.WAITING, Act.ADD): Status.ACCEPTED,
    (Status.ANSWERED, Act.ADD): Status.ANSWERED,
    (Status.RECEIVED, Act.ANSWER): Status.ANSWERED,
    (Status.ACCEPTED, Act.ANSWER): Status.ANSWERED,
    (Status.WAITING, Act.ANSWER): Status.ANSWERED,
    (Status.ANSWERED, Act.ANSWER): Status.ANSWERED,
    (Status.ANSWERED, Act.CLOSE): Status.CLOSED,
    (Status.RECEIVED, Act.WITHDRAW): Status.WITHDRAWN,
    (Status.ACCEPTED, Act.WITHDRAW): Status.WITHDRAWN,
    (Status.WAITING, Act.WITHDRAW): Status.WITHDRAWN,
    (Status.ANSWERED, Act.RATE): Status.ANSWERED,
    (Status.CLOSED, Act.RATE): Status.CLOSED,
    (Status.ANSWERED, Act.REOPEN): Status.RECEIVED,
    (Status.CLOSED, Act.REOPEN): Status.RECEIVED,
} | {(status, Act.NOTE): status for status in Status}

REOPENINGS_MAX = 1
RATING_STEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One matter a resident brought before the ward."""

    id: int
    ward_id: int
    code: str
    kind: CaseKind
    status: Status
    category_id: int
    unit_id: int
    resident_id: int
    text: str
    place: str
    latitude: float | None
    longitude: float | None
    language: str
    dialogue_id: int | None
    assignee_id: int | None
    received_at: datetime
    due_on: date
    answered_at: datetime | None
    reopenings: int
    version: int

    @property
    def is_open(self) -> bool:
        """Whether the ward still owes something on it."""
        return self.status in OPEN_STATUSES

    def may(self, act: Act) -> bool:
        """Whether `act` may be done now."""
        try:
            self.after(act)
        except DomainError:
            return False
        return True

    def after(self, act: Act) -> Status:
        """Where the case stands after `act`. DomainError `act_not_possible` if it may not be done now."""
        if act is Act.REOPEN and self.reopenings >= REOPENINGS_MAX:
            raise DomainError("already_reopened", code=self.code)
        try:
            return MOVES[self.status, act]
        except KeyError:
            raise DomainError("act_not_possible", code=self.code, act=act.value, status=self.status.value) from None

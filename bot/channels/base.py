"""What every channel can do: parse a raw update, send one message, and say how the sending ended."""

import math
import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.limits import Limits, SendPlace
from handlers.engine.event import Event
from handlers.engine.reply import Reply
from handlers.i18n import DEFAULT_LANGUAGE
from storage.base import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The platform has it; `message_id` is its id within the chat, `also` those of what else the call made."""

    message_id: str
    also: tuple[str, ...] = ()


class Loss(StrEnum):
    """What a refusal says of the chat itself."""

    GONE = "gone"  # blocked, removed, deleted: nothing will be taken there any more
    MUTED = "muted"  # we may not write there until somebody allows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will never take it: blocked, gone, malformed. `loss` if that holds for the whole chat."""

    reason: str
    loss: Loss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Surely not sent: the chat has a new id."""

    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLater:
    """Surely not sent; once more after `seconds` (what the platform says to one too fast, or None for our back-off)."""

    reason: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent(RetryLater):
    """Surely not sent: nothing of a plan is left for this message. That says nothing of the account's other chats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Larger:
    """Surely not sent: the call makes more messages than were counted for it; once more when they fit."""

    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Surely not sent, and nothing else would be now: no connection, or a token that is not accepted."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """The platform says that it has trouble of its own (5xx): most likely not sent, but nobody knows."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """The connection broke after the bytes left: it may have arrived."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEdited:
    """Surely nothing was changed, nor ever will be: the message is gone, or this platform changes none."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Surely not sent: the platform takes nothing for this person until they write again. It is kept till then."""

    reason: str


Outcome = Sent | Refused | Moved | RetryLater | Larger | Unreachable | Troubled | InDoubt | NotEdited | Held


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatNews:
    """What a platform tells of a chat: we lost it (`loss`), it has a new id (`new_chat`), or neither: it is back.

    `added_by` is who has just added us to it (their address), and `title` what the group is called.
    """

    channel: str
    account: str
    chat: str
    loss: Loss | None = None
    new_chat: str | None = None
    added_by: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One call to make, at `now`: piece number `piece` (from 0) of the message in the outbox's row `id`.

    Whoever gets it reads `language`.

    `edits` is the message (its id there) that becomes this one instead of a new one being sent; doing that twice is
    the same as once. `quote` is the message this one answers, for platforms that show it. `doubted` if an earlier call
    may have brought this very piece already: then it is not made again where that costs money or the month's last.
    `counted` is how many messages it may make.
    """

    id: int
    chat: str
    reply: Reply
    now: datetime
    piece: int = 0
    language: str = DEFAULT_LANGUAGE
    edits: str | None = None
    quote: str | None = None
    doubted: bool = False
    counted: int = 1
    begin_by: float = math.inf

    @property
    def is_late(self) -> bool:
        """Whether we stood still, by any clock: another process may be sending it, or have used what it counted for."""
        return time.monotonic() > self.begin_by


# The end of a call that is not begun, because it is late.
TOO_LATE = RetryLater(reason="it was in hand for too long")


class Channel(Protocol):
    """One account on one platform."""

    on: Account
    limits: Limits

    def place(self, chat: str) -> SendPlace:
        """What the platform counts a chat's messages for."""

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        """How many messages each call makes that a delivery takes, in order; empty if there is nothing in it."""

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | ChatNews | None:
        """The event in a raw update; None if there is nothing for us in it. Pure."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Make one call: send a piece of a message, or change a message. Must not be called inside a transaction."""

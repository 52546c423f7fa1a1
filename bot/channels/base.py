"""What every channel can do: parse a raw update, send one message, and say how the sending ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from handlers.engine.event import Event
from handlers.engine.reply import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The platform has it; `message_id` is the platform's id within the chat."""

    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will never take it: blocked, gone, malformed."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLater:
    """Surely not sent; once more after `seconds` (the platform's own wait, or None for our back-off)."""

    reason: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """The connection broke after the bytes left: it may have arrived."""

    reason: str


Outcome = Sent | Refused | RetryLater | InDoubt


class Channel(Protocol):
    """One account on one platform."""

    name: str
    account: str

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | None:
        """The event in a raw update; None if there is nothing for us in it. Pure."""

    async def send(self, chat: str, reply: Reply, *, outbox_id: int, now: datetime) -> Outcome:
        """Send one message to one chat. Must not be called inside a transaction."""

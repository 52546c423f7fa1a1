"""The terminal as a channel: what is typed is an update, what is sent is printed.

A raw update: {"sender": "…", "name": "…", "text": "…", "language": "vi", "ward": "AHD" | null}
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.channels.base import Delivery, NotEdited, Outcome, Sent
from bot.limits import NO_LIMITS, SendPlace
from handlers.engine.event import Event
from handlers.engine.reply import numbered
from storage.base import Account

NAME = "console"
ACCOUNT = "console"


class Console:
    """One terminal."""

    on = Account(NAME, ACCOUNT)
    limits = NO_LIMITS

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def place(self, chat: str) -> SendPlace:
        """Nothing is counted."""
        return SendPlace(name=chat)

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        """One message, whatever is in it."""
        return (1,)

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | None:
        """The line that was typed."""
        return Event(
            channel=NAME, account=ACCOUNT, chat=raw["sender"], sender=raw["sender"], at=received_at,
            sender_name=raw["name"], language=raw["language"], text=raw["text"], ward_code=raw["ward"],
        )  # fmt: skip

    async def send(self, delivery: Delivery) -> Outcome:
        """Print a message, its choices as numbers to type."""
        if delivery.edits is not None:
            return NotEdited(reason="what is printed stays")
        reply = delivery.reply
        shown = [reply.text]
        if reply.attachments:
            shown.append(f"[📎 × {len(reply.attachments)}]")
        if reply.choices:
            shown.append(numbered(reply.choices))
        self._write("\n".join(shown) + "\n")
        return Sent(message_id=str(delivery.id))

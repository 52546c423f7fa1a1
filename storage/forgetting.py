"""Forgetting words that must not be kept, wherever the channel keeps its own copy of them."""

from datetime import datetime

from storage import webchat
from storage.database import Transaction


async def forget_words(tx: Transaction, channel: str, chat: str, message_id: str | None, *, now: datetime) -> None:
    """Drop the words of one message of a person; the row stays, so that nothing is asked for twice."""
    if channel == "web" and message_id is not None:
        await webchat.remove_text(tx, chat, message_id=int(message_id), now=now)

"""Messages a platform does not take until somebody writes again: kept, found by their case, and let go."""

from storage.database import Transaction
from storage.outbox import Sending
from storage.sending_ends import mark_over

HELD = "held"


async def hold(tx: Transaction, sending: Sending, *, why: str) -> None:
    """Keep a message until its receiver writes again."""
    await mark_over(tx, sending, HELD, error=why)

"""Messages a platform does not take until somebody writes again: kept, found by their case, and let go."""

from sqlalchemy import update

from storage.database import Transaction
from storage.outbox import outbox

HELD = "held"


async def hold(tx: Transaction, sending_id: int, *, why: str) -> None:
    """Keep a message until its receiver writes again."""
    await tx.execute(update(outbox).where(outbox.c.id == sending_id).values(state=HELD, leased_until=None, error=why))

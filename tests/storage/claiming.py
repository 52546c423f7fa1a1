"""Claiming one message at a time, for tests that are not about limits."""

from collections.abc import Sequence
from datetime import datetime

from storage import sending
from storage.base import Account
from storage.database import Transaction
from storage.outbox import Sending


async def claim_one(
    tx: Transaction, *, accounts: Sequence[Account], now: datetime, leased_until: datetime
) -> Sending | None:
    """The most urgent message that may leave by its chat's order, claimed; None if nothing is due."""
    for on in accounts:
        await sending.wake_due(tx, on, now=now)
    found = [(head.urgency, head.id) for on in accounts for head in await sending.heads(tx, on, most=1, now=now)]
    claimed = await sending.claim(tx, [number for _, number in sorted(found)[:1]], until=leased_until)
    return claimed[0] if claimed else None

"""One at a time: an update to handle, a message to send; for tests that are not about many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage import inbox, sending
from storage.base import Account
from storage.database import Transaction
from storage.inbox import Update
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


async def take_one(tx: Transaction, **asked: Any) -> Update | None:
    """The oldest update that heads its lane and is due, as storage.inbox.take finds it; None if there is none."""
    taken = await inbox.take(tx, **asked)
    return taken[0] if taken else None

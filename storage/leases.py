"""Leases of both queues by the processes that hold them: what is being sent, and whose files are being fetched.

A lease ends by its time. It names its process (storage.line), so that it ends sooner when that process has died.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from storage.base import literally
from storage.database import Transaction
from storage.inbox import FETCH, FETCH_TOPIC, inbox
from storage.outbox import SENDING, TOPIC, outbox

_SENDING = outbox.c.state == literally(SENDING)
_FETCHING = inbox.c.state == literally(FETCH)
_SENDERS = select(outbox.c.leased_by).where(_SENDING, outbox.c.leased_by.is_not(None))
_FETCHERS = select(inbox.c.leased_by).where(_FETCHING, inbox.c.leased_by.is_not(None))


async def holders(tx: Transaction) -> frozenset[int]:
    """The processes that have something in hand."""
    return frozenset((await tx.execute(_SENDERS.union(_FETCHERS))).scalars())


async def end(tx: Transaction, *, holders: Collection[int], now: datetime) -> int:
    """Let others take over at once what these processes had in hand; how much it was."""
    sending = update(outbox).where(_SENDING, outbox.c.leased_by.in_(holders))
    fetched = update(inbox).where(_FETCHING, inbox.c.leased_by.in_(holders))
    freed = int((await tx.execute(sending.values(leased_until=now, leased_by=None))).rowcount)
    freed += int((await tx.execute(fetched.values(fetch_at=now, leased_by=None))).rowcount)
    if freed:
        tx.wake(TOPIC)
        tx.wake(FETCH_TOPIC)
    return freed

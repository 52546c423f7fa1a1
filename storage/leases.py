"""Leases of both queues by the processes that hold them: what is being sent, and whose files are being fetched.

A lease ends by its time. It names its process (storage.line), so that it ends sooner when that process has died.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from storage.base import literally
from storage.database import Transaction
from storage.inbox import FETCH, FETCH_TOPIC, inbox
from storage.outbox import PUT_OFF, SENDING, TOPIC, outbox
from storage.sending_limits import sending_use

# In the words of the index, which SQLite does not see through otherwise.
_SENDING = outbox.c.state.in_([literally(state) for state in PUT_OFF]) & (outbox.c.state == literally(SENDING))
_FETCHING = inbox.c.state == literally(FETCH)
_SENDERS = select(outbox.c.leased_by).where(_SENDING, outbox.c.leased_by.is_not(None))
_FETCHERS = select(inbox.c.leased_by).where(_FETCHING, inbox.c.leased_by.is_not(None))


async def holders(tx: Transaction) -> frozenset[int]:
    """The processes that have something in hand."""
    return frozenset((await tx.execute(_SENDERS.union(_FETCHERS))).scalars())


async def end(tx: Transaction, *, holders: Collection[int], now: datetime) -> int:
    """Let others take over at once what these processes had in hand; how much it was."""
    held = (_SENDING, outbox.c.leased_by.in_(holders))
    # What they were sending has arrived by now, or never will.
    counted = update(sending_use).where(sending_use.c.outbox_id.in_(select(outbox.c.id).where(*held)))
    await tx.execute(counted.where(sending_use.c.counted_at > now).values(counted_at=now))
    sending = update(outbox).where(*held)
    fetched = update(inbox).where(_FETCHING, inbox.c.leased_by.in_(holders))
    freed = int((await tx.execute(sending.values(send_after=now, leased_by=None))).rowcount)
    freed += int((await tx.execute(fetched.values(fetch_at=now, leased_by=None))).rowcount)
    if freed:
        tx.wake(TOPIC)
        tx.wake(FETCH_TOPIC)
    return freed

"""What has come in already, whichever way: an update known by its id is handled once."""

from collections.abc import Sequence

from sqlalchemy import select

from storage.base import Account
from storage.database import Transaction
from storage.inbox import inbox

AT_ONCE = 500


async def known(tx: Transaction, on: Account, update_ids: Sequence[str]) -> frozenset[str]:
    """Those of these updates of one account that are in the inbox, done or not."""
    found: set[str] = set()
    for start in range(0, len(update_ids), AT_ONCE):
        some = list(update_ids[start : start + AT_ONCE])
        rows = await tx.execute(
            select(inbox.c.update_id).where(
                inbox.c.channel == on.channel, inbox.c.account == on.account, inbox.c.update_id.in_(some)
            )
        )
        found |= set(rows.scalars())
    return frozenset(found)

"""What has come in already, whichever way: an update known by its id is handled once."""

from collections.abc import Sequence
from datetime import datetime

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


async def any_between(
    tx: Transaction,
    on: Account,
    *,
    after: datetime,
    until: datetime,
    not_lanes: Sequence[str] = (),
    not_ids: Sequence[str] = (),
) -> bool:
    """Whether something came in by one account after an instant, and until another.

    Lanes and update ids that begin with one of these do not count.
    """
    left_out = [inbox.c.lane.startswith(one, autoescape=True) for one in not_lanes]
    left_out += [inbox.c.update_id.startswith(one, autoescape=True) for one in not_ids]
    found = await tx.execute(
        select(inbox.c.id)
        .where(
            inbox.c.channel == on.channel, inbox.c.account == on.account,
            inbox.c.received_at > after, inbox.c.received_at <= until, *(~one for one in left_out),
        )
        .limit(1)
    )  # fmt: skip
    return found.first() is not None

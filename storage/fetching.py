"""Updates whose files are still with the platform: claimed with a lease, and handed on when the files are here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.base import Account, belongs_to
from storage.database import Transaction
from storage.inbox import FETCH, FETCH_TOPIC, NEW, TOPIC, Update, inbox, update_in

__all__ = ["FETCH_TOPIC", "Fetching", "claim", "hand_on", "try_again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """An update whose files are being fetched; `tries` counts this one."""

    update: Update
    tries: int


async def claim(
    tx: Transaction, *, accounts: Sequence[Account], now: datetime, leased_until: datetime
) -> Fetching | None:
    """The oldest update with files to fetch, for this worker until the lease ends. None if there is none."""
    row = (
        await tx.execute(
            select(inbox)
            .where(inbox.c.state == FETCH, inbox.c.fetch_at <= now, belongs_to(inbox, accounts))
            .order_by(inbox.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()
    if row is None:
        return None
    tries = row.fetch_tries + 1
    await tx.execute(
        inbox.update().where(inbox.c.id == row.id).values(fetch_at=leased_until, fetch_tries=tries, leased_by=tx.holder)
    )
    return Fetching(update=update_in(row), tries=tries)


async def hand_on(tx: Transaction, update_id: int, raw: dict[str, Any]) -> bool:
    """Hand an update on to be handled, with what was fetched written into it. False if somebody did so already."""
    done = await tx.execute(
        inbox.update()
        .where(inbox.c.id == update_id, inbox.c.state == FETCH)
        .values(raw=raw, state=NEW, fetch_at=None, leased_by=None)
    )
    tx.wake(TOPIC)
    return bool(done.rowcount)


async def try_again(tx: Transaction, fetching: Fetching, *, at: datetime, counted: bool) -> None:
    """Fetch again at an instant; `counted` says whether this was a try."""
    tries = fetching.tries if counted else fetching.tries - 1
    await tx.execute(
        inbox.update()
        .where(inbox.c.id == fetching.update.id, inbox.c.state == FETCH)
        .values(fetch_at=at, fetch_tries=tries, leased_by=None)
    )

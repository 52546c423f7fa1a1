"""Many updates into the inbox at once: one statement for all that need no look at others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from storage import inbox
from storage.database import Transaction, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One update as it came; the names are those of storage.inbox.put."""

    channel: str
    account: str
    update_id: str
    lane: str
    raw: dict[str, Any]
    now: datetime
    album: str | None = None
    fetch: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it can be handled as it is, on its own."""
        return self.album is None and not self.fetch


@cache
def _put_plain(dialect: str) -> Any:
    return upsert(dialect, inbox.inbox).on_conflict_do_nothing(index_elements=["channel", "account", "update_id"])


async def put_all(tx: Transaction, arrivals: Sequence[Arrival]) -> None:
    """Store updates in this order; what was here already (a redelivery) stays as it is."""
    for plain, run in groupby(arrivals, key=lambda one: one.is_plain):
        together = list(run)
        if plain and len(together) > 1:
            await tx.execute(_put_plain(tx.dialect), [_row(one) for one in together])
            tx.wake(inbox.TOPIC)
            continue
        for one in together:
            await inbox.put(
                tx, channel=one.channel, account=one.account, update_id=one.update_id, lane=one.lane, raw=one.raw,
                now=one.now, album=one.album, fetch=one.fetch,
            )  # fmt: skip


def _row(one: Arrival) -> dict[str, Any]:
    return {
        "channel": one.channel, "account": one.account, "update_id": one.update_id, "lane": one.lane, "raw": one.raw,
        "state": inbox.NEW, "attempts": 0, "received_at": one.now, "due_at": one.now,
    }  # fmt: skip

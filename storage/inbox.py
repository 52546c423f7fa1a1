"""Raw updates: stored before they are acknowledged, taken in order, each one's effect exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    false,
    func,
    or_,
    select,
    update,
)

from storage.base import Identity, Instant, Json, literally, metadata, unindexed
from storage.database import Transaction, brief, upsert

TOPIC = "inbox"
NEW, DONE, SET_ASIDE = "new", "done", "set_aside"

inbox = Table(
    "inbox",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("update_id", String(80), nullable=False),
    # One lane per (account, chat): its updates are handled one after the other.
    Column("lane", String(200), nullable=False),
    Column("raw", Json, nullable=True),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=True),
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("done_at", Instant, nullable=True),
    UniqueConstraint("channel", "account", "update_id"),
    Index(
        "ix_inbox_waiting", "lane", "id", sqlite_where=Column("state") == NEW, postgresql_where=Column("state") == NEW
    ),
    Index("ix_inbox_new", "id", sqlite_where=Column("state") == NEW, postgresql_where=Column("state") == NEW),
    Index("ix_inbox_done", "lane", "done_at"),
)
_IS_NEW = inbox.c.state == literally(NEW)


# Built once, because every turn runs them (storage.database.upsert).
_FINISH = brief(
    update(inbox)
    .where(inbox.c.id == bindparam("which"))
    .values(state=DONE, done_at=bindparam("now"), raw=None, error=None)
)
_DONE_SINCE = brief(
    select(inbox.c.done_at)
    .where(inbox.c.lane == bindparam("lane"), inbox.c.done_at > bindparam("since"))
    .order_by(inbox.c.done_at)
)


@cache
def _take(channels: tuple[str, ...]) -> Any:
    earlier = inbox.alias("earlier")
    blocked = (
        select(earlier.c.id)
        .where(earlier.c.lane == inbox.c.lane, earlier.c.state == literally(NEW), earlier.c.id < inbox.c.id)
        .exists()
    )
    ours = or_(false(), *(unindexed(inbox.c.channel) == channel for channel in channels))
    return (
        select(inbox)
        .where(_IS_NEW, inbox.c.due_at <= bindparam("now"), ours, ~blocked)
        .order_by(inbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=inbox)
    )


@cache
def _put(dialect: str) -> Any:
    return brief(upsert(dialect, inbox).on_conflict_do_nothing(index_elements=["channel", "account", "update_id"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One raw update in hand."""

    id: int
    channel: str
    account: str
    lane: str
    raw: dict[str, Any]
    attempts: int
    received_at: datetime


async def put(
    tx: Transaction,
    *,
    channel: str,
    account: str,
    update_id: str,
    lane: str,
    raw: dict[str, Any],
    now: datetime,
) -> bool:
    """Store one update; False if it was here already (a redelivery), and then nothing changes."""
    done = await tx.execute(
        _put(tx.dialect),
        {
            "channel": channel, "account": account, "update_id": update_id, "lane": lane, "raw": raw,
            "state": NEW, "attempts": 0, "received_at": now, "due_at": now,
        },
    )  # fmt: skip
    if done.rowcount:
        tx.wake(TOPIC)
    return bool(done.rowcount)


async def take(tx: Transaction, *, channels: Sequence[str], now: datetime) -> Update | None:
    """The oldest update that heads its lane and is due, locked against other workers; None if there is none."""
    row = (await tx.execute(_take(tuple(channels)), {"now": now})).one_or_none()
    if row is None:
        return None
    return Update(
        id=row.id, channel=row.channel, account=row.account, lane=row.lane, raw=row.raw or {},
        attempts=row.attempts, received_at=row.received_at,
    )  # fmt: skip


async def finish(tx: Transaction, update: Update, *, now: datetime) -> None:
    """Mark an update done, in the transaction of its effects; the raw words are not kept longer than needed."""
    await tx.execute(_FINISH, {"which": update.id, "now": now})


async def postpone(tx: Transaction, update: Update, *, due_at: datetime) -> None:
    """Leave an update in its place and look at it again at `due_at`; not a failed attempt."""
    await tx.execute(inbox.update().where(inbox.c.id == update.id).values(due_at=due_at))


async def fail(
    tx: Transaction, update: Update, *, error: str, now: datetime, attempts_max: int, wait: timedelta
) -> bool:
    """Count a failed attempt; after `attempts_max` the update is set aside with its error. True if set aside."""
    attempts = update.attempts + 1
    set_aside = attempts >= attempts_max
    await tx.execute(
        inbox.update()
        .where(inbox.c.id == update.id)
        .values(
            attempts=attempts, error=error, due_at=now + wait,
            state=SET_ASIDE if set_aside else NEW, done_at=now if set_aside else None,
        )
    )  # fmt: skip
    return set_aside


async def done_since(tx: Transaction, *, lane: str, since: datetime) -> list[datetime]:
    """When the lane's updates were done since an instant, oldest first; says how fast somebody writes."""
    return list((await tx.execute(_DONE_SINCE, {"lane": lane, "since": since})).scalars())


async def waiting(tx: Transaction, *, lane: str | None = None) -> int:
    """How many updates wait, in one lane or in all."""
    statement = select(func.count()).select_from(inbox).where(_IS_NEW)
    if lane is not None:
        statement = statement.where(inbox.c.lane == lane)
    return int(await tx.scalar(statement))


async def purge(tx: Transaction, *, before: datetime, limit: int) -> int:
    """Forget updates done before an instant; how many. What was set aside stays until somebody decides."""
    old = select(inbox.c.id).where(inbox.c.state == DONE, inbox.c.done_at < before).limit(limit)
    done = await tx.execute(inbox.delete().where(inbox.c.id.in_(old)))
    return int(done.rowcount)


async def next_due(tx: Transaction) -> datetime | None:
    """When the first waiting update becomes due."""
    due: datetime | None = await tx.scalar(select(func.min(inbox.c.due_at)).where(_IS_NEW))
    return due

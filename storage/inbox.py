"""Raw updates: stored before they are acknowledged, taken in order, each one's effect exactly once.

An update whose files are still with the platform waits in state `fetch` (storage.fetching) and holds its lane. An album
comes as several updates: its first one waits until no more have come for a while, and then takes the others with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
    update,
)

from storage.base import Account, Identity, Instant, Json, belongs_to, literally, metadata, only
from storage.database import Transaction, brief, lasting, upsert

TOPIC = "inbox"
FETCH_TOPIC = "inbox.fetch"
FETCH, NEW, DONE, MERGED, SET_ASIDE, DISCARDED = "fetch", "new", "done", "merged", "set_aside", "discarded"
WAITING = (FETCH, NEW)
# Platforms do not say when an album ends; its photos arrive well within this time of each other.
ALBUM_SILENCE = timedelta(seconds=2)

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
    # The platform's name of the album this update is a part of.
    Column("album", String(64), nullable=True),
    # Until when somebody is fetching its files, or when that is tried again; and how often it was tried.
    Column("fetch_at", Instant, nullable=True),
    Column("fetch_tries", Integer, nullable=True),
    Column("leased_by", BigInteger, nullable=True),  # the process that fetches them (storage.leases)
    UniqueConstraint("channel", "account", "update_id"),
    Index("ix_inbox_waiting", "lane", "id", **only(Column("state") == NEW)),
    Index("ix_inbox_new", "id", **only(Column("state") == NEW)),
    Index("ix_inbox_fetch", "lane", "id", **only(Column("state") == FETCH)),
    Index("ix_inbox_album", "lane", "album", **only(Column("album").is_not(None))),
    Index("ix_inbox_done", "lane", "done_at", **only(Column("done_at").is_not(None))),
    Index("ix_inbox_set_aside", "id", **only(Column("state") == SET_ASIDE)),
)
_IS_NEW = inbox.c.state == literally(NEW)


# Built once, because every turn runs them (storage.database.upsert).
_FINISH = brief(
    update(inbox)
    .where(inbox.c.id == bindparam("which"))
    .values(state=DONE, done_at=bindparam("now"), raw=None, error=None)
)


@cache
def _take(accounts: tuple[Account, ...]) -> Any:
    earlier = inbox.alias("earlier")
    blocked = (
        select(earlier.c.id)
        .where(earlier.c.lane == inbox.c.lane, earlier.c.state == literally(NEW), earlier.c.id < inbox.c.id)
        .exists()
    )
    fetched_first = (
        select(earlier.c.id)
        .where(earlier.c.lane == inbox.c.lane, earlier.c.state == literally(FETCH), earlier.c.id < inbox.c.id)
        .exists()
    )
    part = inbox.alias("part")
    incomplete = (
        select(part.c.id)
        .where(part.c.lane == inbox.c.lane, part.c.album == inbox.c.album, part.c.state == literally(FETCH))
        .exists()
    )
    whole = inbox.c.album.is_(None) | ~incomplete
    before = inbox.alias("before")
    heard = (
        select(before.c.done_at)
        .where(
            before.c.lane == inbox.c.lane,
            before.c.done_at > bindparam("heard_since"),
            before.c.state != literally(MERGED),
        )
        .order_by(before.c.done_at.desc())
        .limit(1)
        .offset(bindparam("heard_before", type_=Integer))
        .scalar_subquery()
    )
    return lasting(
        select(inbox, heard.label("heard_at"))
        .where(
            _IS_NEW, inbox.c.due_at <= bindparam("now"), belongs_to(inbox, accounts), ~blocked, ~fetched_first, whole
        )
        .order_by(inbox.c.id)
        .limit(bindparam("most", type_=Integer))
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
    album: str | None = None
    # When the newest but so many of its lane's updates was done (see `take`); says how fast somebody writes.
    heard_at: datetime | None = None

    @property
    def on(self) -> Account:
        """The account it came in by."""
        return Account(self.channel, self.account)


async def put(
    tx: Transaction,
    *,
    channel: str,
    account: str,
    update_id: str,
    lane: str,
    raw: dict[str, Any],
    now: datetime,
    album: str | None = None,
    fetch: bool = False,
) -> bool:
    """Store one update; False if it was here already (a redelivery), and then nothing changes.

    With `fetch` it waits until its files are here; a part of an `album` until the album is complete.
    """
    due_at = now + ALBUM_SILENCE if album else now
    done = await tx.execute(
        _put(tx.dialect),
        {
            "channel": channel, "account": account, "update_id": update_id, "lane": lane, "raw": raw,
            "state": FETCH if fetch else NEW, "attempts": 0, "received_at": now, "due_at": due_at, "album": album,
            "fetch_at": now if fetch else None, "fetch_tries": 0 if fetch else None,
        },
    )  # fmt: skip
    if not done.rowcount:
        return False
    if album:
        await tx.execute(inbox.update().where(*_of_album(lane, album)).values(due_at=due_at))
    tx.wake(FETCH_TOPIC if fetch else TOPIC)
    return True


def _of_album(lane: str, album: str) -> tuple[ColumnElement[bool], ...]:
    return (inbox.c.lane == lane, inbox.c.album == album, inbox.c.state.in_(WAITING))


async def take(
    tx: Transaction,
    *,
    accounts: Sequence[Account],
    now: datetime,
    heard_since: datetime | None = None,
    heard_max: int = 1,
    most: int = 1,
) -> list[Update]:
    """The oldest updates that head their lanes and are due, locked against other workers: `most` of them at most.

    If `heard_max` updates of a lane or more have been done since an instant, its update says when the last of them but
    `heard_max` - 1 was: so much later than that the lane may be heard again.
    """
    asked = {"now": now, "heard_since": heard_since or now, "heard_before": heard_max - 1, "most": most}
    rows = (await tx.execute(_take(tuple(accounts)), asked)).all()
    return [update_in(row, heard_at=row.heard_at) for row in rows]


def update_in(row: Any, *, heard_at: datetime | None = None) -> Update:
    """The update in a row of the inbox."""
    return Update(
        id=row.id, channel=row.channel, account=row.account, lane=row.lane, raw=row.raw or {},
        attempts=row.attempts, received_at=row.received_at, album=row.album, heard_at=heard_at,
    )  # fmt: skip


def chat_of(update: Update) -> str | None:
    """The chat in an update's lane (`channel:account:chat`); None for a lane of another make."""
    prefix = f"{update.channel}:{update.account}:"
    return update.lane.removeprefix(prefix) if update.lane.startswith(prefix) else None


async def rest_of_album(tx: Transaction, update: Update) -> list[Update]:
    """The other parts of the album an update in hand began, in order."""
    if update.album is None:
        return []
    statement = select(inbox).where(*_of_album(update.lane, update.album), inbox.c.id != update.id)
    return [update_in(row) for row in (await tx.execute(statement.order_by(inbox.c.id))).all()]


async def merge(tx: Transaction, parts: Sequence[Update], *, now: datetime) -> None:
    """Mark the other parts of an album as handled with its first one."""
    if not parts:
        return
    await tx.execute(
        inbox.update().where(inbox.c.id.in_([part.id for part in parts])).values(state=MERGED, done_at=now, raw=None)
    )


async def finish(tx: Transaction, update: Update, *, now: datetime) -> None:
    """Mark an update done, in the transaction of its effects; the raw words are not kept longer than needed."""
    await tx.execute(_FINISH, {"which": update.id, "now": now})


async def postpone(tx: Transaction, update: Update, *, due_at: datetime) -> None:
    """Leave an update in its place and look at it again at `due_at`; not a failed attempt."""
    await tx.execute(inbox.update().where(inbox.c.id == update.id).values(due_at=due_at))


async def fail(
    tx: Transaction, update: Update, *, error: str, now: datetime, attempts_max: int, wait: timedelta
) -> bool:
    """Count a failed attempt; after `attempts_max` the update is set aside with its error. True if set aside.

    Nothing is counted when somebody else has taken it up since, and done it or counted a failure.
    """
    attempts = update.attempts + 1
    set_aside = attempts >= attempts_max
    done = await tx.execute(
        inbox.update()
        .where(inbox.c.id == update.id, inbox.c.state == NEW, inbox.c.attempts == update.attempts)
        .values(
            attempts=attempts, error=error, due_at=now + wait,
            state=SET_ASIDE if set_aside else NEW, done_at=now if set_aside else None,
        )
    )  # fmt: skip
    if not done.rowcount:
        return False
    if set_aside and update.album:
        aside = {"state": SET_ASIDE, "error": error, "done_at": now}
        await tx.execute(inbox.update().where(*_of_album(update.lane, update.album)).values(**aside))
    return set_aside


async def waiting(tx: Transaction, *, lane: str | None = None) -> int:
    """How many updates wait, in one lane or in all."""
    # Each state has a small index of its own, which serves no parameter.
    statement = select(func.count()).select_from(inbox).where(or_(_IS_NEW, inbox.c.state == literally(FETCH)))
    if lane is not None:
        statement = statement.where(inbox.c.lane == lane)
    return int(await tx.scalar(statement))


async def purge(tx: Transaction, *, before: datetime, limit: int) -> int:
    """Forget updates done with before an instant; how many. What was set aside has a term of its own (set_aside)."""
    over = inbox.c.state.in_((DONE, MERGED, DISCARDED))
    old = select(inbox.c.id).where(over, inbox.c.done_at < before).limit(limit)
    done = await tx.execute(inbox.delete().where(inbox.c.id.in_(old)))
    return int(done.rowcount)


async def next_due(tx: Transaction) -> datetime | None:
    """When the first waiting update becomes due."""
    due: datetime | None = await tx.scalar(select(func.min(inbox.c.due_at)).where(_IS_NEW))
    return due

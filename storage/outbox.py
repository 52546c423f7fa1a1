"""Messages owed: written in the transaction of what causes them, claimed, sent and marked with how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    false,
    func,
    select,
    update,
)

from storage.base import Account, Identity, Instant, Json, belongs_to, literally, metadata
from storage.database import Transaction, brief, upsert

TOPIC = "outbox"
QUEUED, SENDING, SENT, REFUSED, UNKNOWN = "queued", "sending", "sent", "refused", "unknown"
OWED = (QUEUED, SENDING)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Identity, primary_key=True),
    # Names what is owed to whom (a digest of a week to a group, say), so that it can be owed only once.
    Column("key", String(200), nullable=True, unique=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("chat", String(120), nullable=False),
    Column("ward_id", ForeignKey("ward.id"), nullable=True),
    Column("language", String(8), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=True),
    # It stands in the chat by this name, or only changes what does (storage.standing).
    Column("card", String(40), nullable=True),
    Column("edits", Boolean, nullable=False, server_default=false()),
    # {"reply": …} is worded already; {"notice": kind, "params": …} finds its words when it is sent.
    Column("body", Json, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("send_after", Instant, nullable=False),
    Column("leased_until", Instant, nullable=True),
    # Which process is sending it (storage.line): if that one dies, nobody waits for the lease to run out.
    Column("leased_by", BigInteger, nullable=True),
    Column("sent_as", String(80), nullable=True),
    Column("sent_at", Instant, nullable=True),
    Column("error", Text, nullable=True),
    Column("created_at", Instant, nullable=False),
    Index(
        "ix_outbox_owed", "channel", "account", "chat", "id",
        sqlite_where=Column("state").in_(OWED), postgresql_where=Column("state").in_(OWED),
    ),
    Index(
        "ix_outbox_urgent", "priority", "id",
        sqlite_where=Column("state").in_(OWED), postgresql_where=Column("state").in_(OWED),
    ),
    Index("ix_outbox_sent_as", "channel", "account", "chat", "sent_as"),
    Index(
        "ix_outbox_card", "card", "id", sqlite_where=Column("card").is_not(None),
        postgresql_where=Column("card").is_not(None),
    ),
)  # fmt: skip

# A message that the platform takes in several pieces (a long text, an album): the pieces that have been sent. They are
# not sent again when a later one fails, and a reply to any of them is a reply to the whole.
outbox_part = Table(
    "outbox_part",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("sent_as", String(80), nullable=False),
    UniqueConstraint("outbox_id", "part", "sent_as"),
    Index("ix_outbox_part_sent_as", "sent_as"),
)


def _is_owed(table: FromClause) -> ColumnElement[bool]:
    return table.c.state.in_([literally(state) for state in OWED])


# Built once, because every turn runs it (storage.database.upsert).
@cache
def _put(dialect: str) -> Any:
    return brief(upsert(dialect, outbox).on_conflict_do_nothing(index_elements=["key"]))


@cache
def _claim(accounts: tuple[Account, ...]) -> Any:
    earlier = outbox.alias("earlier")
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.channel == outbox.c.channel, earlier.c.account == outbox.c.account,
            earlier.c.chat == outbox.c.chat, _is_owed(earlier), earlier.c.id < outbox.c.id,
        )
        .exists()
    )  # fmt: skip
    free = (outbox.c.state == QUEUED) & (outbox.c.send_after <= bindparam("now"))
    abandoned = (outbox.c.state == SENDING) & (outbox.c.leased_until <= bindparam("now"))
    return (
        select(outbox)
        .where(_is_owed(outbox), belongs_to(outbox, accounts), free | abandoned, ~blocked)
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=outbox)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a message goes: one chat on one account of one channel."""

    channel: str
    account: str
    chat: str

    @property
    def on(self) -> Account:
        """The account the chat is on."""
        return Account(self.channel, self.account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One message owed, in hand. `doubts` counts the earlier tries that may have arrived."""

    id: int
    address: Address
    ward_id: int | None
    language: str
    body: dict[str, Any]
    case_id: int | None
    attempts: int
    doubts: int
    priority: int
    card: str | None = None
    edits: bool = False


async def put(
    tx: Transaction,
    address: Address,
    body: dict[str, Any],
    *,
    language: str,
    priority: int,
    now: datetime,
    ward_id: int | None = None,
    case_id: int | None = None,
    key: str | None = None,
) -> None:
    """Owe one message; with a `key` that is owed already, nothing happens. For a body's "card" see storage.standing."""
    await tx.execute(
        _put(tx.dialect),
        {
            "key": key, "channel": address.channel, "account": address.account, "chat": address.chat,
            "ward_id": ward_id, "language": language, "priority": priority, "case_id": case_id, "body": body,
            "state": QUEUED, "attempts": 0, "doubts": 0, "send_after": now, "created_at": now,
            "card": body.get("card"), "edits": "instead" in body,
        },
    )  # fmt: skip
    tx.wake(TOPIC)


async def claim(
    tx: Transaction, *, accounts: Sequence[Account], now: datetime, leased_until: datetime
) -> Sending | None:
    """Claim the most urgent message that heads its chat, with a lease. None if nothing is due.

    A message whose lease ran out (its sender died) is claimed again, with a doubt more.
    """
    row = (await tx.execute(_claim(tuple(accounts)), {"now": now})).one_or_none()
    if row is None:
        return None
    doubts = row.doubts + (row.state == SENDING)
    await tx.execute(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(state=SENDING, leased_until=leased_until, leased_by=tx.holder, attempts=row.attempts + 1, doubts=doubts)
    )
    return _sending(row, attempts=row.attempts + 1, doubts=doubts)


def _sending(row: Any, *, attempts: int, doubts: int) -> Sending:
    return Sending(
        id=row.id, address=Address(channel=row.channel, account=row.account, chat=row.chat),
        ward_id=row.ward_id, language=row.language, body=row.body, case_id=row.case_id,
        attempts=attempts, doubts=doubts, priority=row.priority, card=row.card, edits=row.edits,
    )  # fmt: skip


async def owed_to(tx: Transaction, address: Address) -> list[Sending]:
    """What is still owed to a chat, in order."""
    statement = select(outbox).where(*_to(address), outbox.c.state.in_(OWED)).order_by(outbox.c.id)
    return [_sending(row, attempts=row.attempts, doubts=row.doubts) for row in (await tx.execute(statement)).all()]


def _to(address: Address) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.channel == address.channel,
        outbox.c.account == address.account,
        outbox.c.chat == address.chat,
    )


async def mark_sent(tx: Transaction, sending_id: int, *, sent_as: str, now: datetime) -> None:
    """The platform has it, as message `sent_as`."""
    await _end(tx, sending_id, state=SENT, sent_as=sent_as, sent_at=now, leased_until=None, error=None)


async def mark_refused(tx: Transaction, sending_id: int, *, error: str) -> None:
    """The platform will never take it (blocked, gone, malformed)."""
    await _end(tx, sending_id, state=REFUSED, leased_until=None, error=error)


async def mark_unknown(tx: Transaction, sending_id: int, *, error: str) -> None:
    """It may or may not have arrived, and must not be sent again."""
    await _end(tx, sending_id, state=UNKNOWN, leased_until=None, error=error)


async def retry_at(
    tx: Transaction,
    sending_id: int,
    *,
    send_after: datetime,
    error: str,
    doubts: int | None = None,
    counted: bool = True,
) -> None:
    """Once more at `send_after`; `doubts` is the new count when the try just made may have arrived.

    It is not `counted` as a try when the message had no part in it: the platform said when to come back.
    """
    values: dict[str, Any] = {} if doubts is None else {"doubts": doubts}
    if not counted:
        values["attempts"] = outbox.c.attempts - 1
    await _end(tx, sending_id, state=QUEUED, send_after=send_after, leased_until=None, error=error, **values)


async def note_part(tx: Transaction, sending_id: int, part: int, sent_as: Sequence[str]) -> None:
    """Note that a piece of a message has been sent (an album is sent as several messages at once)."""
    rows = [{"outbox_id": sending_id, "part": part, "sent_as": one} for one in sent_as]
    await tx.execute(tx.upsert(outbox_part).values(rows).on_conflict_do_nothing())


async def parts_sent(tx: Transaction, sending_id: int) -> frozenset[int]:
    """Which pieces of a message have been sent already."""
    rows = await tx.execute(select(outbox_part.c.part).where(outbox_part.c.outbox_id == sending_id))
    return frozenset(rows.scalars())


async def _end(tx: Transaction, sending_id: int, **values: Any) -> None:
    await tx.execute(update(outbox).where(outbox.c.id == sending_id).values(**values))


async def case_behind(tx: Transaction, address: Address, *, sent_as: str) -> int | None:
    """The case a message of ours is about, found by the id the platform gave that message."""
    case_id: int | None = await tx.scalar(select(outbox.c.case_id).where(*_to(address), outbox.c.sent_as == sent_as))
    if case_id is not None:
        return case_id
    piece: int | None = await tx.scalar(
        select(outbox.c.case_id)
        .join(outbox_part, outbox_part.c.outbox_id == outbox.c.id)
        .where(*_to(address), outbox_part.c.sent_as == sent_as)
    )
    return piece


async def next_due(tx: Transaction) -> datetime | None:
    """When the first queued message becomes due."""
    queued = select(func.min(outbox.c.send_after)).where(_is_owed(outbox), outbox.c.state == QUEUED)
    due: datetime | None = await tx.scalar(queued)
    return due


async def owed(tx: Transaction) -> int:
    """How many messages are still owed."""
    return int(await tx.scalar(select(func.count()).select_from(outbox).where(_is_owed(outbox))))

"""Messages owed: written in the transaction of what causes them, and found again by what was sent.

How they leave is in storage.sending.
"""

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
    false,
    func,
    select,
    update,
)

from storage.base import Account, Identity, Instant, Json, literally, metadata
from storage.database import Transaction, brief, upsert

TOPIC = "outbox"
# Owed: looked at in its turn; left alone until `send_after`; in a sender's hands.
QUEUED, WAITING, SENDING = "queued", "waiting", "sending"
SENT, REFUSED, UNKNOWN = "sent", "refused", "unknown"
OWED = (QUEUED, WAITING, SENDING)
PUT_OFF = (WAITING, SENDING)
NOT_BEGUN = (QUEUED, WAITING)
# No call of any platform makes more messages than this at once.
UNITS_MAX = 10


def _index_where(name: str, states: Sequence[str], *columns: str) -> Index:
    """An index of the few rows that are in one of these states."""
    where = Column("state").in_(states) if len(states) > 1 else Column("state") == states[0]
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


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
    # Its priority, or that of a more urgent message behind it in the same chat: a chat keeps its order.
    Column("urgency", Integer, nullable=False),
    # Whether another message waits behind it in its chat.
    Column("followed", Boolean, nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=True),
    # It stands in the chat by this name, or only changes what does (storage.standing).
    Column("card", String(40), nullable=True),
    Column("edits", Boolean, nullable=False, server_default=false()),
    # {"reply": …} is worded already; {"notice": kind, "params": …} finds its words when it is sent.
    Column("body", Json, nullable=False),
    Column("state", String(10), nullable=False),
    # A message may take several calls: how many have been made, and how many messages the next one makes at most.
    Column("pieces_sent", Integer, nullable=False),
    Column("units", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    # How often a sending of it ended in doubt: it may have arrived.
    Column("doubts", Integer, nullable=False),
    # While it waits: until when. While it is being sent: until when its sender is believed to be alive.
    Column("send_after", Instant, nullable=False),
    # Which process is sending it (storage.leases): if that one dies, nobody waits for the lease to run out.
    Column("leased_by", BigInteger, nullable=True),
    Column("sent_as", String(80), nullable=True),
    Column("sent_at", Instant, nullable=True),
    Column("error", Text, nullable=True),
    Column("created_at", Instant, nullable=False),
    _index_where("ix_outbox_owed", OWED, "channel", "account", "chat", "id"),
    _index_where("ix_outbox_queued", (QUEUED,), "channel", "account", "urgency", "id"),
    _index_where("ix_outbox_put_off", PUT_OFF, "channel", "account", "send_after"),
    Index("ix_outbox_sent_as", "channel", "account", "chat", "sent_as"),
    Index(
        "ix_outbox_card",
        "card",
        "id",
        sqlite_where=Column("card").is_not(None),
        postgresql_where=Column("card").is_not(None),
    ),
)

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


def is_owed(table: FromClause) -> ColumnElement[bool]:
    """Whether a row is owed still, in the words of the index."""
    return table.c.state.in_([literally(state) for state in OWED])


# Built once, because every turn runs it (storage.database.upsert).
@cache
def _put(dialect: str) -> Any:
    return brief(upsert(dialect, outbox).on_conflict_do_nothing(index_elements=["key"]))


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
    pieces_sent: int
    units: int
    attempts: int
    doubts: int
    priority: int
    created_at: datetime
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
            "state": QUEUED, "urgency": priority, "followed": False, "pieces_sent": 0, "units": units_of(body),
            "attempts": 0, "doubts": 0, "send_after": now, "created_at": now, "card": body.get("card"),
            "edits": "instead" in body,
        },
    )  # fmt: skip
    tx.wake(TOPIC)


def units_of(body: dict[str, Any]) -> int:
    """How many messages the first call makes at most: its pictures may go as one album.

    A remark to one person in a group that is said on the button they tapped is no message; any other counts as one.
    """
    said = body.get("reply", body)
    if isinstance(said, dict) and said.get("only_for") and said.get("tap"):
        return 0
    files = said.get("attachments", ()) if isinstance(said, dict) else ()
    return min(max(len(files), 1), UNITS_MAX)


def sending_in(row: Any) -> Sending:
    """The message in a row of the outbox."""
    return Sending(
        id=row.id, address=Address(channel=row.channel, account=row.account, chat=row.chat),
        ward_id=row.ward_id, language=row.language, body=row.body, case_id=row.case_id, pieces_sent=row.pieces_sent,
        units=row.units, attempts=row.attempts, doubts=row.doubts, priority=row.priority, created_at=row.created_at,
        card=row.card, edits=row.edits,
    )  # fmt: skip


async def owed_to(tx: Transaction, address: Address, *, in_hand: bool = True) -> list[Sending]:
    """What is still owed to a chat, in order; without what a sender has `in_hand`, if so wished."""
    states = is_owed(outbox) if in_hand else outbox.c.state.in_(NOT_BEGUN)
    statement = select(outbox).where(*_to(address), states).order_by(outbox.c.id)
    return [sending_in(row) for row in (await tx.execute(statement)).all()]


def _to(address: Address) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.channel == address.channel,
        outbox.c.account == address.account,
        outbox.c.chat == address.chat,
    )


async def refuse(tx: Transaction, ids: Sequence[int], *, error: str) -> None:
    """The platform will never take these (blocked, gone, malformed)."""
    await tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state=REFUSED, error=error))


async def note_part(tx: Transaction, sending_id: int, part: int, sent_as: Sequence[str]) -> None:
    """Note that a piece of a message has been sent (an album is sent as several messages at once)."""
    rows = [{"outbox_id": sending_id, "part": part, "sent_as": one} for one in sent_as]
    await tx.execute(tx.upsert(outbox_part).values(rows).on_conflict_do_nothing())


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


async def owed(tx: Transaction) -> int:
    """How many messages are still owed."""
    return int(await tx.scalar(select(func.count()).select_from(outbox).where(is_owed(outbox))))

"""Which messages of a chat became part of which case: so that a later change of one finds its case."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint, select

from storage.base import Identity, Instant, metadata
from storage.database import Transaction, brief, upsert
from storage.outbox import Address

case_message = Table(
    "case_message",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("chat", String(120), nullable=False),
    # The platform's id of the message within the chat; or the name of the album its later parts will come under.
    Column("message", String(80), nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    # A hash of what it said: platforms also tell of changes that change no word.
    Column("words", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("channel", "account", "chat", "message"),
    Index("ix_case_message_at", "at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message and what it said ("" for an album's name)."""

    message: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMessage:
    """The case a message became part of."""

    case_id: int
    words: str

    def says(self, text: str) -> bool:
        """Whether it said this very text."""
        return self.words == _hashed(text)


@cache
def _note(dialect: str) -> Any:
    said = upsert(dialect, case_message)
    return brief(
        said.on_conflict_do_update(
            index_elements=["channel", "account", "chat", "message"],
            set_={name: said.excluded[name] for name in ("case_id", "words", "at")},
        )
    )


async def note(tx: Transaction, address: Address, heard: Iterable[Heard], case_id: int, *, now: datetime) -> None:
    """Note that these messages of a chat became part of a case; the last word on a message counts."""
    for one in heard:
        row = {
            "channel": address.channel, "account": address.account, "chat": address.chat, "message": one.message,
            "case_id": case_id, "words": _hashed(one.text), "at": now,
        }  # fmt: skip
        await tx.execute(_note(tx.dialect), row)


async def find(tx: Transaction, address: Address, message: str) -> CaseMessage | None:
    """The case this message became part of."""
    row = (
        await tx.execute(
            select(case_message.c.case_id, case_message.c.words).where(
                case_message.c.channel == address.channel, case_message.c.account == address.account,
                case_message.c.chat == address.chat, case_message.c.message == message,
            )
        )
    ).one_or_none()  # fmt: skip
    return None if row is None else CaseMessage(case_id=row.case_id, words=row.words)


async def purge(tx: Transaction, *, before: datetime, limit: int) -> None:
    """Forget what nobody can change any more."""
    old = select(case_message.c.id).where(case_message.c.at < before).limit(limit)
    await tx.execute(case_message.delete().where(case_message.c.id.in_(old)))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()

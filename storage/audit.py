"""The audit log: who did what to what, never changed afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select

from storage.base import Identity, Instant, Json, metadata
from storage.database import Transaction, brief

audit = Table(
    "audit",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", ForeignKey("person.id"), nullable=True),
    Column("act", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("details", Json, nullable=False),
    Index("ix_audit_subject", "ward_id", "subject"),
)


# Built once, because every act runs it (storage.database.upsert).
_WRITE = brief(insert(audit))


async def write(
    tx: Transaction,
    *,
    ward_id: int,
    act: str,
    subject: str,
    now: datetime,
    actor_id: int | None = None,
    **details: Any,
) -> None:
    """Write one entry. `subject` names the thing ("case PA-26-00012"); `details` never hold a resident's words."""
    await tx.execute(
        _WRITE,
        {"ward_id": ward_id, "at": now, "actor_id": actor_id, "act": act, "subject": subject, "details": details},
    )


async def of(tx: Transaction, *, ward_id: int, subject: str) -> list[Any]:
    """The entries about one thing, oldest first."""
    rows = await tx.execute(
        select(audit).where(audit.c.ward_id == ward_id, audit.c.subject == subject).order_by(audit.c.id)
    )
    return list(rows.all())

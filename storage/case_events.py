"""What was done to a case, act by act; never changed afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, ForeignKey, Index, Integer, String, Table, Text, insert, select

from domain.case import Act, Case
from storage.base import Identity, Instant, Json, metadata
from storage.database import Transaction, brief

case_event = Table(
    "case_event",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("act", String(20), nullable=False),
    Column("actor_id", ForeignKey("person.id"), nullable=True),
    Column("actor_name", String(120), nullable=False),
    # False for what never leaves the desk (an internal note).
    Column("public", Boolean, nullable=False),
    # The case's version once this was done: says what somebody who saw an earlier one has not seen.
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("details", Json, nullable=False),
    Index("ix_case_event_case", "case_id", "ward_id", "id"),
    Index("ix_case_event_act", "ward_id", "act", "at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """One line of a case's history."""

    id: int
    at: datetime
    act: Act
    actor_id: int | None
    actor_name: str
    public: bool
    version: int
    text: str
    details: dict[str, Any]


# Built once, because every case runs it (storage.database.upsert).
_WRITE = brief(insert(case_event).returning(case_event.c.id))


async def write(
    tx: Transaction,
    case: Case,
    act: Act,
    *,
    now: datetime,
    actor_id: int | None,
    actor_name: str = "",
    public: bool = True,
    text: str = "",
    details: dict[str, Any] | None = None,
) -> int:
    """Write one line of a case's history; its id."""
    written = {
        "ward_id": case.ward_id, "case_id": case.id, "at": now, "act": act.value, "actor_id": actor_id,
        "actor_name": actor_name, "public": public, "version": case.version, "text": text, "details": details or {},
    }  # fmt: skip
    return int(await tx.scalar(_WRITE, written))


async def history(tx: Transaction, case: Case, *, public_only: bool = False) -> list[CaseEvent]:
    """A case's history, oldest first; `public_only` leaves out what never leaves the desk."""
    statement = select(case_event).where(*_of(case)).order_by(case_event.c.id)
    if public_only:
        statement = statement.where(case_event.c.public)
    return [_event(row) for row in (await tx.execute(statement)).all()]


async def last(tx: Transaction, case: Case, acts: Sequence[Act]) -> CaseEvent | None:
    """The newest line of one of these acts."""
    row = (
        await tx.execute(
            select(case_event)
            .where(*_of(case), case_event.c.act.in_([act.value for act in acts]))
            .order_by(case_event.c.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else _event(row)


async def acts_since(tx: Transaction, case: Case, version: int) -> list[CaseEvent]:
    """What was done to a case after somebody saw this version of it, oldest first; notes change nothing."""
    rows = await tx.execute(
        select(case_event)
        .where(*_of(case), case_event.c.version > version, case_event.c.act != Act.NOTE.value)
        .order_by(case_event.c.id)
    )
    return [_event(row) for row in rows.all()]


def _of(case: Case) -> tuple[ColumnElement[bool], ...]:
    return case_event.c.ward_id == case.ward_id, case_event.c.case_id == case.id


def _event(row: Any) -> CaseEvent:
    return CaseEvent(
        id=row.id, at=row.at, act=Act(row.act), actor_id=row.actor_id, actor_name=row.actor_name,
        public=row.public, version=row.version, text=row.text, details=row.details,
    )  # fmt: skip

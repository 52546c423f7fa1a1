"""Cases with their history and their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    update,
)

from domain.case import OPEN_STATUSES, Act, Case, CaseKind, Status
from domain.errors import DomainError
from storage.base import Day, Identity, Instant, Json, literally, metadata, only
from storage.database import Transaction, brief, upsert

# In one order always: an index over them serves statements that name them in the same.
OPEN = tuple(sorted(status.value for status in OPEN_STATUSES))

counter = Table(
    "counter",
    metadata,
    Column("ward_id", ForeignKey("ward.id"), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("code", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("category_id", ForeignKey("category.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("resident_id", ForeignKey("person.id"), nullable=False),
    # Where it was submitted from: it goes with that contact point when that is linked or parted (storage.linking).
    Column("contact_point_id", Identity, nullable=True),
    Column("residential_group_id", ForeignKey("residential_group.id"), nullable=True),
    Column("assignee_id", ForeignKey("person.id"), nullable=True),
    Column("dialogue_id", ForeignKey("dialogue.id"), nullable=True),
    Column("text", Text, nullable=False),
    Column("place", String(300), nullable=False),
    Column("latitude", Float, nullable=True),
    Column("longitude", Float, nullable=True),
    Column("language", String(8), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("answered_at", Instant, nullable=True),
    Column("rating", Integer, nullable=True),
    Column("reopenings", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("ward_id", "code"),
    # Few are open at any time, however many there have been.
    Index("ix_cases_open", "ward_id", "due_on", **only(Column("status").in_(OPEN))),
    Index("ix_cases_resident", "resident_id", "id"),
    Index("ix_cases_dialogue", "dialogue_id", **only(Column("dialogue_id").is_not(None))),
    Index("ix_cases_received", "ward_id", "received_at"),
)
IS_OPEN = cases.c.status.in_([literally(status) for status in OPEN])

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
    Index("ix_case_event_case", "case_id", "id"),
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


# Built once, because every case runs them (storage.database.upsert).
_ADD = brief(insert(cases).returning(*cases.c))
_ADD_EVENT = brief(insert(case_event).returning(case_event.c.id))
_OF_RESIDENT = brief(
    select(cases)
    .where(cases.c.resident_id == bindparam("resident_id"))
    .order_by(cases.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_OPEN_OF_RESIDENT = _OF_RESIDENT.where(IS_OPEN)


@cache
def _count(dialect: str) -> Any:
    counting = upsert(dialect, counter)
    return brief(
        counting.on_conflict_do_update(
            index_elements=["ward_id", "name"], set_={"value": counter.c.value + 1}
        ).returning(counter.c.value)
    )


async def next_code(tx: Transaction, ward_id: int, year: int) -> str:
    """The next case code of a ward's year, without gaps: `PA-26-00001`."""
    number = await tx.scalar(_count(tx.dialect), {"ward_id": ward_id, "name": f"PA-{year}", "value": 1})
    return f"PA-{year % 100:02d}-{number:05d}"


async def add(tx: Transaction, **values: Any) -> Case:
    """Write a new case; `values` are the columns of `cases` but id, version and reopenings."""
    return _case((await tx.execute(_ADD, {"version": 1, "reopenings": 0, **values})).one())


async def get(tx: Transaction, case_id: int) -> Case:
    """One case by its id, which must exist."""
    return _case((await tx.execute(select(cases).where(cases.c.id == case_id))).one())


async def by_code(tx: Transaction, ward_id: int, code: str, *, lock: bool = False) -> Case:
    """One case of a ward by its code. DomainError `case_unknown` if the ward has no such case."""
    statement = select(cases).where(cases.c.ward_id == ward_id, cases.c.code == code)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise DomainError("case_unknown", code=code)
    return _case(row)


async def elsewhere(tx: Transaction, resident_id: int, code: str, *, lock: bool = False) -> Case | None:
    """A resident's case with this code in whatever ward, the newest if there are several: they may have moved."""
    mine = select(cases).where(cases.c.resident_id == resident_id, cases.c.code == code)
    statement = mine.order_by(cases.c.id.desc()).limit(1)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return _case(row) if row else None


async def change(tx: Transaction, case: Case, **values: Any) -> Case:
    """Change columns of a case and count its version up. DomainError `case_changed` if somebody was faster."""
    done = await tx.execute(
        update(cases)
        .where(cases.c.id == case.id, cases.c.version == case.version)
        .values(version=case.version + 1, **values)
        .returning(*cases.c)
    )
    row = done.one_or_none()
    if row is None:
        raise DomainError("case_changed", code=case.code)
    return _case(row)


async def write_event(
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
    return int(await tx.scalar(_ADD_EVENT, written))


async def history(tx: Transaction, case_id: int, *, public_only: bool = False) -> list[CaseEvent]:
    """A case's history, oldest first; `public_only` leaves out what never leaves the desk."""
    statement = select(case_event).where(case_event.c.case_id == case_id).order_by(case_event.c.id)
    if public_only:
        statement = statement.where(case_event.c.public)
    return [_event(row) for row in (await tx.execute(statement)).all()]


async def last_event(tx: Transaction, case_id: int, acts: Sequence[Act]) -> CaseEvent | None:
    """The newest line of one of these acts."""
    row = (
        await tx.execute(
            select(case_event)
            .where(case_event.c.case_id == case_id, case_event.c.act.in_([act.value for act in acts]))
            .order_by(case_event.c.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else _event(row)


async def acts_since(tx: Transaction, case_id: int, version: int) -> list[CaseEvent]:
    """What was done to a case after somebody saw this version of it, oldest first; notes change nothing."""
    rows = await tx.execute(
        select(case_event)
        .where(case_event.c.case_id == case_id, case_event.c.version > version, case_event.c.act != Act.NOTE.value)
        .order_by(case_event.c.id)
    )
    return [_event(row) for row in rows.all()]


async def of_resident(
    tx: Transaction, resident_id: int, *, open_only: bool = False, limit: int, offset: int = 0
) -> list[Case]:
    """A resident's cases, newest first."""
    statement = _OPEN_OF_RESIDENT if open_only else _OF_RESIDENT
    rows = await tx.execute(statement, {"resident_id": resident_id, "limit": limit, "offset": offset})
    return [_case(row) for row in rows.all()]


async def queue(
    tx: Transaction,
    *,
    ward_id: int,
    unit_id: int | None,
    assignee_id: int | None = None,
    due_from: date | None = None,
    due_until: date | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[list[Case], int]:
    """Open cases, the most urgent first, and how many there are in all; `unit_id` None means every unit."""
    wanted = [cases.c.ward_id == ward_id, IS_OPEN]
    if unit_id is not None:
        wanted.append(cases.c.unit_id == unit_id)
    if assignee_id is not None:
        wanted.append(cases.c.assignee_id == assignee_id)
    if due_from is not None:
        wanted.append(cases.c.due_on >= due_from)
    if due_until is not None:
        wanted.append(cases.c.due_on <= due_until)
    total = int(await tx.scalar(select(func.count()).select_from(cases).where(*wanted)))
    rows = await tx.execute(
        select(cases).where(*wanted).order_by(cases.c.due_on, cases.c.id).limit(limit).offset(offset)
    )
    return [_case(row) for row in rows.all()], total


async def open_codes(tx: Transaction, *, ward_id: int, unit_ids: Sequence[int]) -> dict[int, list[str]]:
    """The codes of open cases of some units, by unit id."""
    rows = await tx.execute(
        select(cases.c.unit_id, cases.c.code)
        .where(cases.c.ward_id == ward_id, cases.c.unit_id.in_(unit_ids), IS_OPEN)
        .order_by(cases.c.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(row.code)
    return found


def _case(row: Any) -> Case:
    return Case(
        id=row.id, ward_id=row.ward_id, code=row.code, kind=CaseKind(row.kind), status=Status(row.status),
        category_id=row.category_id, unit_id=row.unit_id, resident_id=row.resident_id, text=row.text,
        place=row.place, latitude=row.latitude, longitude=row.longitude, language=row.language,
        dialogue_id=row.dialogue_id, assignee_id=row.assignee_id, received_at=row.received_at, due_on=row.due_on,
        answered_at=row.answered_at, reopenings=row.reopenings, version=row.version,
    )  # fmt: skip


def _event(row: Any) -> CaseEvent:
    return CaseEvent(
        id=row.id, at=row.at, act=Act(row.act), actor_id=row.actor_id, actor_name=row.actor_name,
        public=row.public, version=row.version, text=row.text, details=row.details,
    )  # fmt: skip

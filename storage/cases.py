"""Cases and their numbers; what was done to them is in storage.case_events.

Whatever goes by an id says the ward as well (docs/decisions/0009).
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
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

from domain.case import OPEN_STATUSES, Case, CaseKind, Status
from domain.errors import DomainError
from domain.people import Person
from storage.base import Day, Identity, Instant, literally, metadata, only
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
    Index("ix_cases_resident", "resident_id", "ward_id", "id"),
    Index("ix_cases_dialogue", "dialogue_id", "ward_id", **only(Column("dialogue_id").is_not(None))),
    Index("ix_cases_received", "ward_id", "received_at"),
)
IS_OPEN = cases.c.status.in_([literally(status) for status in OPEN])

# Built once, because every case runs them (storage.database.upsert).
_ADD = brief(insert(cases).returning(*cases.c))
_IS_OF = cases.c.ward_id.in_(bindparam("ward_ids", expanding=True)) & (cases.c.resident_id == bindparam("resident_id"))
_AMONG = brief(
    select(cases).where(cases.c.ward_id.in_(bindparam("ward_ids", expanding=True)), cases.c.id == bindparam("case_id"))
)
_OF_RESIDENT = brief(
    select(cases).where(_IS_OF).order_by(cases.c.id.desc()).limit(bindparam("limit")).offset(bindparam("offset"))
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
    return case_of((await tx.execute(_ADD, {"version": 1, "reopenings": 0, **values})).one())


async def among(tx: Transaction, ward_ids: Collection[int], case_id: int) -> Case | None:
    """One case by its id, if it is before one of these wards."""
    row = (await tx.execute(_AMONG, {"ward_ids": list(ward_ids), "case_id": case_id})).one_or_none()
    return None if row is None else case_of(row)


async def by_code(tx: Transaction, ward_id: int, code: str, *, lock: bool = False) -> Case:
    """One case of a ward by its code. DomainError `case_unknown` if the ward has no such case."""
    statement = select(cases).where(cases.c.ward_id == ward_id, cases.c.code == code)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise DomainError("case_unknown", code=code)
    return case_of(row)


async def elsewhere(tx: Transaction, resident: Person, code: str, *, lock: bool = False) -> Case | None:
    """A resident's case with this code in whatever ward, the newest if there are several: they may have moved."""
    mine = select(cases).where(_IS_OF, cases.c.code == code)
    statement = mine.order_by(cases.c.id.desc()).limit(1)
    row = (await tx.execute(statement.with_for_update() if lock else statement, _of(resident))).one_or_none()
    return case_of(row) if row else None


async def change(tx: Transaction, case: Case, **values: Any) -> Case:
    """Change columns of a case and count its version up. DomainError `case_changed` if somebody was faster."""
    done = await tx.execute(
        update(cases)
        .where(cases.c.ward_id == case.ward_id, cases.c.id == case.id, cases.c.version == case.version)
        .values(version=case.version + 1, **values)
        .returning(*cases.c)
    )
    row = done.one_or_none()
    if row is None:
        raise DomainError("case_changed", code=case.code)
    return case_of(row)


async def of_resident(
    tx: Transaction, resident: Person, *, open_only: bool = False, limit: int, offset: int = 0
) -> list[Case]:
    """A resident's cases, newest first, before whatever ward they lived in then."""
    statement = _OPEN_OF_RESIDENT if open_only else _OF_RESIDENT
    rows = await tx.execute(statement, _of(resident) | {"limit": limit, "offset": offset})
    return [case_of(row) for row in rows.all()]


def _of(resident: Person) -> dict[str, Any]:
    return {"resident_id": resident.id, "ward_ids": list(resident.ward_ids)}


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
    return [case_of(row) for row in rows.all()], total


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


def case_of(row: Any) -> Case:
    """A row as a value."""
    return Case(
        id=row.id, ward_id=row.ward_id, code=row.code, kind=CaseKind(row.kind), status=Status(row.status),
        category_id=row.category_id, unit_id=row.unit_id, resident_id=row.resident_id, text=row.text,
        place=row.place, latitude=row.latitude, longitude=row.longitude, language=row.language,
        dialogue_id=row.dialogue_id, assignee_id=row.assignee_id, received_at=row.received_at, due_on=row.due_on,
        answered_at=row.answered_at, reopenings=row.reopenings, version=row.version,
    )  # fmt: skip

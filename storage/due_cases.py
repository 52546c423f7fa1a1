"""Open cases whose due day is near or past and of which nobody has been reminded yet, stage by stage."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, func, literal, select, type_coerce

from domain.case import Act, Case
from storage.base import Instant
from storage.case_events import case_event
from storage.cases import IS_OPEN, case_of, cases
from storage.database import Transaction
from storage.slots import slot

JOB = "deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCase:
    """An open case and when its period began: when it was received, or last reopened."""

    case: Case
    began_at: datetime


def slot_key(case_id: int, stage: str, due_on: date) -> str:
    """The key of the slot of one reminder; a new due day (after a reopening) gives new ones."""
    return f"{case_id}:{stage}:{due_on.isoformat()}"


async def due_between(
    tx: Transaction, ward_id: int, stage: str, *, first_on: date | None, last_on: date, limit: int
) -> list[DueCase]:
    """Cases due from `first_on` (None: ever) to `last_on`, of which `stage` was not told; the oldest due first."""
    wanted = [cases.c.due_on <= last_on]
    if first_on is not None:
        wanted.append(cases.c.due_on >= first_on)
    return await _untold(tx, ward_id, stage, wanted, order=(cases.c.due_on, cases.c.id), limit=limit)


async def begun_before(tx: Transaction, ward_id: int, stage: str, *, before: datetime, limit: int) -> list[DueCase]:
    """Cases whose period began before this instant, of which `stage` was not told; the longest running first."""
    # Only the histories of what is open are looked into: an index finds those.
    wanted = [_began(ward_id) < before]
    return await _untold(tx, ward_id, stage, wanted, order=(_began(ward_id), cases.c.id), limit=limit)


async def _untold(
    tx: Transaction, ward_id: int, stage: str, wanted: list[Any], *, order: tuple[Any, ...], limit: int
) -> list[DueCase]:
    # What was told already is left out here, so that it never fills the batch and keeps the others waiting.
    key = cast(cases.c.id, String) + literal(f":{stage}:") + type_coerce(cases.c.due_on, String)
    told = select(slot.c.key).where(slot.c.job == JOB, slot.c.key == key).exists()
    rows = await tx.execute(
        select(cases, _began(ward_id).label("began_at"))
        .where(cases.c.ward_id == ward_id, IS_OPEN, *wanted, ~told)
        .order_by(*order)
        .limit(limit)
    )
    return [DueCase(case=case_of(row), began_at=row.began_at) for row in rows.all()]


def _began(ward_id: int) -> Any:
    reopened = (
        select(func.max(case_event.c.at, type_=Instant()))
        .where(
            case_event.c.ward_id == ward_id,
            case_event.c.case_id == cases.c.id,
            case_event.c.act == Act.REOPEN.value,
        )
        .scalar_subquery()
    )
    return func.coalesce(reopened, cases.c.received_at, type_=Instant())

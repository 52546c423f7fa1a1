"""Cases and opinions as figures: what came in, what was answered and in time, what is open and overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from domain.case import Act
from domain.digest import CaseFigures, OpinionFigures
from storage import plans
from storage.case_events import case_event
from storage.cases import IS_OPEN, cases
from storage.database import Transaction
from storage.plan_tables import opinion

_TURNING_POINTS = (Act.SUBMIT.value, Act.REOPEN.value, Act.ANSWER.value)


async def case_figures(
    tx: Transaction, ward_id: int, *, since: datetime, until: datetime, today: date, timezone: str
) -> CaseFigures:
    """The figures of [since, until) and of `today`.

    A case is answered once each time it was owed an answer: the first answer counts, and the first after a
    reopening; what is added to an answer does not. In time means by the due day, in the ward's own days.
    """
    received = await _count(tx, cases.c.ward_id == ward_id, cases.c.received_at >= since, cases.c.received_at < until)
    still_open = [cases.c.ward_id == ward_id, IS_OPEN]
    answered = [
        answer for answer in _first_answers(await _histories(tx, ward_id, since, until)) if since <= answer.at < until
    ]
    on_time = sum(1 for answer in answered if answer.at.astimezone(ZoneInfo(timezone)).date() <= answer.due_on)
    return CaseFigures(
        received=received,
        answered=len(answered),
        on_time=on_time,
        open_now=await _count(tx, *still_open),
        overdue_now=await _count(tx, *still_open, cases.c.due_on < today),
    )


async def opinion_figures(tx: Transaction, ward_id: int, *, since: datetime, until: datetime) -> OpinionFigures:
    """The published items everybody may give an opinion on now, and the opinions of [since, until)."""
    given = select(func.count()).where(opinion.c.ward_id == ward_id, opinion.c.at >= since, opinion.c.at < until)
    published = (await plans.counts(tx, ward_id)).published
    return OpinionFigures(open_items=published, given=int(await tx.scalar(given) or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer that was owed, when it was given and by when it should have been."""

    at: datetime
    due_on: date


async def _count(tx: Transaction, *wanted: Any) -> int:
    return int(await tx.scalar(select(func.count()).select_from(cases).where(*wanted)))


async def _histories(tx: Transaction, ward_id: int, since: datetime, until: datetime) -> list[Any]:
    """The turning points of every case that was answered in the time asked for, case by case, oldest first."""
    answered = select(case_event.c.case_id).where(
        case_event.c.ward_id == ward_id,
        case_event.c.act == Act.ANSWER.value,
        case_event.c.at >= since,
        case_event.c.at < until,
    )
    rows = await tx.execute(
        select(case_event.c.case_id, case_event.c.at, case_event.c.act, case_event.c.details, cases.c.due_on)
        .join(cases, (cases.c.ward_id == case_event.c.ward_id) & (cases.c.id == case_event.c.case_id))
        .where(
            case_event.c.ward_id == ward_id, case_event.c.case_id.in_(answered), case_event.c.act.in_(_TURNING_POINTS)
        )
        .order_by(case_event.c.case_id, case_event.c.id)
    )
    return list(rows.all())


def _first_answers(events: list[Any]) -> Iterator[_Answer]:
    owed: tuple[int, date] | None = None
    for event in events:
        if event.act != Act.ANSWER.value:
            # A reopening sets a new due day on the case; what the first one was stands in the first line.
            written = event.details.get("due_on")
            owed = (event.case_id, date.fromisoformat(written) if written else event.due_on)
        elif owed is not None and owed[0] == event.case_id:
            yield _Answer(at=event.at, due_on=owed[1])
            owed = None

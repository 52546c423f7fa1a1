"""Dialogue sessions between the ward's leaders and its people, and the questions that were sent to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, func, insert, select, update

from domain.case import Case, Status
from domain.dialogue import DialogueSession, DialogueStatus
from domain.errors import DomainError
from storage.base import Identity, Instant, Json, metadata
from storage.cases import case_of, cases
from storage.database import Transaction

dialogue = Table(
    "dialogue",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("title", String(200), nullable=False),
    Column("held_at", Instant, nullable=False),
    Column("place", String(300), nullable=False),
    # A list of lines, as the ward wrote them.
    Column("topics", Json, nullable=False),
    Column("status", String(20), nullable=False),
    Column("announced_at", Instant, nullable=False),
    Column("announced_by", ForeignKey("person.id"), nullable=False),
    # Why it was cancelled; empty otherwise.
    Column("reason", String(500), nullable=False),
    Index("ix_dialogue_next", "ward_id", "status", "held_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody who sent questions to a session, and the codes of these."""

    person_id: int
    codes: tuple[str, ...]


async def add(
    tx: Transaction,
    *,
    ward_id: int,
    title: str,
    held_at: datetime,
    place: str,
    topics: Sequence[str],
    announced_by: int,
    now: datetime,
) -> DialogueSession:
    """Keep a session as announced."""
    done = await tx.execute(
        insert(dialogue)
        .values(
            ward_id=ward_id, title=title, held_at=held_at, place=place, topics=list(topics),
            status=DialogueStatus.ANNOUNCED.value, announced_at=now, announced_by=announced_by, reason="",
        )
        .returning(dialogue.c.id)
    )  # fmt: skip
    return await find(tx, ward_id, done.scalar_one())


async def find(tx: Transaction, ward_id: int, dialogue_id: int, *, lock: bool = False) -> DialogueSession:
    """One session of a ward. DomainError `dialogue_unknown` if the ward has no such session."""
    statement = select(dialogue).where(dialogue.c.ward_id == ward_id, dialogue.c.id == dialogue_id)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise DomainError("dialogue_unknown", number=dialogue_id)
    return _session(row)


async def upcoming(tx: Transaction, ward_id: int, *, now: datetime, limit: int) -> list[DialogueSession]:
    """The announced sessions that have not begun, the next one first."""
    rows = await tx.execute(
        select(dialogue)
        .where(
            dialogue.c.ward_id == ward_id,
            dialogue.c.status == DialogueStatus.ANNOUNCED.value,
            dialogue.c.held_at > now,
        )
        .order_by(dialogue.c.held_at, dialogue.c.id)
        .limit(limit)
    )
    return [_session(row) for row in rows.all()]


async def at(tx: Transaction, ward_id: int, held_at: datetime) -> list[DialogueSession]:
    """The sessions of this very hour, whatever became of them."""
    rows = await tx.execute(
        select(dialogue).where(dialogue.c.ward_id == ward_id, dialogue.c.held_at == held_at).order_by(dialogue.c.id)
    )
    return [_session(row) for row in rows.all()]


async def every(tx: Transaction, ward_id: int, *, limit: int, offset: int = 0) -> tuple[list[DialogueSession], int]:
    """All sessions, the latest first, and how many there are."""
    mine = dialogue.c.ward_id == ward_id
    total = int(await tx.scalar(select(func.count()).select_from(dialogue).where(mine)))
    rows = await tx.execute(
        select(dialogue)
        .where(mine)
        .order_by(dialogue.c.held_at.desc(), dialogue.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_session(row) for row in rows.all()], total


async def cancel(tx: Transaction, session: DialogueSession, *, reason: str) -> None:
    """Mark a session cancelled, with the reason."""
    await tx.execute(
        update(dialogue)
        .where(dialogue.c.ward_id == session.ward_id, dialogue.c.id == session.id)
        .values(status=DialogueStatus.CANCELLED.value, reason=reason)
    )


async def mark_held(tx: Transaction, ward_id: int, *, before: datetime) -> list[int]:
    """Mark held every announced session that began before this instant; their ids."""
    rows = await tx.execute(
        update(dialogue)
        .where(
            dialogue.c.ward_id == ward_id,
            dialogue.c.status == DialogueStatus.ANNOUNCED.value,
            dialogue.c.held_at <= before,
        )
        .values(status=DialogueStatus.HELD.value)
        .returning(dialogue.c.id)
    )
    return [row.id for row in rows.all()]


async def question_counts(tx: Transaction, ward_id: int, dialogue_ids: Sequence[int]) -> dict[int, int]:
    """How many questions each session of a ward has; a session without any is left out."""
    rows = await tx.execute(
        select(cases.c.dialogue_id, func.count().label("questions"))
        .where(cases.c.ward_id == ward_id, cases.c.dialogue_id.in_(dialogue_ids), _standing())
        .group_by(cases.c.dialogue_id)
    )
    return {row.dialogue_id: row.questions for row in rows}


async def counts_by_category(tx: Transaction, session: DialogueSession) -> list[tuple[int, int]]:
    """The questions of a session as (category id, how many), the most asked first."""
    number = func.count().label("questions")
    rows = await tx.execute(
        select(cases.c.category_id, number)
        .where(*_asked(session))
        .group_by(cases.c.category_id)
        .order_by(number.desc(), cases.c.category_id)
    )
    return [(row.category_id, row.questions) for row in rows]


async def questions(
    tx: Transaction, session: DialogueSession, *, limit: int, offset: int = 0
) -> tuple[list[Case], int]:
    """The questions of a session as cases, oldest first, and how many there are."""
    wanted = _asked(session)
    total = int(await tx.scalar(select(func.count()).select_from(cases).where(*wanted)))
    rows = await tx.execute(select(cases).where(*wanted).order_by(cases.c.id).limit(limit).offset(offset))
    return [case_of(row) for row in rows.all()], total


async def asked_by(tx: Transaction, session: DialogueSession, person_id: int) -> int:
    """How many questions one person has sent to a session."""
    mine = [*_asked(session), cases.c.resident_id == person_id]
    return int(await tx.scalar(select(func.count()).select_from(cases).where(*mine)))


async def askers(tx: Transaction, session: DialogueSession) -> list[Asker]:
    """Whoever sent questions to a session, with the codes."""
    rows = await tx.execute(
        select(cases.c.resident_id, cases.c.code).where(*_asked(session)).order_by(cases.c.resident_id, cases.c.id)
    )
    codes: dict[int, list[str]] = {}
    for row in rows:
        codes.setdefault(row.resident_id, []).append(row.code)
    return [Asker(person_id=person_id, codes=tuple(theirs)) for person_id, theirs in codes.items()]


def _asked(session: DialogueSession) -> tuple[Any, ...]:
    return cases.c.ward_id == session.ward_id, cases.c.dialogue_id == session.id, _standing()


def _standing() -> Any:
    return cases.c.status != Status.WITHDRAWN.value


def _session(row: Any) -> DialogueSession:
    return DialogueSession(
        id=row.id, ward_id=row.ward_id, title=row.title, held_at=row.held_at, place=row.place,
        topics=tuple(row.topics), status=DialogueStatus(row.status), announced_at=row.announced_at,
        reason=row.reason,
    )  # fmt: skip

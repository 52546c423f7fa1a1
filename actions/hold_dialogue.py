"""Dialogue sessions: announcing one, cancelling it with a reason, sending it a question, marking it held."""

from dataclasses import dataclass
from datetime import datetime

from actions.notify import tell_person
from actions.submit_case import CaseDraft, submit
from actions.tell_groups import tell_ward_groups
from domain.case import Case, CaseKind
from domain.dialogue import (
    NOTICE_DAYS,
    QUESTIONS_PER_PERSON_MAX,
    DialogueSession,
    DialogueStatus,
    check_time,
    days_of_notice,
    is_short_notice,
)
from domain.errors import DomainError
from domain.notices import Notice, NoticeKind
from domain.people import Official, Person, Role
from domain.routing import guess_category
from storage import audit, dialogues
from storage.database import Transaction
from storage.wards import StoredWard


@dataclass(frozen=True, slots=True, kw_only=True)
class DialoguePlan:
    """A session as somebody wants to announce it; `short_notice` says that they know it is under 7 days away."""

    title: str
    held_at: datetime
    place: str
    topics: tuple[str, ...]
    short_notice: bool = False


def may_announce(official: Official) -> bool:
    """Whether this official may announce and cancel sessions: editor, leader, admin and reception."""
    return official.may_publish or official.role is Role.RECEPTION


async def announce(
    tx: Transaction, ward: StoredWard, official: Official, plan: DialoguePlan, *, now: datetime
) -> DialogueSession:
    """Announce a session; the ward's groups are told.

    DomainErrors: `dialogue_not_yours`; `dialogue_past`, `dialogue_far`; `dialogue_twice` when one is announced for
    that very hour; `dialogue_short_notice` under 7 days (Luật 72/2025/QH15 Đ43) unless `plan.short_notice`.
    """
    _check_office(official)
    check_time(plan.held_at, now)
    calendar = ward.ward.calendar
    announced_on, held_on = calendar.local_day(now), calendar.local_day(plan.held_at)
    short = is_short_notice(announced_on, held_on)
    if short and not plan.short_notice:
        raise DomainError("dialogue_short_notice", days=days_of_notice(announced_on, held_on), least=NOTICE_DAYS)
    await _check_not_twice(tx, ward, plan)
    session = await dialogues.add(
        tx, ward_id=ward.id, title=plan.title, held_at=plan.held_at, place=plan.place, topics=plan.topics,
        announced_by=official.person_id, now=now,
    )  # fmt: skip
    await _audit(
        tx, session, "dialogue.announce", official, now=now, held_at=plan.held_at.isoformat(), short_notice=short
    )
    await tell_ward_groups(tx, ward, _notice(ward, session), key=f"dialogue:{session.id}:announced", now=now)
    return session


async def cancel(
    tx: Transaction, ward: StoredWard, official: Official, dialogue_id: int, *, reason: str, now: datetime
) -> DialogueSession:
    """Cancel a session that has not begun; the groups and everybody who sent it a question are told why.

    DomainErrors: `dialogue_not_yours`, `dialogue_unknown`, `dialogue_not_open`, `dialogue_reason_missing`.
    """
    _check_office(official)
    session = await dialogues.find(tx, ward.id, dialogue_id, lock=True)
    if not session.takes_questions(now):
        raise DomainError("dialogue_not_open", title=session.title)
    if not reason.strip():
        raise DomainError("dialogue_reason_missing")
    await dialogues.cancel(tx, session, reason=reason.strip())
    cancelled = await dialogues.find(tx, ward.id, dialogue_id)
    await _audit(tx, cancelled, "dialogue.cancel", official, now=now, reason=reason.strip())
    await tell_ward_groups(tx, ward, _notice(ward, cancelled), key=f"dialogue:{dialogue_id}:cancelled", now=now)
    for asker in await dialogues.askers(tx, session):
        await tell_person(
            tx, asker.person_id, _notice(ward, cancelled, asker.codes), ward_id=ward.id, now=now,
            key=f"dialogue:{dialogue_id}:cancelled:person:{asker.person_id}",
        )  # fmt: skip
    return cancelled


async def check_open(
    tx: Transaction, ward: StoredWard, resident: Person, dialogue_id: int, *, now: datetime
) -> DialogueSession:
    """The session, if this resident may send it a (further) question now.

    DomainErrors: `dialogue_unknown`, `dialogue_closed`, `dialogue_questions_enough`.
    """
    session = await dialogues.find(tx, ward.id, dialogue_id)
    if not session.takes_questions(now):
        raise DomainError("dialogue_closed", title=session.title)
    if await dialogues.asked_by(tx, session, resident.id) >= QUESTIONS_PER_PERSON_MAX:
        raise DomainError("dialogue_questions_enough", limit=QUESTIONS_PER_PERSON_MAX)
    return session


async def ask(
    tx: Transaction,
    ward: StoredWard,
    resident: Person,
    dialogue_id: int,
    *,
    text: str,
    files: tuple[int, ...] = (),
    now: datetime,
) -> Case:
    """Send a session a question: a case tied to it, with the unit its words point to, else reception.

    DomainErrors as in `check_open`.
    """
    await check_open(tx, ward, resident, dialogue_id, now=now)
    draft = CaseDraft(
        kind=CaseKind.QUESTION,
        text=text,
        category_code=guess_category(text, ward.ward.categories).category_code,
        attachments=files,
        dialogue_id=dialogue_id,
    )
    return await submit(tx, ward, resident, draft, now=now)


async def mark_held(tx: Transaction, ward: StoredWard, *, now: datetime) -> int:
    """Mark held the sessions whose hour has come; how many."""
    held = await dialogues.mark_held(tx, ward.id, before=now)
    for dialogue_id in held:
        await audit.write(tx, ward_id=ward.id, act="dialogue.held", subject=f"dialogue {dialogue_id}", now=now)
    return len(held)


def _check_office(official: Official) -> None:
    if not may_announce(official):
        raise DomainError("dialogue_not_yours")


async def _check_not_twice(tx: Transaction, ward: StoredWard, plan: DialoguePlan) -> None:
    for session in await dialogues.at(tx, ward.id, plan.held_at):
        if session.status is DialogueStatus.ANNOUNCED:
            raise DomainError("dialogue_twice", title=session.title)


def _notice(ward: StoredWard, session: DialogueSession, codes: tuple[str, ...] = ()) -> Notice:
    params = {
        "ward": ward.ward.name,
        "timezone": ward.ward.timezone,
        "status": session.status.value,
        "title": session.title,
        "held_at": session.held_at.isoformat(),
        "place": session.place,
        "topics": list(session.topics),
        "reason": session.reason,
        "codes": list(codes),
    }
    return Notice(kind=NoticeKind.DIALOGUE_ANNOUNCED, params=params)


async def _audit(
    tx: Transaction, session: DialogueSession, act: str, official: Official, *, now: datetime, **details: str | bool
) -> None:
    await audit.write(
        tx, ward_id=session.ward_id, act=act, subject=f"dialogue {session.id}", actor_id=official.person_id,
        now=now, role=official.role.value, **details,
    )  # fmt: skip

"""An official works on a case: accepts it, passes it on, asks the resident, answers, notes, closes."""

from dataclasses import dataclass
from datetime import datetime

from actions.notify import tell_person
from actions.show_case import bring_up_to_date, moved_away, post_card, show_status
from actions.submit_case import files_of
from domain.case import Act, Case, Status
from domain.errors import DomainError
from domain.notices import Notice, NoticeKind
from domain.people import Official
from storage import attachments, audit, case_events, cases
from storage.case_events import CaseEvent
from storage.database import Transaction
from storage.outbox import Address
from storage.wards import StoredWard

# What brings a case out of "received": whoever comes too late to take it up is told which of these it was.
_TAKEN_UP_BY = (Act.ACCEPT, Act.ASK, Act.ANSWER, Act.CLOSE, Act.WITHDRAW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who acts and from where; the chat `told` learns of it by the reply, so no notice goes there."""

    official: Official
    told: Address | None = None


async def open_for(
    tx: Transaction, ward: StoredWard, official: Official, code: str, *, seen_version: int | None = None
) -> Case:
    """The case, locked, if this official may act on it.

    DomainErrors: `case_unknown`; `not_your_unit`, `case_passed_on` (their own unit passed it on); `case_changed_by`
    when somebody else acted on it since `seen_version`.
    """
    case = await cases.by_code(tx, ward.id, code, lock=True)
    if not official.may_act_for(case.unit_id):
        await _refuse_foreign_unit(tx, ward, official, case)
    if seen_version is not None:
        unseen = [
            done for done in await case_events.acts_since(tx, case, seen_version) if done.actor_id != official.person_id
        ]
        if unseen:
            raise _changed_by(case, unseen[-1])
    return case


async def _refuse_foreign_unit(tx: Transaction, ward: StoredWard, official: Official, case: Case) -> None:
    unit = ward.unit_names[case.unit_id]
    passed = await case_events.last(tx, case, [Act.TRANSFER])
    if passed is not None and official.unit_code is not None and passed.details.get("from") == official.unit_code:
        raise DomainError("case_passed_on", code=case.code, who=passed.actor_name, unit=unit, at=passed.at.isoformat())
    raise DomainError("not_your_unit", code=case.code, unit=unit)


def _changed_by(case: Case, done: CaseEvent) -> DomainError:
    return DomainError(
        "case_changed_by", code=case.code, who=done.actor_name, act=done.act.value, at=done.at.isoformat()
    )


async def accept(tx: Transaction, ward: StoredWard, desk: Desk, code: str, *, now: datetime) -> Case:
    """Take a case up (thụ lý); whoever comes second is told who was first.

    DomainErrors besides those of `open_for`: `already_yours`, `case_changed_by`.
    """
    case = await open_for(tx, ward, desk.official, code)
    if case.status is Status.ACCEPTED and case.assignee_id == desk.official.person_id:
        raise DomainError("already_yours", code=code)
    if case.status is not Status.RECEIVED:
        done = await case_events.last(tx, case, _TAKEN_UP_BY)
        if done is not None:
            raise _changed_by(case, done)
    changed = await _move(tx, case, Act.ACCEPT, assignee_id=desk.official.person_id)
    await _record(tx, changed, Act.ACCEPT, desk, now=now)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_ACCEPTED, now=now)
    await _tell_colleagues(tx, ward, changed, Act.ACCEPT, desk, now=now)
    return changed


async def transfer(
    tx: Transaction,
    ward: StoredWard,
    desk: Desk,
    code: str,
    *,
    unit_code: str,
    reason: str,
    now: datetime,
    seen_version: int | None = None,
) -> Case:
    """Pass a case to another unit of the ward with a reason; its due day stays what it was.

    DomainErrors besides those of `open_for`: `unit_unknown`, `same_unit`, `reason_missing`, `act_not_possible`.
    """
    case = await open_for(tx, ward, desk.official, code, seen_version=seen_version)
    unit = ward.ward.find_unit(unit_code)
    if unit is None:
        raise DomainError("unit_unknown", unit=unit_code)
    unit_id = ward.unit_id(unit.code)
    if unit_id == case.unit_id:
        raise DomainError("same_unit", code=code, unit=unit.name)
    if not reason.strip():
        raise DomainError("reason_missing", code=code)
    changed = await _move(tx, case, Act.TRANSFER, unit_id=unit_id, assignee_id=None)
    details = {"from": ward.unit_codes[case.unit_id], "to": unit.code}
    await _record(tx, changed, Act.TRANSFER, desk, now=now, text=reason, details=details)
    await post_card(tx, ward, changed, await files_of(tx, case), now=now, reason=reason)
    await show_status(tx, ward, changed, now=now)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_TRANSFERRED, now=now, reason=reason)
    taken = {"code": code, "unit": unit.name, "who": desk.official.name}
    await moved_away(
        tx, ward, changed, from_unit=case.unit_id, now=now, told=desk.told,
        taken=Notice(kind=NoticeKind.CASE_TAKEN_AWAY, params=taken),
    )  # fmt: skip
    return changed


async def ask(
    tx: Transaction,
    ward: StoredWard,
    desk: Desk,
    code: str,
    *,
    question: str,
    files: tuple[int, ...] = (),
    now: datetime,
    seen_version: int | None = None,
) -> Case:
    """Ask the resident for what is missing; the legal clock keeps running. DomainError `question_empty`."""
    case = await open_for(tx, ward, desk.official, code, seen_version=seen_version)
    if not question.strip() and not files:
        raise DomainError("question_empty", code=code)
    changed = await _move(tx, case, Act.ASK, assignee_id=case.assignee_id or desk.official.person_id)
    event_id = await _record(tx, changed, Act.ASK, desk, now=now, text=question)
    await attachments.link_to_case(tx, files, case, case_event_id=event_id)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_ASKED, now=now, files=files, text=question)
    await _tell_colleagues(tx, ward, changed, Act.ASK, desk, now=now)
    return changed


async def answer(
    tx: Transaction,
    ward: StoredWard,
    desk: Desk,
    code: str,
    *,
    text: str,
    files: tuple[int, ...] = (),
    now: datetime,
    seen_version: int | None = None,
) -> Case:
    """Answer the resident; the answer and its pictures leave in this transaction. DomainError `answer_empty`."""
    case = await open_for(tx, ward, desk.official, code, seen_version=seen_version)
    if not text.strip() and not files:
        raise DomainError("answer_empty", code=code)
    changed = await _move(
        tx, case, Act.ANSWER, answered_at=case.answered_at or now,
        assignee_id=case.assignee_id or desk.official.person_id,
    )  # fmt: skip
    event_id = await _record(tx, changed, Act.ANSWER, desk, now=now, text=text)
    await attachments.link_to_case(tx, files, case, case_event_id=event_id)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_ANSWERED, now=now, files=files, text=text)
    await _tell_colleagues(tx, ward, changed, Act.ANSWER, desk, now=now)
    return changed


async def note(
    tx: Transaction, ward: StoredWard, desk: Desk, code: str, *, text: str, files: tuple[int, ...] = (), now: datetime
) -> Case:
    """Write an internal note, never shown to a resident, nor are its pictures. DomainError `note_empty`."""
    case = await open_for(tx, ward, desk.official, code)
    if not text.strip() and not files:
        raise DomainError("note_empty", code=code)
    event_id = await _record(tx, case, Act.NOTE, desk, now=now, text=text, public=False)
    await attachments.link_to_case(tx, files, case, case_event_id=event_id, visible_to_resident=False)
    return case


async def close(
    tx: Transaction, ward: StoredWard, desk: Desk, code: str, *, now: datetime, seen_version: int | None = None
) -> Case:
    """Close a case that has been answered; `act_not_possible` before that."""
    case = await open_for(tx, ward, desk.official, code, seen_version=seen_version)
    changed = await _move(tx, case, Act.CLOSE)
    await _record(tx, changed, Act.CLOSE, desk, now=now)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_CLOSED, now=now)
    await _tell_colleagues(tx, ward, changed, Act.CLOSE, desk, now=now)
    return changed


async def _move(tx: Transaction, case: Case, act: Act, **values: object) -> Case:
    return await cases.change(tx, case, status=case.after(act).value, **values)


async def _record(
    tx: Transaction,
    case: Case,
    act: Act,
    desk: Desk,
    *,
    now: datetime,
    text: str = "",
    public: bool = True,
    details: dict[str, str] | None = None,
) -> int:
    official = desk.official
    await audit.write(
        tx, ward_id=case.ward_id, act=f"case.{act.value}", subject=f"case {case.code}",
        actor_id=official.person_id, now=now, role=official.role.value, **(details or {}),
    )  # fmt: skip
    return await case_events.write(
        tx, case, act, now=now, actor_id=official.person_id, actor_name=official.name, public=public, text=text,
        details=details,
    )  # fmt: skip


async def _tell_colleagues(
    tx: Transaction, ward: StoredWard, case: Case, act: Act, desk: Desk, *, now: datetime
) -> None:
    params = {"code": case.code, "who": desk.official.name, "act": act.value}
    notice = Notice(kind=NoticeKind.CASE_HANDLED, params=params)
    await bring_up_to_date(tx, ward, case, now=now, instead=notice, told=desk.told)


async def _tell_resident(
    tx: Transaction,
    ward: StoredWard,
    case: Case,
    kind: NoticeKind,
    *,
    now: datetime,
    files: tuple[int, ...] = (),
    **params: str,
) -> None:
    told = {"code": case.code, "unit": ward.unit_names[case.unit_id], "due_on": case.due_on.isoformat()} | params
    notice = Notice(kind=kind, params=told, attachments=files)
    await tell_person(tx, case.resident_id, notice, ward_id=ward.id, now=now, case_id=case.id)

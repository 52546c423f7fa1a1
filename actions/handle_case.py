"""An official works on a case: accepts it, passes it on, asks the resident, answers, notes, closes."""

from datetime import datetime

from actions.notify import tell_person, tell_unit
from actions.submit_case import files_of, send_card
from domain.case import Act, Case, Status
from domain.errors import DomainError
from domain.notices import Notice, NoticeKind
from domain.people import Official
from storage import attachments, audit, cases
from storage.database import Transaction
from storage.wards import StoredWard


async def open_for(
    tx: Transaction, ward: StoredWard, official: Official, code: str, *, seen_version: int | None = None
) -> Case:
    """The case, locked, if this official may act on it.

    DomainErrors: `case_unknown`; `not_your_unit`; `case_changed_by` when another official acted since `seen_version`.
    """
    case = await cases.by_code(tx, ward.id, code, lock=True)
    if not official.may_act_for(case.unit_id):
        raise DomainError("not_your_unit", code=code, unit=ward.unit_names[case.unit_id])
    if seen_version is not None and seen_version != case.version:
        await _refuse_for_what_was_done(tx, case)
    return case


async def _refuse_for_what_was_done(tx: Transaction, case: Case) -> None:
    done = await cases.last_event(tx, case.id, list(Act))
    if done is not None:
        raise DomainError(
            "case_changed_by", code=case.code, who=done.actor_name, act=done.act.value, at=done.at.isoformat()
        )


async def accept(tx: Transaction, ward: StoredWard, official: Official, code: str, *, now: datetime) -> Case:
    """Take a case up (thụ lý); whoever comes second is told who was first."""
    case = await open_for(tx, ward, official, code)
    if case.status is Status.ACCEPTED:
        await _refuse_for_what_was_done(tx, case)
    changed = await _move(tx, case, Act.ACCEPT, assignee_id=official.person_id)
    await _record(tx, changed, Act.ACCEPT, official, now=now)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_ACCEPTED, now=now)
    return changed


async def transfer(
    tx: Transaction, ward: StoredWard, official: Official, code: str, *, unit_code: str, reason: str, now: datetime
) -> Case:
    """Pass a case to another unit of the ward with a reason; its due day stays what it was.

    DomainErrors besides those of `open_for`: `unit_unknown`, `same_unit`, `reason_missing`.
    """
    case = await open_for(tx, ward, official, code)
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
    await _record(tx, changed, Act.TRANSFER, official, now=now, text=reason, details=details)
    await send_card(tx, ward, changed, await files_of(tx, case), now=now, reason=reason)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_TRANSFERRED, now=now, unit=unit.name, reason=reason)
    await tell_unit(
        tx, ward, case.unit_id, Notice(kind=NoticeKind.CASE_TAKEN_AWAY, params={"code": code, "unit": unit.name}), now=now
    )  # fmt: skip
    return changed


async def ask(
    tx: Transaction, ward: StoredWard, official: Official, code: str, *, question: str, now: datetime,
    seen_version: int | None = None,
) -> Case:  # fmt: skip
    """Ask the resident for what is missing; the legal clock keeps running."""
    case = await open_for(tx, ward, official, code, seen_version=seen_version)
    changed = await _move(tx, case, Act.ASK, assignee_id=case.assignee_id or official.person_id)
    await _record(tx, changed, Act.ASK, official, now=now, text=question)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_ASKED, now=now, text=question)
    return changed


async def answer(
    tx: Transaction,
    ward: StoredWard,
    official: Official,
    code: str,
    *,
    text: str,
    files: tuple[int, ...] = (),
    now: datetime,
    seen_version: int | None = None,
) -> Case:
    """Answer the resident; the answer and its pictures leave in this transaction."""
    case = await open_for(tx, ward, official, code, seen_version=seen_version)
    if not text.strip() and not files:
        raise DomainError("answer_empty", code=code)
    changed = await _move(
        tx, case, Act.ANSWER, answered_at=case.answered_at or now,
        assignee_id=case.assignee_id or official.person_id,
    )  # fmt: skip
    event_id = await _record(tx, changed, Act.ANSWER, official, now=now, text=text)
    await attachments.link_to_case(tx, files, case.id, ward_id=ward.id, case_event_id=event_id)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_ANSWERED, now=now, files=files, text=text)
    return changed


async def note(
    tx: Transaction, ward: StoredWard, official: Official, code: str, *, text: str, now: datetime
) -> Case:
    """Write an internal note, never shown to a resident."""
    case = await open_for(tx, ward, official, code)
    if not text.strip():
        raise DomainError("note_empty", code=code)
    await _record(tx, case, Act.NOTE, official, now=now, text=text, public=False)
    return case


async def close(tx: Transaction, ward: StoredWard, official: Official, code: str, *, now: datetime) -> Case:
    """Close a case that has been answered; `act_not_possible` before that."""
    case = await open_for(tx, ward, official, code)
    changed = await _move(tx, case, Act.CLOSE)
    await _record(tx, changed, Act.CLOSE, official, now=now)
    await _tell_resident(tx, ward, changed, NoticeKind.CASE_CLOSED, now=now)
    return changed


async def _move(tx: Transaction, case: Case, act: Act, **values: object) -> Case:
    return await cases.change(tx, case, status=case.after(act).value, **values)


async def _record(
    tx: Transaction,
    case: Case,
    act: Act,
    official: Official,
    *,
    now: datetime,
    text: str = "",
    public: bool = True,
    details: dict[str, str] | None = None,
) -> int:
    await audit.write(
        tx, ward_id=case.ward_id, act=f"case.{act.value}", subject=f"case {case.code}",
        actor_id=official.person_id, now=now, role=official.role.value, **(details or {}),
    )  # fmt: skip
    return await cases.write_event(
        tx, case, act, now=now, actor_id=official.person_id, actor_name=official.name, public=public, text=text,
        details=details,
    )  # fmt: skip


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
    await tell_person(
        tx, case.resident_id, Notice(kind=kind, params=told, attachments=files), ward_id=ward.id, now=now, case_id=case.id
    )

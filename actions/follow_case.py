"""A resident follows a case: adds to it, withdraws it, rates the answer, reopens it once."""

from contextlib import suppress
from datetime import datetime

from actions.notify import tell_unit
from actions.show_case import bring_up_to_date, files_as_told, post_card, show_status
from actions.submit_case import files_of, first_reply_due
from domain.case import RATING_STEPS, Act, Case
from domain.errors import DomainError
from domain.notices import Notice, NoticeKind
from domain.people import Person
from storage import attachments, audit, case_events, cases, wards
from storage.database import Transaction
from storage.wards import StoredWard


async def own(tx: Transaction, resident: Person, code: str, *, lock: bool = False) -> Case:
    """A resident's own case; somebody else's is as unknown as one that does not exist (`case_unknown`).

    One that was brought before another ward, where they lived then, stays theirs.
    """
    case: Case | None = None
    with suppress(DomainError):
        case = await cases.by_code(tx, resident.ward_id, code, lock=lock)
    if case is None or case.resident_id != resident.id:
        case = await cases.elsewhere(tx, resident, code, lock=lock)
    if case is None:
        raise DomainError("case_unknown", code=code)
    return case


async def ward_of(tx: Transaction, ward: StoredWard, case: Case) -> StoredWard:
    """The ward a case is before: nearly always this one."""
    return ward if case.ward_id == ward.id else await wards.load(tx, case.ward_id)


async def add(
    tx: Transaction,
    ward: StoredWard,
    resident: Person,
    code: str,
    *,
    text: str,
    files: tuple[int, ...] = (),
    place: str = "",
    now: datetime,
) -> Case:
    """Add words, files or a place to an open or answered case; the unit is told."""
    case = await own(tx, resident, code, lock=True)
    ward = await ward_of(tx, ward, case)
    changed = await cases.change(tx, case, status=case.after(Act.ADD).value)
    added = "\n".join(part for part in (text, place) if part)
    event_id = await _record(tx, changed, Act.ADD, resident, now=now, text=added)
    await attachments.link_to_case(tx, files, case, case_event_id=event_id)
    params = {"code": case.code, "text": text, "place": place, "files": await files_as_told(tx, files)}
    await _tell_unit(tx, ward, changed, Notice(kind=NoticeKind.CASE_ADDED, params=params, attachments=files), now=now)
    if changed.status is not case.status:
        await bring_up_to_date(tx, ward, changed, now=now)
    return changed


async def withdraw(tx: Transaction, ward: StoredWard, resident: Person, code: str, *, now: datetime) -> Case:
    """Withdraw an open case."""
    case = await own(tx, resident, code, lock=True)
    ward = await ward_of(tx, ward, case)
    changed = await cases.change(tx, case, status=case.after(Act.WITHDRAW).value)
    await _record(tx, changed, Act.WITHDRAW, resident, now=now)
    await _tell_unit(tx, ward, changed, Notice(kind=NoticeKind.CASE_WITHDRAWN, params={"code": code}), now=now)
    await bring_up_to_date(tx, ward, changed, now=now)
    return changed


async def rate(
    tx: Transaction, ward: StoredWard, resident: Person, code: str, *, stars: int, words: str, now: datetime
) -> Case:
    """Rate an answer, 1 to 5, with words if wanted (Luật 10/2022/QH15 Đ34.1); a new rating replaces the old.

    DomainError `rating_out_of_range` for another number.
    """
    if not 1 <= stars <= RATING_STEPS:
        raise DomainError("rating_out_of_range", steps=RATING_STEPS)
    case = await own(tx, resident, code, lock=True)
    ward = await ward_of(tx, ward, case)
    case.after(Act.RATE)
    changed = await cases.change(tx, case, rating=stars)
    await _record(tx, changed, Act.RATE, resident, now=now, text=words, details={"stars": stars})
    params = {"code": code, "stars": stars, "text": words}
    await _tell_unit(tx, ward, changed, Notice(kind=NoticeKind.CASE_RATED, params=params), now=now)
    return changed


async def reopen(
    tx: Transaction,
    ward: StoredWard,
    resident: Person,
    code: str,
    *,
    reason: str,
    files: tuple[int, ...] = (),
    now: datetime,
) -> Case:
    """Reopen a case that was not solved, once; a new period begins and the unit gets its card again."""
    case = await own(tx, resident, code, lock=True)
    ward = await ward_of(tx, ward, case)
    status = case.after(Act.REOPEN)
    today = ward.ward.calendar.local_day(now)
    changed = await cases.change(
        tx, case, status=status.value, reopenings=case.reopenings + 1, due_on=first_reply_due(ward, today)
    )
    event_id = await _record(tx, changed, Act.REOPEN, resident, now=now, text=reason)
    await attachments.link_to_case(tx, files, case, case_event_id=event_id)
    await _tell_unit(
        tx, ward, changed, Notice(kind=NoticeKind.CASE_REOPENED, params={"code": code, "text": reason}), now=now
    )
    await post_card(tx, ward, changed, await files_of(tx, case), now=now)
    await show_status(tx, ward, changed, now=now)
    return changed


async def _tell_unit(tx: Transaction, ward: StoredWard, case: Case, notice: Notice, *, now: datetime) -> None:
    await tell_unit(tx, ward, case.unit_id, notice, now=now, case_id=case.id)


async def _record(
    tx: Transaction,
    case: Case,
    act: Act,
    resident: Person,
    *,
    now: datetime,
    text: str = "",
    details: dict[str, int] | None = None,
) -> int:
    await audit.write(
        tx, ward_id=case.ward_id, act=f"case.{act.value}", subject=f"case {case.code}", actor_id=resident.id, now=now
    )
    return await case_events.write(tx, case, act, now=now, actor_id=resident.id, text=text, details=details)

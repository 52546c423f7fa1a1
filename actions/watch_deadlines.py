"""Watching due days: the unit is reminded when one is near and when it is past, then the leader, once each."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from actions.notify import tell_leaders, tell_unit
from actions.show_case import bring_up_to_date
from actions.submit_case import FIRST_REPLY
from domain.deadlines import LEADER_AFTER_WORKDAYS, NEAR_WORKDAYS, RULES, due_on
from domain.notices import Notice, NoticeKind
from domain.texts import shorten
from domain.workdays import WorkCalendar
from storage import due_cases, slots
from storage.database import Transaction
from storage.due_cases import JOB, DueCase
from storage.wards import StoredWard

OUTER = "OUTER_PETITION"
# The outer limit costs an official's post (NĐ 154/2026 Đ41): a week of work is left when the leader hears of it.
OUTER_NEAR_WORKDAYS = 5
# Of each stage at one tick; what is more waits for the next tick, the oldest first.
BATCH_MAX = 20
QUOTE_MAX_CHARS = 120


class Reminder(StrEnum):
    """What somebody is reminded of; each is told once for a case and its due day."""

    NEAR = "near"
    PAST = "past"
    LEADER = "leader"
    OUTER = "outer"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    """One look: the ward, the moment, and how many cases of a stage are taken up at most."""

    tx: Transaction
    ward: StoredWard
    now: datetime
    today: date
    limit: int

    @property
    def calendar(self) -> WorkCalendar:
        return self.ward.ward.calendar


async def remind(tx: Transaction, ward: StoredWard, *, now: datetime, limit: int = BATCH_MAX) -> int:
    """Owe the reminders that are due, within the ward's working hours only; how many cases were told of.

    NEAR from two working days before the due day on, PAST from the day after it: to the unit. One working day
    later, and at once when the outer 45 days (NĐ 154/2026 Đ41.3b) come near: to the leader.
    """
    calendar = ward.ward.calendar
    if not calendar.within_hours(now):
        return 0
    watch = _Watch(tx=tx, ward=ward, now=now, today=calendar.local_day(now), limit=limit)
    return sum([await _near(watch), await _past(watch), await _late(watch), await _outer(watch)])


async def _near(watch: _Watch) -> int:
    last_on = watch.calendar.add_workdays(watch.today, NEAR_WORKDAYS)
    found = await due_cases.due_between(
        watch.tx, watch.ward.id, Reminder.NEAR, first_on=watch.today, last_on=last_on, limit=watch.limit
    )
    return await _tell_each(watch, Reminder.NEAR, found, _tell_unit)


async def _past(watch: _Watch) -> int:
    yesterday = watch.today - timedelta(days=1)
    found = await due_cases.due_between(
        watch.tx, watch.ward.id, Reminder.PAST, first_on=None, last_on=yesterday, limit=watch.limit
    )
    return await _tell_each(watch, Reminder.PAST, found, _tell_unit_late)


async def _late(watch: _Watch) -> int:
    # Due before the working day `before`: then LEADER_AFTER_WORKDAYS whole ones lie between that day and today.
    before = watch.calendar.subtract_workdays(watch.today + timedelta(days=1), LEADER_AFTER_WORKDAYS + 1)
    found = await due_cases.due_between(
        watch.tx, watch.ward.id, Reminder.LEADER, first_on=None, last_on=before - timedelta(days=1), limit=watch.limit
    )
    return await _tell_each(watch, Reminder.LEADER, found, _tell_leader)


async def _outer(watch: _Watch) -> int:
    # A few days too many are read (rest days move the limit), the longest running first, and looked at one by one.
    reach = watch.calendar.add_workdays(watch.today, OUTER_NEAR_WORKDAYS)
    days = RULES[OUTER].period - (reach - watch.today).days
    found = await due_cases.begun_before(
        watch.tx, watch.ward.id, Reminder.OUTER, before=watch.now - timedelta(days=days - 1), limit=watch.limit
    )
    near = [one for one in found if _outer_on(one, watch.calendar) <= reach]
    return await _tell_each(watch, Reminder.OUTER, near, _tell_leader)


def _outer_on(due: DueCase, calendar: WorkCalendar) -> date:
    return due_on(OUTER, calendar.local_day(due.began_at), calendar)


_Teller = Callable[[_Watch, DueCase, Notice, str], Awaitable[None]]


async def _tell_each(watch: _Watch, reminder: Reminder, found: Sequence[DueCase], tell: _Teller) -> int:
    told = 0
    kind = NoticeKind.CASE_DUE_SOON if reminder is Reminder.NEAR else NoticeKind.CASE_OVERDUE
    for due in found:
        key = due_cases.slot_key(due.case.id, reminder, due.case.due_on)
        # Another process may have been here between the look and this line.
        if await slots.claim(watch.tx, JOB, key, now=watch.now):
            notice = Notice(kind=kind, params=_params(watch, reminder, due))
            await tell(watch, due, notice, f"due:{key}")
            told += 1
    return told


async def _tell_unit(watch: _Watch, due: DueCase, notice: Notice, key: str) -> None:
    await tell_unit(watch.tx, watch.ward, due.case.unit_id, notice, now=watch.now, case_id=due.case.id, key=key)


async def _tell_unit_late(watch: _Watch, due: DueCase, notice: Notice, key: str) -> None:
    await _tell_unit(watch, due, notice, key)
    await bring_up_to_date(watch.tx, watch.ward, due.case, now=watch.now)


async def _tell_leader(watch: _Watch, due: DueCase, notice: Notice, key: str) -> None:
    await tell_leaders(watch.tx, watch.ward, notice, now=watch.now, case_id=due.case.id, key=key)


def _params(watch: _Watch, reminder: Reminder, due: DueCase) -> dict[str, Any]:
    case, ward, calendar = due.case, watch.ward, watch.calendar
    vietnamese, english = ward.category_names[case.category_id]
    outer = reminder is Reminder.OUTER
    began_on = calendar.local_day(due.began_at)
    return {
        "reminder": reminder.value,
        "code": case.code,
        "category_vi": vietnamese,
        "category_en": english,
        "unit": ward.unit_names[case.unit_id],
        "quote": shorten(case.text, QUOTE_MAX_CHARS) if case.text.strip() else "",
        "began_on": began_on.isoformat(),
        "reopened": case.reopenings > 0,
        "due_on": case.due_on.isoformat(),
        "outer_on": _outer_on(due, calendar).isoformat() if outer else None,
        "left": calendar.workdays_between(watch.today, _outer_on(due, calendar) if outer else case.due_on),
        "late": calendar.workdays_between(case.due_on, watch.today),
        "rule": OUTER if outer else FIRST_REPLY,
        "period": RULES[OUTER if outer else FIRST_REPLY].period,
        "skipped": [] if outer else _skipped(began_on, case.due_on, calendar),
    }


def _skipped(began_on: date, due: date, calendar: WorkCalendar) -> list[list[str]]:
    """The days the period passed over, so that a reader can count along; none if the calendar changed meanwhile."""
    period = RULES[FIRST_REPLY].period
    if calendar.add_workdays(began_on, period) != due:
        return []
    return [[one.day.isoformat(), one.reason.value] for one in calendar.explain(began_on, period)]

"""The ground of tests about time: a ward with office hours, sample cases, and what is owed to whom."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from actions import follow_case, handle_case
from actions.handle_case import Desk
from domain.case import Case
from domain.workdays import WorkCalendar, WorkPeriod
from storage import cases, people
from storage.database import Database
from storage.outbox import outbox
from storage.people import Known
from tests.handlers.driver import Talk, sample_ward

HOURS = tuple(
    WorkPeriod(weekday=weekday, opens=opens, closes=closes)
    for weekday in range(5)
    for opens, closes in ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
)
CULTURE_DAY = date(2026, 11, 24)


async def begin(database: Database, code: str = "AHD") -> Talk:
    """A ward open Monday to Friday, with the holiday of 24 November; it is Tuesday 10 November 2026, 9:00."""
    calendar = WorkCalendar(periods=HOURS, holidays=frozenset({CULTURE_DAY}))
    talk = await Talk.begin(database, ward=replace(sample_ward(code), calendar=calendar))
    talk.now -= timedelta(days=14)
    return talk


async def owed(talk: Talk) -> list[tuple[str, str, dict[str, Any]]]:
    """What is owed, oldest first, as (chat, kind of notice, params)."""
    async with talk.database.reading() as tx:
        rows = await tx.execute(select(outbox).order_by(outbox.c.id))
        return [
            (row.chat, row.body["notice"], row.body["params"])
            for row in rows.all()
            if "notice" in row.body and row.state == "queued"
        ]


async def with_due_day(talk: Talk, case: Case, due_on: date) -> None:
    """A case with another due day than its own."""
    async with talk.database.transaction() as tx:
        await cases.change(tx, await cases.by_code(tx, case.ward_id, case.code), due_on=due_on)


async def known(talk: Talk, who: str) -> Known:
    """Somebody the bot knows, with their office if they have one."""
    async with talk.database.reading() as tx:
        found = await people.find(tx, channel="test", account="bot", address=who)
    assert found is not None
    return found


async def answer(talk: Talk, case: Case, *, who: str = "lan", now: datetime) -> None:
    """An official answers a case."""
    official = (await known(talk, who)).official
    assert official is not None
    async with talk.database.transaction() as tx:
        await handle_case.answer(tx, talk.ward, Desk(official=official), case.code, text="Đã thay bóng", now=now)


async def withdraw(talk: Talk, case: Case, *, who: str, now: datetime) -> None:
    """A resident withdraws a case."""
    person = (await known(talk, who)).person
    async with talk.database.transaction() as tx:
        await follow_case.withdraw(tx, talk.ward, person, case.code, now=now)


async def reopen(talk: Talk, case: Case, *, who: str, now: datetime) -> Case:
    """A resident reopens a case."""
    person = (await known(talk, who)).person
    async with talk.database.transaction() as tx:
        return await follow_case.reopen(tx, talk.ward, person, case.code, reason="Vẫn tối", now=now)

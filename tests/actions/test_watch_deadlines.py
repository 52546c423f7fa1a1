"""Reminders of due days: who, when, once, and only while the office is open."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from actions.watch_deadlines import remind
from domain.people import Role
from handlers.texts.deadlines import render_reminder
from storage.database import Database
from tests.actions.ground import answer, begin, owed, reopen, with_due_day, withdraw
from tests.handlers.driver import Talk

# A case received on Tuesday 10 November is due on Wednesday 25: ten working days, 24 November not counted.
DUE_ON = date(2026, 11, 25)


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """An instant by the ward's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@pytest.fixture
async def talk(database: Database) -> Talk:
    talk = await begin(database)
    await talk.group("room-kt", "KT")
    await talk.official("sau", None, Role.LEADER)
    return talk


async def look(talk: Talk, now: datetime, *, limit: int = 20) -> list[tuple[str, str, str]]:
    """Remind at `now`; what that made owed, as (chat, reminder, code)."""
    before = len(await owed(talk))
    async with talk.database.transaction() as tx:
        await remind(tx, talk.ward, now=now, limit=limit)
    new = (await owed(talk))[before:]
    return [(chat, params["reminder"], params["code"]) for chat, _kind, params in new if "reminder" in params]


async def test_each_stage_is_told_once_to_whom_it_concerns(talk: Talk) -> None:
    case = await talk.submitted()
    assert case.due_on == DUE_ON
    assert await look(talk, at(19, 16, 59)) == []
    assert await look(talk, at(20, 8)) == [("room-kt", "near", case.code)]
    assert await look(talk, at(20, 9)) == []
    assert await look(talk, at(25, 16, 59)) == []
    assert await look(talk, at(26, 8)) == [("room-kt", "past", case.code)]
    assert await look(talk, at(26, 16)) == []
    assert await look(talk, at(27, 7, 30)) == [("sau", "leader", case.code)]
    assert await look(talk, at(27, 16)) == []


@pytest.mark.parametrize("now", [at(20, 7, 29), at(20, 12), at(20, 17), at(21, 9), at(24, 9)])
async def test_nobody_is_reminded_outside_office_hours(talk: Talk, now: datetime) -> None:
    case = await talk.submitted()
    await with_due_day(talk, case, date(2026, 11, 12))
    assert await look(talk, now) == []


async def test_a_reminder_missed_while_the_machine_was_off_is_not_sent_when_its_day_is_past(talk: Talk) -> None:
    case = await talk.submitted()
    assert await look(talk, at(26, 9)) == [("room-kt", "past", case.code)]


async def test_the_leader_hears_of_a_friday_case_on_tuesday(talk: Talk) -> None:
    case = await talk.submitted()
    await with_due_day(talk, case, date(2026, 11, 13))
    assert await look(talk, at(16, 9)) == [("room-kt", "past", case.code)]
    assert await look(talk, at(17, 9)) == [("sau", "leader", case.code)]


async def test_what_is_answered_or_withdrawn_is_left_alone(talk: Talk) -> None:
    answered, withdrawn = await talk.submitted(), await talk.submitted(who="tu")
    await talk.official("lan", "KT")
    await answer(talk, answered, now=talk.now)
    await withdraw(talk, withdrawn, who="tu", now=talk.now)
    assert await look(talk, at(26, 9)) == []


async def test_a_reopened_case_is_watched_anew(talk: Talk) -> None:
    case = await talk.submitted()
    assert len(await look(talk, at(20, 8))) == 1
    await talk.official("lan", "KT")
    await answer(talk, case, now=at(23, 9))
    again = await reopen(talk, case, who="ba", now=at(25, 9))
    assert again.due_on == date(2026, 12, 9)
    assert await look(talk, at(7, 9, month=12)) == [("room-kt", "near", case.code)]
    (*_before, (_chat, _kind, params)) = await owed(talk)
    assert params["began_on"] == "2026-11-25"
    assert "10 working days from the reopening on 25/11/2026" in render_reminder(params, "en").text


async def test_the_leader_is_warned_a_week_of_work_before_the_outer_limit(talk: Talk) -> None:
    case = await talk.submitted()
    for day in (20, 26, 27):
        await look(talk, at(day, 9))
    # 45 days after 10 November is Friday 25 December; five working days before that is Friday 18.
    assert await look(talk, at(17, 9, month=12)) == []
    assert await look(talk, at(18, 9, month=12)) == [("sau", "outer", case.code)]
    assert await look(talk, at(21, 9, month=12)) == []


async def test_a_batch_is_bounded_and_the_rest_follows_oldest_first(talk: Talk) -> None:
    codes = []
    for number in range(5):
        case = await talk.submitted(who=f"dan{number}")
        await with_due_day(talk, case, date(2026, 11, 20) - timedelta(days=number % 2))
        codes.append(case.code)
    told = [await look(talk, at(23, 9, minute), limit=2) for minute in range(4)]
    past = [code for some in told for _chat, reminder, code in some if reminder == "past"]
    assert [len([one for one in some if one[1] == "past"]) for some in told] == [2, 2, 1, 0]
    assert past == [codes[1], codes[3], codes[0], codes[2], codes[4]]


async def test_two_processes_that_look_at_once_remind_once(talk: Talk) -> None:
    case = await talk.submitted()

    async def one() -> None:
        async with talk.database.transaction() as tx:
            await remind(tx, talk.ward, now=at(20, 9))

    await asyncio.gather(one(), one(), one())
    assert [params["code"] for _chat, kind, params in await owed(talk) if kind == "case_due_soon"] == [case.code]


async def test_a_reminder_says_how_the_days_were_counted(talk: Talk) -> None:
    case = await talk.submitted()
    await look(talk, at(23, 9))
    (*_before, (_chat, _kind, params)) = await owed(talk)
    text = render_reminder(params, "en").text
    assert f"{case.code}: 1 working day left" in text
    assert "10 working days from 10/11/2026" in text
    assert "Luật 42/2013/QH13 Đ28.1" in text
    assert "weekends and days off (24/11) are left out" in text

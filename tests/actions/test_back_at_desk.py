"""An official who had blocked the bot is back: nothing of long ago comes, but one message on what waits now."""

from datetime import date, datetime, timedelta

import pytest

from actions import follow_chat
from actions.watch_deadlines import remind
from domain.case import Case
from storage.database import Database
from storage.outbox import Address
from tests.actions.ground import answer, begin, owed, with_due_day
from tests.handlers.driver import ACCOUNT, CHANNEL, Talk

LAN = Address(channel=CHANNEL, account=ACCOUNT, chat="lan")
DUE_ON = date(2026, 11, 9)


@pytest.fixture
async def talk(database: Database) -> Talk:
    """A unit whose only official is told in private."""
    talk = await begin(database)
    await talk.official("lan", "KT")
    return talk


async def reminded_while_away(talk: Talk) -> Case:
    """A case is overdue; its unit is owed a reminder when it cannot be reached any more."""
    case = await talk.submitted()
    await talk.deliver()
    await with_due_day(talk, case, DUE_ON)
    async with talk.database.transaction() as tx:
        assert await remind(tx, talk.ward, now=talk.now)
        await follow_chat.gone(tx, LAN, now=talk.now)
    return case


async def back(talk: Talk, now: datetime) -> None:
    async with talk.database.transaction() as tx:
        await follow_chat.back(tx, LAN, now=now)
        await follow_chat.back(tx, LAN, now=now)


async def kinds(talk: Talk) -> list[str]:
    return [kind for chat, kind, _params in await owed(talk) if chat == "lan"]


async def test_a_reminder_of_long_ago_does_not_come_but_what_waits_now_does(talk: Talk) -> None:
    await reminded_while_away(talk)
    assert await kinds(talk) == []
    await back(talk, talk.now + timedelta(days=60))
    ((_chat, kind, params),) = [one for one in await owed(talk) if one[0] == "lan"]
    assert kind == "back_at_desk" and params == {"open": 1, "overdue": 1}
    talk.now += timedelta(days=60)
    shown = (await talk.deliver())[-1]
    assert "1 hồ sơ chưa xong" in shown.text and "quá hạn" in shown.text
    assert list(shown.choices.values()) == ["/viec"]


async def test_who_writes_again_learns_it_too_and_once(talk: Talk) -> None:
    await reminded_while_away(talk)
    talk.now += timedelta(days=60)
    said = [one.text for _ in range(2) for one in await talk.say("/viec", who="lan")]
    assert sum("không nhắn được" in text for text in said) == 1


async def test_of_a_case_answered_meanwhile_nothing_is_said(talk: Talk) -> None:
    case = await reminded_while_away(talk)
    await answer(talk, case, now=talk.now)
    await back(talk, talk.now + timedelta(days=60))
    assert not {"back_at_desk", "case_overdue"} & set(await kinds(talk))

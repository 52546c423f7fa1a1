"""What does not reach an official is not lost in silence: the next best is told, and who can mend it learns why."""

from datetime import date, timedelta

import pytest

from actions import follow_chat
from actions.tell_held import tell_held
from actions.watch_deadlines import remind
from domain.people import Role
from storage import held, outbox
from storage.database import Database
from storage.outbox import Address
from tests.actions.ground import begin, owed, with_due_day
from tests.handlers.driver import ACCOUNT, CHANNEL, Talk

LAN = Address(channel=CHANNEL, account=ACCOUNT, chat="lan")
DUE_ON = date(2026, 11, 9)
UNTOLD = "official_untold"


@pytest.fixture
async def talk(database: Database) -> Talk:
    """A unit whose only official is told in private, and the ward's administrator."""
    talk = await begin(database)
    await talk.official("lan", "KT")
    await talk.official("quan", None, Role.ADMIN)
    return talk


async def told_of_officials(talk: Talk) -> list[tuple[str, bool]]:
    return [(chat, params["lost"]) for chat, kind, params in await owed(talk) if kind == UNTOLD]


async def test_a_reminder_held_for_an_official_is_told_to_the_administrators_once_a_day(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.deliver()
    await with_due_day(talk, case, DUE_ON)
    async with talk.database.transaction() as tx:
        assert await remind(tx, talk.ward, now=talk.now)
        # They were last seen an hour ago.
        talk.now += timedelta(hours=1)
        for one in await outbox.owed_to(tx, LAN):
            await held.hold_waiting(tx, one, why="a test", now=talk.now)
        for later in (0, 1, 2):
            await tell_held(tx, talk.ward, now=talk.now + timedelta(minutes=later))
    assert await told_of_officials(talk) == [("quan", False)]
    (said,) = [one.text for one in await talk.deliver() if one.chat == "quan"]
    assert "chưa nhận được tin" in said and "Lan" in said


async def test_an_administrator_is_not_told_of_themselves(talk: Talk) -> None:
    await talk.official("sau", None, Role.LEADER)
    case = await talk.submitted()
    await talk.deliver()
    talk.now += timedelta(hours=1)
    async with talk.database.transaction() as tx:
        at = Address(channel=CHANNEL, account=ACCOUNT, chat="quan")
        notice = {"notice": "case_card", "params": {}}
        await outbox.put(tx, at, notice, language="vi", priority=1, now=talk.now, ward_id=talk.ward.id, case_id=case.id)
        for one in await outbox.owed_to(tx, at):
            await held.hold_waiting(tx, one, why="a test", now=talk.now)
        await tell_held(tx, talk.ward, now=talk.now)
    assert await told_of_officials(talk) == [("sau", False)]


async def test_what_an_official_who_blocked_us_was_owed_is_told_and_the_next_news_goes_to_reception(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.deliver()
    await with_due_day(talk, case, DUE_ON)
    async with talk.database.transaction() as tx:
        assert await remind(tx, talk.ward, now=talk.now)
        await follow_chat.gone(tx, LAN, now=talk.now)
    assert await told_of_officials(talk) == [("quan", True)]
    await talk.deliver()
    await talk.official("tu", "VP", Role.RECEPTION)
    await talk.submitted("Cột điện nghiêng")
    assert {chat for chat, kind, _params in await owed(talk) if kind == "case_card"} <= {"tu"}
    told = [one.chat for one in talk.messages if "Cột điện" in one.text and one.chat in ("lan", "tu", "quan")]
    assert told == ["tu"]

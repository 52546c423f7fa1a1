"""What a refusal says of a chat is followed up before the message is over."""

from datetime import timedelta
from typing import Any

import pytest

from actions import follow_chat
from actions.handle_case import Desk, answer
from actions.tell_held import SPENT_AGAIN, tell_held
from bot.channels.base import Loss, Refused, Spent
from domain.people import Official
from storage import cases, held, outbox
from storage.base import Account
from storage.database import Database
from tests.actions.ground import known
from tests.bot.test_outbox_worker import Clock, Platform, owe, states, work
from tests.handlers.driver import ACCOUNT, CHANNEL, Talk
from tests.handlers.resident.linking_ground import DRAIN, ZALO, at, joined, on, two_bas

SPENT = Spent(reason="used up", seconds=3600)


class Zalo(Platform):
    """The channel on which Ba brought a case, whose plan is used up."""

    on = Account(ZALO, ACCOUNT)


async def answered(talk: Talk) -> int:
    """The unit answers what Ba brought on Zalo; the case's id."""
    await on(talk, CHANNEL).official("lan", "KT")
    official = (await known(talk, "lan")).official
    assert isinstance(official, Official)
    async with talk.database.transaction() as tx:
        every = await cases.of_resident(tx, await at(talk, ZALO, "ba.z"), limit=5)
        case = next(one for one in every if DRAIN in one.text)
        await answer(tx, talk.ward, Desk(official=official), case.code, text="Đã thông cống.", now=talk.now)
    return case.id


async def ends(talk: Talk, chat: str) -> list[str]:
    async with talk.database.reading() as tx:
        rows = await tx.execute(outbox.outbox.select().where(outbox.outbox.c.chat == chat))
        return [row.state for row in rows if row.body.get("notice") == "case_answered"]


async def test_news_for_which_nothing_of_the_plan_is_left_is_held_and_tried_again(database: Database) -> None:
    talk = await two_bas(await Talk.begin(database))
    case_id = await answered(talk)
    zalo, clock = Zalo(SPENT, SPENT), Clock()
    clock.time = talk.now + timedelta(hours=1)
    await work(database, zalo, clock)
    assert await ends(talk, "ba.z") == ["held"]
    for hours, state in ((0, "held"), (1, "held"), (2, "sent")):
        async with database.transaction() as tx:
            await tell_held(tx, talk.ward, now=clock.time + timedelta(seconds=1))
            # The unit knows as long as it is so, and nobody is called by a paid template to where nothing can be said.
            assert (case_id in await held.untold(tx, [case_id])) is (hours == 0)
            assert not await held.uncalled(tx, zalo.on, limit=9)
        await work(database, zalo, clock)
        assert await ends(talk, "ba.z") == [state]
        clock.time += SPENT_AGAIN + timedelta(minutes=1)


async def test_news_for_which_nothing_of_the_plan_is_left_goes_by_another_channel(database: Database) -> None:
    talk = await two_bas(await Talk.begin(database))
    await joined(talk)
    await on(talk, ZALO).say("/hoso", who="ba.z")
    await answered(talk)
    clock = Clock()
    clock.time = talk.now + timedelta(minutes=1)
    await work(database, Zalo(SPENT), clock)
    assert (await ends(talk, "ba.z"), await ends(talk, "ba")) == (["elsewhere"], ["queued"])


async def test_a_reply_for_which_nothing_of_the_plan_is_left_waits(database: Database) -> None:
    await owe(database)
    await owe(database, chat="b")
    platform, clock = Platform(SPENT, SPENT), Clock()
    await work(database, platform, clock)
    assert [state for state, _ in await states(database)] == ["waiting", "waiting"]


async def test_news_refused_while_the_database_could_not_follow_it_up_is_not_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[str] = []

    async def not_taken(*_given: Any, why: str, **_more: Any) -> None:
        followed.append(why)
        if len(followed) == 1:
            raise RuntimeError("as PostgreSQL ends one of two that wait for each other")

    monkeypatch.setattr(follow_chat, "not_taken", not_taken)
    await owe(database)
    platform, clock = Platform(*[Refused(reason="blocked", loss=Loss.GONE)] * 2), Clock()
    await work(database, platform, clock)
    assert followed == ["blocked"]
    assert [state for state, _ in await states(database)] == ["waiting"]
    clock.time += timedelta(minutes=1)
    await work(database, platform, clock)
    assert followed == ["blocked", "blocked"]
    assert [state for state, _ in await states(database)] == ["refused"]

"""What cannot reach somebody on one channel goes by another of theirs, once; held only where none is left."""

import pytest
from sqlalchemy import select

from actions import follow_chat, reroute
from actions.notify import tell_person
from domain.notices import Notice, NoticeKind
from storage import cases, contacts, held
from storage.database import Database, Transaction
from storage.outbox import Address, Sending, outbox
from tests.handlers.driver import ACCOUNT, LEASE, Talk
from tests.handlers.resident.linking_ground import TELEGRAM, ZALO, at, joined, on, two_bas
from tests.storage.claiming import claim_one

ON_ZALO = Address(channel=ZALO, account=ACCOUNT, chat="ba.z")
ON_TELEGRAM = Address(channel=TELEGRAM, account=ACCOUNT, chat="ba")


@pytest.fixture
async def talk(database: Database) -> Talk:
    """Ba has a case on Telegram and another on Zalo."""
    return await two_bas(await Talk.begin(database))


async def told(talk: Talk, who: str, channel: str) -> None:
    """Something is owed to a person."""
    person = await at(talk, channel, who)
    notice = Notice(kind=NoticeKind.CASE_CLOSED, params={"code": "PA-26-00001"})
    async with talk.database.transaction() as tx:
        await tell_person(tx, person.id, notice, ward_id=talk.ward.id, now=talk.now)


async def claimed(talk: Talk, tx: Transaction, where: Address) -> Sending:
    """What is owed to a chat, in hand."""
    sending = await claim_one(tx, accounts=[where.on], now=talk.now, leased_until=talk.now + LEASE)
    assert sending is not None
    assert sending.address == where
    return sending


async def held_back(talk: Talk, where: Address) -> bool:
    """The platform holds back what is owed to a chat; whether it goes by another."""
    async with talk.database.transaction() as tx:
        sending = await claimed(talk, tx, where)
        gone_on = await reroute.instead_of_holding(tx, sending, why="closed", now=talk.now)
        if not gone_on:
            await held.hold(tx, sending, why="closed", now=talk.now)
        return gone_on


async def ends(talk: Talk) -> list[tuple[str, str]]:
    """What became of the notice, wherever it was owed."""
    async with talk.database.reading() as tx:
        rows = await tx.execute(select(outbox).order_by(outbox.c.id))
        return [(row.chat, row.state) for row in rows if row.body.get("notice") == NoticeKind.CASE_CLOSED.value]


async def test_who_has_one_channel_only_has_it_held_there(talk: Talk) -> None:
    await told(talk, "ba.z", ZALO)
    assert not await held_back(talk, ON_ZALO)
    assert await ends(talk) == [("ba.z", "held")]


async def test_what_two_platforms_hold_back_is_held_once_and_not_handed_to_and_fro(talk: Talk) -> None:
    await joined(talk)
    await on(talk, ZALO).say("/hoso", who="ba.z")
    await told(talk, "ba.z", ZALO)
    assert await held_back(talk, ON_ZALO)
    assert not await held_back(talk, ON_TELEGRAM)
    assert await ends(talk) == [("ba.z", "elsewhere"), ("ba", "held")]


async def test_what_was_held_comes_along_when_another_channel_is_joined(talk: Talk) -> None:
    await told(talk, "ba.z", ZALO)
    await held_back(talk, ON_ZALO)
    # The code is made on Telegram, typed on Zalo. Nothing lets go there what is held: seen within the minute.
    await joined(talk)
    assert [one for one in talk.in_chat("ba") if "PA-26-00001" in one.text and "📁" in one.text]
    assert await ends(talk) == [("ba", "sent")]


async def test_what_is_owed_to_a_lost_chat_goes_by_the_other_channel_once(talk: Talk) -> None:
    await joined(talk)
    await told(talk, "ba", TELEGRAM)
    async with talk.database.transaction() as tx:
        await follow_chat.gone(tx, ON_TELEGRAM, now=talk.now)
        await follow_chat.gone(tx, ON_TELEGRAM, now=talk.now)
    assert await ends(talk) == [("ba", "refused"), ("ba.z", "queued")]
    async with talk.database.reading() as tx:
        person = await at(talk, ZALO, "ba.z")
        reached = await contacts.reach(tx, person.id)
    assert reached is not None
    assert reached[0] == ON_ZALO


async def test_a_message_another_sender_took_over_is_not_sent_on(talk: Talk) -> None:
    await joined(talk)
    await told(talk, "ba", TELEGRAM)
    async with talk.database.transaction() as tx:
        first = await claimed(talk, tx, ON_TELEGRAM)
    talk.now += 2 * LEASE
    async with talk.database.transaction() as tx:
        await claimed(talk, tx, ON_TELEGRAM)
        assert await reroute.instead_of_holding(tx, first, why="closed", now=talk.now)
    assert [chat for chat, _state in await ends(talk)] == ["ba"]


async def test_what_a_lost_chat_is_owed_is_held_where_no_other_channel_is_left(talk: Talk) -> None:
    await told(talk, "ba", TELEGRAM)
    async with talk.database.transaction() as tx:
        await follow_chat.gone(tx, ON_TELEGRAM, now=talk.now)
    # It is about no case: nothing to wait for.
    assert await ends(talk) == [("ba", "refused")]
    await told_of_a_case(talk)
    async with talk.database.transaction() as tx:
        await follow_chat.gone(tx, ON_TELEGRAM, now=talk.now)
        await follow_chat.gone(tx, ON_TELEGRAM, now=talk.now)
    assert await ends(talk) == [("ba", "refused"), ("ba", "held")]
    async with talk.database.transaction() as tx:
        assert not await held.overlooked(tx, talk.ward.id)
        await follow_chat.back(tx, ON_TELEGRAM, now=talk.now)
        await follow_chat.back(tx, ON_TELEGRAM, now=talk.now)
    assert await ends(talk) == [("ba", "refused"), ("ba", "queued")]


async def test_what_is_in_hand_when_its_chat_is_lost_comes_to_its_own_end(talk: Talk) -> None:
    await told_of_a_case(talk)
    async with talk.database.transaction() as tx:
        sending = await claimed(talk, tx, ON_TELEGRAM)
        await follow_chat.gone(tx, ON_TELEGRAM, now=talk.now)
    assert await ends(talk) == [("ba", "sending")]
    async with talk.database.transaction() as tx:
        await follow_chat.not_taken(tx, sending, why="blocked", now=talk.now)
        await follow_chat.gone(tx, ON_TELEGRAM, now=talk.now)
    assert await ends(talk) == [("ba", "held")]


async def told_of_a_case(talk: Talk) -> None:
    """News of their case is owed to Ba on Telegram."""
    person = await at(talk, TELEGRAM, "ba")
    notice = Notice(kind=NoticeKind.CASE_CLOSED, params={"code": "PA-26-00001"})
    async with talk.database.transaction() as tx:
        case_id = await tx.scalar(select(cases.cases.c.id).where(cases.cases.c.resident_id == person.id))
        await tell_person(tx, person.id, notice, ward_id=talk.ward.id, case_id=case_id, now=talk.now)


async def held_then_owed(talk: Talk, *, doubted: bool = False) -> None:
    """News is held after newer news was owed to the same chat."""
    await told_of_a_case(talk)
    await told_of_a_case(talk)
    async with talk.database.transaction() as tx:
        first = await claimed(talk, tx, ON_TELEGRAM)
        await held.hold(tx, first, why="closed", now=talk.now + LEASE)
        if doubted:
            await tx.execute(outbox.update().where(outbox.c.id == first.id).values(doubts=1))


async def test_newer_news_is_held_behind_what_was_tried_in_vain_since_it_was_owed(talk: Talk) -> None:
    await held_then_owed(talk)
    async with talk.database.transaction() as tx:
        second = await claimed(talk, tx, ON_TELEGRAM)
        assert await reroute.waits_behind_held(tx, second, now=talk.now)
    assert await ends(talk) == [("ba", "held"), ("ba", "held")]


async def test_what_may_have_arrived_before_it_was_held_holds_up_nothing(talk: Talk) -> None:
    await held_then_owed(talk, doubted=True)
    async with talk.database.transaction() as tx:
        second = await claimed(talk, tx, ON_TELEGRAM)
        assert not await reroute.waits_behind_held(tx, second, now=talk.now)
    assert await ends(talk) == [("ba", "held"), ("ba", "sending")]


async def test_what_was_let_go_while_the_newer_was_claimed_goes_before_it(talk: Talk) -> None:
    await held_then_owed(talk)
    async with talk.database.transaction() as tx:
        second = await claimed(talk, tx, ON_TELEGRAM)
        await held.release(tx, ON_TELEGRAM, now=talk.now)
        assert await reroute.waits_behind_held(tx, second, now=talk.now)
    async with talk.database.transaction() as tx:
        assert (await claimed(talk, tx, ON_TELEGRAM)).id < second.id

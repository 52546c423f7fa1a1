"""What a unit was owed in a chat that is lost: brought to whoever has not got it, once, and never round in circles."""

from collections.abc import Collection

import pytest
from sqlalchemy import select

from actions import follow_chat
from domain.people import Role
from storage.database import Database
from storage.outbox import Address, outbox
from tests.handlers.driver import ACCOUNT, CHANNEL, Talk

CARD = "case_card"
ROUNDS_MAX = 12


@pytest.fixture
async def talk(database: Database) -> Talk:
    return await Talk.begin(database)


def at(chat: str) -> Address:
    return Address(channel=CHANNEL, account=ACCOUNT, chat=chat)


async def waiting(talk: Talk) -> list[tuple[str, str]]:
    """(chat, kind of notice) of what is owed, oldest first."""
    async with talk.database.reading() as tx:
        rows = (await tx.execute(select(outbox).where(outbox.c.state == "queued").order_by(outbox.c.id))).all()
    return [(row.chat, row.body["notice"]) for row in rows if "notice" in row.body]


async def refused(talk: Talk, chats: Collection[str]) -> None:
    """These chats refuse whatever they are owed, as often as they are owed anything."""
    for _ in range(ROUNDS_MAX):
        lost = sorted({chat for chat, _kind in await waiting(talk)} & set(chats))
        if not lost:
            return
        async with talk.database.transaction() as tx:
            await follow_chat.gone(tx, at(lost[0]), now=talk.now, for_good=False)
    raise AssertionError(f"it goes round in circles: {await waiting(talk)}")


async def owe_card(talk: Talk) -> None:
    """What the unit is owed of a new case, still owed."""
    case = await talk.submitted()
    async with talk.database.transaction() as tx:
        await tx.execute(outbox.update().where(outbox.c.case_id == case.id).values(state="queued", sent_as=None))


async def test_what_the_other_group_of_the_unit_has_is_not_posted_there_again(talk: Talk) -> None:
    for chat in ("room-1", "room-2"):
        await talk.group(chat, "KT")
    await owe_card(talk)
    await refused(talk, ["room-1"])
    owed = await waiting(talk)
    assert [chat for chat, kind in owed if kind == CARD] == ["room-2"]
    assert ("room-2", "group_gone") in owed


async def test_where_every_group_refuses_it_the_officials_get_it_once(talk: Talk) -> None:
    await talk.official("lan", "KT")
    for chat in ("room-1", "room-2", "room-3"):
        await talk.group(chat, "KT")
    await owe_card(talk)
    await refused(talk, ["room-1", "room-2", "room-3"])
    assert [chat for chat, kind in await waiting(talk) if kind == CARD] == ["lan"]


async def test_a_group_that_was_bound_after_it_was_owed_gets_it(talk: Talk) -> None:
    await talk.group("room-1", "KT")
    await owe_card(talk)
    await talk.group("room-2", "KT")
    await refused(talk, ["room-1"])
    assert [chat for chat, kind in await waiting(talk) if kind == CARD] == ["room-2"]


async def test_a_card_refused_by_one_official_after_the_other_ends_with_reception(talk: Talk) -> None:
    for who in ("lan", "minh"):
        await talk.official(who, "KT")
    await talk.official("tu", "VP", Role.RECEPTION)
    await owe_card(talk)
    await refused(talk, ["lan"])
    assert [chat for chat, kind in await waiting(talk) if kind == CARD] == ["minh"]
    await refused(talk, ["minh"])
    assert [chat for chat, kind in await waiting(talk) if kind == CARD] == ["tu"]

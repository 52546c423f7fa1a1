"""Who is told: a person where they wrote last, a unit in its groups or else its people, never nobody."""

from datetime import timedelta

import pytest

from actions.notify import tell_admins, tell_leaders, tell_person, tell_unit
from domain.notices import Notice, NoticeKind
from domain.people import Role
from storage import people
from storage.database import Database
from storage.outbox import Address
from tests.handlers.driver import ACCOUNT, CHANNEL, Talk

NOTICE = Notice(kind=NoticeKind.CASE_WITHDRAWN, params={"code": "PA-26-00001"})


@pytest.fixture
async def talk(database: Database) -> Talk:
    return await Talk.begin(database)


async def told(talk: Talk, unit: str = "KT", **more: Address) -> set[str]:
    async with talk.database.transaction() as tx:
        await tell_unit(tx, talk.ward, talk.ward.unit_id(unit), NOTICE, now=talk.now, **more)
    return {message.chat for message in await talk.deliver()}


async def test_a_unit_is_told_in_all_its_groups_and_nowhere_else(talk: Talk) -> None:
    await talk.official("lan", "KT")
    for chat in ("room-1", "room-2"):
        await talk.group(chat, "KT")
    await talk.group("room-vp", "VP")
    await talk.group("ward", None)
    assert await told(talk) == {"room-1", "room-2"}


async def test_a_unit_without_a_group_is_told_in_person(talk: Talk) -> None:
    await talk.official("lan", "KT")
    await talk.official("minh", "KT")
    await talk.official("tu", "VP", Role.RECEPTION)
    assert await told(talk) == {"lan", "minh"}


async def test_a_unit_nobody_has_joined_leaves_it_to_reception_and_then_to_the_administrators(talk: Talk) -> None:
    await talk.official("quan", None, Role.ADMIN)
    assert await told(talk) == {"quan"}
    await talk.official("tu", "VP", Role.RECEPTION)
    assert await told(talk) == {"tu"}
    await talk.group("room-vp", "VP")
    assert await told(talk) == {"room-vp"}


async def test_the_chat_that_knows_already_is_left_out(talk: Talk) -> None:
    await talk.group("room-1", "KT")
    await talk.group("room-2", "KT")
    known = Address(channel=CHANNEL, account=ACCOUNT, chat="room-1")
    assert await told(talk, besides=[known]) == {"room-2"}


async def test_a_person_is_told_where_they_wrote_last(talk: Talk) -> None:
    person = await talk.person("ba")
    async with talk.database.transaction() as tx:
        await people.seen(tx, channel=CHANNEL, account=ACCOUNT, address="ba", now=talk.now + timedelta(days=1))
        await tell_person(tx, person.id, NOTICE, ward_id=talk.ward.id, now=talk.now)
    assert [message.chat for message in await talk.deliver()] == ["ba"]


async def test_leaders_are_told_in_private_and_only_once_for_one_key(talk: Talk) -> None:
    await talk.official("sau", None, Role.LEADER)
    await talk.official("tu", "VP", Role.RECEPTION)
    for _again in range(2):
        async with talk.database.transaction() as tx:
            await tell_leaders(tx, talk.ward, NOTICE, now=talk.now, case_id=None, key="late:1")
    assert [message.chat for message in await talk.deliver()] == ["sau"]


async def test_without_a_leader_reception_is_told(talk: Talk) -> None:
    await talk.official("tu", "VP", Role.RECEPTION)
    async with talk.database.transaction() as tx:
        await tell_leaders(tx, talk.ward, NOTICE, now=talk.now, case_id=None, key="late:1")
    assert [message.chat for message in await talk.deliver()] == ["tu"]


async def blocked(talk: Talk, who: str) -> None:
    async with talk.database.transaction() as tx:
        await people.set_reachable(tx, channel=CHANNEL, account=ACCOUNT, address=who, unreachable_at=talk.now)


async def test_who_has_blocked_us_swallows_nothing_as_long_as_there_is_anybody_else(talk: Talk) -> None:
    await talk.official("lan", "KT")
    await blocked(talk, "lan")
    # Then at least it stands in the outbox.
    assert await told(talk) == {"lan"}
    await talk.official("quan", None, Role.ADMIN)
    assert await told(talk) == {"quan"}
    await talk.official("tu", "VP", Role.RECEPTION)
    assert await told(talk) == {"tu"}
    await talk.official("minh", "KT")
    assert await told(talk) == {"minh"}


async def test_administrators_who_have_all_blocked_us_leave_it_to_the_leaders(talk: Talk) -> None:
    await talk.official("quan", None, Role.ADMIN)
    await talk.official("sau", None, Role.LEADER)
    for number, who in enumerate(("quan", "sau")):
        async with talk.database.transaction() as tx:
            await tell_admins(tx, talk.ward, NOTICE, now=talk.now, key=f"trouble:{number}")
        assert [message.chat for message in await talk.deliver()] == [who]
        await blocked(talk, "quan")

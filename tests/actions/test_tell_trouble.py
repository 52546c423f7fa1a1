"""The alarm that an account is cut off goes to somebody who writes elsewhere, never into the account itself alone."""

import pytest
from sqlalchemy import select, update

from actions.tell_trouble import zalo_login_needed
from domain.people import Role
from storage import people
from storage.base import Account
from storage.database import Database
from storage.outbox import outbox
from storage.people import contact_point
from tests.handlers.driver import CHANNEL, Talk

ZALO = Account("zalo_oa", "77")


@pytest.fixture
async def talk(database: Database) -> Talk:
    """A ward whose administrator Quân joined on Zalo."""
    begun = await Talk.begin(database)
    await begun.official("quan", None, Role.ADMIN)
    await moves(begun, "quan")
    return begun


async def moves(talk: Talk, name: str) -> None:
    """Somebody who has joined on one channel is on Zalo instead."""
    async with talk.database.transaction() as tx:
        await tx.execute(
            update(contact_point)
            .where(contact_point.c.address == name)
            .values(channel=ZALO.channel, account=ZALO.account)
        )


async def told(talk: Talk) -> list[tuple[str, str]]:
    """Who is told, and on which channel, after the alarm was given twice on the same day."""
    for _again in range(2):
        async with talk.database.transaction() as tx:
            await zalo_login_needed(tx, ZALO, link="https://x.example/l", now=talk.now, key="zalo_login:77:1")
    async with talk.database.reading() as tx:
        rows = await tx.execute(select(outbox.c.chat, outbox.c.channel).order_by(outbox.c.id))
        return [(row.chat, row.channel) for row in rows]


async def test_another_administrator_who_writes_elsewhere_is_told(talk: Talk) -> None:
    await talk.official("hai", None, Role.ADMIN)
    await talk.official("sau", None, Role.LEADER)
    assert await told(talk) == [("hai", CHANNEL)]


@pytest.mark.parametrize("role", [Role.LEADER, Role.RECEPTION])
async def test_else_the_leader_or_else_reception_is_told(talk: Talk, role: Role) -> None:
    await talk.official("tu", "VP", role)
    assert await told(talk) == [("tu", CHANNEL)]


async def test_an_administrator_who_writes_on_two_channels_is_told_on_the_other_one(talk: Talk) -> None:
    other = await talk.person("quan.web")
    async with talk.database.transaction() as tx:
        first = await people.find(tx, channel=ZALO.channel, account=ZALO.account, address="quan")
        assert first is not None
        await tx.execute(
            update(contact_point).where(contact_point.c.person_id == other.id).values(person_id=first.person.id)
        )
        await tx.execute(update(contact_point).where(contact_point.c.address == "quan").values(preferred=True))
    assert await told(talk) == [("quan.web", CHANNEL)]


async def test_whoever_blocked_us_elsewhere_is_not_reached_there(talk: Talk) -> None:
    await talk.official("hai", None, Role.ADMIN)
    await talk.official("sau", None, Role.LEADER)
    async with talk.database.transaction() as tx:
        await tx.execute(update(contact_point).where(contact_point.c.address == "hai").values(unreachable_at=talk.now))
    assert await told(talk) == [("sau", CHANNEL)]


async def test_where_nobody_writes_elsewhere_it_is_owed_all_the_same(talk: Talk) -> None:
    assert await told(talk) == [("quan", ZALO.channel)]

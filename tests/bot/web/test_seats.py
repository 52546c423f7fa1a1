"""Who is let into a group, and what a group's messages look like to its members."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from domain.people import GroupKind, Role
from storage import inbox, invites, webchat
from storage.database import Database
from storage.outbox import Address
from tests.bot.web.ground import appoint, clock, messages, post, visitor_id

Client = TestClient[Any, Any]


async def room(
    database: Database, ward_id: int, kind: GroupKind | None, *, unit: str = "KT", created_by: int | None = None
) -> tuple[str, str]:
    """A group, bound to the ward, to a unit, or to nothing yet: (its chat, its key)."""
    async with database.transaction() as tx:
        chat, key = await webchat.create_room(tx, "Nhóm", created_by, clock(), ward_id=ward_id)
        if kind is not None:
            from storage import wards

            unit_id = (await wards.load(tx, ward_id)).unit_id(unit) if kind is GroupKind.UNIT else None
            address = Address(channel="web", account="web", chat=chat)
            await invites.bind_group(
                tx, address, ward_id=ward_id, kind=kind, unit_id=unit_id, bound_by=created_by, now=clock()
            )
    return chat, key


async def statuses(client: Client, chat: str, key: str) -> set[int]:
    """What each of the ways into a group answers."""
    page = await client.get(f"/nhom/{key}")
    read = await client.get(f"/api/messages?chat={chat}")
    written = await post(client, "chào nhóm", query=f"?chat={chat}")
    async with client.get(f"/api/events?chat={chat}") as stream:
        return {page.status, read.status, written.status, stream.status}


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        (Role.MEMBER, "KT", 200),
        (Role.MEMBER, "VP", 403),
        (Role.RECEPTION, "VP", 200),
        (Role.LEADER, None, 200),
        (Role.EDITOR, None, 403),
        (Role.ADMIN, None, 403),
    ],
)
async def test_a_units_group_is_for_its_officials_reception_and_the_leader(
    client: Client, sqlite: Database, ward_id: int, role: Role, unit: str | None, status: int
) -> None:
    chat, key = await room(sqlite, ward_id, GroupKind.UNIT)
    await appoint(sqlite, ward_id, await visitor_id(sqlite, client), role, unit)
    assert await statuses(client, chat, key) == {status}


async def test_a_resident_with_the_link_is_kept_out_of_a_units_group_and_told_what_to_do(
    client: Client, sqlite: Database, ward_id: int
) -> None:
    chat, key = await room(sqlite, ward_id, GroupKind.UNIT)
    assert await statuses(client, chat, key) == {403}
    page = await (await client.get(f"/nhom/{key}?lang=en")).text()
    assert "invite" in page


async def test_a_wards_group_is_for_everybody_with_its_link(client: Client, sqlite: Database, ward_id: int) -> None:
    chat, key = await room(sqlite, ward_id, GroupKind.WARD)
    assert await statuses(client, chat, key) == {200}


async def test_a_group_bound_to_nothing_is_its_creators_alone(
    client: Client, stranger: Client, sqlite: Database, ward_id: int
) -> None:
    creator = await appoint(sqlite, ward_id, await visitor_id(sqlite, client), Role.MEMBER, "KT")
    chat, key = await room(sqlite, ward_id, None, created_by=creator)
    assert await statuses(client, chat, key) == {200}
    assert await statuses(stranger, chat, key) == {403}


async def test_a_group_that_is_not_there_is_told(client: Client) -> None:
    assert await statuses(client, "room-unknown", "unknown") == {404}


async def test_a_private_chat_is_not_entered_by_its_id(client: Client, stranger: Client, sqlite: Database) -> None:
    other = await visitor_id(sqlite, stranger)
    assert (await client.get(f"/api/messages?chat={other}")).status == 404
    assert (await post(client, "giả", query=f"?chat={other}")).status == 404


async def test_members_of_a_group_see_each_other_and_the_creator_is_its_administrator(
    client: Client, stranger: Client, sqlite: Database, ward_id: int
) -> None:
    creator = await appoint(sqlite, ward_id, await visitor_id(sqlite, client), Role.MEMBER, "KT")
    chat, _key = await room(sqlite, ward_id, GroupKind.WARD, created_by=creator)
    await post(client, "của cán bộ", query=f"?chat={chat}")
    await post(stranger, "của khách", query=f"?chat={chat}")
    seen = [(one["name"], one["mine"], one["client_id"] is None) for one in await messages(stranger, f"?chat={chat}")]
    assert seen == [("Cán bộ Lan", False, True), ("", True, False)]
    async with sqlite.reading() as tx:
        rows = (await tx.execute(inbox.inbox.select().order_by(inbox.inbox.c.id))).all()
    heard = [row.raw for row in rows if row.raw["chat"] == chat]
    assert [(one["in_group"], one["is_admin"]) for one in heard] == [(True, True), (True, False)]
    assert len({row.lane for row in rows if row.raw["chat"] == chat}) == 1


@pytest.mark.parametrize("opened_it", [False, True])
async def test_an_official_who_has_left_is_let_in_no_more(
    client: Client, sqlite: Database, ward_id: int, opened_it: bool
) -> None:
    from storage.people import official

    person = await appoint(sqlite, ward_id, await visitor_id(sqlite, client), Role.MEMBER, "KT")
    chat, key = await room(sqlite, ward_id, GroupKind.UNIT, created_by=person if opened_it else None)
    assert await statuses(client, chat, key) == {200}
    async with sqlite.transaction() as tx:
        await tx.execute(official.update().values(left_at=clock()))
    assert await statuses(client, chat, key) == {403}

"""The demonstration: three visitors side by side, and not a trace of it where it is not wanted."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.web.identity import Visitors
from bot.web.site import DemoHooks, DemoRooms, DemoVisitors
from domain.people import GroupKind, Role
from storage.database import Database
from tests.bot.web.ground import KEY, OURS, TestSettings, appoint, messages, post, serving, visitor
from tests.bot.web.test_seats import room

Client = TestClient[Any, Any]


class House:
    """What the house does for the demonstration, counted."""

    def __init__(self, database: Database, ward_id: int) -> None:
        self._database, self._ward_id = database, ward_id
        self._rooms: DemoRooms | None = None
        self.digests: list[int] = []

    async def setup(self, visitors: DemoVisitors) -> DemoRooms:
        """An official of the unit, the leader, and a group for each."""
        if self._rooms is None:
            await appoint(self._database, self._ward_id, visitors.unit, Role.MEMBER, "KT")
            await appoint(self._database, self._ward_id, visitors.ward, Role.LEADER, None)
            unit, _key = await room(self._database, self._ward_id, GroupKind.UNIT)
            ward, _key = await room(self._database, self._ward_id, GroupKind.WARD)
            self._rooms = DemoRooms(unit=unit, ward=ward)
        return self._rooms

    async def digest(self, ward_id: int) -> None:
        """Note that the digest was asked for."""
        self.digests.append(ward_id)


@pytest.fixture
def house(sqlite: Database, ward_id: int) -> House:
    """The house behind the demonstration."""
    return House(sqlite, ward_id)


@pytest.fixture
async def stage(sqlite: Database, settings: TestSettings, house: House) -> AsyncIterator[TestServer]:
    """The web side with the demonstration."""
    hooks = DemoHooks(setup=house.setup, digest=house.digest)
    demo = TestSettings(data_dir=settings.data_dir, demo=True)
    async with serving(sqlite, demo, demo_hooks=hooks) as running:
        yield running


async def config(client: Client, path: str = "/demo") -> dict[str, Any]:
    page = await (await client.get(path)).text()
    return dict(json.loads(re.findall(r'id="config">(.*?)</script>', page)[0]))


async def test_three_visitors_live_in_one_browser(stage: TestServer, house: House) -> None:
    async with visitor(stage, "/demo") as client:
        tokens = (await config(client))["tokens"]
        rooms = await house.setup(DemoVisitors(ward_id=1, resident="", unit="", ward=""))
        await post(client, "của người dân", query=f"?demo={tokens['resident']}")
        await post(client, "của đơn vị", query=f"?demo={tokens['unit']}&chat={rooms.unit}")
        assert [one["text"] for one in await messages(client, f"?demo={tokens['resident']}")] == ["của người dân"]
        assert [one["text"] for one in await messages(client, f"?demo={tokens['unit']}&chat={rooms.unit}")] == [
            "của đơn vị"
        ]
        # The resident of the demonstration is no official.
        assert (await client.get(f"/api/messages?demo={tokens['resident']}&chat={rooms.unit}")).status == 403


async def test_each_phone_opens_its_own_chat_and_only_the_demonstration_may_frame_it(
    stage: TestServer, house: House
) -> None:
    async with visitor(stage, "/demo") as client:
        tokens = (await config(client))["tokens"]
        rooms = await house.setup(DemoVisitors(ward_id=1, resident="", unit="", ward=""))
        chats = {}
        for who, token in tokens.items():
            path = f"/demo/phone/{who}?demo={token}"
            chats[who] = (await config(client, path))["chat"]
            headers = (await client.get(path)).headers
            assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert chats == {"resident": "", "unit": rooms.unit, "ward": rooms.ward}
        assert "frame-ancestors 'none'" in (await client.get("/demo")).headers["Content-Security-Policy"]


async def test_starting_over_moves_a_new_resident_in_and_a_reload_keeps_the_old_one(stage: TestServer) -> None:
    async with visitor(stage, "/demo") as client:
        first, second = await config(client), await config(client)
        assert first["tokens"]["resident"] != second["tokens"]["resident"]
        assert first["tokens"]["unit"] == second["tokens"]["unit"]
        kept = await config(client, f"/demo?resident={first['tokens']['resident']}")
        assert kept["tokens"] == first["tokens"]


async def test_the_digest_is_sent_by_the_house_and_only_for_our_own_page(stage: TestServer, house: House) -> None:
    async with visitor(stage, "/demo") as client:
        assert (await client.post("/demo/digest")).status == 403
        assert (await client.post("/demo/digest", headers=OURS)).status == 200
    assert house.digests == [1]


@pytest.mark.parametrize("token", ["", "x", "demo-unit-1", "demo-unit-1.abc"])
async def test_a_made_up_token_opens_nothing(stage: TestServer, token: str) -> None:
    async with visitor(stage, "/demo") as client:
        assert (await client.get(f"/demo/phone/unit?demo={token}")).status == 404


@pytest.mark.parametrize("demo", [True, False])
async def test_without_the_demonstration_there_is_no_page_and_its_tokens_are_nobody(
    sqlite: Database, settings: TestSettings, ward_id: int, house: House, demo: bool
) -> None:
    token = Visitors(KEY, secure=False, demo=True).demo_token("demo-unit-1")
    hooks = None if demo else DemoHooks(setup=house.setup, digest=house.digest)
    async with serving(sqlite, settings, demo_hooks=hooks) as server, visitor(server) as client:
        for path in ("/demo", f"/demo/phone/unit?demo={token}"):
            assert (await client.get(path)).status == 404
        assert (await client.post("/demo/digest", headers=OURS)).status == 404
        await post(client, "là tôi", query=f"?demo={token}")
        assert [one["text"] for one in await messages(client)] == ["là tôi"]

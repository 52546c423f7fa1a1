"""The webhook's door: small bodies only, an answer in time, and nobody without a signature gets anything handled."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.zalo_oa_door import ZaloOaDoor
from storage.database import Database
from tests.bot.channels.test_zalo_oa_intake import WORLD, call, intake_on, stored

URL = f"/webhook/zalo-oa/{WORLD.app_id}"
HALF_A_PAIR = rb'{"timestamp":"\ud800"}'
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(sqlite: Database, tmp_path: Path) -> AsyncIterator[Client]:
    intake = intake_on(sqlite, tmp_path)
    await intake.settle()
    app = web.Application()
    app.add_routes(ZaloOaDoor(intake, WORLD.app_id).routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def post(client: Client, body: bytes, signature: str = "") -> int:
    async with client.post(URL, data=body, headers={"X-ZEvent-Signature": signature}) as answer:
        return answer.status


async def test_a_genuine_event_is_taken_and_a_probe_is_answered(client: Client, sqlite: Database) -> None:
    assert await post(client, *call()) == 200
    assert await post(client, b"") == 200
    async with client.get(URL) as answer:
        assert answer.status == 200
    assert await stored(sqlite) == ["xin chào"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"x" * 300_000, 413), (b"{}", 403), (b"\xff\xfe", 403), (b"[" * 200_000, 403), (HALF_A_PAIR, 403)],
)
async def test_nonsense_is_refused_once_something_has_verified(
    client: Client, sqlite: Database, body: bytes, status: int
) -> None:
    await post(client, *call())
    assert await post(client, body, "mac=00") == status
    assert len(await stored(sqlite)) == 1


async def test_a_body_that_does_not_come_is_not_waited_for(client: Client) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    async with asyncio.timeout(2):
        async with client.post(URL, data=dripping()) as answer:
            assert answer.status == 413


async def test_another_address_is_nobodys(client: Client) -> None:
    async with client.post("/webhook/zalo-oa/999", data=b"{}") as answer:
        assert answer.status == 404

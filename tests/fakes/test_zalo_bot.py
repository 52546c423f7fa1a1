"""The stand-in for a Zalo Bot is what an independent client expects, and as strict and forgetful as documented."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.zalo_bot.server import ZaloBotServer

USER = "a1b2c3d4e5f60718293a"
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def server() -> AsyncIterator[ZaloBotServer]:
    async with ZaloBotServer(scale=0.02) as opened:
        yield opened


async def ask(server: ZaloBotServer, method: str, token: str = "", **params: object) -> tuple[int, dict[str, object]]:
    url = f"{server.url}/bot{token or server.world.token}/{method}"
    async with aiohttp.ClientSession() as client, client.post(url, json=params) as answer:
        assert len(answer.headers.getall("Server")) == 2
        return answer.status, await answer.json()


async def test_an_independent_client_talks_to_it(server: ZaloBotServer) -> None:
    server.write(USER, "Chào")
    server.photo(USER, b"\xff\xd8\xff")
    server.write(USER, "Cảm ơn")
    command = (sys.executable, "-W", "ignore", "-m", "tests.fakes.zalo_client", server.url, server.world.token)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    said, _errors = await asyncio.wait_for(process.communicate(), 30)
    seen = json.loads(said)
    assert seen["me"] == server.world.bot_id and seen["sender"] == USER
    assert seen["texts"] == ["Chào", None, "Cảm ơn"] and seen["photo_url"] == f"{server.url}/media/0.jpg"
    assert [seen["sent"], seen["photo"]] == [one["message_id"] for one in server.world.sent]
    assert [one["text"] for one in server.world.sent] == ["Chào Ông/Bà", "Ảnh"]


async def test_an_event_is_handed_out_once_and_idle_is_408(server: ZaloBotServer) -> None:
    server.write(USER, "Chào")
    _status, first = await ask(server, "getUpdates", timeout="1")
    _status, second = await ask(server, "getUpdates", timeout=1)
    assert first["ok"] is True and second["ok"] is False
    assert 408 in (second.get("error_code"), second.get("errorCode"))


async def test_errors_come_with_200_and_in_both_spellings(server: ZaloBotServer) -> None:
    found = [await ask(server, "sendMessage", chat_id=USER, text="x") for _ in range(6)]
    assert {status for status, _body in found} == {200, 400}
    assert {"error_code" in body for _status, body in found} == {True, False}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "x" * 2001}), ("sendMessage", {"text": ""}), ("sendMessage", {}),
        ("sendMessage", {"text": "x", "reply_markup": "{}"}), ("sendPhoto", {"photo": "file.jpg"}),
        ("sendPhoto", {"photo": "http://127.0.0.1:1/x.jpg"}), ("sendChatAction", {"action": "dance"}),
        ("editMessage", {"text": "x"}), ("setWebhook", {"url": "https://x.example", "secret_token": "short"}),
    ],
)  # fmt: skip
async def test_what_is_not_documented_is_refused(server: ZaloBotServer, method: str, params: dict[str, str]) -> None:
    server.write(USER, "Chào")
    _status, body = await ask(server, method, **{"chat_id": USER} | params)
    assert body["ok"] is False and server.world.sent == []


async def test_the_month_ends_in_a_429_without_a_wait(server: ZaloBotServer) -> None:
    server.world.monthly = 1
    server.write(USER, "Chào")
    assert (await ask(server, "sendMessage", chat_id=USER, text="1"))[1]["ok"] is True
    _status, body = await ask(server, "sendMessage", chat_id=USER, text="2")
    assert 429 in (body.get("error_code"), body.get("errorCode")) and "parameters" not in body


async def test_a_wrong_token_is_401_and_a_webhook_must_be_public(server: ZaloBotServer) -> None:
    _status, body = await ask(server, "getMe", token="1:wrong")
    assert 401 in (body.get("error_code"), body.get("errorCode"))
    server.world.local = False
    for url in ("http://danban.example.vn/x", "https://10.0.0.1/x", "https://localhost/x"):
        _status, body = await ask(server, "setWebhook", url=url, secret_token="a-secret-of-sixteen")
        assert body["ok"] is False

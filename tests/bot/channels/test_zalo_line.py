"""The line to Zalo: an answer is read to its end however it arrives, and one that cannot be one is not."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.zalo_bot_api import ZaloBotApi
from bot.channels.zalo_line import ANSWER_MAX_BYTES, MaybeSent, NotSent, ServerTrouble, ZaloLine
from bot.channels.zalo_oa_client import ZaloClient

PIECES = 5
LONG = "chào " * 20_000


async def _in_pieces(request: web.Request) -> web.StreamResponse:
    """An answer that comes in pieces with pauses between them, as large ones do."""
    body = json.dumps({"ok": True, "error": 0, "result": LONG, "data": LONG}).encode()
    response = web.StreamResponse()
    await response.prepare(request)
    size = len(body) // PIECES + 1
    for start in range(0, len(body), size):
        await response.write(body[start : start + size])
        await asyncio.sleep(0.01)
    return response


async def _endless(_request: web.Request) -> web.Response:
    return web.Response(body=b'{"error": 0, "ok": true, "data": "' + b"x" * ANSWER_MAX_BYTES + b'"}')


async def _trouble(_request: web.Request) -> web.Response:
    return web.Response(status=502, text="<html>Bad gateway</html>")


@pytest.fixture
async def url() -> AsyncIterator[str]:
    app = web.Application()
    for path, handler in (("pieces", _in_pieces), ("endless", _endless), ("trouble", _trouble)):
        app.router.add_route("*", f"/{path}", handler)
        app.router.add_route("*", f"/bot1:a/{path}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


async def test_an_answer_in_pieces_is_read_to_its_end(url: str) -> None:
    account, bot = ZaloClient(), ZaloBotApi(token="1:a", url=url)
    assert (await account.get(f"{url}/pieces", token="t")).data == LONG
    assert (await bot.call("pieces")).result == LONG
    await account.close()
    await bot.close()


async def test_what_is_larger_than_any_answer_leaves_the_call_in_doubt(url: str) -> None:
    account, bot = ZaloClient(), ZaloBotApi(token="1:a", url=url)
    with pytest.raises(MaybeSent):
        await account.get(f"{url}/endless", token="t")
    with pytest.raises(MaybeSent):
        await bot.call("endless")
    await account.close()
    await bot.close()


async def test_a_gateways_page_is_trouble_of_zalos_own_on_both(url: str) -> None:
    account, bot = ZaloClient(), ZaloBotApi(token="1:a", url=url)
    with pytest.raises(ServerTrouble):
        await account.get(f"{url}/trouble", token="t")
    with pytest.raises(ServerTrouble):
        await bot.call("trouble")
    await account.close()
    await bot.close()


async def test_nobody_listening_is_surely_not_sent(unused_tcp_port: int) -> None:
    line = ZaloLine()
    with pytest.raises(NotSent):
        await line.ask("POST", f"http://127.0.0.1:{unused_tcp_port}/", seconds=5, json={})
    await line.close()

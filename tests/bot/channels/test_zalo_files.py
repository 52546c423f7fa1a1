"""Files on Zalo's servers: only from where they may lie, never from one's own network, never too large."""

import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult
from aiohttp.test_utils import TestServer

from bot.channels.zalo_files import NotAllowed, TooLarge, ZaloFiles
from bot.fetching import FetchLater


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async def answer(request: web.Request) -> web.Response:
        what = request.match_info["what"]
        if what == "away":
            raise web.HTTPFound("https://10.0.0.1/secret")
        if what == "home":
            raise web.HTTPFound("/good")
        if what.isdigit():
            return web.Response(status=int(what))
        return web.Response(body=b"x" * (3000 if what == "large" else 10))

    app = web.Application()
    app.add_routes([web.get("/{what}", answer)])
    async with TestServer(app) as opened:
        yield opened


def origin(server: TestServer) -> str:
    return f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://photo-stal-1.zdn.vn/a.jpg", True),
        ("https://zdn.vn/a.jpg", True),
        ("https://ZDN.vn:443/a.jpg", True),
        ("http://photo-stal-1.zdn.vn/a.jpg", False),
        ("https://photo.zdn.vn.evil.example/a.jpg", False),
        ("https://evilzdn.vn/a.jpg", False),
        ("https://zdn.vn@evil.example/a.jpg", False),
        ("https://user@zdn.vn/a.jpg", False),
        ("https://zdn.vn:8443/a.jpg", False),
        ("https://127.0.0.1/a.jpg", False),
        ("https://[::1]/a.jpg", False),
        ("file:///etc/passwd", False),
        ("https://zdn.vn:port/", False),
        ("", False),
    ],
)
def test_a_file_comes_from_an_allowed_domain_by_https(url: str, allowed: bool) -> None:
    assert ZaloFiles("zdn.vn, zadn.vn", bytes_max=1).is_allowed(url) is allowed


async def test_an_origin_named_whole_is_trusted_as_it_is(server: TestServer) -> None:
    files = ZaloFiles(origin(server), bytes_max=1000)
    assert await files.download(f"{origin(server)}/good") == b"x" * 10
    assert await files.download(f"{origin(server)}/home") == b"x" * 10
    await files.close()


@pytest.mark.parametrize(("path", "error"), [("large", TooLarge), ("away", NotAllowed), ("404", NotAllowed)])
async def test_what_is_not_taken_is_told_apart(server: TestServer, path: str, error: type[Exception]) -> None:
    files = ZaloFiles(origin(server), bytes_max=1000)
    with pytest.raises(error):
        await files.download(f"{origin(server)}/{path}")
    await files.close()


async def test_trouble_is_tried_again(server: TestServer) -> None:
    files = ZaloFiles(origin(server), bytes_max=1000)
    with pytest.raises(FetchLater):
        await files.download(f"{origin(server)}/503")
    await files.close()


async def test_an_allowed_name_that_leads_into_a_private_network_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def private(*_anything: object, **_more: object) -> list[ResolveResult]:
        return [ResolveResult(hostname="zdn.vn", host="127.0.0.1", port=443, family=socket.AF_INET, proto=0, flags=0)]

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", private)
    files = ZaloFiles("zdn.vn", bytes_max=1000)
    with pytest.raises(FetchLater, match="ClientConnector"):
        await files.download("https://photo.zdn.vn/a.jpg")
    await files.close()

"""The stand-in for a Zalo Official Account, asked by a client that shares nothing with ours.

The one Python client there is, `zalo-sdk` 0.3.0, is no dependency here: its wheel brings a top-level package `test`,
which hides Python's own, needs `requests` without saying so, and refreshes tokens at Zalo's address only. What it sends
(by its source: the paths, headers and bodies below) is sent here by the standard library, one connection a call.
"""

import asyncio
import http.client
import json
import urllib.parse
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import DAY

USER = "8309000000000000001"
PDF = b"%PDF-1.4 x"
JPEG = b"\xff\xd8\xff\xe0 x"


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        opened.people.write(USER, "xin chào")
        yield opened


class RawClient:
    """Says what an independent client says; its answers are (HTTP status, headers, JSON)."""

    def __init__(self, zalo: ZaloOaServer) -> None:
        self._place = zalo.url.removeprefix("http://")
        self.world = zalo.world
        self.access, self.refresh = "", zalo.world.new_pair().refresh

    async def ask(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, http.client.HTTPMessage, Any]:
        def asked() -> tuple[int, http.client.HTTPMessage, Any]:
            line = http.client.HTTPConnection(self._place, timeout=10)
            line.request("POST", path, body=body, headers=headers)
            answer = line.getresponse()
            found = answer.status, answer.msg, json.loads(answer.read())
            line.close()
            return found

        return await asyncio.to_thread(asked)

    async def renew(self, refresh: str) -> Any:
        fields = {"refresh_token": refresh, "app_id": self.world.app_id, "grant_type": "refresh_token"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": self.world.app_secret}
        return (await self.ask("/v4/oa/access_token", urllib.parse.urlencode(fields).encode(), headers))[2]

    async def say(self, message: dict[str, Any]) -> Any:
        body = json.dumps({"recipient": {"user_id": USER}, "message": message}).encode()
        headers = {"Content-Type": "application/json", "access_token": self.access}
        status, given, answer = await self.ask("/v3.0/oa/message/cs", body, headers)
        assert status == 200 and given.get_all("Server") == ["ZServer", "ZServer"]
        return answer

    async def upload(self, what: str, data: bytes) -> Any:
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: a/b\r\n\r\n'
        headers = {"Content-Type": "multipart/form-data; boundary=x", "access_token": self.access}
        return (await self.ask(f"/v2.0/oa/upload/{what}", part + data + b"\r\n--x--\r\n", headers))[2]


async def test_an_independent_client_gets_along_with_it(zalo: ZaloOaServer) -> None:
    client = RawClient(zalo)
    first = client.refresh
    pair = await client.renew(first)
    assert pair["expires_in"] == "90000"
    assert (await client.renew(first))["error"] == -14020
    assert (await client.say({"text": "chào"}))["error"] == -216  # the old pair is dead, and there is no new one yet
    client.access = pair["access_token"]
    said = await client.say({"text": "chào"})
    assert said["error"] == 0 and said["data"]["user_id"] == USER
    assert (await client.say({"text": "x", "quote_message_id": said["data"]["message_id"]}))["error"] == 0
    assert (await client.say({"text": "x" * 2001}))["error"] == -210
    image = (await client.upload("image", JPEG))["data"]["attachment_id"]
    elements = [{"media_type": "image", "attachment_id": image}]
    shown = {"type": "template", "payload": {"template_type": "media", "elements": elements}}
    assert (await client.say({"text": "ảnh", "attachment": shown}))["error"] == 0
    token = (await client.upload("file", PDF))["data"]["token"]
    assert (await client.say({"attachment": {"type": "file", "payload": {"token": token}}}))["error"] == 0
    assert (await client.upload("file", b"MZ"))["error"] == -201
    zalo.world.offset += 8 * DAY
    client.access = (await client.renew(pair["refresh_token"]))["access_token"]
    assert (await client.say({"text": "muộn rồi"}))["error"] == -230
    assert len(zalo.world.sent(USER)) == 4

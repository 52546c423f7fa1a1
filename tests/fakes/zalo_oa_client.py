"""What an independent client of a Zalo Official Account says and hears, by the standard library alone.

The one Python client there is, `zalo-sdk` 0.3.0, is no dependency here: its wheel brings a top-level package `test`,
which hides Python's own, needs `requests` without saying so, and refreshes tokens at Zalo's address only. What it sends
(by its source: the paths, headers and bodies below) is sent here, one connection a call; so is what npm
`zalo-agent-cli` asks of the history and of groups. Nothing of ours and nothing of the stand-in's is used.
"""

import asyncio
import hashlib
import http.client
import json
import re
import urllib.parse
from dataclasses import dataclass
from typing import Any

Answered = tuple[int, http.client.HTTPMessage, Any]
_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*"?(\d+)"?')


class RawClient:
    """Says what an independent client says to the account at `url`."""

    def __init__(self, url: str, *, app_id: str, app_secret: str) -> None:
        self._place = url.removeprefix("http://")
        self._app_id, self._app_secret = app_id, app_secret
        self.access = ""

    async def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answered:
        def asked() -> Answered:
            line = http.client.HTTPConnection(self._place, timeout=10)
            line.request(method, path, body=body, headers=headers)
            answer = line.getresponse()
            found = answer.status, answer.msg, json.loads(answer.read())
            line.close()
            return found

        return await asyncio.to_thread(asked)

    async def renew(self, refresh: str) -> Any:
        fields = {"refresh_token": refresh, "app_id": self._app_id, "grant_type": "refresh_token"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": self._app_secret}
        return (await self.ask("POST", "/v4/oa/access_token", urllib.parse.urlencode(fields).encode(), headers))[2]

    async def say(self, user: str, message: dict[str, Any]) -> Any:
        return await self._said("/v3.0/oa/message/cs", {"user_id": user}, message)

    async def say_in_group(self, group: str, message: dict[str, Any]) -> Any:
        return await self._said("/v3.0/oa/group/message", {"group_id": group}, message)

    async def _said(self, path: str, recipient: dict[str, str], message: dict[str, Any]) -> Any:
        body = json.dumps({"recipient": recipient, "message": message}).encode()
        headers = {"Content-Type": "application/json", "access_token": self.access}
        status, given, answer = await self.ask("POST", path, body, headers)
        assert status == 200 and given.get_all("Server") == ["ZServer", "ZServer"]
        return answer

    async def read(self, path: str, data: dict[str, Any]) -> Any:
        """What a history holds: its parameters are JSON in the one parameter `data`."""
        query = urllib.parse.urlencode({"data": json.dumps(data)})
        return (await self.ask("GET", f"{path}?{query}", None, {"access_token": self.access}))[2]

    async def groups(self) -> Any:
        path = "/v3.0/oa/group/getgroupsofoa?offset=0&count=50"
        return (await self.ask("GET", path, None, {"access_token": self.access}))[2]

    async def upload(self, what: str, data: bytes) -> Any:
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: a/b\r\n\r\n'
        headers = {"Content-Type": "multipart/form-data; boundary=x", "access_token": self.access}
        return (await self.ask("POST", f"/v2.0/oa/upload/{what}", part + data + b"\r\n--x--\r\n", headers))[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the webhook, as it came over the line."""

    headers: dict[str, str]
    body: bytes

    def is_signed(self, app_id: str, oa_secret: str) -> bool:
        """Whether its signature is what Zalo's pages say, computed over the bytes that came."""
        stamp = _TIMESTAMP.search(self.body)
        assert stamp
        mac = hashlib.sha256(app_id.encode() + self.body + stamp[1] + oa_secret.encode()).hexdigest()
        return self.headers.get("x-zevent-signature", "").removeprefix("mac=") == mac


class RawWebhook:
    """An address that takes calls by reading the line itself, and answers 200."""

    def __init__(self) -> None:
        self.calls: asyncio.Queue[Call] = asyncio.Queue()
        self.url = ""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "RawWebhook":
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        pairs = [line.split(": ", 1) for line in head.split("\r\n")[1:] if line]
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        self.calls.put_nowait(Call(headers=headers, body=body))

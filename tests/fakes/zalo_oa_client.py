"""A Zalo Official Account as those see it who share nothing with us: PyPI `zalo-sdk`, and a webhook that reads bytes.

The package brings a top-level `test`, its own tests. The standard library comes before what is installed, so its own
`test` stays in sight; where a slim system has none, nothing that runs here asks for it.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import zalo_sdk.oa
import zalo_sdk.zns
from requests.adapters import HTTPAdapter

ZALO = frozenset({"openapi.zalo.me", "business.openapi.zalo.me", "oauth.zaloapp.com"})
ANSWER_SECONDS = 10
_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*"?(\d+)"?')


def carried_to(url: str) -> type[HTTPAdapter]:
    """What the requests of a process go through so that Zalo's own addresses lead to `url`, and others nowhere.

    The client refreshes tokens at the one address written in it, by a connection that it makes anew for every call.
    """

    class Elsewhere(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *_more: Any, **_how: Any) -> requests.Response:
            asked = urlsplit(str(request.url))
            if asked.scheme != "https" or asked.hostname not in ZALO:
                raise requests.ConnectionError(f"nobody is at {asked.hostname}")
            request.url = url + asked._replace(scheme="", netloc="").geturl()
            return super().send(request, timeout=ANSWER_SECONDS)

    return Elsewhere


class Sdk(zalo_sdk.oa.Client):
    """The client as it is, and by its own means the calls of ours for which it has no method."""

    def say_in_group(self, group_id: str, body: zalo_sdk.oa.ZaloMessageBody) -> Any:
        sent = {"recipient": {"group_id": group_id}, "message": body.toDict()}
        return self._called("POST", "/v3.0/oa/group/message", body=sent)

    def groups(self) -> Any:
        return self._called("GET", "/v3.0/oa/group/getgroupsofoa", params={"offset": 0, "count": 50})

    def history(self, path: str, **data: Any) -> Any:
        """What a history holds: the client puts what is asked for as JSON into the parameter `data`."""
        return self._called("GET", path, body=data)["data"]

    def send_template(self, user_id: str, template_id: str, data: dict[str, str]) -> Any:
        sent = {"user_id": user_id, "template_id": template_id, "template_data": data}
        return self._called("POST", "/v3.0/oa/message/template", body=sent)

    def _called(self, method: str, path: str, **sent: Any) -> Any:
        headers = self.create_request_header(method)
        return self._validate_zalo_response(
            self.send_request(method, f"{self.endpoint_prefix}{path}", headers=headers, **sent)
        )


async def ask(call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """What a call of the client gives; it waits, so it does so in a thread."""
    return await asyncio.to_thread(call, *given, **named)


async def refused(call: Callable[..., Any], *given: Any, **named: Any) -> int:
    """The number of the refusal that the client raises; 0 if it is content."""
    try:
        await ask(call, *given, **named)
    except zalo_sdk.ZaloException as error:
        return int(error._code)
    return 0


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

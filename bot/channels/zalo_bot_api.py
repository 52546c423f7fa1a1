"""Zalo's Bot API over aiohttp: one call, its answer, and every break of the line told as what it means for us."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 25.0
# Zalo fetches a file from us before it answers.
FETCH_SECONDS = 150.0
CONNECTIONS_MAX = 20
ANSWER_MAX_BYTES = 1024 * 1024
SERVER_TROUBLE = 500


class NotSent(Exception):
    """No connection came about: Zalo has seen nothing of this call."""


class MaybeSent(Exception):
    """The line broke, or nothing readable came back, after the call had left: it may have taken effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Zalo said. `code` is its own number, which may be an error although HTTP says 200; 0 when all is well."""

    code: int
    said: str = ""
    result: Any = None

    @property
    def ok(self) -> bool:
        """Whether the call did what it was for."""
        return self.code == 0


class ZaloBotApi:
    """Calls for one bot. The address holds the token, so that no error's words may quote it."""

    def __init__(self, *, token: str, url: str, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._base = f"{url}/bot{token}"
        self._answer_seconds = answer_seconds
        self._client: aiohttp.ClientSession | None = None

    def pool(self) -> aiohttp.ClientSession:
        """The pool of connections, opened when first needed."""
        if self._client is None or self._client.closed:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS_MAX, keepalive_timeout=15)
            self._client = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._client

    async def close(self) -> None:
        """Close the pool."""
        if self._client is not None:
            await self._client.close()

    async def call(self, method: str, params: Mapping[str, Any] | None = None, *, seconds: float = 0.0) -> Answer:
        """One call (`sendMessage`, …), for `seconds` at most. Raises NotSent or MaybeSent."""
        timeout = aiohttp.ClientTimeout(total=seconds or self._answer_seconds, sock_connect=CONNECT_SECONDS)
        url = f"{self._base}/{method}"
        try:
            async with self.pool().post(url, json=params or {}, timeout=timeout, allow_redirects=False) as response:
                return _answer(response.status, await _whole(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MaybeSent(type(error).__name__) from None


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """The body; one that is larger than any answer counts as unreadable."""
    received = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        received += chunk
        if len(received) > ANSWER_MAX_BYTES:
            return b""
    return bytes(received)


def _answer(status: int, body: bytes) -> Answer:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or "ok" not in said:
        if status >= SERVER_TROUBLE or status < 300:
            raise MaybeSent(f"status {status}, unreadable")
        return Answer(code=status)
    if said["ok"] is True and status < 300:
        return Answer(code=0, result=said.get("result"))
    return Answer(code=_code(said, status), said=str(said.get("description") or "")[:200])


def _code(said: Mapping[str, Any], status: int) -> int:
    """Zalo's number of what went wrong, in either spelling; HTTP's when it gives none."""
    for name in ("error_code", "errorCode"):
        try:
            code = int(said[name])
        except (KeyError, TypeError, ValueError):
            continue
        if code:
            return code
    return status if status >= 300 else -1

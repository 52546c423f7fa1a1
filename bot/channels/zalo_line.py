"""The line to Zalo's servers: one pool of connections, and every break of it told as what it means for a call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

CONNECT_SECONDS = 10.0
CONNECTIONS_MAX = 20
KEPT_SECONDS = 15
# Of an answer; a larger one is none of Zalo's.
ANSWER_MAX_BYTES = 1024 * 1024
CHUNK_BYTES = 64 * 1024
SERVER_TROUBLE = 500


class NotSent(Exception):
    """No connection came about: Zalo has seen nothing of this call."""


class MaybeSent(Exception):
    """The line broke, or nothing readable came back, after the call had left: it may have taken effect."""


class ServerTrouble(MaybeSent):
    """Zalo says that it has trouble of its own (5xx): most likely without effect, but nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back over the line: HTTP's status, the whole body, the headers."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class ZaloLine:
    """One pool of connections. What goes wrong is named by its kind alone: addresses and headers hold tokens."""

    def __init__(self) -> None:
        self._client: aiohttp.ClientSession | None = None

    def _pool(self) -> aiohttp.ClientSession:
        if self._client is None or self._client.closed:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS_MAX, keepalive_timeout=KEPT_SECONDS)
            self._client = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._client

    async def close(self) -> None:
        """Close the pool."""
        if self._client is not None:
            await self._client.close()

    async def ask(self, method: str, url: str, *, seconds: float, **more: Any) -> Heard:
        """One call, for `seconds` at most; `more` as aiohttp takes it. Raises NotSent or MaybeSent."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self._pool().request(method, url, timeout=timeout, allow_redirects=False, **more) as response:
                return Heard(status=response.status, body=await _whole(response), headers=response.headers)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MaybeSent(type(error).__name__) from None


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """The body to its end; empty, which no answer is, when it is larger than any answer."""
    received = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        received += chunk
        if len(received) > ANSWER_MAX_BYTES:
            return b""
    return bytes(received)

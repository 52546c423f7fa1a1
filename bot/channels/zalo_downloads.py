"""Fetching what people send from Zalo's own file servers, and from nowhere else.

An event names an address, and an event may be forged: only https to hosts that the settings allow, no redirect, and no
address inside our own network whatever a name resolves to.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

CONNECT_SECONDS = 10.0
DOWNLOAD_SECONDS = 40.0
CHUNK_BYTES = 64 * 1024


class NotAllowed(Exception):
    """The address is none we fetch from."""


class TooLarge(Exception):
    """The file has more bytes than are taken."""


class NotFetched(Exception):
    """The server did not hand it over now; `gone` if it says that it never will."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


class PublicResolver(AbstractResolver):
    """Resolves names, and forgets every address that is not the world's."""

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of a name. Raises OSError when it has none."""
        found = [one for one in await self._inner.resolve(host, port, family) if is_public(one["host"])]
        if not found:
            raise OSError(f"{host} has no public address")
        return found

    async def close(self) -> None:
        """Nothing is held open."""
        await self._inner.close()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the world's and none of our own network's."""
    return ipaddress.ip_address(address).is_global


class Downloads:
    """Fetches files from `hosts` (blank-separated domains, with everything below them).

    An entry with a scheme ("http://127.0.0.1:8999") allows just that server, private or not: for a stand-in.
    """

    def __init__(self, hosts: str) -> None:
        entries = hosts.lower().split()
        self._domains = tuple(one for one in entries if "://" not in one)
        self._servers = frozenset(one.rstrip("/") for one in entries if "://" in one)
        self._public: aiohttp.ClientSession | None = None
        self._own: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        for client in (self._public, self._own):
            if client is not None:
                await client.close()

    async def fetch(self, url: str, *, bytes_max: int) -> bytes:
        """A file's bytes. Raises NotAllowed, TooLarge or NotFetched."""
        client = self._client_for(url)
        timeout = aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS, sock_connect=CONNECT_SECONDS)
        try:
            async with client.get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status != 200:  # HTTP's "here it is"
                    raise NotFetched(f"status {response.status}", gone=400 <= response.status < 500)
                return await _capped(response, bytes_max)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotFetched(type(error).__name__) from None

    def _client_for(self, url: str) -> aiohttp.ClientSession:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise NotAllowed from None
        if parts.scheme + "://" + parts.netloc.lower() in self._servers:
            self._own = self._own or aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
            return self._own
        named = any(host == one or host.endswith(f".{one}") for one in self._domains)
        if parts.scheme != "https" or not named or port not in (None, 443) or parts.username or parts.password:
            raise NotAllowed
        if self._public is None:
            connector = aiohttp.TCPConnector(resolver=PublicResolver(), limit=10)
            self._public = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._public


async def _capped(response: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    if response.content_length is not None and response.content_length > bytes_max:
        raise TooLarge
    received = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        received += chunk
        if len(received) > bytes_max:
            raise TooLarge
    return bytes(received)

"""Files on Zalo's servers: fetched from allowed domains only, never from a private address, never too large."""

import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.fetching import FetchLater

DOWNLOAD_SECONDS = 25.0
REDIRECTS_MAX = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({400, 403, 404, 410})


class NotAllowed(Exception):
    """The address is none we fetch from."""


class TooLarge(Exception):
    """The file has more bytes than are taken."""


class _PublicAddresses(AbstractResolver):
    """Gives public addresses only, whatever a name server says: no file lies in somebody's own network."""

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of a host. OSError if it has none."""
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if ipaddress.ip_address(one["host"]).is_global]
        if not public:
            raise OSError(None, "not a public address")
        return public

    async def close(self) -> None:
        """Nothing to close."""


class ZaloFiles:
    """Downloads. `hosts` are domains (`zdn.vn` and what is below it, by https), or whole origins that are trusted as
    they are (`http://127.0.0.1:8181`)."""

    def __init__(self, hosts: str, *, bytes_max: int) -> None:
        named = hosts.replace(",", " ").lower().split()
        self._origins = frozenset(one.rstrip("/") for one in named if "://" in one)
        self._domains = tuple(one.strip(".") for one in named if "://" not in one)
        self._bytes_max = bytes_max
        self._public: aiohttp.ClientSession | None = None
        self._trusted: aiohttp.ClientSession | None = None

    async def download(self, url: str) -> bytes:
        """A file's bytes. Raises NotAllowed, TooLarge, or FetchLater."""
        for _ in range(REDIRECTS_MAX):
            found = await self._one(url)
            if isinstance(found, bytes):
                return found
            url = found
        raise NotAllowed("too many redirects")

    async def close(self) -> None:
        """Close all connections."""
        for pool in (self._public, self._trusted):
            if pool is not None:
                await pool.close()

    def is_allowed(self, url: str) -> bool:
        """Whether a file may be fetched from there."""
        return self._is_trusted(url) or self._is_public(url)

    def _is_trusted(self, url: str) -> bool:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}".lower() in self._origins

    def _is_public(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return False
        ours = any(host == domain or host.endswith(f".{domain}") for domain in self._domains)
        return parts.scheme == "https" and port in (None, 443) and not parts.username and ours

    def _pool(self, url: str) -> aiohttp.ClientSession:
        if self._is_trusted(url):
            self._trusted = self._trusted or _session(None)
            return self._trusted
        if not self._is_public(url):
            raise NotAllowed("not an allowed address")
        self._public = self._public or _session(_PublicAddresses())
        return self._public

    async def _one(self, url: str) -> bytes | str:
        """The bytes, or where they have moved to."""
        try:
            async with self._pool(url).get(url, allow_redirects=False) as response:
                if response.status in _MOVED:
                    return urljoin(url, response.headers.get("Location", ""))
                if response.status in _GONE:
                    raise NotAllowed(f"status {response.status}")
                if response.status != 200:  # HTTP's "here it is"
                    raise FetchLater(f"status {response.status}", counted=True)
                return await self._capped(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise FetchLater(type(error).__name__, counted=True) from None

    async def _capped(self, response: aiohttp.ClientResponse) -> bytes:
        received = bytearray()
        async for chunk in response.content.iter_chunked(64 * 1024):
            received += chunk
            if len(received) > self._bytes_max:
                raise TooLarge
        return bytes(received)


def _session(resolver: AbstractResolver | None) -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS, sock_connect=10.0)
    connector = aiohttp.TCPConnector(limit=8, resolver=resolver)
    return aiohttp.ClientSession(timeout=timeout, connector=connector, cookie_jar=aiohttp.DummyCookieJar())

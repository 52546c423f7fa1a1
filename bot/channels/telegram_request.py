"""Telegram's Bot API over aiohttp: PTB's request interface, every break of the line told as what it means for us."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 25.0
UPLOAD_SECONDS = 40.0
CONNECTIONS_MAX = 40
TOO_MANY_REQUESTS = 429
WAIT_SECONDS_UNSAID = 5.0


class NotSent(NetworkError):
    """No connection came about: Telegram has seen nothing of this request."""


class MaybeSent(NetworkError):
    """The line broke, or no answer came, after the request had left: it may have taken effect."""


class TooFast(TelegramError):
    """429: to be sent again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds:g} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class _Plain:
    """What `RequestData` is to a request class, for parameters that are plain JSON already."""

    parameters: dict[str, Any]
    contains_files: bool = False


class AiohttpRequest(BaseRequest):
    """Sends requests over one pool of connections. What goes wrong is named by its kind: an address holds the token."""

    def __init__(self, *, answer_seconds: float = ANSWER_SECONDS, connections_max: int = CONNECTIONS_MAX) -> None:
        self._answer_seconds = answer_seconds
        self._connections_max = connections_max
        self._client: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._answer_seconds

    async def initialize(self) -> None:
        """Open the pool."""
        await self._open()

    async def _open(self) -> aiohttp.ClientSession:
        if self._client is None or self._client.closed:
            connector = aiohttp.TCPConnector(limit=self._connections_max, keepalive_timeout=30)
            self._client = aiohttp.ClientSession(connector=connector)
        return self._client

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._client is not None:
            await self._client.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request; (status, body). Raises NotSent or MaybeSent when there is no answer, TooFast for 429."""
        uploads = bool(request_data and request_data.contains_files)
        seconds = UPLOAD_SECONDS if uploads else self._answer_seconds
        if isinstance(read_timeout, int | float):
            seconds = max(seconds, float(read_timeout))
        if request_data is not None and request_data.contains_files:
            return await self._answer(method, url, seconds, data=_form(request_data))
        return await self._answer(method, url, seconds, json=request_data.parameters if request_data else None)

    async def call(self, url: str, parameters: dict[str, Any]) -> Any:
        """One call of a method by plain JSON; its result, plain too. Raises TelegramError, as any call of PTB's does.

        What every turn sends goes this way: PTB's making of parameters and reading of the message that comes back cost
        as much as the call itself, and the id is all we keep.
        """
        return await self.post(url, cast("RequestData", _Plain(parameters)))

    async def post_json(self, url: str, params: dict[str, Any], *, seconds: float) -> tuple[int, bytes]:
        """One call with a JSON body, for what is read without PTB's types; (status, body), errors as `do_request`."""
        return await self._answer("POST", url, seconds, json=params)

    async def _answer(self, method: str, url: str, seconds: float, **body: Any) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with (await self._open()).request(method, url, timeout=timeout, **body) as response:
                status, answer = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MaybeSent(type(error).__name__) from None
        if status == TOO_MANY_REQUESTS:
            raise TooFast(_wait_named(answer))
        return status, answer

    async def fetch(self, url: str, *, bytes_max: int, seconds: float) -> bytes:
        """A file's bytes. Raises FileTooLarge, NotSent, or MaybeSent."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with (await self._open()).get(url, timeout=timeout) as response:
                if response.status != 200:  # HTTP's "here it is"
                    raise MaybeSent(f"status {response.status}")
                return await _capped(response, bytes_max)
        except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            raise MaybeSent(type(error).__name__) from None


class FileTooLarge(Exception):
    """The file has more bytes than are taken."""


def _wait_named(body: bytes) -> float:
    try:
        return float(json.loads(body)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return WAIT_SECONDS_UNSAID


async def _capped(response: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    received = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        received += chunk
        if len(received) > bytes_max:
            raise FileTooLarge
    return bytes(received)


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form

"""The webhook: signed, answered within two seconds or late, tried again only when no connection came about."""

import asyncio
import contextlib
import hashlib
import json
import time
from dataclasses import dataclass, field

import aiohttp

from tests.fakes.breaking import HALF, UNHEARD, Breaking, post_half
from tests.fakes.zalo_oa.world import Json, World

RETRY_SECONDS = (30.0, 300.0, 900.0, 1800.0, 3600.0)
DEADLINE_SECONDS = 2.0


@dataclass
class Delivery:
    """One try at one event."""

    event: Json
    status: int | None
    seconds: float
    num_retry: int


@dataclass
class Webhook:
    """The one address of the application; `scale` shortens the waits between tries, not the deadline."""

    world: World
    scale: float = 1.0
    url: str | None = None
    enabled: bool = True
    secret: str | None = None  # what is signed with, if not the right one
    prefix: str = "mac="
    done: list[Delivery] = field(default_factory=list)
    lost: list[Json] = field(default_factory=list)
    breaking: Breaking = field(default_factory=Breaking)
    _running: set["asyncio.Task[None]"] = field(default_factory=set)
    _lines: dict[str, asyncio.Lock] = field(default_factory=dict)
    _client: aiohttp.ClientSession | None = None

    def late(self) -> list[Delivery]:
        """The calls that were not answered in time."""
        return [one for one in self.done if one.seconds > DEADLINE_SECONDS]

    def waiting(self) -> int:
        """How many events are still on their way."""
        return len(self._running)

    def deliver(self, event: Json, *, line: str) -> None:
        """Send an event on its way; the events of one line follow each other while none has to be repeated."""
        if self.url is None or not self.enabled:
            self.lost.append(event)
            return
        self.breaking.past.append((event, line))
        task = asyncio.get_running_loop().create_task(self._carry(event, line))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry(self, event: Json, line: str) -> None:
        async with self._lines.setdefault(line, asyncio.Lock()):
            if await self._post(event, 0):
                return
        for number, seconds in enumerate(RETRY_SECONDS, 1):
            await asyncio.sleep(seconds * self.scale)
            if await self._post(event, number):
                return
        self.enabled = False
        self.lost.append(event)

    def signed(self, event: Json, secret: str | None = None) -> tuple[bytes, dict[str, str]]:
        """A body and its headers."""
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        key = secret or self.secret or self.world.oa_secret
        mac = hashlib.sha256(self.world.app_id.encode() + body + str(event["timestamp"]).encode() + key.encode())
        signature = f"{self.prefix}{mac.hexdigest()}"
        return body, {"X-ZEvent-Signature": signature, "Content-Type": "application/json"}

    async def _post(self, event: Json, number: int) -> bool:
        """One try; whether a connection came about."""
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE_SECONDS * 2))
        body, headers = self.signed(event)
        if number:
            headers["num_retry"] = str(number)
        began = time.monotonic()
        status: int | None = None
        breaks = self.breaking.take()
        try:
            if breaks == HALF:
                await self._broken_off(body, headers)
                self.done.append(Delivery(event, None, 0.0, number))
                return True
            async with self._client.post(str(self.url), data=body, headers=headers) as response:
                status = None if breaks == UNHEARD else response.status
        except aiohttp.ClientConnectorError:
            return False
        except (aiohttp.ClientError, TimeoutError):
            pass  # it broke off, or took too long: nothing is documented that would bring it again
        self.done.append(Delivery(event, status, time.monotonic() - began, number))
        return True

    async def _broken_off(self, body: bytes, headers: dict[str, str]) -> None:
        with contextlib.suppress(OSError):
            await post_half(str(self.url), body, headers)

    async def close(self) -> None:
        """Stop everything."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

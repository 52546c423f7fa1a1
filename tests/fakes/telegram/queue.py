"""A bot's updates on the server: kept until confirmed, fetched by polling or posted to a webhook lane by lane."""

import asyncio
import itertools
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.fakes.breaking import HALF, UNHEARD, Breaking, post_half
from tests.fakes.telegram.errors import conflict

Json = dict[str, Any]

POLL_SECONDS_MAX = 50
RETRY_SECONDS_MAX = (60, 120)
RETRY_AFTER_MAX = 3600
MESSAGE_LIFE_SECONDS = 24 * 3600
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class Pending:
    """One update not yet confirmed."""

    id: int
    update: Json
    lane: str
    expires_at: float


@dataclass
class Webhook:
    """Where updates are posted."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0
    posted: list[tuple[int, int]] = field(default_factory=list)  # (update id, status answered)
    # Of the refusals, those that did not say when to come again.
    abrupt: list[int] = field(default_factory=list)


class Queue:
    """Updates of one bot."""

    def __init__(self, scale: float, *, first_id: int, tap_seconds: float) -> None:
        self._scale = scale
        self._tap_seconds = tap_seconds
        # The ids of all taps: they are delivered beside a chat's messages, in no order with them.
        self.taps: list[int] = []
        self._ids = itertools.count(first_id)
        self.pending: dict[int, Pending] = {}
        self.allowed: frozenset[str] | None = None
        self.webhook: Webhook | None = None
        self.breaking = Breaking()
        self._came = asyncio.Event()
        self._poll: asyncio.Event | None = None
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._slots: asyncio.Semaphore | None = None

    def allow(self, kinds: Iterable[str] | None) -> None:
        """`allowed_updates`: None keeps what it was, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def put(self, kind: str, body: Json, *, lane: str) -> int | None:
        """A new update; its id, or None if the bot does not want this kind."""
        wanted = kind in self.allowed if self.allowed is not None else kind not in NOT_BY_DEFAULT
        if not wanted:
            return None
        number = next(self._ids)
        life = MESSAGE_LIFE_SECONDS * self._scale
        if kind == "callback_query":
            life = self._tap_seconds
            self.taps.append(number)
        update = {"update_id": number, kind: body}
        self.breaking.past.append((update, lane))
        self._add(Pending(number, update, lane, time.time() + life))
        return number

    def repeat(self, update: Json, lane: str) -> None:
        """Deliver an update once more, as after an answer that got lost."""
        self._add(Pending(update["update_id"], update, lane, time.time() + MESSAGE_LIFE_SECONDS))

    def _add(self, one: Pending) -> None:
        self.pending[one.id] = one
        self._came.set()
        self._came = asyncio.Event()
        self._deliver(one.lane)

    def alive(self) -> list[Pending]:
        """What has not expired, in order."""
        now = time.time()
        self.pending = {number: one for number, one in self.pending.items() if one.expires_at > now}
        return [self.pending[number] for number in sorted(self.pending)]

    # --- polling --------------------------------------------------------------------------------------------------

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """`getUpdates`: an offset confirms what is before it; a second poller ends the first with 409."""
        if self.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        if self._poll is not None:
            self._poll.set()
        ended = self._poll = asyncio.Event()
        try:
            self._confirm(offset)
            until = time.monotonic() + min(seconds, POLL_SECONDS_MAX) * self._scale
            while not (found := self.alive()[: min(max(limit, 1), 100)]) and time.monotonic() < until:
                await self._wait(ended, until - time.monotonic())
            if ended.is_set():
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            return [one.update for one in found]
        finally:
            if self._poll is ended:
                self._poll = None

    def _confirm(self, offset: int) -> None:
        ids = sorted(self.pending)
        if offset < 0:
            kept = ids[offset:]
            self.pending = {number: self.pending[number] for number in kept}
        elif offset and ids and offset <= ids[-1] + 1:  # an offset beyond the queue falls back to the oldest update
            self.pending = {number: one for number, one in self.pending.items() if number >= offset}

    async def _wait(self, ended: asyncio.Event, seconds: float) -> None:
        came = self._came
        waits = [asyncio.create_task(came.wait()), asyncio.create_task(ended.wait())]
        await asyncio.wait(waits, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()
        if ended.is_set():
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")

    # --- webhook --------------------------------------------------------------------------------------------------

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Post updates there from now on (None: keep them for polling)."""
        if webhook is not None and self.webhook is not None:
            webhook.posted, webhook.abrupt = self.webhook.posted, self.webhook.abrupt
        self.webhook = webhook
        for task in self._lanes.values():
            task.cancel()
        self._lanes = {}
        if webhook is not None:
            self._slots = asyncio.Semaphore(webhook.max_connections)
            for lane in {one.lane for one in self.pending.values()}:
                self._deliver(lane)

    def close(self) -> None:
        """End all deliveries."""
        for task in self._lanes.values():
            task.cancel()

    def _deliver(self, lane: str) -> None:
        if self.webhook is not None and lane not in self._lanes:
            self._lanes[lane] = asyncio.create_task(self._lane(lane, self.webhook))

    async def _lane(self, lane: str, webhook: Webhook) -> None:
        """Post one lane's updates in order; the next only after the one before got a 2xx or expired."""
        failures = 0
        async with aiohttp.ClientSession() as client:
            while due := [one for one in self.alive() if one.lane == lane]:
                assert self._slots is not None
                async with self._slots:
                    wait = await self._post(client, webhook, due[0], failures)
                failures = 0 if wait is None else failures + 1
                if wait:
                    await asyncio.sleep(wait * self._scale)
            # Before anything is waited for: what comes from now on begins a lane of its own.
            self._lanes.pop(lane, None)

    async def _post(self, client: aiohttp.ClientSession, webhook: Webhook, one: Pending, failures: int) -> float | None:
        """None when it was taken, else how long to wait."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        named = 0.0
        try:
            limit = aiohttp.ClientTimeout(total=max(60 * self._scale, 5))
            breaks = self.breaking.take()
            if breaks == HALF:
                await post_half(webhook.url, json.dumps(one.update).encode(), headers)
                raise ConnectionError
            async with client.post(webhook.url, json=one.update, headers=headers, timeout=limit) as response:
                if breaks == UNHEARD:
                    raise ConnectionError
                webhook.posted.append((one.id, response.status))
                if 200 <= response.status < 300:
                    if self.pending.get(one.id) is one:
                        del self.pending[one.id]
                    return None
                webhook.abrupt += [response.status] * ("Retry-After" not in response.headers)
                named = min(float(response.headers.get("Retry-After", 0)), RETRY_AFTER_MAX)
                webhook.last_error = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError):
            webhook.posted.append((one.id, 0))
            webhook.last_error = "Connection failed"
        webhook.last_error_at = int(time.time())
        longest = random.uniform(*RETRY_SECONDS_MAX)  # noqa: S311  # chance, not secrecy
        return named or (0.0 if failures == 0 else min(2.0**failures, longest))

"""Asking Telegram for updates: a batch is stored and committed, and only then confirmed by asking for what follows.

No offset is kept anywhere: the first question has none, Telegram repeats what was not confirmed, and the inbox knows
what it has. PTB's own poller confirms what is only in memory, and spins on an update it cannot read.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any

from telegram.error import TelegramError

from bot import pulse
from bot.channels.telegram import Telegram
from bot.channels.telegram_intake import Intake
from bot.channels.telegram_request import TooFast
from bot.storable import storable

log = logging.getLogger(__name__)

POLL_SECONDS = 30
UPDATES_MAX = 100
RETRY_SECONDS = 1.0
RETRY_SECONDS_MAX = 30.0
# Somebody else asks with the same token, or has set a webhook: they may be about to stop.
CONFLICT_SECONDS = 5.0
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

OK, CONFLICT = 200, 409


@dataclass(frozen=True, slots=True)
class _Trouble(Exception):
    """Nothing was fetched; ask again after `seconds` (None: our own back-off)."""

    reason: str
    seconds: float | None = None


class Poller:
    """Polls one bot."""

    def __init__(self, telegram: Telegram, intake: Intake, *, poll_seconds: int = POLL_SECONDS) -> None:
        self._telegram = telegram
        self._intake = intake
        self._poll_seconds = poll_seconds
        self._failures = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Ask until `stop` is set (or the task is cancelled: whatever was not committed comes again)."""
        with pulse.asking(self._telegram.on):
            await self._ask_on(stop)

    async def _ask_on(self, stop: asyncio.Event) -> None:
        offset: int | None = None
        while not stop.is_set():
            try:
                offset = await self._fetch(offset)
                self._failures = 0
            except _Trouble as trouble:
                await self._wait(trouble.reason, trouble.seconds)
            except Exception as error:
                # The database did not take them; Telegram keeps them and is asked again.
                await self._wait(f"not stored ({type(error).__name__})", None)

    async def _fetch(self, offset: int | None) -> int | None:
        """Fetch, store, commit; the offset that confirms them."""
        updates = await self._ask(offset)
        if not updates:
            return offset
        await self._intake.store([storable(one) for one in updates])
        return int(updates[-1]["update_id"]) + 1

    async def _ask(self, offset: int | None) -> list[dict[str, Any]]:
        params: dict[str, Any] = {
            "timeout": self._poll_seconds, "limit": UPDATES_MAX, "allowed_updates": list(ALLOWED_UPDATES),
        }  # fmt: skip
        if offset is not None:
            params["offset"] = offset
        url = f"{self._telegram.bot.base_url}/getUpdates"
        try:
            status, body = await self._telegram.request.post_json(url, params, seconds=self._poll_seconds + 10)
        except TooFast as error:
            raise _Trouble("asked too often", error.seconds) from None
        except TelegramError as error:
            raise _Trouble(str(error)) from None
        if status == CONFLICT:
            raise _Trouble("another process asks with the same token, or a webhook is set", CONFLICT_SECONDS)
        if status != OK:
            raise _Trouble(f"status {status}")
        pulse.heard(self._telegram.on)
        updates: list[dict[str, Any]] = json.loads(body)["result"]
        return updates

    async def _wait(self, reason: str, seconds: float | None) -> None:
        self._failures += 1
        pulse.failed(self._telegram.on, reason)
        if seconds is None:
            seconds = min(RETRY_SECONDS * 2 ** (self._failures - 1), RETRY_SECONDS_MAX)
        log.warning("telegram: no updates (%s); asking again in %s s", reason, seconds)
        await asyncio.sleep(seconds)

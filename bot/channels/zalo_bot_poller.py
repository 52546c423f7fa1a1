"""Asking a Zalo Bot's server for events: one a call, and nothing is ever acknowledged.

What a call hands over, the server has forgotten. So it is committed before the next call, however long the database is
away, and at the stop a call under way is let end: one broken off may have swallowed an event.
"""

import asyncio
import logging

from bot import pulse
from bot.channels.zalo_bot_api import ZaloBotApi
from bot.channels.zalo_bot_intake import ZaloBotIntake
from bot.channels.zalo_bot_outcome import QUOTA, TIMEOUT, UNAUTHORISED
from bot.channels.zalo_bot_update import Json, unwrapped
from bot.channels.zalo_line import MaybeSent, NotSent

log = logging.getLogger(__name__)

# How long the server may keep a call waiting: short, since the stop waits for its end.
POLL_SECONDS = 5
SPARE_SECONDS = 15.0
RETRY_SECONDS = 1.0
RETRY_SECONDS_MAX = 30.0
TOKEN_SECONDS = 300.0
QUOTA_SECONDS = 60.0


class ZaloBotPoller:
    """Polls one bot, for calls of `poll_seconds`."""

    def __init__(self, api: ZaloBotApi, intake: ZaloBotIntake, *, poll_seconds: int = POLL_SECONDS) -> None:
        self._api = api
        self._intake = intake
        self._poll_seconds = poll_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Ask until `stop` is set. When this is cancelled, it ends with the call that is under way."""
        failures = 0
        while not stop.is_set():
            asking = asyncio.Task(self._ask())
            try:
                wait = await asyncio.shield(asking)
            except asyncio.CancelledError:
                await asyncio.wait({asking})
                raise
            failures = 0 if wait is None else failures + 1
            if wait is None:
                pulse.heard(self._intake.on)
            else:
                pulse.failed(self._intake.on, "no events")
                seconds = wait or min(RETRY_SECONDS * 2 ** (failures - 1), RETRY_SECONDS_MAX)
                await _pause(stop, seconds)

    async def _ask(self) -> float | None:
        """One call, and what it brought stored. None when all is well, else seconds to wait (0: our own back-off)."""
        try:
            seconds = self._poll_seconds + SPARE_SECONDS
            answer = await self._api.call("getUpdates", {"timeout": str(self._poll_seconds)}, seconds=seconds)
        except (NotSent, MaybeSent) as error:
            log.warning("zalo bot: no events (%s)", error)
            return 0.0
        if answer.ok:
            await self._store(answer.result)
            return None
        if answer.code == TIMEOUT:
            return None  # nobody has written
        log.warning("zalo bot: no events (Zalo says %s)", answer.code)
        return {UNAUTHORISED: TOKEN_SECONDS, QUOTA: QUOTA_SECONDS}.get(answer.code, 0.0)

    async def _store(self, result: object) -> None:
        """Keep what was handed over: one event as documented, a list in case that changes."""
        for one in result if isinstance(result, list) else [result]:
            raw = unwrapped(one)
            if raw is None:
                if one:
                    log.error("zalo bot: something came that is no event")
                continue
            await self._store_for_sure(raw)

    async def _store_for_sure(self, raw: Json) -> None:
        failures = 0
        while True:
            try:
                await self._intake.store(raw)
                return
            except Exception as error:
                # Nobody but us has it now: it is tried until the database takes it, or the process is ended by force.
                log.error("zalo bot: an event could not be stored yet (%s)", type(error).__name__)
                await asyncio.sleep(min(RETRY_SECONDS * 2**failures, RETRY_SECONDS_MAX))
                failures += 1


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but no longer than until the stop."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return

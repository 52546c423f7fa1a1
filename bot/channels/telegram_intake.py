"""Updates of one bot into the inbox: committed before anybody is told they arrived, many in one commit under load."""

import asyncio
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.telegram import Telegram
from bot.channels.telegram_update import NAME, album, lane, needs_fetching
from bot.clock import Clock
from bot.storable import storable
from storage.arrivals import Arrival, put_all
from storage.database import Database

log = logging.getLogger(__name__)

_SUSPECT = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)
# From its socket to the intake a request needs so many steps of the loop.
GATHERING_STEPS = 3
# Taps that wait for their little clock to be taken away; more than these are not worth it.
TAPS_MAX = 500
# A tap is answered once: this long the turn has to answer it in words (telegram_aside), then it is answered with none.
TAP_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class _Waiting:
    updates: Sequence[dict[str, Any]]
    stored: "asyncio.Future[None]"


class Intake:
    """Stores updates. Whoever comes while a commit is under way waits for the next one, together with the others."""

    def __init__(self, telegram: Telegram, database: Database, clock: Clock) -> None:
        self._telegram = telegram
        self._database = database
        self._clock = clock
        self._waiting: list[_Waiting] = []
        # Runs while anybody waits.
        self._committing: asyncio.Task[None] | None = None
        # Taps (callback queries) to answer: when, by the loop's clock, and their ids.
        self.taps: asyncio.Queue[tuple[float, str]] = asyncio.Queue(TAPS_MAX)

    async def store(self, updates: Sequence[dict[str, Any]]) -> None:
        """Store updates for good. Raises what the database raises, and then none of these is stored."""
        mine = _Waiting(updates=updates, stored=asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit_waiting())  # noqa: TID251  # waited for right below
        await mine.stored
        for update in updates:
            self._note_tap(update)

    async def _commit_waiting(self) -> None:
        # One for all, and not by turns: a lock handed from one to the next costs each of them a step of the loop.
        while self._waiting:
            await _gather()
            batch, self._waiting = self._waiting, []
            await self._commit(batch)

    async def _commit(self, batch: list[_Waiting]) -> None:
        try:
            async with self._database.transaction() as tx:
                now = self._clock.now()
                await put_all(tx, [self._arrival(update, now) for one in batch for update in one.updates])
        except Exception as error:
            await self._commit_apart(batch, error)
        except BaseException:
            for one in batch:
                one.stored.cancel()
            raise
        for one in batch:
            if not one.stored.done():
                one.stored.set_result(None)

    async def _commit_apart(self, batch: list[_Waiting], error: Exception) -> None:
        """One that cannot be stored must not take the others down with it."""
        if len(batch) > 1:
            for one in batch:
                await self._commit([one])
        elif not batch[0].stored.done():  # else nobody waits any more
            batch[0].stored.set_exception(error)

    def _arrival(self, raw: dict[str, Any], now: datetime) -> Arrival:
        """An update of a shape nobody foresaw is stored all the same, in a lane of its own: it must hold up nobody."""
        account, number = self._telegram.account, str(raw["update_id"])
        try:
            return Arrival(
                channel=NAME, account=account, update_id=number, raw=raw, now=now, lane=lane(account, raw),
                album=album(raw), fetch=needs_fetching(raw, self._telegram.me),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            log.warning("telegram: update %s has an unknown shape", number)
            odd = f"{NAME}:{account}:unknown:{number}"
            return Arrival(channel=NAME, account=account, update_id=number, raw=raw, now=now, lane=odd)

    def _note_tap(self, update: dict[str, Any]) -> None:
        query = update.get("callback_query")
        tap = query.get("id") if isinstance(query, dict) else None
        if tap and not self.taps.full():
            self.taps.put_nowait((asyncio.get_running_loop().time() + TAP_SECONDS, str(tap)))


async def _gather() -> None:
    """Let requests that are here already be read, so that they share the commit; alone, this waits for nothing."""
    for _ in range(GATHERING_STEPS):
        await asyncio.sleep(0)


def as_update(body: bytes) -> dict[str, Any] | None:
    """The update in a request's body, fit for every database; None if it is none."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return None
    # Nearly no update has an escape that could stand for such a letter, and bare ones are no JSON.
    cleaned: dict[str, Any] = storable(raw) if _SUSPECT.search(body) else raw
    return cleaned

"""Events of one Zalo Bot into the inbox, committed before anybody is told that they arrived."""

import json
import logging
from typing import Any

from bot.channels.zalo_bot_update import NAME, Json, lane, needs_fetching, unwrapped, update_id
from bot.clock import Clock
from bot.storable import storable
from storage import inbox
from storage.base import Account
from storage.database import Database

log = logging.getLogger(__name__)


class ZaloBotIntake:
    """Stores what arrives for one account; a repeat changes nothing."""

    def __init__(self, account: str, database: Database, clock: Clock) -> None:
        self._account = account
        self.on = Account(NAME, account)
        self._database = database
        self._clock = clock

    async def take(self, body: bytes) -> bool:
        """Store the event in a webhook's body; False if it is none. An empty body is Zalo trying the address."""
        if not body.strip():
            return True
        try:
            raw = unwrapped(json.loads(body))
        except (ValueError, RecursionError):
            return False
        if raw is None:
            return False
        await self.store(raw)
        return True

    async def store(self, raw: Json) -> None:
        """Store one event for good. Raises what the database raises, and then it is not stored."""
        kept: dict[str, Any] = storable(raw)
        async with self._database.transaction() as tx:
            new = await inbox.put(
                tx, channel=NAME, account=self._account, update_id=update_id(kept), raw=kept, now=self._clock.now(),
                lane=lane(self._account, kept), fetch=needs_fetching(kept),
            )  # fmt: skip
        if not new:
            log.info("zalo bot: an event came again")

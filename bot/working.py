"""How a worker spends its time: works while there is work, sleeps until woken, waits for a database that is away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from storage.database import Database

log = logging.getLogger(__name__)

# A wake from another process is not heard on SQLite, so nobody sleeps longer than this.
IDLE_SECONDS = 1.0
AWAY_SECONDS = 2.0


async def work_until(
    stop: asyncio.Event,
    database: Database,
    topic: str,
    work_one: Callable[[], Awaitable[bool]],
    *,
    idle: asyncio.Lock,
) -> None:
    """Call `work_one` until `stop` is set; when it says that there was nothing to do, sleep on `topic`.

    Those who share `idle` sleep one after the other, so that together they look at most once a second. Whoever is
    woken works until nothing is left, and the next in line is woken by the same wake.
    """
    while not stop.is_set():
        sleeper = database.wakes.sleeper(topic)
        try:
            worked = await work_one()
        except Exception:
            log.exception("%s: the database did not take part; trying again", topic)
            worked = False
            await asyncio.sleep(AWAY_SECONDS)
        if not worked:
            async with idle:
                await database.wakes.wait_on(sleeper, IDLE_SECONDS)

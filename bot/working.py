"""How a worker spends its time: works while there is work, sleeps until woken, waits for a database that is away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.seldom import Seldom
from storage.database import Database, Wakes

log = logging.getLogger(__name__)

# A wake from another process may be missed, and on SQLite it is, so nobody sleeps longer than this.
IDLE_SECONDS = 1.0
AWAY_SECONDS = 2.0


@dataclass(slots=True)
class Idle:
    """The line in which the idle among some workers sleep, the last wake that one of them answered, and the next."""

    line: asyncio.Lock = field(default_factory=asyncio.Lock)
    answered: asyncio.Event | None = None
    following: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, stop: asyncio.Event, wakes: Wakes, topic: str, sleeper: asyncio.Event) -> None:
        """Sleep on `topic` until it is this one's turn to look; `sleeper` was taken before it looked last."""
        async with self.line:
            if stop.is_set():
                return
            if sleeper is self.answered:
                # Another one was woken by it, and looks for all: if it finds something, it wakes the next.
                sleeper = self.following
            if await wakes.wait_on(sleeper, IDLE_SECONDS):
                self.answered, self.following = sleeper, wakes.sleeper(topic)


async def work_until(
    stop: asyncio.Event,
    database: Database,
    topic: str,
    work_one: Callable[[], Awaitable[bool]],
    *,
    idle: Idle,
) -> None:
    """Call `work_one` until `stop` is set; when it says that there was nothing to do, sleep on `topic`.

    Those who share `idle` sleep one after the other, so that together they look at most once a second. One wake wakes
    one of them, who works until nothing is left; `work_one` wakes the next in line once it has found something to do.
    """
    while not stop.is_set():
        sleeper = database.wakes.sleeper(topic)
        try:
            worked = await work_one()
        except Exception as error:
            _complain(database, topic, error)
            worked = False
            await asyncio.sleep(AWAY_SECONDS)
        if not worked:
            await idle.sleep(stop, database.wakes, topic, sleeper)


async def unless(ending: asyncio.Event, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Do some work, and break it off as soon as `ending` is set. What the work raises is raised."""
    working, waiting = asyncio.Task(work()), asyncio.Task(ending.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (working, waiting):
            task.cancel()
        await asyncio.wait({working, waiting})
    if not working.cancelled() and (error := working.exception()) is not None:
        raise error


def _complain(database: Database, topic: str, error: Exception) -> None:
    seldom: Seldom = database.cache.setdefault(Seldom, Seldom())
    seldom.error(log, "%s: the database did not take part (%s); trying again", topic, type(error).__name__)
    # Not at ERROR: a database's error may quote rows, and rows are people's.
    log.debug("%s", topic, exc_info=error)

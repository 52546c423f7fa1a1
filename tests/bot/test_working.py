"""Workers that share an idle lock look once a second together, and one wake sets them all to work."""

import asyncio
from time import monotonic

from bot.working import IDLE_SECONDS, work_until
from storage.database import Database

TOPIC = "inbox"


async def test_many_idle_workers_look_no_more_often_than_one(sqlite: Database) -> None:
    looks = 0
    stop, idle = asyncio.Event(), asyncio.Lock()

    async def nothing_to_do() -> bool:
        nonlocal looks
        looks += 1
        return False

    began = monotonic()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(6):
            tasks.create_task(work_until(stop, sqlite, TOPIC, nothing_to_do, idle=idle))
        await asyncio.sleep(2.2 * IDLE_SECONDS)
        stop.set()
        counted, took = looks, monotonic() - began
        sqlite.wakes.set(TOPIC)
    # Each looks once when it begins; after that one look for every second of all of them.
    assert counted <= 6 + took / IDLE_SECONDS + 1


async def test_work_that_comes_is_taken_up_at_once(sqlite: Database) -> None:
    waiting, stop, idle = [0], asyncio.Event(), asyncio.Lock()
    done = asyncio.Event()

    async def work() -> bool:
        if not waiting[0]:
            return False
        waiting[0] -= 1
        if not waiting[0]:
            done.set()
        return True

    async with asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(work_until(stop, sqlite, TOPIC, work, idle=idle))
        await asyncio.sleep(0.05)
        began = monotonic()
        waiting[0] = 50
        sqlite.wakes.set(TOPIC)
        await asyncio.wait_for(done.wait(), 10)
        assert monotonic() - began < IDLE_SECONDS / 2
        stop.set()
        sqlite.wakes.set(TOPIC)


async def test_a_database_that_is_away_is_waited_for(sqlite: Database) -> None:
    stop = asyncio.Event()
    tries = 0

    async def away_once() -> bool:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ConnectionError("away")
        stop.set()
        return True

    await asyncio.wait_for(work_until(stop, sqlite, TOPIC, away_once, idle=asyncio.Lock()), 10)
    assert tries == 2

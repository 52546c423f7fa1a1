"""Workers that share an idle lock look once a second together, and one wake sets them all to work."""

import asyncio
from time import monotonic

from bot.working import IDLE_SECONDS, Idle, work_until
from storage.database import Database

TOPIC = "inbox"


async def test_many_idle_workers_look_no_more_often_than_one(sqlite: Database) -> None:
    looks = 0
    stop, idle = asyncio.Event(), Idle()

    async def nothing_to_do() -> bool:
        nonlocal looks
        looks += 1
        return False

    began = monotonic()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(6):
            tasks.create_task(work_until(stop, sqlite, TOPIC, nothing_to_do, idle=idle))
        while looks < 6 + 2:  # noqa: ASYNC110  # counted, not timed
            await asyncio.sleep(IDLE_SECONDS / 20)
        stop.set()
        counted, took = looks, monotonic() - began
        sqlite.wakes.set(TOPIC)
    # Each looks once when it begins; after that one look for every second of all of them.
    assert counted <= 6 + took / IDLE_SECONDS + 1


async def test_work_that_comes_is_taken_up_at_once(sqlite: Database) -> None:
    waiting, stop, idle = [0], asyncio.Event(), Idle()
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

    await asyncio.wait_for(work_until(stop, sqlite, TOPIC, away_once, idle=Idle()), 10)
    assert tries == 2


async def test_one_wake_sets_as_many_to_work_as_there_is_work_for_and_no_more(sqlite: Database) -> None:
    waiting, looks, at_work = 3, 0, 0
    stop, idle, hold = asyncio.Event(), Idle(), asyncio.Event()

    async def work() -> bool:
        nonlocal waiting, looks, at_work
        looks += 1
        if not waiting:
            return False
        waiting -= 1
        at_work += 1
        sqlite.wakes.set(TOPIC)
        await hold.wait()
        return True

    waiting, ready = 0, waiting
    async with asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(work_until(stop, sqlite, TOPIC, work, idle=idle))
        await asyncio.sleep(0.05)
        waiting, looks = ready, 0
        sqlite.wakes.set(TOPIC)
        await asyncio.sleep(0.05)
        found, looked = at_work, looks
        stop.set()
        hold.set()
        sqlite.wakes.set(TOPIC)
    assert found == 3
    # One more for whom there is nothing left, and one who looked before the last wake but one.
    assert looked <= 5


async def test_all_stop_at_once(sqlite: Database) -> None:
    stop, idle = asyncio.Event(), Idle()

    async def nothing_to_do() -> bool:
        return False

    async with asyncio.TaskGroup() as tasks:
        for _ in range(6):
            tasks.create_task(work_until(stop, sqlite, TOPIC, nothing_to_do, idle=idle))
        await asyncio.sleep(0.05)
        began = monotonic()
        stop.set()
        sqlite.wakes.set(TOPIC)
    assert monotonic() - began < IDLE_SECONDS / 2

"""Two inbox and two outbox processes on PostgreSQL against one of each: how much sooner the same work is done.

The same updates are stored by one web process and then worked off. The Bot API answers after a while, as over a real
line: sending is waiting, and a process has only so many calls under way. Everything shares this machine's cores,
PostgreSQL included: where all of them are busy with one process of each, a second one cannot help, and the CPU used is
printed to say so.
"""

import argparse
import asyncio
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import psutil

from bench.ground.databases import database
from bench.ground.machine import goal, introduce
from bench.ground.options import parser
from bench.ground.running import Running, running
from bench.ground.settings import environment
from bench.ground.world import FIRST_CHAT, World
from bench.turns import REPORT

GOAL = 1.6
LINE_SECONDS = 0.2
AT_ONCE = 8
CONNECTIONS = 40
# Each asks the Bot API who it is before it takes anything.
STARTED_SECONDS = 2.0


async def drain(count: int, people: int) -> tuple[float, float]:
    """Seconds until everybody has their answer, and the share of the machine's CPU that was busy meanwhile."""
    with database("postgresql") as (url, folder):
        async with World(delay=LINE_SECONDS) as world, AsyncExitStack() as stack:
            variables = environment(folder, url, world.url) | {"SENDS_AT_ONCE": str(AT_ONCE)}

            async def start(duty: str, *more: str) -> Running:
                return await stack.enter_async_context(
                    running(
                        "bench.bots.ours", "--only", duty, *more, folder=_room(folder, duty), environment=variables,
                        own_core=False,
                    )
                )  # fmt: skip

            web = await start("web", "--residents", str(people))
            world.webhook = f"http://127.0.0.1:{web.port}/webhook/telegram/700001"
            await world.until_taken()
            for duty in ("inbox", "outbox") * count:
                await start(duty)
            await asyncio.sleep(STARTED_SECONDS)
            psutil.cpu_percent()
            began = time.perf_counter()
            line = asyncio.Semaphore(CONNECTIONS)
            await asyncio.gather(*(_report(world, line, FIRST_CHAT + number) for number in range(people)))
            while world.calls < people:  # noqa: ASYNC110  # looked at a hundred times a second, whatever happens
                await asyncio.sleep(0.01)
            return time.perf_counter() - began, psutil.cpu_percent() / 100


async def _report(world: World, line: asyncio.Semaphore, chat: int) -> None:
    async with line:
        await world.store(world.update(chat, REPORT[0]))


def _room(folder: Path, duty: str) -> Path:
    room = folder / f"log-{duty}"
    room.mkdir(exist_ok=True)
    return room


def options() -> argparse.ArgumentParser:
    """What it can be asked."""
    return parser(__doc__)


def main() -> int:
    """Measure one and two of each in turn."""
    given = options().parse_args()
    introduce("processes: two inbox and two outbox processes against one of each, PostgreSQL")
    people, runs = (200, 1) if given.quick else (800, 3)
    found: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for number in range(runs):
        for count in (1, 2) if number % 2 == 0 else (2, 1):
            found[count].append(asyncio.run(drain(count, people)))
    for count, ends in found.items():
        seconds, busy = (median(values) for values in zip(*ends, strict=True))
        print(f"   {count} of each: {people / seconds:7.1f} turns/s, {busy * 100:3.0f} % of the machine's CPU busy")
    goal("two of each against one", median(one[0] / two[0] for one, two in zip(*found.values(), strict=True)), GOAL)
    return 0


if __name__ == "__main__":
    sys.exit(main())

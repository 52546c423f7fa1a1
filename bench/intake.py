"""Updates stored durably beside the same server storing nothing: 40 connections, both databases.

The product's own webhook, once as it is (size cap, secret, parsed, committed, then 200) and once with its commit taken
out. SQLite commits with synchronous=FULL, PostgreSQL with fsync. Many updates share a commit; none is acknowledged
before its own.
"""

import argparse
import asyncio
import json
import sys
import time
from contextlib import ExitStack
from statistics import median

from bench.ground.databases import database
from bench.ground.machine import goal, introduce, keep_to, middle
from bench.ground.options import chosen, parser
from bench.ground.running import Running, running
from bench.ground.settings import environment
from bench.ground.world import SECRET, SECRET_HEADER, World

CONNECTIONS = 40
GOAL = 0.6
TEXT = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay, tối om, bà con đi lại rất nguy hiểm"


async def post_all(bot: Running, world: World, updates: int) -> float:
    """Send so many updates, one after the other on each connection; updates acknowledged per second."""
    requests = iter([_request(bot.port, world.update(5000 + number % 400, TEXT)) for number in range(updates)])

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
        for request in requests:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            assert b"Content-Length: 0\r\n" in head, head
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return updates / (time.perf_counter() - began)


def _request(port: int, update: dict[str, object]) -> bytes:
    body = json.dumps(update).encode()
    head = (
        f"POST /webhook/telegram/700001 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"{SECRET_HEADER}: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def one_run(kind: str, *, storing: bool, updates: int) -> tuple[float, float]:
    """Updates a second, and CPU milliseconds each."""
    with ExitStack() as stack:
        url, folder = stack.enter_context(database(kind))
        async with World() as world:
            variables = environment(folder, url, world.url)
            more = () if storing else ("--store-nothing",)
            async with running("bench.bots.ours", "--only", "web", *more, folder=folder, environment=variables) as bot:
                world.webhook = f"http://127.0.0.1:{bot.port}/webhook/telegram/700001"
                await world.until_taken()
                await post_all(bot, world, CONNECTIONS * 5)
                before = bot.used()
                speed = await post_all(bot, world, updates)
                return speed, (bot.used().cpu_seconds - before.cpu_seconds) / updates * 1000


async def measure(kind: str, *, updates: int, runs: int) -> None:
    """Both ways in turn; prints the medians and the ratio."""
    found: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for number in range(runs):
        for storing in (True, False) if number % 2 else (False, True):
            found[storing].append(await one_run(kind, storing=storing, updates=updates))
    for storing, name in ((False, "storing nothing"), (True, "stored and committed")):
        speeds, cpu = zip(*found[storing], strict=True)
        print(f"   {kind:10} {name:22} {middle(speeds)} updates/s  {median(cpu):5.2f} ms CPU each")
    # Run by run: what else the machine did then is the same for both.
    ratios = [stored[0] / bare[0] for stored, bare in zip(found[True], found[False], strict=True)]
    goal(f"intake, {kind}, beside storing nothing", median(ratios), GOAL, unit=" times")


def options() -> argparse.ArgumentParser:
    """What it can be asked."""
    return parser(__doc__, databases=True)


def main() -> int:
    """Measure every database asked for."""
    given = options().parse_args()
    introduce(f"intake: updates stored durably, {CONNECTIONS} connections")
    keep_to(0, bot=False)
    updates, runs = (2000, 1) if given.quick else (8000, 3)
    for kind in chosen(given.only):
        asyncio.run(measure(kind, updates=updates, runs=runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())

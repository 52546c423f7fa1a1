"""From the webhook to the reply leaving at 30 turns a second: how long people wait, both databases.

Residents report as they do (two turns each), one turn every 1/30 s whatever the bot is doing. The time runs from the
first byte of the webhook's request until the request of the reply has reached the Bot API.
"""

import argparse
import asyncio
import sys
from statistics import quantiles

from bench.ground.machine import goal, introduce, keep_to
from bench.ground.options import chosen, parser
from bench.ground.world import FIRST_CHAT, World
from bench.turns import REPORT, REPORTS, started

PER_SECOND = 30.0
GOAL_MS = 100.0
WARM_UP = 20


async def measure(kind: str, seconds: float) -> None:
    """One resident after the other, evenly spaced."""
    people = int(seconds * PER_SECOND / len(REPORT))
    async with World() as world, started(world, REPORTS[kind], "--residents", str(people + WARM_UP)):
        for number in range(WARM_UP):
            for text in REPORT:
                await world.say(FIRST_CHAT + people + number, text)
        world.waits.clear()
        await asyncio.gather(*(_report(world, number) for number in range(people)))
        cuts = quantiles(world.waits, n=100)
        print(
            f"   {kind:10} {len(world.waits)} turns: p50 {cuts[49] * 1000:6.1f} ms  p90 {cuts[89] * 1000:6.1f} ms  "
            f"p99 {cuts[98] * 1000:6.1f} ms  longest {max(world.waits) * 1000:6.1f} ms"
        )
        goal(f"latency, {kind}, p99", cuts[98] * 1000, GOAL_MS, at_most=True, unit=" ms")


async def _report(world: World, number: int) -> None:
    """Two turns, half a second apart, so that every 1/30 s somebody's is due."""
    await asyncio.sleep(number * len(REPORT) / PER_SECOND)
    await world.say(FIRST_CHAT + number, REPORT[0])
    await asyncio.sleep(0.5 + 1 / PER_SECOND)
    await world.say(FIRST_CHAT + number, REPORT[1])


def options() -> argparse.ArgumentParser:
    """What it can be asked."""
    return parser(__doc__, databases=True)


def main() -> int:
    """Measure every database asked for."""
    given = options().parse_args()
    introduce("latency: from the webhook to the reply leaving, 30 turns a second")
    keep_to(0, bot=False)
    for kind in chosen(given.only):
        asyncio.run(measure(kind, 8 if given.quick else 60 if given.full else 25))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What one process holds in memory after many turns: flat, and below 200 MB, on both databases.

`--full` makes a million turns on each, `--turns` any number, `--only` takes one database: a part at a time.
"""

import argparse
import asyncio
import sys
import time

from bench.ground.machine import MEGABYTE, goal, introduce, keep_to
from bench.ground.options import chosen, parser
from bench.ground.world import World
from bench.turns import AT_ONCE, OURS, PEOPLE, started

LOOKS = 20
GOAL_MB = 200
# From the half on; caches are full by then. Noise of the allocator is a megabyte or two.
SLOPE_MB = 5


async def measure(kind: str, turns: int) -> list[float]:
    """Make so many turns; megabytes resident after each part of them."""
    found = []
    contestant = OURS[kind]
    rounds = max(1, turns // (LOOKS * AT_ONCE * len(contestant.texts)))
    part = rounds * AT_ONCE * len(contestant.texts)
    async with World() as world, started(world, contestant) as bot:
        print(f"   {kind:10} {0:9} turns  {bot.used().resident_bytes / MEGABYTE:6.1f} MB", flush=True)
        for look in range(1, LOOKS + 1):
            began = time.perf_counter()
            await world.talk(AT_ONCE, contestant.texts, rounds, people=PEOPLE)
            speed = part / (time.perf_counter() - began)
            # What the world outside remembers would only slow it down.
            world.waits.clear()
            found.append(bot.used().resident_bytes / MEGABYTE)
            print(f"   {kind:10} {look * part:9} turns  {found[-1]:6.1f} MB  ({speed:.0f} turns/s)", flush=True)
    return found


def options() -> argparse.ArgumentParser:
    """What it can be asked."""
    arguments = parser(__doc__, databases=True)
    arguments.add_argument("--turns", type=int, default=0, help="on each database")
    return arguments


def main() -> int:
    """Measure, and say whether it is flat."""
    given = options().parse_args()
    introduce("memory: one process after many turns")
    keep_to(0, bot=False)
    turns = given.turns or (1_000_000 if given.full else 3_000 if given.quick else 20_000)
    for kind in chosen(given.only):
        found = asyncio.run(measure(kind, turns))
        goal(f"{kind}, resident at most", max(found), GOAL_MB, at_most=True, unit=" MB")
        grown = found[-1] - found[LOOKS // 2 - 1]
        goal(f"{kind}, grown in the second half", grown, SLOPE_MB, at_most=True, unit=" MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What one process holds in memory after many turns: flat, and below 200 MiB. `--full` makes a million turns."""

import argparse
import asyncio
import sys
import time

from bench.ground.machine import goal, introduce, keep_to
from bench.ground.world import World
from bench.turns import OURS, PEOPLE, started

LOOKS = 10
GOAL_MIB = 200
# From the half on; caches are full by then. Noise of the allocator is a MiB or two.
SLOPE_MIB = 5


async def measure(turns: int) -> list[float]:
    """Make so many turns; MiB resident after each tenth of them."""
    found = []
    contestant = OURS["sqlite"]
    rounds = max(1, turns // (LOOKS * PEOPLE * len(contestant.texts)))
    async with World() as world, started(world, contestant) as bot:
        for look in range(LOOKS):
            began = time.perf_counter()
            await world.talk(PEOPLE, contestant.texts, rounds)
            world.waits.clear()
            found.append(bot.used().resident_bytes / 2**20)
            made = (look + 1) * rounds * PEOPLE * len(contestant.texts)
            speed = made / (look + 1) / (time.perf_counter() - began)
            print(f"   {made:9} turns  {found[-1]:6.1f} MiB  ({speed:.0f} turns/s)", flush=True)
    return found


def main() -> int:
    """Measure, and say whether it is flat."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("--turns", type=int, default=0)
    given = arguments.parse_args()
    introduce("memory: one process after many turns, SQLite")
    keep_to(0, bot=False)
    found = asyncio.run(measure(given.turns or (1_000_000 if given.full else 3_000 if given.quick else 20_000)))
    goal("resident at the end", found[-1], GOAL_MIB, at_most=True, unit=" MiB")
    goal("grown in the second half", found[-1] - found[LOOKS // 2 - 1], SLOPE_MIB, at_most=True, unit=" MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

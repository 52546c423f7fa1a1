"""Runs the stand-in as a process of its own and prints its address: `python -m tests.fakes.zalo_oa --help`."""

import argparse
import asyncio

from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import World


async def main() -> None:
    """Serve until killed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--scale", type=float, default=1.0)
    arguments.add_argument("--per-minute", type=int, default=100)
    given = arguments.parse_args()
    world = World(per_minute=given.per_minute)
    async with ZaloOaServer(scale=given.scale, port=given.port, world=world) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

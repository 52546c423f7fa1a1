"""Runs the stand-in as a process of its own and prints its address: `python -m tests.fakes.zalo_oa --help`."""

import argparse
import asyncio

from tests.fakes.zalo_oa.server import ZaloOaServer


async def main() -> None:
    """Serve until killed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--scale", type=float, default=1.0)
    given = arguments.parse_args()
    async with ZaloOaServer(scale=given.scale, port=given.port) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

"""Runs the stand-in as a process of its own and prints its address: `python -m tests.fakes.zalo_bot --help`."""

import argparse
import asyncio

from tests.fakes.zalo_bot.server import TOKEN, ZaloBotServer


async def main() -> None:
    """Serve until killed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--scale", type=float, default=1.0)
    arguments.add_argument("--token", default=TOKEN)
    arguments.add_argument("--monthly", type=int, default=3000)
    given = arguments.parse_args()
    async with ZaloBotServer(token=given.token, scale=given.scale, port=given.port, monthly=given.monthly) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

"""Runs the stand-in as a process of its own and prints its address: `python -m tests.fakes.telegram --help`."""

import argparse
import asyncio

from tests.fakes.telegram.server import TelegramServer


async def main() -> None:
    """Serve until killed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--scale", type=float, default=1.0)
    arguments.add_argument("--token", default="700001:TEST-token-abcdefghijklmnopqrstuvwx")
    arguments.add_argument("--username", default="DanBanBot")
    given = arguments.parse_args()
    async with TelegramServer(token=given.token, username=given.username, scale=given.scale, port=given.port) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

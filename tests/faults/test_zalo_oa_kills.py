"""kill -9 and a locked database beside Zalo: no event is lost, none is handled twice, every call answered in time."""

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
from sqlalchemy import select

from storage import inbox, outbox
from storage.database import Database
from tests.fakes.zalo_oa.world import World
from tests.faults.ground import ROOT, START_SECONDS, Danban, Sim, free_port

PATIENCE_SECONDS = 60.0
WRITERS = [f"83090000000000{number:05d}" for number in range(8)]


@asynccontextmanager
async def zalo(scale: float = 0.003) -> AsyncIterator[Sim]:
    """A running stand-in."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.zalo_oa", "--scale", str(scale), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as client:
            yield Sim(url, client)
    finally:
        process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # else its pipe is closed too late, with a warning


async def installed(folder: Path, sim: Sim, url: str, port: int) -> Danban:
    """An installation that has looked at Zalo once."""
    world = World()
    danban = Danban(
        folder, TELEGRAM_TOKEN="", DATABASE_URL=url, HTTP_PORT=str(port), ZALO_OA_APP_ID=world.app_id,
        ZALO_OA_APP_SECRET=world.app_secret, ZALO_OA_SECRET_KEY=world.oa_secret, ZALO_OA_API_URL=sim.url,
        ZALO_OA_REFRESH_TOKEN=await sim.do("pair"), ZALO_OAUTH_URL=sim.url, ZALO_OA_FILE_HOSTS=sim.url,
        PUBLIC_URL=f"http://127.0.0.1:{port}", ZALO_OA_PER_MINUTE="10000",
    )  # fmt: skip
    await sim.do("hook", url=f"http://127.0.0.1:{port}/webhook/zalo-oa/{world.app_id}")
    await danban.start()
    await listening(port)
    async with asyncio.timeout(START_SECONDS):
        while not (await sim.do("state"))["refreshes"]:  # noqa: ASYNC110  # it has no event for it
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # the new pair is on its way into the database
    return danban


async def listening(port: int) -> None:
    """Wait until somebody listens."""
    async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as client:
        while True:
            try:
                async with client.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


async def at_rest(database: Database, sim: Sim, events: int) -> None:
    """Wait until everything that was written has been handled, and everything owed has been sent."""
    found: tuple[Counter[str], int, dict[str, object]] | None = None
    for _ in range(int(PATIENCE_SECONDS / 0.2)):
        async with database.reading() as tx:
            handled = Counter((await tx.execute(select(inbox.inbox.c.state))).scalars())
            owed = await outbox.owed(tx)
        state = await sim.do("state")
        found = handled, owed, state
        if handled["done"] + handled["merged"] == events and not owed and not state["waiting"]:
            return
        await asyncio.sleep(0.2)
    raise AssertionError((events, found))


async def test_nothing_zalo_says_is_lost_by_kills(ready_sqlite_url: str, tmp_path: Path) -> None:
    draw = random.Random(26)  # noqa: S311  # chance, not secrecy
    port = free_port()
    async with zalo() as sim:
        danban = await installed(tmp_path, sim, ready_sqlite_url, port)
        written: list[str] = []
        for _ in range(int(os.environ.get("FAULTS_KILLS", "1"))):
            for _ in range(12):
                written.append(await sim.do("write", user=draw.choice(WRITERS), text=f"ổ gà số {len(written)}"))
                await asyncio.sleep(draw.uniform(0, 0.03))
            await danban.end(signal.SIGKILL)
            # While nobody is there, connections are refused, and Zalo comes again.
            written.append(await sim.do("write", user=draw.choice(WRITERS), text=f"ổ gà số {len(written)}"))
            await danban.start()
            await listening(port)
        database = Database.open(ready_sqlite_url)
        await at_rest(database, sim, len(written))
        async with database.reading() as tx:
            stored = list((await tx.execute(select(inbox.inbox.c.update_id))).scalars())
            states = Counter((await tx.execute(select(outbox.outbox.c.state))).scalars())
        assert sorted(stored) == sorted(written)
        assert states.keys() <= {"sent", "unknown"}, states
        assert await danban.end(signal.SIGTERM) == 0
        await database.close()
        state = await sim.do("state")
        assert not state["late"] and not state["excess"] and state["refreshes"] == 1, state
    log = danban.log.read_text()
    assert "refresh-" not in log and "access-" not in log and "ổ gà" not in log


async def test_a_locked_database_makes_nobody_wait_and_loses_nothing(ready_sqlite_url: str, tmp_path: Path) -> None:
    port = free_port()
    async with zalo() as sim:
        danban = await installed(tmp_path, sim, ready_sqlite_url, port)
        file = ready_sqlite_url.partition(":///")[2]
        with closing(sqlite3.connect(file, isolation_level=None)) as locking:
            locking.execute("BEGIN IMMEDIATE")
            written = [await sim.do("write", user=WRITERS[0], text=f"ổ gà số {number}") for number in range(10)]
            async with asyncio.timeout(20):
                while (await sim.do("state"))["waiting"]:  # noqa: ASYNC110  # it has no event for it
                    await asyncio.sleep(0.05)
            locking.execute("ROLLBACK")
        state = await sim.do("state")
        assert state["statuses"] == [200] * 10 and not state["late"], state
        database = Database.open(ready_sqlite_url)
        await at_rest(database, sim, 10)
        async with database.reading() as tx:
            order = list((await tx.execute(select(inbox.inbox.c.update_id).order_by(inbox.inbox.c.id))).scalars())
        assert order == written
        assert await danban.end(signal.SIGTERM) == 0
        await database.close()

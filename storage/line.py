"""A process's own line to PostgreSQL: processes wake each other, agree who alone does what, notice who has died.

Nothing depends on it for good: a wake that is missed costs a second, a name held by a process whose line broke is free
for the next one, and a lease ends by its time in any case. On SQLite there is one process, and whatever an earlier one
had in hand is free.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage import leases
from storage.database import Database, lock_number
from storage.postgres_connection import CONNECTING

log = logging.getLogger(__name__)

CHANNEL = "danban"
# How often names that another process holds are asked for again.
LOOK_SECONDS = 2.0
RECONNECT_SECONDS = 1.0
DEAD_SECONDS = 4.0
# One kind of advisory lock: each process's number.
PROCESSES = 7_210_222
_TRY_NUMBER = "SELECT pg_try_advisory_lock($1::int, $2::int)"
_LIVING = """
    SELECT objid::bigint AS number FROM pg_locks
    WHERE locktype = 'advisory' AND classid = $1::bigint::oid AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_TELL = "SELECT pg_notify($1, one) FROM unnest($2::text[]) AS one"
# PostgreSQL takes 8000 bytes in one notification.
PAYLOAD_MAX_CHARS = 1500


@dataclass(slots=True)
class _Post:
    """Something only one process may do at a time; `lost` is about the present holding of it."""

    held: asyncio.Event = field(default_factory=asyncio.Event)
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Line:
    """This process's line to the others."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._number = secrets.randbelow(2**31)
        self._shared = database.engine.dialect.name == "postgresql"
        self._posts: dict[str, _Post] = {}
        self._unsaid: set[str] = set()
        self._look_at = 0.0
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Keep the line up until cancelled. Nobody else speaks on the connection."""
        if not self._shared:
            await self._succeed()
            return
        self._database.tell_others = self._tell
        down = False
        while True:
            try:
                async with self._connected() as connection:
                    down = False
                    await self._converse(connection)
            except Exception as error:
                if not down:
                    log.warning("line: the database is away (%s)", type(error).__name__)
                down = True
            finally:
                # What is leased from now on ends by time: nobody can see whether this process lives.
                self._database.holder = None
                self._forget_posts()
            await asyncio.sleep(RECONNECT_SECONDS)

    @asynccontextmanager
    async def sole(self, name: str) -> AsyncIterator[asyncio.Event]:
        """Wait until no other process holds `name`, and hold it; the event given is set when it is held no longer.

        One task of a process at a time may ask for a name.
        """
        if not self._shared:
            yield asyncio.Event()
            return
        post = self._posts[name] = _Post()
        self._look_now()
        try:
            await post.held.wait()
            yield post.lost
        finally:
            self._posts.pop(name, None)
            self._look_now()

    def _look_now(self) -> None:
        self._look_at = 0.0
        self._news.set()

    def _tell(self, topics: set[str]) -> None:
        self._unsaid |= topics
        self._news.set()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        engine = create_async_engine(self._database.url, poolclass=NullPool, connect_args=CONNECTING)
        try:
            async with engine.connect() as connection:
                raw = await connection.get_raw_connection()
                yield raw.driver_connection
        finally:
            await engine.dispose()

    async def _converse(self, connection: Any) -> None:
        # What is said here is never waited for by anybody's message: it needs no disk.
        await connection.execute("SET synchronous_commit = off")
        await connection.add_listener(CHANNEL, self._heard)
        connection.add_termination_listener(lambda _connection: self._news.set())
        self._database.wakes.set_all()  # whatever was said while the line was down
        held: set[str] = set()
        absent: dict[int, float] = {}
        self._look_at = 0.0
        while not connection.is_closed():
            self._news.clear()
            await self._speak(connection)
            now = asyncio.get_running_loop().time()
            if now >= self._look_at:
                self._look_at = now + LOOK_SECONDS
                await self._name_itself(connection)
                await self._hold_posts(connection, held)
                await self._bury(connection, absent, now)
            with suppress(TimeoutError):
                # Not wait_for: in Python 3.11 it loses a cancellation that comes together with what it waits for.
                async with asyncio.timeout_at(self._look_at):
                    await self._news.wait()

    async def _speak(self, connection: Any) -> None:
        """Everything that is to be said, in as few notifications as possible: whoever waits gathers meanwhile."""
        said, self._unsaid = self._unsaid, set()
        if said:
            await connection.execute(_TELL, CHANNEL, _joined(said))

    def _heard(self, connection: Any, process: int, _channel: str, payload: str) -> None:
        if process != connection.get_server_pid():
            for topic in payload.split("\n"):
                self._database.wakes.set(topic)

    async def _name_itself(self, connection: Any) -> None:
        """Hold this process's own number: whoever finds it free knows that this process is gone."""
        if self._database.holder is None and await connection.fetchval(_TRY_NUMBER, PROCESSES, self._number):
            self._database.holder = self._number

    async def _bury(self, connection: Any, absent: dict[int, float], now: float) -> None:
        """End the leases of processes that have been absent for DEAD_SECONDS, and not at once.

        After a restart of the database all are absent for a moment.
        """
        async with self._database.reading() as tx:
            holders = await leases.holders(tx)
        holders -= {self._number}
        if holders:
            holders -= {row["number"] for row in await connection.fetch(_LIVING, PROCESSES)}
        for holder in absent.keys() - holders:  # it is there again, or has nothing in hand
            del absent[holder]
        for holder in holders:
            absent.setdefault(holder, now)
        dead = [holder for holder, since in absent.items() if now - since >= DEAD_SECONDS]
        if dead:
            await self._end_leases(dead)

    async def _succeed(self) -> None:
        """On SQLite: whoever is named in a lease was an earlier process, for only one can run."""
        async with self._database.transaction() as tx:
            holders = await leases.holders(tx)
        await self._end_leases(holders)
        self._database.holder = self._number

    async def _end_leases(self, holders: Collection[int]) -> None:
        if not holders:
            return
        async with self._database.transaction() as tx:
            ended = await leases.end(tx, holders=holders, now=self._clock())
        if ended:
            log.warning("line: %s pieces of work of a process that is gone are free again", ended)

    async def _hold_posts(self, connection: Any, held: set[str]) -> None:
        for name in held - self._posts.keys():
            await connection.execute("SELECT pg_advisory_unlock($1)", lock_number(name))
            held.discard(name)
        for name, post in list(self._posts.items()):
            if name in held and post.held.is_set():
                continue
            if name in held or await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_number(name)):
                held.add(name)
                post.held.set()

    def _forget_posts(self) -> None:
        for post in self._posts.values():
            if post.held.is_set():
                post.held.clear()
                post.lost.set()


def _joined(topics: set[str]) -> list[str]:
    payloads = [""]
    for topic in sorted(topics):
        if len(payloads[-1]) + len(topic) > PAYLOAD_MAX_CHARS:
            payloads.append("")
        payloads[-1] += f"\n{topic}" if payloads[-1] else topic
    return payloads

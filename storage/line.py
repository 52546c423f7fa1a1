"""One PostgreSQL connection of a process's own, over which processes wake each other and agree who alone does what.

Everything it does is a help and nothing depends on it for good: a wake that is missed costs a second, and a name held
by a process whose line broke is free for the next one. On SQLite there is one process, and a line does nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.database import CONNECTING, Database, lock_number

log = logging.getLogger(__name__)

CHANNEL = "danban"
# How often names that another process holds are asked for again.
LOOK_SECONDS = 2.0
RECONNECT_SECONDS = 1.0
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

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shared = database.engine.dialect.name == "postgresql"
        self._posts: dict[str, _Post] = {}
        self._unsaid: set[str] = set()
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Keep the line up until cancelled. Nobody else speaks on the connection."""
        if not self._shared:
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
        self._news.set()
        try:
            await post.held.wait()
            yield post.lost
        finally:
            self._posts.pop(name, None)
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
        while not connection.is_closed():
            self._news.clear()
            await self._speak(connection)
            await self._hold_posts(connection, held)
            with suppress(TimeoutError):
                # Not wait_for: in Python 3.11 it loses a cancellation that comes together with what it waits for.
                async with asyncio.timeout(LOOK_SECONDS):
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

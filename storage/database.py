"""Engines, pragmas and the one kind of transaction; also who wakes whom after a commit."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Table, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.base import as_json
from storage.postgres_connection import PostgresConnection, PostgresConnections, postgres_engine
from storage.sqlite_connection import READ, WRITE, SqliteConnection, connecting, driver_of
from storage.sqlite_writer import SqliteWriter
from storage.wording import Rows, Wordings

BRIEF, LASTING = "brief", "lasting"
_Statement = TypeVar("_Statement", bound=Executable)
POOL_SIZE = 5


def sqlite_file(url: str) -> str | None:
    """The file a SQLite address names; None for PostgreSQL and for a database in memory."""
    parts = make_url(url)
    return parts.database if parts.get_backend_name() == "sqlite" else None


def lock_number(name: str) -> int:
    """The number of a name among PostgreSQL's advisory locks."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def upsert(dialect: str, table: Table) -> Any:
    """An INSERT with ON CONFLICT, in the words of `sqlite` or `postgresql`.

    What every turn runs is built once (`@cache` over this, values as parameters): building a statement anew costs
    three times what running it does.
    """
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def brief(statement: _Statement) -> _Statement:
    """Mark a statement, built once, that touches a few rows by their keys, however many there are.

    The driver itself is asked it, without SQLAlchemy's layers in between (storage.wording), on SQLite in place.
    Anything that may look at many rows stays unmarked: SQLite runs it in a thread (docs/decisions/0005).
    """
    marked: _Statement = statement.execution_options(**{BRIEF: True})
    return marked


def lasting(statement: _Statement) -> _Statement:
    """Mark a statement, built once, that is not brief but run often: PostgreSQL's driver itself is asked it too."""
    marked: _Statement = statement.execution_options(**{LASTING: True})
    return marked


class Transaction:
    """One open transaction: run statements, nest attempts, and wake others once it has been committed."""

    def __init__(
        self, connection: AsyncConnection, driver: SqliteConnection | PostgresConnection, *, holder: int | None = None
    ) -> None:
        self.connection = connection
        # The process that leases work in this transaction (storage.line); None: its leases end by time alone.
        self.holder = holder
        self.woken: set[str] = set()
        self.forgot = False
        self._sqlite = driver if isinstance(driver, SqliteConnection) else None
        self._postgres = driver if isinstance(driver, PostgresConnection) else None
        self._attempts = 0
        # PostgreSQL's savepoints that it has not heard of yet.
        self._unsaid: list[str] = []

    @property
    def is_broken(self) -> bool:
        """Whether its connection was lost, so that nothing of it can have been done."""
        return self._postgres.is_lost if self._postgres is not None else self.connection.invalidated

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.connection.dialect.name

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any] | Rows:
        """Run one statement."""
        marks = statement.get_execution_options()
        if self._unsaid and not getattr(statement, "is_select", False):
            await self._say()
        done: Rows | None = None
        if self._postgres is not None and (BRIEF in marks or LASTING in marks):
            done = await self._postgres.execute(statement, parameters)
        elif self._sqlite is not None and BRIEF in marks:
            done = self._sqlite.execute_in_place(statement, parameters)
        return await self.connection.execute(statement, parameters) if done is None else done

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """Run one statement and give its first value, or None."""
        return (await self.execute(statement, parameters)).scalar()

    def upsert(self, table: Table) -> Any:
        """An INSERT with ON CONFLICT, in the words of this database."""
        return upsert(self.dialect, table)

    async def take_turns(self, name: str) -> None:
        """Wait for other transactions that take turns under this name, and make later ones wait until the end."""
        if self.dialect == "postgresql":
            await self.execute(select(func.pg_advisory_xact_lock(lock_number(name))))

    @asynccontextmanager
    async def attempt(self, *, refusals_only: bool = False) -> AsyncIterator[None]:
        """A savepoint: what is done inside is undone when an exception leaves it, and nothing else is.

        With `refusals_only` the transaction goes on after exceptions of our own alone, not after the database's: then
        PostgreSQL need not hear of it before something is written, nor at all if nothing is.
        """
        self._attempts += 1
        savepoint = f"attempt_{self._attempts}"
        await self._begin_attempt(savepoint, at_once=not refusals_only)
        try:
            yield
        except Exception:
            # Not for a cancellation: that ends the whole transaction. Nor on a connection that is gone.
            if not self.is_broken:
                await self._undo(savepoint)
            raise
        if self._sqlite is not None:
            self._sqlite.ride(f"RELEASE SAVEPOINT {savepoint}")
        elif savepoint in self._unsaid:
            self._unsaid.remove(savepoint)
        # Of PostgreSQL's others the commit lets go, without a trip for each.

    async def _begin_attempt(self, savepoint: str, *, at_once: bool) -> None:
        if self._sqlite is not None:
            self._sqlite.ride(f"SAVEPOINT {savepoint}")
            return
        self._unsaid.append(savepoint)
        if at_once:
            await self._say()

    async def _say(self) -> None:
        while self._unsaid and self._postgres is not None:
            await self._postgres.say(f"SAVEPOINT {self._unsaid.pop(0)}")

    async def _undo(self, savepoint: str) -> None:
        if savepoint in self._unsaid:  # nothing has been written since
            self._unsaid.remove(savepoint)
        elif self._postgres is not None:
            await self._postgres.say(f"ROLLBACK TO SAVEPOINT {savepoint}")
        else:
            await self.connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {savepoint}")

    def wake(self, topic: str) -> None:
        """Have the sleepers on `topic` woken after the commit (and only then)."""
        self.woken.add(topic)

    def forget(self) -> None:
        """Have what this transaction takes away leave the database's files too, once it has been committed."""
        self.forgot = True


class Wakes:
    """Topics somebody sleeps on, within this process; a missed wake costs a second, never a message."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    def set(self, topic: str) -> None:
        """Wake everybody who sleeps on `topic`."""
        sleeping = self._events.pop(topic, None)
        if sleeping is not None:
            sleeping.set()

    def set_all(self) -> None:
        """Wake everybody."""
        for topic in list(self._events):
            self.set(topic)

    async def wait(self, topic: str, seconds: float) -> bool:
        """Sleep until `topic` is woken, `seconds` at most. True if woken."""
        return await self.wait_on(self.sleeper(topic), seconds)

    def sleeper(self, topic: str) -> asyncio.Event:
        """Get in line before looking at the rows, so that a wake between looking and sleeping is not missed."""
        return self._events.setdefault(topic, asyncio.Event())

    async def wait_on(self, sleeper: asyncio.Event, seconds: float) -> bool:
        """Sleep on a place taken in line by `sleeper()`."""
        try:
            async with asyncio.timeout(seconds):
                await sleeper.wait()
        except TimeoutError:
            return False
        return True


class Database:
    """One database, SQLite or PostgreSQL, with its transactions."""

    def __init__(self, engine: AsyncEngine, url: str, wordings: Wordings) -> None:
        self.engine = engine
        self.url = url
        self.wordings = wordings
        self.wakes = Wakes()
        self.cache: dict[Any, Any] = {}
        # The number this process is known by among all that share the database, while its line is up (storage.line).
        self.holder: int | None = None
        # Tells other processes what was woken here (storage.line), where there may be some.
        self.tell_others: Callable[[set[str]], None] | None = None
        # SQLite has one writer; waiting here in line is fairer than trying again and again on a busy file.
        self._writer = SqliteWriter(engine) if engine.dialect.name == "sqlite" else None
        self._connections = None if self._writer is not None else PostgresConnections(engine, wordings)

    @classmethod
    def open(cls, url: str) -> "Database":
        """Open `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; nothing is connected yet."""
        if make_url(url).get_backend_name() == "postgresql":
            engine = postgres_engine(url)
            return cls(engine, url, Wordings(engine.dialect))
        dialect: Any = make_url(url).get_dialect()
        wordings = Wordings(dialect(json_serializer=as_json))
        # The connection used last: it has prepared most of what will be asked. Errors go to logs and to the inbox: they
        # must not quote what people wrote.
        engine = create_async_engine(
            url, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, pool_use_lifo=True, hide_parameters=True,
            json_serializer=as_json, async_creator=connecting(url, wordings),
        )  # fmt: skip
        return cls(engine, url, wordings)

    async def close(self) -> None:
        """Close all connections."""
        try:
            if self._writer is not None:
                await self._writer.close()
            if self._connections is not None:
                await self._connections.close()
        finally:
            await self.engine.dispose()

    async def migrate(self) -> None:
        """Bring the schema up to date."""
        from storage import migrations  # only now: migrations stand on this module

        await migrations.upgrade(self)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Write: commit at the end, roll back on any exception, wake the sleepers after the commit."""
        if self._connections is not None:
            async with self._connections.transaction() as lent:
                tx = Transaction(lent.connection, lent, holder=self.holder)
                yield tx
        elif self._writer is not None:
            async with self._writer.transaction() as (connection, driver):
                tx = Transaction(connection, driver, holder=self.holder)
                yield tx
        for topic in tx.woken:
            self.wakes.set(topic)
        if tx.woken and self.tell_others is not None:
            self.tell_others(tx.woken)
        if tx.forgot:
            await self._empty_log()

    async def _empty_log(self) -> None:
        """Leave nothing in SQLite's log of what has been forgotten; without this it stands there until overwritten."""
        if self._writer is not None:
            async with self._writer.alone() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Read what is committed (on SQLite one consistent state), without getting in a writer's way."""
        if self._connections is not None:
            async with self._connections.lent() as lent:
                yield Transaction(lent.connection, lent, holder=self.holder)
            return
        async with self.engine.connect() as connection, connection.begin():
            driver = driver_of(connection)
            driver.begin(READ)
            yield Transaction(connection, driver, holder=self.holder)


async def run_sync(database: Database, work: Callable[[Connection], Any]) -> Any:
    """Run a synchronous function (a migration, say) on a connection of its own."""
    async with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="READ COMMITTED")
        async with connection.begin():
            if connection.dialect.name == "sqlite":
                driver_of(connection).begin(WRITE)
            return await connection.run_sync(work)

"""PostgreSQL's connections: what is brief is asked of the driver itself, and a transaction begins and ends there.

Everything else goes through SQLAlchemy, over the same driver connection. SQLAlchemy's begins nothing by itself
(isolation level AUTOCOMMIT), so that there is one who does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, NoReturn

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement
from sqlalchemy import Executable
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.base import as_json
from storage.wording import Rows, Wording, Wordings, refusal

# PostgreSQL lets go of what a process held (row locks, names on its line) as soon as it knows that the process is gone:
# at once when it was killed, by these when its machine is.
CONNECTING: dict[str, Any] = {
    "timeout": 10,
    "server_settings": {
        "application_name": "danban",
        "tcp_keepalives_idle": "5",
        "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "3",
    },
}
# A conversation's statements, with IN lists of several lengths: preparing one anew is a trip of its own.
PREPARED_MAX = 500
# How many connections a process has at most, how many it keeps when nobody needs them, how long one is waited for.
LENT_MAX, KEPT_MAX, LEND_SECONDS = 10, 5, 30.0
_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


class PostgresConnection:
    """One connection: SQLAlchemy's, the driver's below it, and the statements that one has prepared."""

    def __init__(self, connection: AsyncConnection, driver: Any, wordings: Wordings) -> None:
        self.connection = connection
        self._driver: asyncpg.Connection = driver
        self._wordings = wordings
        self._prepared: dict[Wording, PreparedStatement] = {}

    @property
    def is_lost(self) -> bool:
        """Whether it is gone, and what was not committed with it."""
        return bool(self._driver.is_closed() or self.connection.invalidated)

    @property
    def is_free(self) -> bool:
        """Whether nothing is open on it, nor under way."""
        return not self.is_lost and not self._driver.is_in_transaction()

    async def say(self, command: str) -> None:
        """BEGIN, COMMIT, SAVEPOINT …: what takes no values and gives no rows. DBAPIError if it was not done."""
        if self._wordings.listener is not None:
            self._wordings.listener(command, ())
        try:
            done = await self._driver.execute(command)
        except _ERRORS as error:
            _raise(error)
        if command == "COMMIT" and done != command:
            # PostgreSQL answers ROLLBACK, and no error, when a statement had failed.
            _raise(asyncpg.InFailedSQLTransactionError("nothing was committed"))

    async def execute(self, statement: Executable, parameters: Any) -> Rows | None:
        """Ask one statement that stays; None for what is SQLAlchemy's. DBAPIError if it was not done."""
        worded = self._wordings.of(statement, parameters)
        if worded is None:
            return None
        wording, values = worded
        try:
            return await self._ask(wording, values)
        except _ERRORS as error:
            # Whatever it was (a column has another type by now, say): the next time it is prepared anew.
            self._prepared.pop(wording, None)
            _raise(error)

    async def _ask(self, wording: Wording, values: list[list[Any]]) -> Rows:
        prepared = self._prepared.get(wording) or await self._prepare(wording)
        if len(values) > 1:
            await prepared.executemany(values)
            return wording.rows(())
        records = await prepared.fetch(*values[0])
        # "UPDATE 1", "INSERT 0 1"
        return wording.rows(records, rowcount=int(prepared.get_statusmsg().rpartition(" ")[2]))

    async def _prepare(self, wording: Wording) -> PreparedStatement:
        if len(self._prepared) >= PREPARED_MAX:
            self._prepared.clear()
        self._prepared[wording] = prepared = await self._driver.prepare(wording.sql)
        if wording.shape is None:
            columns = prepared.get_attributes()
            wording.learn([column.name for column in columns], [column.type.oid for column in columns])
        return prepared

    async def close(self) -> None:
        """Close it, whatever is open on it or under way: that is undone."""
        if not self.is_free:
            await self.connection.invalidate()
        await self.connection.close()


class PostgresConnections:
    """A process's connections, each lent to one transaction at a time; some are kept for the next."""

    def __init__(self, engine: AsyncEngine, wordings: Wordings) -> None:
        self._engine = engine
        self._wordings = wordings
        self._places = asyncio.Semaphore(LENT_MAX)
        self._kept: list[PostgresConnection] = []
        self._closed = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresConnection]:
        """Commit at the end, undo on any exception."""
        async with self.lent() as connection:
            await connection.say("BEGIN")
            yield connection
            await connection.say("COMMIT")

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[PostgresConnection]:
        """A connection on which nothing is begun: each statement sees what is committed."""
        async with asyncio.timeout(LEND_SECONDS):
            await self._places.acquire()
        try:
            connection = await self._take()
            try:
                yield connection
            except Exception:
                await asyncio.shield(self._undo(connection))
                raise
            except BaseException:
                # Cancelled: nobody knows what is under way on it.
                await asyncio.shield(connection.close())
                raise
            await self._give_back(connection)
        finally:
            self._places.release()

    async def close(self) -> None:
        """Close what is kept, and what is lent once it comes back."""
        self._closed = True
        while self._kept:
            await self._kept.pop().close()

    async def _take(self) -> PostgresConnection:
        while self._kept:
            # The one used last: it has prepared most of what will be asked.
            connection = self._kept.pop()
            if connection.is_free:
                return connection
            await connection.close()
        opened = await self._engine.connect()
        raw = await opened.get_raw_connection()
        return PostgresConnection(opened, raw.driver_connection, self._wordings)

    async def _undo(self, connection: PostgresConnection) -> None:
        with suppress(DBAPIError):
            if not connection.is_free:
                await connection.say("ROLLBACK")
        await self._give_back(connection)

    async def _give_back(self, connection: PostgresConnection) -> None:
        if connection.is_free and not self._closed and len(self._kept) < KEPT_MAX:
            self._kept.append(connection)
        else:
            await asyncio.shield(connection.close())


def postgres_engine(url: str) -> AsyncEngine:
    """SQLAlchemy's engine for PostgreSQL: it begins nothing and keeps no connection, PostgresConnections does."""
    # Errors go to logs and to the inbox: they must not quote what people wrote.
    return create_async_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True, json_serializer=as_json,
        connect_args=CONNECTING,
    )  # fmt: skip


def _raise(error: Exception) -> NoReturn:
    """Raise it in SQLAlchemy's words, without the driver's details: they quote the row."""
    kind = IntegrityError if isinstance(error, asyncpg.IntegrityConstraintViolationError) else DBAPIError
    # What the driver itself refuses, it quotes.
    words = error.args[0] if isinstance(error, asyncpg.PostgresError) and error.args else "by the driver"
    raise refusal(kind, error, words=words) from None

"""SQLite's driver, asked once a statement: what aiosqlite does in four trips to its thread is done here in one.

A trip costs more than most of our statements do: 45 to 130 µs of both threads' time against 5 to 40 µs. Three savings:
- a statement is executed and its rows are fetched in one trip (SQLAlchemy fetches them all in any case), and a cursor
  that has given all its rows has nothing left to close;
- BEGIN, SAVEPOINT and RELEASE answer nothing, so they ride ahead of the next statement, in its trip. An error of
  theirs (a busy file, say) is then that statement's;
- a statement marked brief (storage.database.brief) makes no trip at all, and goes past SQLAlchemy (storage.wording),
  unless another process is writing when it would begin to: whoever has to wait, waits in the thread.

Of aiosqlite this leans on `Connection._execute`, `._conn` and `._thread`; tests/storage/test_sqlite_connection.py
says when a new version changes them.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, cast

import aiosqlite
from sqlalchemy import Executable, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.wording import Rows, Wording, Wordings, refusal

BUSY_TIMEOUT_MILLISECONDS = 10_000
READ, WRITE = "BEGIN", "BEGIN IMMEDIATE"
_RIDES_AHEAD = ("SAVEPOINT ", "RELEASE ")
_ITERATION_CHUNK_ROWS = 64
_KINDS: dict[type[sqlite3.Error], type[DBAPIError]] = {
    sqlite3.IntegrityError: IntegrityError,
    sqlite3.OperationalError: OperationalError,
}

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # FULL: a message acknowledged is a message on disk, even when the power fails.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What is forgotten is overwritten, not merely marked as free.
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}",
)


class SqliteConnection(aiosqlite.Connection):
    """A connection that opens its transaction with the first statement and closes it with COMMIT or ROLLBACK."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], wordings: Wordings) -> None:
        super().__init__(connector, _ITERATION_CHUNK_ROWS)
        self._wordings = wordings
        # As SQLAlchemy does it with aiosqlite's own: a forgotten connection must not keep the process alive.
        self._thread.daemon = True
        self._ahead: list[str] = []
        # Whether anything was sent since the last COMMIT or ROLLBACK, be it that nobody waited for its end.
        self._open = False
        # Whether all that is open has been reading, in place: then its end is nothing to wait for either.
        self._only_read = False

    def begin(self, statement: str) -> None:
        """Open a transaction with the next statement: to READ or to WRITE."""
        self._ahead.append(statement)

    def ride(self, statement: str) -> None:
        """Have a statement that answers nothing executed right before the next one."""
        self._ahead.append(statement)

    async def run(self, work: Callable[[], Any]) -> Any:
        """Do some work after all that rides ahead of it, in the connection's thread."""
        ahead, self._ahead = self._ahead, []
        self._open, self._only_read = True, False
        try:
            return await self._in_thread(partial(_in_order, self._conn, ahead, work))
        except sqlite3.Error:
            # What did not get its turn goes ahead of the next one still: nothing may run outside its transaction.
            self._ahead = ahead + self._ahead
            raise

    def execute_in_place(self, statement: Executable, parameters: Any) -> Rows | None:
        """Run one statement here and now, after all that rides ahead of it; None if it would have to wait.

        DBAPIError if it was not done.
        """
        if not self._open and not self._begin_in_place():
            return None
        worded = self._wordings.of(statement, parameters)
        if worded is None:
            return None
        try:
            # What did not get its turn stays ahead of the next one.
            return cast("Rows", _in_order(self._conn, self._ahead, partial(self._ask, *worded)))
        except sqlite3.Error as error:
            kind = _KINDS.get(type(error), DBAPIError)
            raise refusal(kind, error, words=str(error)) from error

    def _ask(self, wording: Wording, values: list[list[Any]]) -> Rows:
        if len(values) > 1:
            cursor = self._conn.executemany(wording.sql, values)
        else:
            cursor = self._conn.execute(wording.sql, values[0])
        # Without rows this is empty, and it also ends an INSERT … RETURNING, which gives its row count then.
        records = cursor.fetchall()
        if wording.shape is None:
            names = [column[0] for column in cursor.description or ()]
            wording.learn(names, [None] * len(names))
        return wording.rows(records, rowcount=cursor.rowcount)

    def _begin_in_place(self) -> bool:
        """Begin the transaction, if nobody is in the way; a reader never has to wait for a writer."""
        begin = self._ahead[0] if self._ahead else ""
        if begin == READ:
            self._open = self._only_read = True
        elif begin == WRITE:
            self._conn.execute("PRAGMA busy_timeout=0")
            try:
                self._conn.execute(begin)
            except sqlite3.Error:
                return False  # in the thread it waits, or fails in SQLAlchemy's words
            finally:
                self._conn.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
            del self._ahead[0]
            self._open = True
        return self._open

    async def commit(self) -> None:
        """Commit what was done, if anything was; what still rides ahead opened and closed nothing but itself."""
        await self._end(self._conn.commit)

    async def rollback(self) -> None:
        """Undo what was done, if anything was."""
        await self._end(self._conn.rollback)

    async def _end(self, end: Callable[[], None]) -> None:
        self._ahead.clear()
        if self._open and self._only_read:
            end()
        elif self._open:
            await self._in_thread(end)
        self._open = self._only_read = False

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await self._execute(work)  # type: ignore[no-untyped-call]  # aiosqlite's own has no types

    def cursor(self) -> "SqliteCursor":  # type: ignore[override]  # no trip, hence nothing to wait for
        """A cursor; the driver's own is made when it is used."""
        return SqliteCursor(self)


class SqliteCursor:
    """The cursor SQLAlchemy's asyncio adapter asks for (PEP 249, awaited), its rows fetched with the execution."""

    arraysize = 1

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> "SqliteCursor":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Execute one statement and fetch its rows; one that answers nothing waits for the next."""
        if sql.startswith(_RIDES_AHEAD):
            self._connection.ride(sql)
            return

        def work() -> None:
            self._cursor = self._connection._conn.execute(sql, parameters)
            # Without rows this is empty, and it also ends an INSERT … RETURNING, which gives its row count then.
            self._rows = self._cursor.fetchall()

        await self._connection.run(work)

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Execute one statement for many rows; it gives none back."""

        def work() -> None:
            self._cursor = self._connection._conn.executemany(sql, parameters)

        await self._connection.run(work)

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing: all rows are here, so SQLite has let go of the statement."""

    @property
    def description(self) -> Any:
        """The columns of the rows, None for a statement that gives none."""
        return None if self._cursor is None else self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed, -1 where that makes no sense."""
        return -1 if self._cursor is None else self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row inserted last."""
        return None if self._cursor is None else self._cursor.lastrowid


def driver_of(connection: AsyncConnection) -> SqliteConnection:
    """The driver's connection below one of SQLAlchemy's to SQLite."""
    if connection.sync_connection is None:
        raise RuntimeError("it is not connected")
    return cast("SqliteConnection", connection.sync_connection.connection.driver_connection)


def connecting(url: str, wordings: Wordings) -> Callable[[], Awaitable[SqliteConnection]]:
    """What `create_async_engine` takes as `async_creator` for this SQLite address."""
    address = make_url(url)
    (file,), options = address.get_dialect()().create_connect_args(address)
    # None switches the driver's own idea of when to begin off: `begin` says it.
    options["isolation_level"] = None

    def connect() -> sqlite3.Connection:
        connection: sqlite3.Connection = sqlite3.connect(file, **options)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    async def connected() -> SqliteConnection:
        connection = SqliteConnection(connect, wordings)
        await connection
        return connection

    return connected


def _in_order(connection: sqlite3.Connection, ahead: list[str], work: Callable[[], Any]) -> Any:
    while ahead:
        connection.execute(ahead[0])
        del ahead[0]
    return work()

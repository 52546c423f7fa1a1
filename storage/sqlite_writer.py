"""The one writer of a SQLite file: transactions that stand in line share a commit and its wait for the disk.

Every transaction is a savepoint of its own in the one that is open, and ends for its owner only when that one has been
committed: whoever comes first opens it, lets those do their part who stood in line by the time its own was done, and
commits for all. An error undoes its own part only. What breaks the whole (a disk that is full, a cancellation in the
middle of a statement) fails every part that waits for the commit; nobody was told yet that theirs was done.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.sqlite_connection import WRITE, SqliteConnection, driver_of

# So that one commit never grows beyond what the first in line may have to wait for.
PARTS_MAX = 64


class NotCommittedError(Exception):
    """The commit that a transaction shared did not come about; nothing of the transaction was kept."""


@dataclass(slots=True, kw_only=True)
class _Group:
    """What is committed together."""

    connection: AsyncConnection
    driver: SqliteConnection
    parts: int = 0
    lost: BaseException | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


class SqliteWriter:
    """Gives one transaction at a time, in order of asking."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._group: _Group | None = None
        # Between two groups: taking one from the pool and giving it back costs as much as many a transaction does.
        self._kept: AsyncConnection | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, SqliteConnection]]:
        """One transaction; committed when the block has been left without an exception.

        Raises NotCommittedError when the commit it shared did not come about.
        """
        leading: _Group | None = None
        try:
            async with self._turn:
                group = self._group
                if group is None:
                    group = leading = self._group = await self._open()
                try:
                    async with _part(group):
                        yield group.connection, group.driver
                finally:
                    if group.lost is not None or group.parts >= PARTS_MAX:
                        await asyncio.shield(self._end(group))
        finally:
            if leading is not None:
                # Also when this one is cancelled: others wait for it.
                await asyncio.shield(self._end_in_turn(leading))
        await group.over.wait()
        if group.lost is not None:
            raise NotCommittedError("the commit shared with others failed") from group.lost

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """A connection in no transaction, while nobody writes."""
        async with self._turn:
            if self._group is not None:
                await asyncio.shield(self._end(self._group))
            async with self._engine.connect() as connection:
                yield connection

    async def close(self) -> None:
        """Let go of the connection, once nobody writes."""
        async with self._turn:
            if self._group is not None:
                await self._end(self._group)
            if self._kept is not None:
                connection, self._kept = self._kept, None
                await connection.close()

    async def _open(self) -> _Group:
        connection, self._kept = self._kept or await self._engine.connect(), None
        await connection.begin()
        driver = driver_of(connection)
        driver.begin(WRITE)
        return _Group(connection=connection, driver=driver)

    async def _end_in_turn(self, group: _Group) -> None:
        """Commit for all whose part is done: this stands in line behind them."""
        if not group.over.is_set():
            async with self._turn:
                await self._end(group)

    async def _end(self, group: _Group) -> None:
        if group.over.is_set():
            return
        self._group = None
        try:
            if group.lost is None:
                await group.connection.commit()
        except BaseException as error:
            # Cancelled in the middle, nobody knows whether it was committed.
            group.lost = error
            if not isinstance(error, Exception):
                raise
        finally:
            try:
                if group.lost is None and self._kept is None:
                    self._kept = group.connection
                else:
                    await group.connection.close()
            finally:
                group.over.set()


@asynccontextmanager
async def _part(group: _Group) -> AsyncIterator[None]:
    group.parts += 1
    savepoint = f"part_{group.parts}"
    group.driver.ride(f"SAVEPOINT {savepoint}")
    try:
        yield
    except Exception as error:
        await _undo(group, savepoint, error)
        raise
    except BaseException as error:
        # Cancelled, perhaps with a statement under way in SQLite's thread: nobody knows what has been done.
        group.lost = error
        raise
    group.driver.ride(f"RELEASE {savepoint}")


async def _undo(group: _Group, savepoint: str, error: Exception) -> None:
    try:
        await group.connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {savepoint}")
        group.driver.ride(f"RELEASE {savepoint}")
    except SQLAlchemyError:
        # SQLite itself has ended the transaction (its disk is full, say).
        group.lost = error

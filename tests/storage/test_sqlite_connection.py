"""One trip a statement, and still everything SQLAlchemy and a transaction expect of the driver."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import sqlite_connection
from storage.database import Database, Transaction, brief, run_sync
from storage.sqlite_connection import SqliteConnection

metadata = MetaData()
thing = Table(
    "thing", metadata, Column("id", Integer, primary_key=True), Column("name", String(20), unique=True, nullable=False)
)


@pytest.fixture
async def things(sqlite: Database) -> Database:
    await run_sync(sqlite, metadata.create_all)
    return sqlite


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the thread of a connection, one entry a trip."""
    seen: list[str] = []
    real = SqliteConnection._in_thread

    async def noted(self: SqliteConnection, work: Callable[[], Any]) -> Any:
        seen.append("a statement" if isinstance(work, partial) else work.__name__)
        return await real(self, work)

    monkeypatch.setattr(SqliteConnection, "_in_thread", noted)
    return seen


async def names(database: Database) -> list[str]:
    async with database.reading() as tx:
        return list((await tx.execute(select(thing.c.name).order_by(thing.c.id))).scalars())


async def add(tx: Transaction, name: str) -> int:
    return int(await tx.scalar(insert(thing).values(name=name).returning(thing.c.id)))


async def test_a_statement_is_one_trip_and_so_is_the_commit(things: Database, trips: list[str]) -> None:
    await names(things)
    trips.clear()
    async with things.transaction() as tx:
        async with tx.attempt():
            await add(tx, "một")
        await tx.execute(select(thing))
    assert trips == ["a statement", "a statement", "commit"]


async def test_a_transaction_that_asked_nothing_makes_no_trip(things: Database, trips: list[str]) -> None:
    await names(things)
    trips.clear()
    async with things.transaction() as tx, tx.attempt():
        pass
    assert trips == []


async def test_row_counts_ids_and_returned_rows_are_the_drivers(things: Database) -> None:
    async with things.transaction() as tx:
        assert [await add(tx, name) for name in ("a", "b", "c")] == [1, 2, 3]
        assert (await tx.execute(update(thing).where(thing.c.id > 1).values(name=thing.c.name + "!"))).rowcount == 2
        assert (await tx.execute(update(thing).where(thing.c.id > 9).values(name="-"))).rowcount == 0
        returned = await tx.execute(update(thing).values(name=thing.c.name + "?").returning(thing.c.name))
        assert [row.name for row in returned.all()] == ["a?", "b!?", "c!?"]
        assert (await tx.execute(insert(thing).values(name="d"))).inserted_primary_key == (4,)
        assert (await tx.execute(insert(thing), [{"name": "e"}, {"name": "f"}])).rowcount == 2
        assert (await tx.execute(select(thing).where(thing.c.id > 99))).all() == []
    assert await names(things) == ["a?", "b!?", "c!?", "d", "e", "f"]


async def test_what_an_attempt_did_is_undone_alone(things: Database) -> None:
    async with things.transaction() as tx:
        await add(tx, "kept")
        with pytest.raises(RuntimeError):
            async with tx.attempt():
                async with tx.attempt():
                    await add(tx, "inner")
                await add(tx, "outer")
                raise RuntimeError
        with pytest.raises(RuntimeError):
            async with tx.attempt():
                raise RuntimeError
        await add(tx, "after")
    assert await names(things) == ["kept", "after"]


async def test_a_refused_statement_leaves_the_transaction_usable(things: Database) -> None:
    async with things.transaction() as tx:
        await add(tx, "one")
        with pytest.raises(IntegrityError):
            async with tx.attempt():
                await add(tx, "two")
                await add(tx, "one")
        await add(tx, "three")
    assert await names(things) == ["one", "three"]


async def test_a_transaction_that_fails_leaves_nothing(things: Database) -> None:
    with pytest.raises(RuntimeError):
        async with things.transaction() as tx:
            await add(tx, "gone")
            raise RuntimeError
    assert await names(things) == []


async def test_a_turn_cancelled_in_the_middle_leaves_nothing_open(things: Database) -> None:
    """Its statement may still be running in the thread when it is given up; the rollback comes after it."""

    async def work() -> None:
        async with things.transaction() as tx:
            await add(tx, "cancelled")
            await asyncio.Event().wait()

    for turns_of_the_loop in range(12):
        task = asyncio.create_task(work())
        for _ in range(turns_of_the_loop):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with things.transaction() as tx:
            await add(tx, f"after {turns_of_the_loop}")
    assert await names(things) == [f"after {number}" for number in range(12)]


async def test_a_busy_file_fails_the_first_statement_and_nothing_runs_outside_a_transaction(
    things: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sqlite_connection, "_PRAGMAS", ("PRAGMA busy_timeout=1",))
    hasty = Database.open(things.url)
    other = sqlite3.connect(tmp_path / "ready.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        async with hasty.transaction() as tx:
            with pytest.raises(OperationalError, match="locked"):
                await add(tx, "first")
            other.execute("ROLLBACK")
            other.execute("BEGIN IMMEDIATE")
            await add(tx, "second")
    other.execute("ROLLBACK")
    other.close()
    async with hasty.transaction() as tx:
        await add(tx, "third")
    await hasty.close()
    assert await names(things) == ["third"]


async def test_what_is_committed_is_on_disk(things: Database) -> None:
    async with things.reading() as tx:
        assert await tx.scalar(text("PRAGMA synchronous")) == 2, "2 is FULL"
        assert await tx.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await tx.scalar(text("PRAGMA foreign_keys")) == 1
        assert await tx.scalar(text("PRAGMA busy_timeout")) == sqlite_connection.BUSY_TIMEOUT_MILLISECONDS


async def test_a_reader_sees_one_state_while_a_writer_writes(things: Database) -> None:
    async with things.reading() as reader:
        assert (await reader.execute(select(thing))).all() == []
        async with things.transaction() as tx:
            await add(tx, "new")
        assert (await reader.execute(select(thing))).all() == []
    assert await names(things) == ["new"]


async def test_what_is_brief_makes_no_trip_and_a_transaction_of_such_waits_for_its_commit_alone(
    things: Database, trips: list[str]
) -> None:
    by_key = brief(select(thing.c.name).where(thing.c.id == 1))
    await names(things)
    trips.clear()
    async with things.transaction() as tx:
        assert await tx.scalar(by_key) is None
        await tx.execute(brief(insert(thing)), {"name": "một"})
        assert await tx.scalar(by_key) == "một"
        assert trips == []
    assert trips == ["commit"]
    trips.clear()
    async with things.reading() as tx:
        assert await tx.scalar(by_key) == "một"
    assert trips == []
    async with things.reading() as tx:
        assert await tx.scalar(by_key) == "một"
        await tx.execute(select(thing))
    assert trips == ["a statement", "commit"]


async def test_what_would_begin_while_another_process_writes_waits_in_the_thread(
    things: Database, trips: list[str], tmp_path: Path
) -> None:
    await names(things)
    trips.clear()
    other = sqlite3.connect(tmp_path / "ready.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO thing (name) VALUES ('theirs')")

    async def work() -> None:
        async with things.transaction() as tx:
            await tx.execute(brief(insert(thing)), {"name": "ours"})

    working = asyncio.create_task(work())
    while not trips:  # noqa: ASYNC110  # the trip tells nobody
        await asyncio.sleep(0)
    assert not working.done()
    other.execute("COMMIT")
    other.close()
    await working
    assert await names(things) == ["theirs", "ours"]


async def test_a_brief_statement_that_is_refused_is_undone_with_its_attempt(things: Database) -> None:
    add_brief = brief(insert(thing))
    async with things.transaction() as tx:
        await tx.execute(add_brief, {"name": "one"})
        with pytest.raises(IntegrityError):
            async with tx.attempt():
                await tx.execute(add_brief, {"name": "two"})
                await tx.execute(add_brief, {"name": "one"})
        async with tx.attempt():
            await tx.execute(add_brief, {"name": "three"})
    assert await names(things) == ["one", "three"]

"""PostgreSQL's connections: what is not committed is undone, and none that is broken or busy is lent again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import BigInteger, bindparam, func, literal, select, text
from sqlalchemy.exc import DBAPIError

from storage import postgres_connection
from storage.database import Database, brief
from tests.storage.test_line import break_lines

ASKED = brief(select((literal(1) + bindparam("more")).label("sum")))
WAIT = brief(select(func.pg_sleep(bindparam("seconds"))))


@pytest.fixture
async def database(ready_postgres_url: str) -> AsyncIterator[Database]:
    database = Database.open(ready_postgres_url)
    async with database.transaction() as tx:
        await tx.execute(text("CREATE TABLE seen (n integer PRIMARY KEY)"))
    yield database
    await database.close()


async def seen(database: Database) -> int:
    async with database.reading() as tx:
        return int(await tx.scalar(text("SELECT count(*) FROM seen")))


async def test_what_an_exception_leaves_is_undone_and_the_connection_serves_on(database: Database) -> None:
    with pytest.raises(ValueError, match="no"):
        async with database.transaction() as tx:
            first = await tx.scalar(text("SELECT pg_backend_pid()"))
            await tx.execute(text("INSERT INTO seen VALUES (1)"))
            raise ValueError("no")
    assert await seen(database) == 0
    async with database.transaction() as tx:
        assert await tx.scalar(text("SELECT pg_backend_pid()")) == first
        await tx.execute(text("INSERT INTO seen VALUES (1)"))
    assert await seen(database) == 1


async def test_a_commit_after_a_swallowed_error_is_an_error(database: Database) -> None:
    """PostgreSQL ends such a transaction with ROLLBACK and no error: a message would be acknowledged and not stored."""
    with pytest.raises(DBAPIError, match="nothing was committed"):
        async with database.transaction() as tx:
            await tx.execute(text("INSERT INTO seen VALUES (1)"))
            with pytest.raises(DBAPIError):
                await tx.execute(text("INSERT INTO seen VALUES (1)"))
    assert await seen(database) == 0


async def test_a_connection_whose_task_was_cancelled_is_lent_to_nobody(database: Database) -> None:
    async def long() -> None:
        async with database.transaction() as tx:
            await tx.execute(text("INSERT INTO seen VALUES (1)"))
            await tx.execute(WAIT, {"seconds": 60.0})

    working = asyncio.create_task(long())
    await asyncio.sleep(0.3)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    async with asyncio.timeout(10):
        assert await seen(database) == 0
        async with database.transaction() as tx:
            assert await tx.scalar(ASKED, {"more": 2}) == 3


async def test_after_a_restart_of_the_database_no_broken_connection_is_lent(
    database: Database, ready_postgres_url: str
) -> None:
    async with database.transaction() as one, database.transaction() as other:
        assert await one.scalar(ASKED, {"more": 1}) == await other.scalar(ASKED, {"more": 1})
    with pytest.raises(DBAPIError):
        async with database.transaction() as tx:
            await tx.execute(text("INSERT INTO seen VALUES (1)"))
            await break_lines(ready_postgres_url)
            await tx.scalar(ASKED, {"more": 1})
    assert tx.is_broken
    async with asyncio.timeout(10):
        for _ in range(3):
            async with database.transaction() as tx:
                assert await tx.scalar(ASKED, {"more": 1}) == 2
    assert await seen(database) == 0


async def test_only_so_many_are_lent_and_whoever_waits_gets_the_next(database: Database) -> None:
    lent = 0

    async def ask() -> int:
        nonlocal lent
        async with database.transaction() as tx:
            lent += 1
            most = lent
            await tx.execute(WAIT, {"seconds": 0.02})
            lent -= 1
        return most

    assert max(await asyncio.gather(*(ask() for _ in range(40)))) == postgres_connection.LENT_MAX


async def test_whoever_waits_too_long_for_a_connection_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_connection, "LEND_SECONDS", 0.05)
    async with AsyncExitStack() as held:
        for _ in range(postgres_connection.LENT_MAX):
            await held.enter_async_context(database.transaction())
        with pytest.raises(TimeoutError):
            await seen(database)
    assert await seen(database) == 0


async def test_a_column_that_became_another_type_is_asked_for_anew(database: Database) -> None:
    """A migration went by while this process ran: one statement fails, the next is prepared anew."""
    statement = brief(text("SELECT n FROM seen").columns(n=BigInteger))
    async with database.transaction() as tx:
        await tx.execute(text("INSERT INTO seen VALUES (1)"))
        assert await tx.scalar(statement) == 1
    async with database.transaction() as tx:
        await tx.execute(text("ALTER TABLE seen ALTER n TYPE bigint"))
    with pytest.raises(DBAPIError, match="cached"):
        async with database.transaction() as tx:
            await tx.scalar(statement)
    async with database.transaction() as tx:
        assert await tx.scalar(statement) == 1

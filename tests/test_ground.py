"""The test ground itself: each test gets an empty database of its own, of both kinds."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import func, select, text

from storage.database import Database
from storage.schema import metadata


@pytest.mark.parametrize("time", [1, 2])
async def test_each_test_gets_an_empty_database_of_its_own(database_url: str, time: int) -> None:
    database = Database.open(database_url)
    async with database.transaction() as tx:
        await tx.execute(text("CREATE TABLE only_mine (id INTEGER)"))  # fails if the other test's were seen
    await database.close()


async def test_no_test_reaches_a_machine_other_than_this_one() -> None:
    # The refusal comes as a warning first, and warnings are errors here.
    with socket.socket() as outside, pytest.raises((UserWarning, SocketConnectBlockedError)):
        outside.connect(("192.0.2.1", 80))


async def test_a_ready_database_has_the_newest_schema_and_no_rows(database: Database) -> None:
    async with database.reading() as tx:
        for table in metadata.sorted_tables:
            assert await tx.scalar(select(func.count()).select_from(table)) == 0, table.name


async def test_what_a_test_writes_no_other_test_sees(sqlite: Database) -> None:
    async with sqlite.transaction() as tx:
        await tx.execute(text("CREATE TABLE only_here (id INTEGER)"))
    other = Database.open(sqlite.url.replace("ready.db", "other.db"))
    async with other.reading() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'only_here'")) == 0
    await other.close()

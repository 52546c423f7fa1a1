"""The test ground itself: each test gets an empty database of its own, of both kinds."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import text

from storage.database import Database


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

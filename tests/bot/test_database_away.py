"""A database that is away for a while: nothing counts as taken, nothing is lost, and it heals by itself."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import sqlite_file
from storage.sqlite_connection import BUSY_TIMEOUT_MILLISECONDS
from tests.bot.processes import answered, processes, settings_of, started, until
from tests.cut import cuttable
from tests.fakes.telegram.server import TelegramServer

RESIDENT = 4201
AWAY_SECONDS = 3.0
LOCKED_SECONDS = BUSY_TIMEOUT_MILLISECONDS / 1000 + 1
OK, UNAVAILABLE = 200, 503


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=0.02) as opened:
        yield opened


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_what_people_write_while_postgresql_is_away_is_answered_when_it_is_back(
    mode: str, server: TelegramServer, postgres_url: str, tmp_path: Path
) -> None:
    async with cuttable(postgres_url) as line, processes(tmp_path, line.url, server, **settings_of(mode)) as home:
        await started(home, "all")
        await answered(server, RESIDENT)
        await line.cut()
        for user in range(RESIDENT + 1, RESIDENT + 6):
            server.people.write(user, "/start")
        await asyncio.sleep(AWAY_SECONDS)
        assert not any(server.texts(user) for user in range(RESIDENT + 1, RESIDENT + 6))
        if server.bot.queue.webhook is not None:
            assert {status for _id, status in server.bot.queue.webhook.posted[1:]} == {UNAVAILABLE}
        await line.mend()
        await until(lambda: all(server.texts(user) for user in range(RESIDENT + 1, RESIDENT + 6)))
        assert home.ended("all") is None
        log = home.log("all").splitlines()
        assert len([one for one in log if "Traceback" in one]) == 0 and len(log) < 25, home.log("all")


async def test_what_people_write_while_another_program_holds_the_file_is_answered_afterwards(
    server: TelegramServer, sqlite_url: str, tmp_path: Path
) -> None:
    # An installer with the sqlite3 shell, in a transaction of theirs for longer than we wait for a lock.
    users = range(RESIDENT + 1, RESIDENT + 4)
    async with processes(tmp_path, sqlite_url, server, **settings_of("webhook")) as home:
        await started(home, "all")
        await answered(server, RESIDENT)
        shell = sqlite3.connect(sqlite_file(sqlite_url) or "", isolation_level=None)
        shell.execute("BEGIN IMMEDIATE")
        for user in users:
            server.people.write(user, "/start")
        await asyncio.sleep(LOCKED_SECONDS)
        hook = server.bot.queue.webhook
        assert hook is not None and OK not in {status for _id, status in hook.posted[1:]}
        assert not any(server.texts(user) for user in users)
        shell.execute("ROLLBACK")
        shell.close()
        await until(lambda: all(server.texts(user) for user in users))
        assert home.ended("all") is None and "Traceback" not in home.log("all")


async def test_a_full_disk_takes_nothing_in_and_loses_nothing(
    server: TelegramServer, sqlite_url: str, tmp_path: Path
) -> None:
    async with processes(tmp_path, sqlite_url, server, **settings_of("webhook")) as home:
        await started(home, "all")
        await answered(server, RESIDENT)
        # No file may grow or be written beyond its first bytes.
        before = resource.prlimit(home.pid("all"), resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        server.people.write(RESIDENT + 1, "/start")
        hook = server.bot.queue.webhook
        assert hook is not None
        await until(lambda: hook.posted[-1][1] == UNAVAILABLE)
        assert not server.texts(RESIDENT + 1)
        resource.prlimit(home.pid("all"), resource.RLIMIT_FSIZE, before)
        await until(lambda: server.texts(RESIDENT + 1))
        assert home.ended("all") is None

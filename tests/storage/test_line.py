"""Processes on one PostgreSQL wake each other, and agree who alone does what; on SQLite nobody else is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from storage import fetching, inbox, outbox
from storage import line as line_module
from storage.base import Account
from storage.database import Database
from storage.line import Line
from storage.listening import listening
from storage.outbox import Address, Sending
from tests.storage.claiming import claim_one

TOPIC = "inbox"
PATIENCE_SECONDS = 10.0
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
WEB = Account("web", "web")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(line_module, "RECONNECT_SECONDS", 0.05)
    monkeypatch.setattr(line_module, "DEAD_SECONDS", 0.3)


def clock() -> datetime:
    return NOW


@asynccontextmanager
async def process(url: str) -> AsyncIterator[tuple[Database, Line]]:
    """What a process has: a database with a line to the others."""
    database = Database.open(url)
    line = Line(database, clock)
    running = asyncio.Task(line.run())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async with line.sole(f"there-{id(line)}"):
                pass
        yield database, line
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await database.close()


async def break_lines(url: str) -> None:
    """End every connection to the database but our own, as its restart would."""
    database = Database.open(url)
    async with database.transaction() as tx:
        statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        await tx.execute(text(f"{statement} WHERE datname = current_database() AND pid <> pg_backend_pid()"))
    await database.close()


async def test_a_wake_reaches_other_processes_after_the_commit_and_only_then(ready_postgres_url: str) -> None:
    async with process(ready_postgres_url) as (here, _), process(ready_postgres_url) as (there, _line):
        sleeper = there.wakes.sleeper(TOPIC)
        async with here.transaction() as tx:
            tx.wake(TOPIC)
            assert not await there.wakes.wait_on(sleeper, 0.2)
        assert await there.wakes.wait_on(sleeper, PATIENCE_SECONDS)


async def test_many_wakes_at_once_all_arrive(ready_postgres_url: str) -> None:
    topics = [f"web:{'x' * 90}{number}" for number in range(300)]
    async with process(ready_postgres_url) as (here, _), process(ready_postgres_url) as (there, _line):
        sleepers = [there.wakes.sleeper(topic) for topic in topics]
        async with here.transaction() as tx:
            for topic in topics:
                tx.wake(topic)
        async with asyncio.timeout(PATIENCE_SECONDS):
            for sleeper in sleepers:
                await sleeper.wait()


async def test_a_broken_line_mends_itself_and_wakes_whoever_may_have_missed_something(ready_postgres_url: str) -> None:
    async with process(ready_postgres_url) as (here, _), process(ready_postgres_url) as (there, _line):
        sleeper = there.wakes.sleeper(TOPIC)
        await break_lines(ready_postgres_url)
        assert await there.wakes.wait_on(sleeper, PATIENCE_SECONDS)
        async with asyncio.timeout(PATIENCE_SECONDS):
            sleeper = there.wakes.sleeper(TOPIC)
            while not sleeper.is_set():
                with suppress(Exception):  # the pool's connections are broken as well, and found out one by one
                    async with here.transaction() as tx:
                        await tx.execute(text("SELECT 1"))
                        tx.wake(TOPIC)
                await there.wakes.wait_on(sleeper, 0.2)


async def test_only_one_process_holds_a_name_and_the_next_takes_over(ready_postgres_url: str) -> None:
    async with process(ready_postgres_url) as (_here, first), process(ready_postgres_url) as (_there, second):
        async with first.sole("poll"), second.sole("something else"):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3), second.sole("poll"):
                    pass
        async with asyncio.timeout(PATIENCE_SECONDS), second.sole("poll") as lost:
            assert not lost.is_set()


async def test_whoever_loses_the_line_is_told_and_may_ask_again(ready_postgres_url: str) -> None:
    async with process(ready_postgres_url) as (_database, line), asyncio.timeout(PATIENCE_SECONDS):
        async with line.sole("poll") as lost:
            await break_lines(ready_postgres_url)
            await lost.wait()
        async with line.sole("poll") as lost:
            assert not lost.is_set()


async def test_on_sqlite_nobody_is_waited_for(sqlite: Database) -> None:
    line = Line(sqlite, clock)
    await line.run()
    async with line.sole("poll") as lost:
        assert not lost.is_set()


async def owe_and_fetch(database: Database) -> None:
    """One message owed, and one update with files to fetch."""
    async with database.transaction() as tx:
        await outbox.put(tx, Address(channel="web", account="web", chat="1"), {}, language="vi", priority=1, now=NOW)
        await inbox.put(
            tx, channel="web", account="web", update_id="1", lane="1", raw={}, now=NOW, fetch=True
        )  # fmt: skip


async def take_both(database: Database) -> tuple[Sending | None, fetching.Fetching | None]:
    until = NOW + timedelta(hours=1)
    async with database.transaction() as tx:
        sending = await claim_one(tx, accounts=(WEB,), now=NOW, leased_until=until)
        return sending, await fetching.claim(tx, accounts=(WEB,), now=NOW, leased_until=until)


async def test_what_a_dead_process_had_in_hand_is_free_soon_and_what_a_living_one_has_is_not(
    ready_postgres_url: str,
) -> None:
    async with process(ready_postgres_url) as (there, _):
        async with process(ready_postgres_url) as (here, _line):
            await owe_and_fetch(here)
            assert None not in await take_both(here)
            # Longer than the dead are waited for.
            await looked_round(there)
            assert await take_both(there) == (None, None)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (again := await take_both(there)) == (None, None):  # noqa: ASYNC110  # it has no event
                await asyncio.sleep(0.05)
            sending = again[0] or (await take_both(there))[0]
        assert sending is not None and sending.doubts == 1


async def looked_round(database: Database) -> None:
    """Wait until a line has looked for the dead so often that it would have found any."""
    looks = 0

    def note(statement: str, _values: object) -> None:
        nonlocal looks
        looks += "leased_by" in statement and "UNION" in statement

    with listening(database, note):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while looks * line_module.LOOK_SECONDS < 2 * line_module.DEAD_SECONDS:  # noqa: ASYNC110  # it has no event
                await asyncio.sleep(line_module.LOOK_SECONDS)


async def test_a_restart_of_the_database_takes_nothing_from_the_living(ready_postgres_url: str) -> None:
    async with process(ready_postgres_url) as (here, _), process(ready_postgres_url) as (there, _line):
        await owe_and_fetch(here)
        assert None not in await take_both(here)
        await break_lines(ready_postgres_url)
        await looked_round(there)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while here.holder is None:  # noqa: ASYNC110  # set by the line, which has no event for it
                await asyncio.sleep(0.01)
        with suppress(Exception):  # the pool's connections are broken as well, which the first to use one finds out
            await take_both(here)
        assert await take_both(here) == (None, None)


async def test_on_sqlite_the_next_process_takes_over_at_once(sqlite: Database) -> None:
    await Line(sqlite, clock).run()
    await owe_and_fetch(sqlite)
    assert None not in await take_both(sqlite)
    assert await take_both(sqlite) == (None, None)
    await Line(sqlite, clock).run()
    assert None not in await take_both(sqlite)

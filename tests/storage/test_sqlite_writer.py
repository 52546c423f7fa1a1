"""Transactions on SQLite that share a commit: each is whole, and none is done before the disk has it."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from storage import slots
from storage.database import Database
from storage.sqlite_writer import NotCommittedError, SqliteWriter

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


async def claim(database: Database, key: str, *, fail: bool = False) -> bool:
    async with database.transaction() as tx:
        claimed = await slots.claim(tx, "test", key, now=NOW)
        if fail:
            raise ValueError(key)
        return claimed


async def claimed(database: Database, key: str) -> bool:
    """Whether it is on the disk: another connection sees it."""
    async with database.reading() as tx:
        return bool(await tx.scalar(slots.slot.select().where(slots.slot.c.key == key)))


@pytest.fixture
def commits(sqlite: Database) -> list[int]:
    """Grows by one with every COMMIT."""
    seen: list[int] = []
    event.listen(sqlite.engine.sync_engine, "commit", lambda _: seen.append(1))
    return seen


async def test_those_who_stand_in_line_share_a_commit(sqlite: Database, commits: list[int]) -> None:
    assert all(await asyncio.gather(*(claim(sqlite, str(number)) for number in range(20))))

    assert len(commits) == 1
    assert all([await claimed(sqlite, str(number)) for number in range(20)])


async def test_one_alone_is_committed_at_once(sqlite: Database, commits: list[int]) -> None:
    for number in range(3):
        await claim(sqlite, str(number))

    assert len(commits) == 3


@pytest.mark.parametrize("failing", [0, 1, 4])
async def test_an_error_undoes_its_own_part_only(sqlite: Database, failing: int) -> None:
    ends = await asyncio.gather(
        *(claim(sqlite, str(number), fail=number == failing) for number in range(5)), return_exceptions=True
    )

    assert [isinstance(end, ValueError) for end in ends] == [number == failing for number in range(5)]
    assert [await claimed(sqlite, str(number)) for number in range(5)] == [number != failing for number in range(5)]


async def test_nobody_is_done_when_the_shared_commit_fails(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("sqlalchemy.ext.asyncio.AsyncConnection.commit", full)
        ends = await asyncio.gather(*(claim(sqlite, str(number)) for number in range(3)), return_exceptions=True)

    assert [type(end) for end in ends] == [NotCommittedError] * 3
    assert not any([await claimed(sqlite, str(number)) for number in range(3)])
    assert await claim(sqlite, "afterwards")


async def test_whoever_is_cancelled_in_the_middle_takes_the_others_along_and_the_next_one_works(
    sqlite: Database,
) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with sqlite.transaction() as tx:
            await slots.claim(tx, "test", "hanging", now=NOW)
            inside.set()
            await asyncio.Event().wait()

    first, hanging = asyncio.create_task(claim(sqlite, "first")), asyncio.create_task(hang())
    await inside.wait()
    last = asyncio.create_task(claim(sqlite, "last"))
    await asyncio.sleep(0)
    hanging.cancel()
    ends = await asyncio.gather(first, hanging, last, return_exceptions=True)

    assert isinstance(ends[0], NotCommittedError)
    assert isinstance(ends[1], asyncio.CancelledError)
    assert ends[2] is True
    assert [await claimed(sqlite, key) for key in ("first", "hanging", "last")] == [False, False, True]


async def test_the_first_in_line_commits_for_the_others_even_when_it_is_cancelled_after_its_part(
    sqlite: Database,
) -> None:
    done = asyncio.Event()

    async def lead() -> None:
        async with sqlite.transaction() as tx:
            await slots.claim(tx, "test", "leading", now=NOW)
            done.set()

    leading = asyncio.create_task(lead())
    others = [asyncio.create_task(claim(sqlite, str(number))) for number in range(3)]
    await done.wait()
    leading.cancel()

    assert await asyncio.gather(*others) == [True] * 3
    assert all([await claimed(sqlite, key) for key in ("leading", "0", "1", "2")])


async def test_a_full_group_is_committed_before_the_next_one_begins(
    sqlite: Database, commits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite_writer.PARTS_MAX", 4)

    assert all(await asyncio.gather(*(claim(sqlite, str(number)) for number in range(10))))

    assert len(commits) == 3


async def test_a_later_part_sees_what_an_earlier_one_did(sqlite: Database) -> None:
    ends = await asyncio.gather(claim(sqlite, "same"), claim(sqlite, "same"))

    assert ends == [True, False]


async def test_alone_means_that_nobody_writes_meanwhile(sqlite: Database) -> None:
    writer = sqlite._writer
    assert isinstance(writer, SqliteWriter)
    other = asyncio.create_task(claim(sqlite, "other"))
    async with writer.alone() as connection:
        await asyncio.sleep(0.02)
        assert not other.done()
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    assert await other

"""Updates are stored once, taken in order within a lane, and set aside when they always fail."""

from datetime import UTC, datetime, timedelta

from storage import inbox
from storage.base import Account
from storage.database import Database
from tests.storage.claiming import take_one

WEB = (Account("web", "web"),)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


async def put(database: Database, update_id: str, lane: str = "a", channel: str = "web") -> bool:
    async with database.transaction() as tx:
        return await inbox.put(
            tx, channel=channel, account="web", update_id=update_id, lane=lane, raw={"n": update_id}, now=NOW
        )


async def take(database: Database, *, now: datetime = NOW, finish: bool = True) -> str | None:
    async with database.transaction() as tx:
        update = await take_one(tx, accounts=WEB, now=now)
        if update is not None and finish:
            await inbox.finish(tx, update, now=now)
        return update.raw["n"] if update else None


async def test_a_redelivered_update_changes_nothing(database: Database) -> None:
    assert await put(database, "1") is True
    assert await put(database, "1") is False
    assert await take(database) == "1"
    assert await put(database, "1") is False
    assert await take(database) is None


async def test_a_lane_is_handled_in_order(database: Database) -> None:
    for number in ("1", "2", "3"):
        await put(database, number)
    assert [await take(database) for _ in range(4)] == ["1", "2", "3", None]


async def test_an_update_that_waits_holds_its_lane_and_no_other(database: Database) -> None:
    await put(database, "1", lane="a")
    await put(database, "2", lane="a")
    await put(database, "3", lane="b")
    async with database.transaction() as tx:
        first = await take_one(tx, accounts=WEB, now=NOW)
        assert first is not None
        await inbox.postpone(tx, first, due_at=NOW + timedelta(minutes=1))
    assert await take(database) == "3"
    assert await take(database) is None
    assert await take(database, now=NOW + timedelta(minutes=2)) == "1"


async def test_another_channels_update_is_left_to_its_own_process(database: Database) -> None:
    await put(database, "1", channel="console")
    assert await take(database) is None


async def test_an_update_undone_by_a_crash_is_taken_again(database: Database) -> None:
    await put(database, "1")
    assert await take(database, finish=False) == "1"
    assert await take(database) == "1"


async def test_an_update_that_always_fails_is_set_aside_and_the_others_go_on(database: Database) -> None:
    await put(database, "1")
    await put(database, "2")
    for attempt in range(3):
        async with database.transaction() as tx:
            update = await take_one(tx, accounts=WEB, now=NOW)
            assert update is not None and update.raw["n"] == "1"
            aside = await inbox.fail(tx, update, error="boom", now=NOW, attempts_max=3, wait=timedelta(0))
        assert aside is (attempt == 2)
    assert await take(database) == "2"


async def test_a_finished_update_keeps_no_words(database: Database) -> None:
    await put(database, "1")
    await take(database)
    async with database.reading() as tx:
        assert (await tx.execute(inbox.inbox.select())).one().raw is None


async def test_two_workers_never_hold_one_lane(ready_postgres_url: str) -> None:
    database = Database.open(ready_postgres_url)
    await put(database, "1", lane="a")
    await put(database, "2", lane="a")
    await put(database, "3", lane="b")
    async with database.transaction() as one, database.transaction() as other, database.transaction() as third:
        first = await take_one(one, accounts=WEB, now=NOW)
        second = await take_one(other, accounts=WEB, now=NOW)
        assert first is not None and second is not None
        assert {first.raw["n"], second.raw["n"]} == {"1", "3"}
        assert await take_one(third, accounts=WEB, now=NOW) is None
    await database.close()

"""Files before words: an update waits for its files and holds its lane; an album waits until it is complete."""

from datetime import UTC, datetime, timedelta

from storage import fetching, inbox
from storage.base import Account
from storage.database import Database
from storage.fetching import Fetching
from tests.storage.claiming import take_one

TELEGRAM = (Account("telegram", "1"),)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


async def put(
    database: Database, number: str, *, fetch: bool = False, album: str | None = None, now: datetime = NOW
) -> None:
    async with database.transaction() as tx:
        await inbox.put(
            tx, channel="telegram", account="1", update_id=number, lane="a", raw={"n": number}, now=now, album=album,
            fetch=fetch,
        )  # fmt: skip


async def claim(database: Database, now: datetime = NOW) -> Fetching | None:
    async with database.transaction() as tx:
        lease = now + timedelta(seconds=30)
        return await fetching.claim(tx, accounts=TELEGRAM, now=now, leased_until=lease)


async def taken(database: Database, now: datetime) -> list[str]:
    """What the next update in hand brings, its album's other parts included; handled."""
    async with database.transaction() as tx:
        update = await take_one(tx, accounts=TELEGRAM, now=now)
        if update is None:
            return []
        parts = await inbox.rest_of_album(tx, update)
        await inbox.finish(tx, update, now=now)
        await inbox.merge(tx, parts, now=now)
        return [one.raw["n"] for one in (update, *parts)]


async def fetched(database: Database, job: Fetching) -> bool:
    async with database.transaction() as tx:
        return await fetching.hand_on(tx, job.update.id, job.update.raw | {"files": [1]})


async def test_words_after_a_photo_wait_until_the_photo_is_here(database: Database) -> None:
    await put(database, "1", fetch=True)
    await put(database, "2")
    assert await taken(database, NOW) == []
    job = await claim(database)
    assert job is not None and job.tries == 1 and await fetched(database, job)
    assert [await taken(database, NOW), await taken(database, NOW)] == [["1"], ["2"]]


async def test_a_fetch_whose_worker_died_is_claimed_again_when_its_lease_is_over(database: Database) -> None:
    await put(database, "1", fetch=True)
    assert await claim(database) is not None
    assert await claim(database) is None
    again = await claim(database, LATER)
    assert again is not None and again.tries == 2
    assert await fetched(database, again)
    assert not await fetched(database, again)


async def test_waiting_for_a_connection_is_no_try(database: Database) -> None:
    await put(database, "1", fetch=True)
    job = await claim(database)
    assert job is not None
    async with database.transaction() as tx:
        await fetching.try_again(tx, job, at=LATER, counted=False)
    assert await claim(database) is None
    again = await claim(database, LATER)
    assert again is not None and again.tries == 1


async def test_an_album_is_handled_whole_after_a_moment_of_silence(database: Database) -> None:
    await put(database, "1", album="x")
    await put(database, "2", album="x", now=NOW + timedelta(seconds=1))
    await put(database, "3")
    assert await taken(database, NOW + timedelta(seconds=2)) == []
    assert await taken(database, NOW + timedelta(seconds=3)) == ["1", "2"]
    assert await taken(database, NOW + timedelta(seconds=3)) == ["3"]
    async with database.reading() as tx:
        assert await inbox.waiting(tx) == 0


async def test_an_album_is_heard_as_one_message(database: Database) -> None:
    handled_at, later = NOW + timedelta(seconds=3), NOW + timedelta(seconds=4)
    for number, album in (("1", "x"), ("2", "x"), ("3", None)):
        await put(database, number, album=album)
    for _ in range(2):
        await taken(database, handled_at)
    await put(database, "4")
    for heard_max, heard_at in ((2, handled_at), (3, None)):
        async with database.reading() as tx:
            update = await take_one(tx, accounts=TELEGRAM, now=later, heard_since=NOW, heard_max=heard_max)
        assert update is not None and update.heard_at == heard_at


async def test_an_album_waits_for_all_its_files(database: Database) -> None:
    await put(database, "1", album="x", fetch=True)
    await put(database, "2", album="x", fetch=True)
    first = await claim(database)
    assert first is not None and await fetched(database, first)
    assert await taken(database, LATER) == []
    second = await claim(database)
    assert second is not None and await fetched(database, second)
    assert await taken(database, LATER) == ["1", "2"]


async def test_a_photo_that_comes_late_is_handled_by_itself(database: Database) -> None:
    await put(database, "1", album="x")
    assert await taken(database, LATER) == ["1"]
    await put(database, "2", album="x", now=LATER)
    assert await taken(database, LATER + timedelta(seconds=2)) == ["2"]


async def test_an_album_that_always_fails_is_set_aside_whole(database: Database) -> None:
    await put(database, "1", album="x")
    await put(database, "2", album="x")
    async with database.transaction() as tx:
        update = await take_one(tx, accounts=TELEGRAM, now=LATER)
        assert update is not None
        assert await inbox.fail(tx, update, error="boom", now=LATER, attempts_max=1, wait=timedelta(0))
    assert await taken(database, LATER) == []

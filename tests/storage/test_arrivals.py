"""Updates that come together are stored together, in order and once."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from storage import inbox
from storage.arrivals import Arrival, put_all
from storage.base import Account
from storage.database import Database
from tests.storage.claiming import take_one

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ACCOUNTS = [Account("telegram", "1")]


def arrival(number: str, *, album: str | None = None, fetch: bool = False) -> Arrival:
    return Arrival(
        channel="telegram", account="1", update_id=number, lane=f"lane-{number}", raw={"number": number, "no": None},
        now=NOW, album=album, fetch=fetch,
    )  # fmt: skip


async def put(database: Database, *arrivals: Arrival) -> list[str]:
    """Store them; all that are there, in the order in which they are taken."""
    async with database.transaction() as tx:
        await put_all(tx, arrivals)
        return list((await tx.execute(select(inbox.inbox.c.update_id).order_by(inbox.inbox.c.id))).scalars())


async def test_they_keep_their_order_whatever_kinds_they_are(database: Database) -> None:
    kinds = [arrival("1"), arrival("2"), arrival("3", album="x"), arrival("4", fetch=True), arrival("5"), arrival("6")]

    assert await put(database, *kinds) == ["1", "2", "3", "4", "5", "6"]


async def test_what_is_here_already_stays_and_the_others_are_stored(database: Database) -> None:
    await put(database, arrival("1"), arrival("2"))

    assert await put(database, arrival("2"), arrival("3"), arrival("3"), arrival("1")) == ["1", "2", "3"]


async def test_they_can_be_taken_like_those_stored_alone(database: Database) -> None:
    await put(database, arrival("1"), arrival("2"))
    await put(database, arrival("3"))
    found = []
    for _ in range(3):
        async with database.transaction() as tx:
            update = await take_one(tx, accounts=ACCOUNTS, now=NOW)
            assert update is not None
            found.append((update.raw["number"], update.raw["no"], update.received_at))
            await inbox.finish(tx, update, now=NOW + timedelta(seconds=1))

    assert found == [(number, None, NOW) for number in ("1", "2", "3")]


async def test_they_wake_a_worker(database: Database) -> None:
    sleeper = database.wakes.sleeper(inbox.TOPIC)
    await put(database, arrival("1"), arrival("2"))

    assert sleeper.is_set()

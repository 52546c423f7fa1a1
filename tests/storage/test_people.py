"""Who is behind a contact point, and where they are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.sample import seed
from storage import contacts, people, wards
from storage.database import Database, Transaction
from storage.people import SEEN_AGAIN_AFTER, Known, contact_point

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = START + SEEN_AGAIN_AFTER / 2


async def find(tx: Transaction, channel: str = "web") -> Known:
    known = await people.find(tx, channel=channel, account="a", address="ba")
    assert known is not None
    return known


@pytest.fixture
async def person_id(database: Database) -> int:
    """Somebody seen on the web at the start, and on Telegram an hour before."""
    async with database.transaction() as tx:
        await seed(tx, now=START)
        person = await people.add(
            tx, ward_id=(await wards.codes(tx))[0][0], channel="web", account="a", address="ba", name="Bà",
            language="vi", now=START,
        )  # fmt: skip
        at = {"channel": "telegram", "account": "a", "address": "ba", "person_id": person.id, "ward_id": person.ward_id}
        await tx.execute(contact_point.insert().values(last_seen_at=START - timedelta(hours=1), **at))
    return person.id


async def test_a_conversation_is_not_written_down_message_by_message(database: Database, person_id: int) -> None:
    async with database.reading() as tx:
        known = await find(tx)
    assert known.person.id == person_id
    assert not known.is_to_be_seen(LATER)
    assert known.is_to_be_seen(START + SEEN_AGAIN_AFTER)


async def test_who_writes_from_elsewhere_is_told_there_at_once(database: Database, person_id: int) -> None:
    async with database.transaction() as tx:
        assert (await find(tx, "telegram")).is_to_be_seen(LATER)
        await people.seen(tx, channel="telegram", account="a", address="ba", now=LATER)
        reached = await contacts.reach(tx, person_id)
        assert reached is not None
        assert reached[0].channel == "telegram"
        assert (await find(tx)).is_to_be_seen(LATER), "back to the page within the minute: that counts as well"
        assert not (await find(tx, "telegram")).is_to_be_seen(LATER)


async def test_a_ward_that_was_changed_is_read_anew_whoever_asks(database: Database, person_id: int) -> None:
    async with database.transaction() as tx:
        ward_id = (await find(tx)).person.ward_id
        before = await wards.load(tx, ward_id, database, version=(await find(tx)).ward_version)
        assert await wards.load(tx, ward_id, database, version=(await find(tx)).ward_version) is before
        await wards.write(tx, replace(before.ward, phone="0292 000 0000"))
        after = await wards.load(tx, ward_id, database, version=(await find(tx)).ward_version)
    assert after.ward.phone == "0292 000 0000"
    assert after.version == before.version + 1

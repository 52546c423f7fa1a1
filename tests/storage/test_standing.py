"""Cards that stand in chats: found by name, changed where they stand, or said in another way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from domain.notices import Priority
from storage import outbox, sending_ends, standing
from storage.base import Account
from storage.database import Database
from storage.outbox import Address, Sending
from tests.storage.claiming import claim_one

WEB = (Account("web", "web"),)
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
CARD = "case:1:2"


def at(chat: str) -> Address:
    return Address(channel="web", account="web", chat=chat)


async def posted(database: Database, chat: str, sent_as: str | None, card: str = CARD) -> None:
    """A card that stands in a chat (sent as `sent_as`), or is still owed there."""
    async with database.transaction() as tx:
        await outbox.put(tx, at(chat), {"reply": "thẻ", "card": card}, language="vi", priority=Priority.CARD, now=NOW)
    if sent_as is not None:
        taken = await claimed(database)
        async with database.transaction() as tx:
            await sending_ends.mark_sent(tx, taken, sent_as=sent_as, now=NOW)


async def change(database: Database, chat: str, words: str, instead: str | None = None) -> None:
    body = {"reply": words, "card": CARD, "instead": {"reply": instead} if instead else None}
    async with database.transaction() as tx:
        ward_id: Any = None
        await standing.owe_change(
            tx, at(chat), body, language="vi", priority=Priority.CARD, now=NOW, ward_id=ward_id, case_id=None
        )


async def claimed(database: Database) -> Sending:
    async with database.transaction() as tx:
        taken = await claim_one(tx, accounts=WEB, now=NOW, leased_until=NOW + LEASE)
    assert taken is not None
    return taken


async def rows(database: Database) -> list[tuple[str, bool, str, str | None]]:
    """(words, whether it is a change, state, card) of everything in the outbox."""
    async with database.reading() as tx:
        found = (await tx.execute(select(outbox.outbox).order_by(outbox.outbox.c.id))).all()
    return [(row.body["reply"], row.edits, row.state, row.card) for row in found]


async def test_a_card_is_found_where_it_stands_or_is_owed_and_nowhere_else(database: Database) -> None:
    await posted(database, "a", "m1")
    await posted(database, "b", None)
    await posted(database, "c", None, card="case:9:2")
    async with database.reading() as tx:
        assert await standing.chats_of(tx, CARD) == {at("a"): "vi", at("b"): "vi"}


async def test_a_change_is_made_to_the_newest_card_of_its_chat(database: Database) -> None:
    await posted(database, "a", "m1")
    await posted(database, "a", "m2")
    await posted(database, "b", "m3")
    await change(database, "a", "đã nhận")
    taken = await claimed(database)
    assert taken.edits and taken.card == CARD
    async with database.reading() as tx:
        assert await standing.message_of(tx, taken) == "m2"


async def test_changes_that_wait_become_one_and_one_being_made_is_followed_by_another(database: Database) -> None:
    await posted(database, "a", "m1")
    await change(database, "a", "đã nhận", instead="Lan đã nhận")
    await change(database, "a", "đã trả lời")
    assert (await rows(database))[1:] == [("đã trả lời", True, "queued", CARD)]
    taken = await claimed(database)
    assert taken.body["instead"] == {"reply": "Lan đã nhận"}
    await change(database, "a", "đã kết thúc")
    assert [words for words, *_rest in await rows(database)] == ["thẻ", "đã trả lời", "đã kết thúc"]


async def test_a_change_that_cannot_be_made_is_said_in_its_place_and_is_no_card(database: Database) -> None:
    await change(database, "a", "đã nhận", instead="Lan đã nhận")
    taken = await claimed(database)
    async with database.transaction() as tx:
        assert await standing.message_of(tx, taken) is None
        await standing.say_instead(tx, taken, now=NOW, why="nothing stands there")
    assert await rows(database) == [("Lan đã nhận", False, "queued", None)]
    assert not (await claimed(database)).edits


async def test_a_change_with_nothing_to_say_instead_is_dropped(database: Database) -> None:
    await change(database, "a", "đã nhận")
    taken = await claimed(database)
    async with database.transaction() as tx:
        await standing.say_instead(tx, taken, now=NOW, why="nothing stands there")
    assert await rows(database) == [("đã nhận", True, "dropped", CARD)]
    async with database.reading() as tx:
        assert await outbox.owed(tx) == 0

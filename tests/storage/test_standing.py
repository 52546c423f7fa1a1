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


async def claimed(database: Database, now: datetime = NOW) -> Sending:
    async with database.transaction() as tx:
        taken = await claim_one(tx, accounts=WEB, now=now, leased_until=now + LEASE)
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


async def test_a_change_that_another_sender_took_over_is_not_said_instead_by_the_first(database: Database) -> None:
    await change(database, "a", "đã nhận", instead="Lan đã nhận")
    first = await claimed(database)
    second = await claimed(database, now=NOW + LEASE * 2)
    assert second.id == first.id
    await instead(database, first)
    assert await rows(database) == [("đã nhận", True, "sending", CARD)]
    await instead(database, second)
    await claimed(database, now=NOW + LEASE * 3)
    for late in (first, second):
        await instead(database, late)
    assert await rows(database) == [("Lan đã nhận", False, "sending", None)]


async def instead(database: Database, sending: Sending) -> None:
    async with database.transaction() as tx:
        await standing.say_instead(tx, sending, now=NOW, why="nothing stands there")


async def paused(database: Database, sending: Sending, until: datetime) -> None:
    """The platform asked to come back at an instant."""
    async with database.transaction() as tx:
        await sending_ends.mark_again(tx, sending, send_after=until, error="too many requests", counted=False)


async def leaves(database: Database, now: datetime) -> str | None:
    """The words of what leaves now, if anything does."""
    async with database.transaction() as tx:
        taken = await claim_one(tx, accounts=WEB, now=now, leased_until=now + LEASE)
    return None if taken is None else taken.body["reply"]


async def test_dropping_what_stands_behind_a_pause_of_the_platform_does_not_break_it(database: Database) -> None:
    until = NOW + timedelta(seconds=40)
    await posted(database, "a", None, card="case:1:1")
    await paused(database, await claimed(database), until)
    await change(database, "a", "không cần nữa")
    assert await leaves(database, NOW) is None
    async with database.transaction() as tx:
        await standing.drop(tx, at("a"), CARD)
    assert await leaves(database, until - timedelta(seconds=1)) is None
    assert await leaves(database, until) == "thẻ"


async def test_the_next_one_keeps_the_pause_that_a_dropped_one_waited_for_and_no_longer(database: Database) -> None:
    until = NOW + timedelta(seconds=40)
    await posted(database, "a", None)
    await paused(database, await claimed(database), until)
    async with database.transaction() as tx:
        await outbox.put(tx, at("a"), {"reply": "lời tiếp"}, language="vi", priority=Priority.REPLY, now=NOW)
        await standing.drop(tx, at("a"), CARD)
    assert await leaves(database, until - timedelta(seconds=1)) is None
    assert await leaves(database, until) == "lời tiếp"


async def test_what_stood_behind_a_message_put_off_by_ourselves_leaves_when_that_is_dropped(database: Database) -> None:
    await posted(database, "a", None)
    async with database.transaction() as tx:
        await standing.put_off(tx, at("a"), CARD, until=NOW + timedelta(seconds=40))
        await outbox.put(tx, at("a"), {"reply": "lời tiếp"}, language="vi", priority=Priority.REPLY, now=NOW)
    assert await leaves(database, NOW) is None
    async with database.transaction() as tx:
        await standing.drop(tx, at("a"), CARD)
    assert await leaves(database, NOW) == "lời tiếp"

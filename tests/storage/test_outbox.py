"""What is owed is sent in order within a chat, once by its key, and taken over when its sender died."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from domain.notices import Priority
from storage import leases, outbox, sending_ends
from storage.base import Account
from storage.database import Database
from storage.outbox import Address, Sending
from tests.storage.claiming import claim_one

WEB = (Account("web", "web"),)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


async def owe(
    database: Database, text: str, chat: str = "a", priority: int = Priority.REPLY, key: str | None = None
) -> None:
    async with database.transaction() as tx:
        await outbox.put(
            tx, Address(channel="web", account="web", chat=chat), {"reply": text}, language="vi", priority=priority,
            now=NOW, key=key,
        )  # fmt: skip


async def claim(database: Database, *, now: datetime = NOW) -> Sending | None:
    async with database.transaction() as tx:
        return await claim_one(tx, accounts=WEB, now=now, leased_until=now + LEASE)


async def sent(database: Database, message: Sending | None, sent_as: str = "m1") -> None:
    assert message is not None
    async with database.transaction() as tx:
        await sending_ends.mark_sent(tx, message, sent_as=sent_as, now=NOW)


def text(message: Sending | None) -> str | None:
    return message.body["reply"] if message else None


async def test_a_chat_is_told_in_order(database: Database) -> None:
    await owe(database, "1")
    await owe(database, "2")
    first = await claim(database)
    assert text(first) == "1"
    assert await claim(database) is None
    await sent(database, first)
    assert text(await claim(database)) == "2"


async def test_messages_of_several_chats_marked_together_let_go_what_waits_behind_them(database: Database) -> None:
    for chat in ("a", "b", "c"):
        await owe(database, f"1{chat}", chat=chat)
        await owe(database, f"2{chat}", chat=chat)
    first = [one for _ in range(3) if (one := await claim(database)) is not None]
    assert await claim(database) is None
    done = [(one.id, f"m{one.id}") for one in first if one.address.chat != "c"]
    async with database.transaction() as tx:
        await sending_ends.mark_all_sent(tx, done, now=NOW)
    assert [text(await claim(database)) for _ in range(3)] == ["2a", "2b", None]
    async with database.reading() as tx:
        kept = await tx.execute(outbox.outbox.select().where(outbox.outbox.c.state == outbox.SENT))
        assert sorted((row.id, row.sent_as) for row in kept) == done


async def test_a_person_waiting_comes_before_cards_and_digests(database: Database) -> None:
    await owe(database, "digest", chat="g", priority=Priority.DIGEST)
    await owe(database, "card", chat="u", priority=Priority.CARD)
    await owe(database, "reply", chat="p", priority=Priority.REPLY)
    assert [text(await claim(database)) for _ in range(3)] == ["reply", "card", "digest"]


async def test_what_has_a_key_is_owed_once(database: Database) -> None:
    await owe(database, "1", key="digest:AHD:2026-W47:g")
    await owe(database, "2", key="digest:AHD:2026-W47:g")
    await sent(database, await claim(database))
    assert await claim(database) is None


async def test_a_message_whose_sender_died_is_taken_over_in_doubt(database: Database) -> None:
    await owe(database, "1")
    first = await claim(database)
    assert first is not None and not first.doubts
    assert await claim(database) is None
    again = await claim(database, now=NOW + LEASE + timedelta(seconds=1))
    assert again is not None and again.doubts == 1 and again.attempts == 2


async def test_a_retry_waits_and_holds_back_what_comes_after_it_in_the_same_chat(database: Database) -> None:
    await owe(database, "1")
    await owe(database, "2")
    first = await claim(database)
    assert first is not None
    async with database.transaction() as tx:
        await sending_ends.mark_again(tx, first, send_after=NOW + timedelta(seconds=30), error="429")
    assert await claim(database) is None
    assert text(await claim(database, now=NOW + timedelta(seconds=31))) == "1"


async def test_what_was_refused_or_is_unknown_is_over_and_the_next_one_goes(database: Database) -> None:
    for end in (sending_ends.mark_refused, sending_ends.mark_unknown):
        await owe(database, "bad")
        await owe(database, "good")
        bad = await claim(database)
        assert bad is not None
        async with database.transaction() as tx:
            await end(tx, bad, error="gone")
        good = await claim(database)
        assert text(good) == "good"
        await sent(database, good)


async def test_a_reply_leads_back_to_its_case_only_in_its_own_chat(database: Database) -> None:
    await owe(database, "1")
    await sent(database, await claim(database), sent_as="m77")
    async with database.reading() as tx:
        there = Address(channel="web", account="web", chat="a")
        elsewhere = Address(channel="web", account="web", chat="b")
        assert await outbox.case_behind(tx, there, sent_as="m77") is None
        assert await outbox.case_behind(tx, elsewhere, sent_as="m77") is None


async def test_after_a_crash_nobody_waits_for_the_lease_of_the_dead(database: Database) -> None:
    await owe(database, "1")
    database.holder = 4
    await claim(database)
    async with database.transaction() as tx:
        assert await leases.holders(tx) == {4}
        assert await leases.end(tx, holders=[3, 5], now=NOW) == 0
        assert await leases.end(tx, holders=[4], now=NOW) == 1
        assert await leases.holders(tx) == set()
    again = await claim(database)
    assert text(again) == "1"
    assert again is not None and again.doubts == 1


@pytest.mark.parametrize("together", [False, True])
async def test_a_message_committed_late_with_an_earlier_number_keeps_nobody_waiting(
    database: Database, together: bool
) -> None:
    await owe(database, "2")
    await owe(database, "3")
    second = await claim(database)
    assert await claim(database) is None  # the third has been lined up behind the second
    await owe(database, "1")
    async with database.transaction() as tx:
        await tx.execute(update(outbox.outbox).where(outbox.outbox.c.id == 3).values(id=0))
    assert second is not None
    async with database.transaction() as tx:
        if together:
            await sending_ends.mark_all_sent(tx, [(second.id, "m1")], now=NOW)
        else:
            await sending_ends.mark_sent(tx, second, sent_as="m1", now=NOW)
    first = await claim(database)
    assert text(first) == "1"
    await sent(database, first)
    assert text(await claim(database)) == "3"


async def test_what_is_owed_from_later_on_waits_and_holds_its_chat(database: Database) -> None:
    later = NOW + timedelta(seconds=3)
    async with database.transaction() as tx:
        address = Address(channel="web", account="web", chat="a")
        await outbox.put(tx, address, {"reply": "1"}, language="vi", priority=Priority.REPLY, now=later)
    await owe(database, "2")
    assert await claim(database) is None
    first = await claim(database, now=later)
    assert text(first) == "1"
    await sent(database, first)
    assert text(await claim(database, now=later)) == "2"


def test_only_a_remark_said_on_a_button_counts_for_no_window_and_an_album_counts_by_its_pictures() -> None:
    assert outbox.units_of({"reply": {"text": "x", "only_for": "7", "tap": "t", "attachments": []}}) == 0
    assert outbox.units_of({"reply": {"text": "x", "only_for": "7", "tap": None, "attachments": []}}) == 1
    assert outbox.units_of({"reply": {"text": "x", "attachments": [1, 2, 3]}}) == 3
    assert outbox.units_of({"notice": "case_card", "params": {}, "attachments": list(range(14))}) == 10
    assert outbox.units_of({"notice": "case_card", "params": {}}) == 1

"""A chat with a new id: what is bound, said and owed moves along, once, and what was sent stays."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.sample import seed
from domain.people import GroupKind
from storage import chat_moves, conversations, invites, outbox, sending_ends, wards
from storage.base import Account
from storage.database import Database
from storage.outbox import Address
from tests.storage.claiming import claim_one

TELEGRAM = (Account("telegram", "1"),)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
OLD = Address(channel="telegram", account="1", chat="-5")
NEW = Address(channel="telegram", account="1", chat="-1005")
OTHER = Address(channel="telegram", account="2", chat="-5")


async def bound(database: Database, *addresses: Address) -> None:
    async with database.transaction() as tx:
        if not await wards.codes(tx):
            await seed(tx, now=NOW)
        ward_id = (await wards.codes(tx))[0][0]
        for address in addresses:
            await invites.bind_group(
                tx, address, ward_id=ward_id, kind=GroupKind.WARD, unit_id=None, bound_by=None, now=NOW
            )


async def owe(database: Database, text: str) -> int:
    async with database.transaction() as tx:
        await outbox.put(tx, OLD, {"reply": text}, language="vi", priority=1, now=NOW)
        found: int = await tx.scalar(select(outbox.outbox.c.id).order_by(outbox.outbox.c.id.desc()).limit(1))
        return found


async def moved(database: Database) -> None:
    async with database.transaction() as tx:
        await chat_moves.move_chat(tx, OLD, NEW.chat)


async def test_what_is_owed_moves_and_what_was_sent_stays(database: Database) -> None:
    sent, owed = await owe(database, "một"), await owe(database, "hai")
    async with database.transaction() as tx:
        first = await claim_one(tx, accounts=TELEGRAM, now=NOW, leased_until=NOW + timedelta(minutes=1))
        assert first is not None and first.id == sent
        await sending_ends.mark_sent(tx, first, sent_as="2", now=NOW)
        await outbox.note_part(tx, owed, 0, ["3"])
    await moved(database)
    await moved(database)
    async with database.reading() as tx:
        rows = (await tx.execute(select(outbox.outbox.c.id, outbox.outbox.c.chat))).all()
        assert {tuple(row) for row in rows} == {(sent, OLD.chat), (owed, NEW.chat)}
        assert await outbox.case_behind(tx, NEW, sent_as="3") is None


async def test_a_bound_group_and_its_conversations_move_and_other_accounts_do_not(database: Database) -> None:
    await bound(database, OLD, OTHER)
    async with database.transaction() as tx:
        await conversations.save(tx, channel="telegram", account="1", chat="-5", sender="7", state={"v": 1}, now=NOW)
    await moved(database)
    async with database.reading() as tx:
        assert await invites.group_at(tx, NEW) and await invites.group_at(tx, OTHER)
        assert await invites.group_at(tx, OLD) is None
        assert await conversations.load(tx, channel="telegram", account="1", chat="-1005", sender="7") == {"v": 1}


async def test_what_the_new_id_already_has_counts(database: Database) -> None:
    await bound(database, OLD, NEW)
    async with database.transaction() as tx:
        for chat, state in (("-5", {"v": 1}), ("-1005", {"v": 2})):
            await conversations.save(tx, channel="telegram", account="1", chat=chat, sender="7", state=state, now=NOW)
    await moved(database)
    async with database.reading() as tx:
        assert len(await invites.groups_in(tx, NEW)) == 1
        assert await conversations.load(tx, channel="telegram", account="1", chat="-1005", sender="7") == {"v": 2}


async def test_the_topics_of_a_forum_are_groups_of_its_chat(database: Database) -> None:
    topic = Address(channel="telegram", account="1", chat="-1005:7")
    like = Address(channel="telegram", account="1", chat="-10051")
    await bound(database, NEW, topic, like)
    async with database.reading() as tx:
        assert [group.address.chat for group in await invites.groups_in(tx, NEW)] == ["-1005", "-1005:7"]


async def test_a_wait_the_platform_named_is_no_try(database: Database) -> None:
    number = await owe(database, "một")
    async with database.transaction() as tx:
        claimed = await claim_one(tx, accounts=TELEGRAM, now=NOW, leased_until=NOW + timedelta(minutes=1))
        assert claimed is not None and claimed.id == number and claimed.attempts == 1
        await sending_ends.mark_again(tx, claimed, send_after=NOW, error="429", counted=False)
        again = await claim_one(tx, accounts=TELEGRAM, now=NOW, leased_until=NOW + timedelta(minutes=1))
        assert again is not None and again.attempts == 1


async def test_what_waited_behind_another_is_not_forgotten_when_its_chat_moves(database: Database) -> None:
    first, second = await owe(database, "một"), await owe(database, "hai")
    lease = NOW + timedelta(minutes=1)
    async with database.transaction() as tx:
        held = await claim_one(tx, accounts=TELEGRAM, now=NOW, leased_until=lease)
        assert held is not None and held.id == first
        assert await claim_one(tx, accounts=TELEGRAM, now=NOW, leased_until=lease) is None
        await chat_moves.move_chat(tx, OLD, NEW.chat)
        await sending_ends.mark_again(tx, held, send_after=NOW, error="the chat has moved", counted=False)
        for number in (first, second):
            one = await claim_one(tx, accounts=TELEGRAM, now=NOW, leased_until=lease)
            assert one is not None and one.id == number and one.address == NEW
            await sending_ends.mark_sent(tx, one, sent_as="5", now=NOW)

"""A plan that runs out is told to every ward's administrators, each of them once in a period."""

from collections.abc import Sequence
from dataclasses import replace

from actions.watch_quota import tell, watch_messages
from domain.people import Role
from storage import outbox
from storage.base import Account
from storage.database import Database
from storage.outbox import Address
from tests.handlers.driver import ACCOUNT, CHANNEL, NOW, Talk, sample_ward

ON = Account("zalo_oa", "77")


async def two_wards(database: Database) -> None:
    """Two wards that share an account: the first has two administrators, the second as yet only a leader."""
    first = await Talk.begin(database)
    await first.official("quan", None, Role.ADMIN)
    await first.official("hai", None, Role.ADMIN)
    second = await Talk.begin(database, ward=replace(sample_ward("TML"), name="Phường Tân Mỹ Long"))
    await second.official("chu-tich", None, Role.LEADER)


async def owed(database: Database, chats: Sequence[str] = ("quan", "hai", "chu-tich")) -> list[int]:
    """How much each of them is owed."""
    async with database.reading() as tx:
        return [len(await outbox.owed_to(tx, Address(channel=CHANNEL, account=ACCOUNT, chat=chat))) for chat in chats]


async def test_the_administrators_of_every_ward_are_told_once_each(database: Database) -> None:
    await two_wards(database)
    for _again in range(3):
        async with database.transaction() as tx:
            await tell(tx, ON, "refused", used=9, most=0, period="2026-11", now=NOW)
    assert await owed(database) == [1, 1, 1]
    async with database.transaction() as tx:
        await tell(tx, ON, "refused", used=9, most=0, period="2026-12", now=NOW)
        await tell(tx, Account("zalo_oa", "78"), "refused", used=9, most=0, period="2026-12", now=NOW)
    assert await owed(database) == [3, 3, 3]


async def test_a_months_messages_are_told_near_the_end_and_at_the_end_to_every_ward(database: Database) -> None:
    await two_wards(database)
    async with database.transaction() as tx:
        for used in range(12):
            await watch_messages(tx, ON, used=used, most=10, month="2026-11", now=NOW)
    assert await owed(database) == [2, 2, 2]


async def test_whoever_is_only_there_learns_it_before_the_last_message_is_gone(database: Database) -> None:
    talk = await Talk.begin(database)
    await talk.official("quan", None, Role.ADMIN)
    seen: dict[int, int] = {}
    for used in range(1, 101):
        async with database.transaction() as tx:
            await watch_messages(tx, Account(CHANNEL, ACCOUNT), used=used, most=100, month="2026-11", now=NOW)
        seen[used] = (await owed(database, ["quan"]))[0]
    assert [used for used in seen if seen[used] > seen.get(used - 1, 0)] == [80, 95, 100]
    assert "95/100" in (await talk.deliver())[1].text


async def test_that_nothing_can_be_sent_there_any_more_is_told_where_it_can_be_read(database: Database) -> None:
    talk = await Talk.begin(database)
    here = Account(CHANNEL, ACCOUNT)
    await talk.official("quan", None, Role.ADMIN)
    await talk.group("room-vp", "VP")
    async with database.transaction() as tx:
        await tell(tx, here, "refused", used=9, most=0, period="2026-11", now=NOW)
    # Only on that account: reception's group learns it, which a plan may not count.
    assert await owed(database, ["quan", "room-vp"]) == [1, 1]
    talk.channel = "telegram"
    await talk.official("sau", None, Role.LEADER)
    async with database.transaction() as tx:
        await tell(tx, here, "refused", used=9, most=0, period="2026-12", now=NOW)
        at = Address(channel="telegram", account=ACCOUNT, chat="sau")
        assert len(await outbox.owed_to(tx, at)) == 1
    assert await owed(database, ["quan", "room-vp"]) == [1, 1]

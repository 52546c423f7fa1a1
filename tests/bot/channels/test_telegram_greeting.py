"""The bot is added to a group on Telegram: it says how the group is bound, or is bound by the link that added it."""

import asyncio

from actions import follow_chat
from storage import invites
from storage.outbox import Address
from tests.bot.telegram_house import CHIEF, GROUP, OFFICIAL, House, group_bound, invited, office_taken

GREETING = "chưa gắn với đơn vị nào"


async def test_a_group_is_greeted_once_and_told_how_it_is_bound(home: House) -> None:
    home.people.add_bot(GROUP, by=OFFICIAL)
    said = await home.hears(GROUP, GREETING)
    assert "/thamgia" in said["text"] and "Phường An Hòa Đông" in said["text"].replace("phường", "Phường")
    await home.settle()
    assert len(home.server.sent(GROUP)) == 1


async def test_a_link_with_an_invite_binds_the_group_and_no_greeting_follows(home: House) -> None:
    home.people.add_bot(GROUP, by=CHIEF, payload=f"thamgia_{await invited(home, None)}")
    await home.hears(GROUP, "✅")
    async with home.database.reading() as tx:
        assert await invites.groups_in(tx, Address(channel="telegram", account="700001", chat=str(GROUP)))
    await asyncio.sleep(follow_chat.GREETING_AFTER.total_seconds())
    assert not any(GREETING in text for text in home.server.texts(GROUP))


async def test_who_adds_it_where_it_may_not_write_is_told_in_private(home: House) -> None:
    await office_taken(home)
    home.people.add_bot(GROUP, by=OFFICIAL, muted=True)
    await home.hears(OFFICIAL, "không được phép gửi tin ở đó")


async def test_a_group_that_is_bound_already_is_not_greeted_again(home: House) -> None:
    await group_bound(home)
    before = len(home.server.sent(GROUP))
    home.people.add_bot(GROUP, by=CHIEF)
    await home.settle()
    async with home.database.reading() as tx:
        address = Address(channel="telegram", account="700001", chat=str(GROUP))
        assert await invites.groups_in(tx, address)
    assert len(home.server.sent(GROUP)) == before

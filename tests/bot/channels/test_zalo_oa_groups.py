"""Units on Zalo: a group of the account is bound by a code, commands carry the case's code, a quoted card answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from domain.people import GroupKind
from storage import attachments
from tests.bot import telegram_house
from tests.bot.channels.test_telegram_walk import invited, picture
from tests.bot.channels.test_zalo_oa_walk import reported
from tests.bot.zalo_house import RESIDENT, ZaloHouse, zalo_house
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import Message

OFFICIAL, COLLEAGUE = "8309000000000000077", "8309000000000000078"
GROUP = "f414c8f76fa586fbdfb4"
UNIT = "KTHTDT"


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        yield opened


async def unit_in_its_group(here: ZaloHouse) -> None:
    """An official in office and the unit's group bound, all of it on Zalo."""
    from domain.people import Role

    here.people.write(OFFICIAL, f"/thamgia {await invited(here.home, role=Role.MEMBER, unit=UNIT)}")
    await here.hears(OFFICIAL, "tên")
    here.people.write(OFFICIAL, "Trần Thị Lan")
    await here.hears(OFFICIAL, "✅")
    here.people.group(GROUP, [OFFICIAL, COLLEAGUE])
    here.people.write_in_group(OFFICIAL, GROUP, f"/thamgia {await invited(here.home, kind=GroupKind.UNIT, unit=UNIT)}")
    await here.hears(GROUP, "✅")


async def test_a_case_is_worked_on_in_a_group_of_the_account(
    zalo: ZaloOaServer, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        await unit_in_its_group(here)
        code = await reported(here)
        card = await here.hears(GROUP, code)
        assert f"/nhan {code}" in card.body["text"] and "attachment" not in card.body
        # People talk with each other, and quote each other: none of that is for us.
        said = here.people.write_in_group(COLLEAGUE, GROUP, "mai ai trực?")
        here.people.write_in_group(OFFICIAL, GROUP, "để tôi", quote=said)
        here.people.write_in_group(OFFICIAL, GROUP, f"/nhan {code}")
        assert "quote_message_id" in (await here.hears(GROUP, "Trần Thị Lan")).body
        await here.at_rest()
        here.people.write_in_group(OFFICIAL, GROUP, "Đã thay bóng đèn chiều nay.", quote=card.id)
        await here.hears(GROUP, "Đã thay bóng đèn")
        here.people.write_in_group(OFFICIAL, GROUP, "1")
        await here.hears(RESIDENT, "Đã thay bóng đèn")
        assert not any("để tôi" in text or "trực" in text for text in zalo.texts(GROUP) + zalo.texts(RESIDENT))
        assert not zalo.world.refusals


async def test_the_whole_way_with_the_unit_in_a_group_of_the_account_and_the_resident_on_telegram(
    zalo: ZaloOaServer, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        await unit_in_its_group(here)
        await telegram_house.known(here.home)
        code = await telegram_house.reported(here.home)
        card = await here.hears(GROUP, code)
        # Pictures that colleagues send each other are none of our business.
        here.people.photo_in_group(COLLEAGUE, GROUP, picture("green"))
        here.people.write_in_group(OFFICIAL, GROUP, f"/nhan {code}")
        await here.home.hears(telegram_house.RESIDENT, "📌")
        here.people.photo_in_group(OFFICIAL, GROUP, picture("blue"), text="Đã thay bóng đèn chiều nay.", quote=card.id)
        await here.hears(GROUP, "📷 1 ảnh")
        # While the form is open a photo and a place are part of the answer, quoted or not.
        here.people.photo_in_group(OFFICIAL, GROUP, picture("red"))
        await here.hears(GROUP, "📷 2 ảnh")
        here.people.place_in_group(OFFICIAL, GROUP, "10.8412", "106.6412")
        await here.hears(GROUP, "📍")
        here.people.write_in_group(OFFICIAL, GROUP, "1")
        await here.home.hears(telegram_house.RESIDENT, "Đã thay bóng đèn")
        await here.at_rest()
        async with here.home.database.reading() as tx:
            kept = (await tx.execute(select(func.count()).select_from(attachments.attachment))).scalar_one()
    assert kept == 2
    # Nothing was said twice, and what is changed in place elsewhere took one message at most.
    texts = zalo.texts(GROUP)
    assert len(texts) == len(set(texts)) and not zalo.world.refusals
    assert sum(code in text for text in texts) <= 6, texts


async def test_whoever_is_no_official_is_told_how_to_become_one(
    zalo: ZaloOaServer, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        await unit_in_its_group(here)
        code = await reported(here)
        await here.hears(GROUP, code)
        before: list[Message] = zalo.world.sent(GROUP)
        here.people.write_in_group(COLLEAGUE, GROUP, f"/nhan {code}")
        await here.until(lambda: len(zalo.world.sent(GROUP)) > len(before))
        # Why is theirs alone to know; they have no private chat with us yet.
        assert "trò chuyện riêng" in zalo.texts(GROUP)[-1]
        here.people.write(COLLEAGUE, "xin chào")
        await here.until(lambda: zalo.world.sent(COLLEAGUE))
        said = len(zalo.world.sent(GROUP))
        here.people.write_in_group(COLLEAGUE, GROUP, f"/nhan {code}")
        await here.hears(COLLEAGUE, "/thamgia")
        assert len(zalo.world.sent(GROUP)) == said


async def test_a_group_that_has_expired_is_unbound_and_the_unit_is_told_elsewhere(
    zalo: ZaloOaServer, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        await unit_in_its_group(here)
        zalo.world.expired_groups.add(GROUP)
        code = await reported(here)
        await here.hears(OFFICIAL, code)
        assert any("⚠️" in text for text in zalo.texts(OFFICIAL))

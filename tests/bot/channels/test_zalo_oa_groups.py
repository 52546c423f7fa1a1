"""Units on Zalo: a group of the account is bound by a code, commands carry the case's code, a quoted card answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from actions.send_digest import send_digest
from bot.channels.zalo_allowance import month_of
from bot.channels.zalo_oa_intake import Verdict
from domain.digest import issue_due
from domain.people import GroupKind
from storage import attachments, inbox, quotas, wards
from storage.base import Account
from storage.database import Database
from tests.bot import telegram_house
from tests.bot.channels.test_telegram_walk import invited, picture
from tests.bot.channels.test_zalo_oa_intake import call, intake_on
from tests.bot.channels.test_zalo_oa_walk import reported
from tests.bot.channels.zalo_tokens_ground import WorldClock
from tests.bot.zalo_house import RESIDENT, ZaloHouse, zalo_house
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import HOUR, Message

OFFICIAL, COLLEAGUE = "8309000000000000077", "8309000000000000078"
GROUP = "f414c8f76fa586fbdfb4"
WARD_GROUP = "a9c1d2e3f4a5b6c7d8e9"
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
        here.people.write_in_group(OFFICIAL, GROUP, f"/dong {code}")
        await here.hears(RESIDENT, f"{code} đã kết thúc")
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


# --- the ward's own group ---------------------------------------------------------------------------------------------


async def until_the_digest_is_due(here: ZaloHouse) -> None:
    """Put the clock on to the hour of the ward's next weekly digest."""
    async with here.home.database.reading() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
    while issue_due(ward.ward, here.home.app.clock.now()) is None:
        here.zalo.world.offset += HOUR


async def counted(here: ZaloHouse) -> int:
    """The month's messages so far."""
    async with here.home.database.reading() as tx:
        month = month_of(here.home.app.clock.now())
        return (await quotas.load(tx, Account("zalo_oa", here.zalo.world.app_id), month)).used


async def test_the_wards_group_is_bound_by_its_code_and_gets_the_weeks_digest_once(
    zalo: ZaloOaServer, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    clock, more = WorldClock(zalo.world), {"TICK_SECONDS": "1", "ZALO_OA_MONTHLY_MESSAGES": "1000"}
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port, clock=clock, **more) as here:
        code = await reported(here)
        here.people.group(WARD_GROUP, [COLLEAGUE, RESIDENT])
        invite = await invited(here.home, kind=GroupKind.WARD)
        here.people.write_in_group(COLLEAGUE, WARD_GROUP, f"/thamgia {invite}")
        await here.hears(WARD_GROUP, "Không nêu tên ai")
        await until_the_digest_is_due(here)
        before = await counted(here)
        digest = await here.hears(WARD_GROUP, "BẢN TIN TUẦN")
        assert set(digest.body) == {"text"} and code not in digest.body["text"]
        async with here.home.database.transaction() as tx:
            ward = await wards.load(tx, (await wards.codes(tx))[0][0])
            assert await send_digest(tx, ward, now=clock.now()) == 0  # another process would find it told
        # What people say to each other, a number too, is not for us; the plan may be read by everybody.
        for said in ("đèn trước nhà tôi hỏng", "1", "cảm ơn phường"):
            here.people.write_in_group(RESIDENT, WARD_GROUP, said)
        here.people.write_in_group(RESIDENT, WARD_GROUP, "/kehoach")
        plan = await here.hears(WARD_GROUP, "/kehoach", after=2)
        assert "attachment" not in plan.body and "số thứ tự" not in plan.body["text"]
        # What is a person's own is not said before the others.
        said_to_them = len(zalo.world.sent(RESIDENT))
        here.people.write_in_group(RESIDENT, WARD_GROUP, "/hoso")
        await here.hears(RESIDENT, "/hoso", after=said_to_them)
        await here.at_rest()
        texts = zalo.texts(WARD_GROUP)
        assert len(texts) == 3 and sum("BẢN TIN TUẦN" in text for text in texts) == 1
        assert await counted(here) == before + 1 and not zalo.world.refusals


@pytest.mark.parametrize(("text", "fetched"), [("/traloi PA-26-00001 Đã xong", True), ("mai ai trực?", False)])
async def test_a_photo_in_a_group_is_fetched_below_a_command_and_left_where_it_is_among_colleagues(
    sqlite: Database, tmp_path: Path, text: str, fetched: bool
) -> None:
    intake = intake_on(sqlite, tmp_path)
    await intake.settle()
    photo = {"type": "image", "payload": {"url": "https://photo.zdn.vn/1.jpg"}}
    message = {"msg_id": "1", "text": text, "attachments": [photo]}
    body, signature = call(event_name="user_send_group_image", recipient={"id": GROUP}, message=message)
    assert await intake.receive(body, signature) is Verdict.STORED
    async with sqlite.reading() as tx:
        (state,) = (await tx.execute(select(inbox.inbox.c.state))).scalars()
    assert (state == inbox.FETCH) is fetched

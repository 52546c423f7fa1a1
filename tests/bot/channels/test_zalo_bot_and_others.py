"""A Zalo Bot beside other channels: the resident there and the unit elsewhere, the other way round, and one on two."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from domain.people import Role
from tests.bot import telegram_house
from tests.bot.channels.test_zalo_bot_walk import invited, reported, settled_in
from tests.bot.channels.test_zalo_oa_walk import reported as reported_to_the_account
from tests.bot.telegram_house import GROUP, OFFICIAL, group_bound, office_taken
from tests.bot.web_visitor import WebVisitor, visiting
from tests.bot.zalo_bot_house import GROUP as BOT_GROUP
from tests.bot.zalo_bot_house import OFFICIAL as BOT_OFFICIAL
from tests.bot.zalo_bot_house import RESIDENT, House, house, number, zalo_settings
from tests.bot.zalo_house import RESIDENT as FOLLOWER
from tests.bot.zalo_house import zalo_house
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_bot.server import ZaloBotServer
from tests.fakes.zalo_oa.server import ZaloOaServer

CODE = re.compile(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}")
DONE, AGAIN = "Đã thay bóng đèn", "Đã nắn lại cột đèn"
ASKED = "Cột đèn số mấy ạ?"


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloBotServer]:
    async with ZaloBotServer(scale=0.02) as opened:
        yield opened


# --- the unit on Telegram ---------------------------------------------------------------------------------------------


async def answered(home: telegram_house.House, code: str, words: str, after: int = 0) -> None:
    """The official replies to the newest card, looks at the answer once, and sends it."""
    card = await home.hears(GROUP, code, after=after)
    await home.settle()
    home.people.write(OFFICIAL, words, chat=GROUP, reply_to=card["message_id"])
    await home.press(OFFICIAL, words, ":send", chat=GROUP)


async def test_the_whole_life_of_a_case_with_the_unit_on_telegram(
    zalo: ZaloBotServer, server: TelegramServer, ready_url: str, tmp_path: Path
) -> None:
    async with telegram_house.house(tmp_path, server, ready_url, **zalo_settings(zalo)) as unit:
        here = House(unit.app, unit.database, zalo)
        await office_taken(unit)
        await group_bound(unit)
        code = await reported(here)
        await unit.press(OFFICIAL, code, f"/nhan {code}", chat=GROUP)
        await here.hears(RESIDENT, "nhận")
        photos = [one for one in server.sent(GROUP) if "photo" in one]
        assert len(photos) == 1
        await answered(unit, code, DONE)
        said = await here.hears(RESIDENT, DONE)
        asked = await here.says(RESIDENT, number(said, "Đánh giá"), "thế nào")
        asked = await here.says(RESIDENT, number(asked, "⭐⭐ Không hài lòng"), "vì sao")
        await here.says(RESIDENT, "vẫn tối om", "Cảm ơn Ông/Bà đã đánh giá")
        before = len(server.sent(GROUP))
        await here.says(RESIDENT, f"/molai {code} tối nay đèn lại tắt", code)
        await unit.hears(GROUP, "tối nay đèn lại tắt", after=before)
        await answered(unit, code, AGAIN, after=before)
        await here.hears(RESIDENT, AGAIN)
        unit.people.write(OFFICIAL, f"/dong {code}", chat=GROUP)
        await here.hears(RESIDENT, f"{code} đã kết thúc")
        texts = zalo.texts(RESIDENT)
        assert all(sum(words in text for text in texts) == 1 for words in (DONE, AGAIN, "đã kết thúc"))
        assert RESIDENT not in str(server.sent(GROUP))
        assert not [call.error for call in zalo.calls("sendMessage") if call.error is not None]


# --- the unit in a group of a Zalo Bot, where nothing can be pressed --------------------------------------------------


async def bids(home: House, command: str, words: str) -> str:
    """The official mentions the bot in the unit's group, and reads the answer that has these words."""
    return await home.says(BOT_OFFICIAL, f"@{home.server.world.name} {command}", words, group=BOT_GROUP)


async def sent_by_number(home: House, command: str, words: str) -> None:
    """The official says something to the resident, looks at it once, and sends it."""
    shown = await bids(home, command, words)
    await bids(home, number(shown, "Gửi"), "✅")


async def test_the_whole_life_of_a_case_with_the_resident_on_telegram_and_the_unit_on_a_zalo_bot(
    zalo: ZaloBotServer, server: TelegramServer, ready_url: str, tmp_path: Path
) -> None:
    async with telegram_house.house(tmp_path, server, ready_url, **zalo_settings(zalo)) as there:
        unit, resident = House(there.app, there.database, zalo), telegram_house.RESIDENT
        await settled_in(unit)
        await telegram_house.known(there)
        code = await telegram_house.reported(there)
        assert f"@{zalo.world.name} nhan {code}" in await unit.hears(BOT_GROUP, code)
        await bids(unit, f"nhận {code}", "✅")
        await there.hears(resident, "📌")
        await bids(unit, f"hỏi thêm {code} {ASKED}", "✅")
        question = await there.hears(resident, ASKED)
        await telegram_house.at_rest(there)
        before = len(zalo.texts(BOT_GROUP))
        there.people.write(resident, "Cột số 7", reply_to=question["message_id"])
        assert code in await unit.hears(BOT_GROUP, "Cột số 7", after=before)
        await sent_by_number(unit, f"trả lời {code} {DONE}", DONE)
        await there.press(resident, DONE, f"/danhgia {code}")
        await there.press(resident, "thế nào?", ":2")
        there.people.write(resident, "vẫn tối om")
        await there.hears(resident, "Cảm ơn Ông/Bà đã đánh giá")
        before = len(zalo.texts(BOT_GROUP))
        there.people.write(resident, f"/molai {code} tối nay đèn lại tắt")
        assert code in await unit.hears(BOT_GROUP, "tối nay đèn lại tắt", after=before)
        await sent_by_number(unit, f"trả lời {code} {AGAIN}", AGAIN)
        await there.hears(resident, AGAIN)
        await bids(unit, f"đóng {code}", code)
        await there.hears(resident, f"{code} đã kết thúc")
        texts = server.texts(resident)
        assert all(sum(words in text for text in texts) == 1 for words in (ASKED, DONE, AGAIN, "đã kết thúc")), texts
        assert BOT_OFFICIAL not in str(texts) and str(resident) not in str(zalo.texts(BOT_GROUP))
        assert not [call.error for call in zalo.calls("sendMessage") if call.error is not None]


async def test_a_resident_of_the_account_is_answered_from_a_group_of_a_zalo_bot(
    zalo: ZaloBotServer, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with AsyncExitStack() as opened:
        account = await opened.enter_async_context(ZaloOaServer(scale=0.001))
        both = zalo_house(tmp_path, account, server, ready_sqlite_url, unused_tcp_port, **zalo_settings(zalo))
        there = await opened.enter_async_context(both)
        unit = House(there.home.app, there.home.database, zalo)
        await settled_in(unit)
        code = await reported_to_the_account(there)
        await unit.hears(BOT_GROUP, code)
        await bids(unit, f"nhận {code}", "✅")
        await there.hears(FOLLOWER, "nhận")
        await sent_by_number(unit, f"trả lời {code} {DONE}", DONE)
        await there.hears(FOLLOWER, DONE)
        assert sum(DONE in text for text in account.texts(FOLLOWER)) == 1
        assert FOLLOWER not in str(zalo.texts(BOT_GROUP)) and not account.world.refusals


# --- the unit on the web, and the resident there too ------------------------------------------------------------------


async def test_a_resident_on_a_zalo_bot_and_on_the_web_is_one_person_and_told_once(
    zalo: ZaloBotServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with AsyncExitStack() as opened:
        home = await opened.enter_async_context(house(tmp_path, zalo, ready_sqlite_url, HTTP_PORT=str(unused_tcp_port)))
        desk = await opened.enter_async_context(visiting(unused_tcp_port))
        browser = await opened.enter_async_context(visiting(unused_tcp_port))
        await desk.says(f"/thamgia {await invited(home, Role.MEMBER)}", "tên")
        await desk.says("Nguyễn Thị Lan", "✅")
        code = await reported(home)
        await desk.says(f"/nhan {code}", code)
        await home.hears(RESIDENT, "nhận")
        await joined(home, browser)
        await browser.says("/hoso", code)
        # They wrote last on the web: told there, and nowhere else.
        await desk.says(f"/traloi {code} {DONE} chiều nay.", DONE)
        await desk.says("gửi", "✅")
        await browser.hears(DONE)
        # Then on Zalo: there, and not on the web.
        asked = await home.says(RESIDENT, f"/molai {code} tối nay đèn lại tắt", code)
        assert asked
        await desk.hears("tối nay đèn lại tắt")
        await desk.says(f"/traloi {code} {AGAIN}.", AGAIN)
        await desk.says("gửi", "✅")
        await home.hears(RESIDENT, AGAIN)
        on_zalo, on_the_web = zalo.texts(RESIDENT), [one["text"] for one in await browser.messages()]
        assert [sum(words in text for text in on_zalo) for words in (DONE, AGAIN)] == [0, 1]
        assert [sum(words in text for text in on_the_web) for words in (DONE, AGAIN)] == [1, 0]
        await parted(home, browser, code)


async def joined(home: House, browser: WebVisitor) -> None:
    """The code is made on Zalo, typed on the web, agreed to there by a press and on Zalo by a number."""
    offered = await home.says(RESIDENT, "/lienket", "dùng một lần")
    found = CODE.search(offered)
    assert found
    asked = await browser.says(found[0], "ĐỌC ĐƯỢC")
    assert "Zalo" in asked["text"]
    await browser.presses(asked, "Tôi tự lấy mã", "Zalo")
    confirm = await home.hears(RESIDENT, "vừa nhập mã")
    await home.says(RESIDENT, number(confirm, "Đúng"), "✅ Đã liên kết")
    await browser.hears("liên kết với Zalo")


async def parted(home: House, browser: WebVisitor, code: str) -> None:
    """They are parted on the web; the case stays with the channel it was sent from."""
    shown = await browser.says("/lienket", "Zalo")
    shown = await browser.presses(shown, "/lienket tach", "Tách kênh nào")
    shown = await browser.presses(shown, "/lienket tach", "?")
    await browser.presses(shown, " ok", "🔓")
    said = await browser.says("/hoso", "chưa")
    assert code not in said["text"]
    await home.says(RESIDENT, "/hoso", code)

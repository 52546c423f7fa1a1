"""A resident on a Zalo Bot whose unit is elsewhere, and who is on the web as well: one person, told once."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from domain.people import Role
from tests.bot import telegram_house
from tests.bot.channels.test_zalo_bot_walk import invited, reported
from tests.bot.telegram_house import GROUP, OFFICIAL, group_bound, office_taken
from tests.bot.web_visitor import WebVisitor, visiting
from tests.bot.zalo_bot_house import RESIDENT, House, house, number, zalo_settings
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_bot.server import ZaloBotServer

CODE = re.compile(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}")
DONE, AGAIN = "Đã thay bóng đèn", "Đã nắn lại cột đèn"


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

"""The whole way with the resident on a Zalo Official Account and the unit on Telegram; over a bad line as well."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.telegram_house import GROUP, OFFICIAL, group_bound, office_taken, picture
from tests.bot.zalo_house import LAMP, RESIDENT, ZaloHouse, zalo_house
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_oa.server import Fault, ZaloOaServer


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        yield opened


async def reported(here: ZaloHouse) -> str:
    """A first report by somebody new, with a photo and a place; its code."""
    here.people.write(RESIDENT, LAMP)
    await here.press(RESIDENT, "đồng ý không", ":agree")
    await here.hears(RESIDENT, "tổ dân phố nào")
    here.people.write(RESIDENT, "bỏ qua")
    await here.hears(RESIDENT, "xem lại trước khi gửi")
    here.people.photo(RESIDENT, picture())
    await here.hears(RESIDENT, "📷 1 ảnh")
    here.people.place(RESIDENT, "10.8412", "106.6412", text="Chợ")
    await here.press(RESIDENT, "Địa điểm: Chợ", ":send")
    said = await here.hears(RESIDENT, "PA-")
    return next(word.strip(".,") for word in said.body["text"].split() if word.startswith("PA-"))


async def walk(here: ZaloHouse) -> None:
    """From the report to the closed case."""
    await office_taken(here.home)
    await group_bound(here.home)
    code = await reported(here)
    card = await here.home.hears(GROUP, code)
    here.home.people.write(OFFICIAL, f"/nhan {code}", chat=GROUP)
    await here.hears(RESIDENT, "đã nhận")
    await here.at_rest()
    here.home.people.write(
        OFFICIAL, "Đã thay bóng đèn chiều nay, cảm ơn Ông/Bà.", chat=GROUP, reply_to=card["message_id"]
    )
    await here.home.press(OFFICIAL, "Đã thay bóng đèn", ":send", chat=GROUP)
    await here.hears(RESIDENT, "Đã thay bóng đèn")
    here.people.write(RESIDENT, f"/danhgia {code}")
    await here.hears(RESIDENT, "thế nào?")
    here.people.write(RESIDENT, "5")
    await here.hears(RESIDENT, "vì sao")
    here.people.write(RESIDENT, "bỏ qua")
    await here.hears(RESIDENT, "Cảm ơn Ông/Bà đã đánh giá")
    here.home.people.write(OFFICIAL, f"/dong {code}", chat=GROUP)
    await here.hears(RESIDENT, f"{code} đã kết thúc")
    assert not here.zalo.webhook.late() and not here.zalo.webhook.lost
    assert RESIDENT not in " ".join(here.home.server.texts(GROUP))


async def test_the_whole_way(
    zalo: ZaloOaServer, server: TelegramServer, ready_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_url, unused_tcp_port) as here:
        await walk(here)
    assert {one.status for one in zalo.webhook.done} == {200}
    assert zalo.world.refreshes == 1 and not zalo.world.refusals


async def test_the_whole_way_over_a_bad_line(
    zalo: ZaloOaServer,
    server: TelegramServer,
    ready_sqlite_url: str,
    tmp_path: Path,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.zalo_oa_outcome.RATE_SECONDS", 0.2)
    monkeypatch.setattr("bot.sending_ends.RETRY_SECONDS", 0.2)
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        zalo.faults += [
            Fault("cut_before", "/files/"), Fault("502", "/message/cs"), Fault("cut_before", "/message/cs", after=4),
            Fault("-32", "/message/cs", after=6),
        ]  # fmt: skip
        await walk(here)
    assert not zalo.faults

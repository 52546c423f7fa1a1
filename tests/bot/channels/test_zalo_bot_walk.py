"""The whole way on a Zalo Bot: a lamp is reported, answered in the unit's group and rated, by numbers and codes."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from actions import manage_people
from bot.clock import Clock
from domain.people import GroupKind, Role
from storage import wards
from tests.bot.zalo_bot_house import CODE, GROUP, LAMP, OFFICIAL, RESIDENT, SECRET, UNIT, House, house, number
from tests.fakes.zalo_bot.server import ZaloBotServer
from tests.fakes.zalo_bot.world import Fault


@pytest.fixture
async def server() -> AsyncIterator[ZaloBotServer]:
    async with ZaloBotServer(scale=0.02) as opened:
        yield opened


async def invited(home: House, role: Role | None) -> str:
    async with home.database.transaction() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        now, days = Clock().now(), timedelta(days=7)
        if role is not None:
            return await manage_people.invite_official(tx, ward, role=role, unit_code=UNIT, now=now, valid_for=days)
        return await manage_people.invite_group(tx, ward, kind=GroupKind.UNIT, unit_code=UNIT, now=now, valid_for=days)


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(made, "JPEG")
    return made.getvalue()


async def settled_in(home: House) -> None:
    """An official in office and the unit's group bound, by words after a mention."""
    name = home.server.world.name
    await home.says(OFFICIAL, f"/thamgia {await invited(home, Role.MEMBER)}", "✅")
    await home.says(OFFICIAL, f"@{name} tham gia {await invited(home, None)}", "✅", group=GROUP)


async def reported(home: House) -> str:
    """A first report by somebody new, with a photo, answered by numbers only; its code."""
    home.server.photo(RESIDENT, picture(), caption=LAMP)
    asked = await home.hears(RESIDENT, "đồng ý không")
    assert "👉 Trả lời bằng số" in asked
    asked = await home.says(RESIDENT, number(asked, "Đồng ý"), "tổ dân phố nào")
    asked = await home.says(RESIDENT, number(asked, "Bỏ qua"), "xem lại trước khi gửi")
    said = await home.says(RESIDENT, number(asked, "Gửi"), "✅")
    return CODE.findall(said)[0]


async def walk(home: House) -> None:
    """From the report to the rating."""
    name, server = home.server.world.name, home.server
    await settled_in(home)
    code = await reported(home)
    card = await home.hears(GROUP, code)
    assert f"@{name} nhan {code}" in card
    await home.says(OFFICIAL, f"@{name} nhận {code}", "✅", group=GROUP)
    shown = await home.says(OFFICIAL, f"@{name} trả lời {code} Đã thay bóng đèn chiều nay.", "Đã thay", group=GROUP)
    await home.says(OFFICIAL, f"@{name} {number(shown, 'Gửi')}", "✅", group=GROUP)
    answer = await home.hears(RESIDENT, "Đã thay bóng đèn")
    asked = await home.says(RESIDENT, number(answer, "Đánh giá"), "thế nào")
    asked = await home.says(RESIDENT, "5", "vì sao")
    await home.says(RESIDENT, number(asked, "Không"), "Cảm ơn Ông/Bà đã đánh giá")
    assert not [call.error for call in server.calls("sendMessage") if call.error is not None]
    assert server.world.name not in " ".join(server.texts(RESIDENT))


async def test_the_whole_way_by_polling(server: ZaloBotServer, ready_url: str, tmp_path: Path) -> None:
    async with house(tmp_path, server, ready_url) as home:
        await walk(home)


async def test_the_whole_way_by_webhook(
    server: ZaloBotServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    more = {
        "ZALO_BOT_MODE": "webhook", "ZALO_BOT_WEBHOOK_SECRET": SECRET, "HTTP_PORT": str(unused_tcp_port),
        "PUBLIC_URL": f"http://127.0.0.1:{unused_tcp_port}",
    }  # fmt: skip
    async with house(tmp_path, server, ready_sqlite_url, **more) as home:
        await walk(home)
        hook = server.world.webhook
        assert hook is not None and {status for _id, status in hook.posted} == {200}
        (photo,) = [one for one in server.world.sent if "photo" in one]
        assert photo["chat_id"] == GROUP and photo["size"] > 500


async def test_the_whole_way_over_a_bad_line(server: ZaloBotServer, ready_sqlite_url: str, tmp_path: Path) -> None:
    async with house(tmp_path, server, ready_sqlite_url) as home:
        server.world.faults += [Fault("500", "getUpdates"), Fault("cut_before", "getUpdates"), Fault("500", "getMe")]
        server.world.faults.append(Fault("cut_before", "sendMessage"))
        assert await reported(home)
        assert len(server.texts(RESIDENT)) == len(set(server.texts(RESIDENT)))

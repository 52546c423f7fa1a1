"""The whole way in Telegram: a lamp is reported, answered in the unit's group and rated; the ward gets its digest."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from actions import manage_people
from actions.send_digest import send_digest
from bot.clock import Clock
from domain.people import GroupKind, Role
from storage import wards
from tests.bot.telegram_house import SECRET, House, house
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer

RESIDENT, OFFICIAL, CHIEF = 4201, 7701, 7702
UNIT_GROUP, WARD_GROUP = -1001001, -1001002
UNIT = "KTHTDT"
LAMP = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay, tối om"


def picture(colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=0.02) as opened:
        opened.people.group(UNIT_GROUP, {str(CHIEF): "creator", str(OFFICIAL): "member"}, title="Tổ hạ tầng")
        opened.people.group(WARD_GROUP, {str(CHIEF): "administrator", "9": "member"}, title="Phường")
        yield opened


async def invited(
    home: House, *, role: Role | None = None, kind: GroupKind | None = None, unit: str | None = None
) -> str:
    """An invite's code."""
    async with home.database.transaction() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        last = {"unit_code": unit, "now": Clock().now(), "valid_for": timedelta(days=7)}
        if role is not None:
            return await manage_people.invite_official(tx, ward, role=role, **last)
        return await manage_people.invite_group(tx, ward, kind=kind or GroupKind.WARD, **last)


async def settled_in(home: House) -> None:
    """An official in office, a unit's group and the ward's group bound."""
    code = await invited(home, role=Role.MEMBER, unit=UNIT)
    home.people.write(OFFICIAL, f"/start thamgia_{code}")
    await home.hears(OFFICIAL, "✅")
    await bound(home, UNIT_GROUP, GroupKind.UNIT, UNIT)
    await bound(home, WARD_GROUP, GroupKind.WARD, None)


async def bound(home: House, chat: int, kind: GroupKind, unit: str | None) -> None:
    code = await invited(home, kind=kind, unit=unit)
    # What `?startgroup=thamgia_CODE` sends when the bot is added.
    home.people.write(CHIEF, f"/start@DanBanBot thamgia_{code}", chat=chat)
    await home.hears(chat, "✅")


async def reported(home: House, resident: int = RESIDENT, album: int = 2) -> str:
    """A first report by somebody new, with an album; its code."""
    people = home.people
    people.album(resident, [picture(colour) for colour in ("red", "green", "blue")[:album]], caption=LAMP)
    await home.press(resident, "đồng ý không", ":agree")
    await home.press(resident, "tổ dân phố nào", ":skip")
    await home.press(resident, "xem lại trước khi gửi", ":send")
    said = await home.hears(resident, "PA-")
    return next(word.strip(".,") for word in said["text"].split() if word.startswith("PA-"))


async def walk(home: House) -> None:
    """From the report to the rating."""
    people, server = home.people, home.server
    await settled_in(home)
    code = await reported(home)
    card = await home.hears(UNIT_GROUP, code)
    assert card["has_protected_content"]
    photos = [one for one in server.sent(UNIT_GROUP) if "photo" in one]
    assert len(photos) == 2 and len({one["media_group_id"] for one in photos}) == 1
    people.write(
        OFFICIAL, "Đã thay bóng đèn chiều nay, cảm ơn Ông/Bà.", chat=UNIT_GROUP, reply_to=photos[0]["message_id"]
    )
    await home.press(OFFICIAL, "Đã thay bóng đèn", ":send", chat=UNIT_GROUP)
    answer = await home.hears(RESIDENT, "Đã thay bóng đèn")
    rating = [
        one for row in answer["reply_markup"]["inline_keyboard"] for one in row if "/danhgia" in one["callback_data"]
    ]
    people.tap(RESIDENT, rating[0]["callback_data"], message_id=answer["message_id"])
    if len(rating[0]["callback_data"].split()) < 3:
        await home.press(RESIDENT, code, ":5")
    await home.press(RESIDENT, "vì sao", ":skip")
    await home.hears(RESIDENT, "Cảm ơn Ông/Bà đã đánh giá")
    async with home.database.transaction() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        await send_digest(tx, ward, now=Clock().now(), again="test")
    await home.until(lambda: len(server.sent(WARD_GROUP)) > 1)
    everything = " ".join(server.texts(WARD_GROUP)) + " ".join(server.texts(UNIT_GROUP))
    assert "Người 4201" not in everything and str(RESIDENT) not in everything


async def test_the_whole_way_by_polling(server: TelegramServer, ready_url: str, tmp_path: Path) -> None:
    async with house(tmp_path, server, ready_url) as home:
        await walk(home)
        await home.until(lambda: len([call for call in server.calls("answerCallbackQuery") if call.error is None]) >= 5)


async def test_the_whole_way_by_webhook(
    server: TelegramServer, ready_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    more = {
        "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET, "HTTP_PORT": str(unused_tcp_port),
        "PUBLIC_URL": f"http://127.0.0.1:{unused_tcp_port}",
    }  # fmt: skip
    async with house(tmp_path, server, ready_url, **more) as home:
        await walk(home)
        hook = server.bot.queue.webhook
        assert hook is not None and {status for _id, status in hook.posted} == {200}


async def test_the_whole_way_over_a_bad_line(server: TelegramServer, ready_sqlite_url: str, tmp_path: Path) -> None:
    async with house(tmp_path, server, ready_sqlite_url) as home:
        troubles = {"429": OFFICIAL, "500": UNIT_GROUP, "cut_before": RESIDENT, "502": WARD_GROUP}
        server.faults.ordered += [Fault(kind, "sendMessage", chat_id=chat) for kind, chat in troubles.items()]
        server.faults.ordered += [Fault("429", "sendMediaGroup"), Fault("cut_before", "answerCallbackQuery")]
        server.faults.ordered += [
            Fault("cut_before", "getUpdates"),
            Fault("500", "getFile"),
            Fault("cut_after", "file"),
        ]
        await walk(home)
        said = [text for text in server.texts(RESIDENT) if "✅" in text]
        assert len(said) == len(set(said))

"""The whole job in one piece, on a real process: plan, opinion, complaint, answer, dialogue, groups."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bot.house import House, Visitor, words

UNIT, OTHER = "KTHTDT", "VHXH"
LAMP = "Đèn đường trước nhà số 12 Lê Lợi hỏng ba hôm nay, tối lắm"
ACTS = ("submit", "accept", "note", "ask", "add", "transfer", "answer", "rate", "reopen", "close")
PLAN = """ỦY BAN NHÂN DÂN
PHƯỜNG AN HÒA ĐÔNG

Số: 91/KH-UBND

An Hòa Đông, ngày 02 tháng 11 năm 2026

KẾ HOẠCH
Nâng cấp chiếu sáng các tổ dân phố năm 2027

II. NỘI DUNG THỰC HIỆN
1. Lắp thêm 60 bóng đèn năng lượng mặt trời tại các hẻm chưa có điện chiếu sáng.
- Cơ quan chủ trì: Phòng Kinh tế, Hạ tầng và Đô thị.
- Thời gian thực hiện: Hoàn thành trước ngày 30/6/2027.
2. Thay dây điện cũ trên đường Trần Phú.
- Cơ quan chủ trì: Phòng Kinh tế, Hạ tầng và Đô thị.
- Thời gian thực hiện: Quý II năm 2027.
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house that has just been started from nothing."""
    house = House(folder=tmp_path)
    house.start()
    yield house
    house.kill()


async def agreed(one: Visitor) -> None:
    """Greet the bot and agree."""
    for said in ("/batdau", "đồng ý", "bỏ qua"):
        await one.say(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Ba lives in the ward; Lan and Hoà work in two of its units, each with a room; Sáu leads."""

    house: House
    ba: Visitor
    lan: Visitor
    hoa: Visitor
    sau: Visitor
    lamps: str
    culture: str
    ward: str


@pytest.fixture
async def cast(house: House) -> AsyncIterator[Cast]:
    """Everybody has joined."""
    async with house.visitor() as ba, house.visitor() as lan, house.visitor() as hoa, house.visitor() as sau:
        await house.official(lan, "Nguyễn Thị Lan", "--role", "member", "--unit", UNIT)
        await house.official(hoa, "Trần Văn Hoà", "--role", "member", "--unit", OTHER)
        await house.official(sau, "Lê Thị Sáu", "--role", "leader")
        yield Cast(
            house=house, ba=ba, lan=lan, hoa=hoa, sau=sau, lamps=await room(house, lan, "unit", "--unit", UNIT),
            culture=await room(house, hoa, "unit", "--unit", OTHER), ward=await room(house, sau, "ward"),
        )  # fmt: skip


async def room(house: House, one: Visitor, *arguments: str) -> str:
    """Open a group's room by an invite; its chat."""
    answer = words(await one.say(f"/thamgia {await house.invite('--group', *arguments)}"))
    found = re.search(r"/nhom/([\w-]+)", answer)
    assert found, answer
    return str(house.rows("SELECT chat FROM web_room WHERE key = ?", found[1])[0][0])


async def filed(cast: Cast, text: str = LAMP, photos: tuple[str, ...] = ()) -> str:
    """Ba files a case; its code."""
    await cast.ba.say(text, attachments=photos)
    receipt = words(await cast.ba.tap("Gửi"))
    found = re.search(r"PA-\d\d-\d{5}", receipt)
    assert found, receipt
    assert "Lan" not in receipt
    return found[0]


async def test_a_plan_is_imported_published_read_and_given_an_opinion_on(cast: Cast) -> None:
    house, ba, sau = cast.house, cast.ba, cast.sau
    (house.folder / "plan.txt").write_text(PLAN)
    assert "91/KH-UBND" in house.danban("plan", "import", str(house.folder / "plan.txt"))
    assert "60 bóng" not in words(await ba.say("/kehoach bong den nang luong mat troi"))
    assert "60 bóng" in words(await sau.say("/congkhai"))
    await sau.say("/congkhai ok all")
    await sau.say("đồng ý")
    listed = await ba.say("/kehoach bong den nang luong mat troi")
    assert "60 bóng" in words(listed)
    item = words(await ba.say("1"))
    assert "29/06/2027" in item and "Phòng Kinh tế" in item
    await ba.tap("💬 Góp ý")
    await agreed(ba)
    await ba.say("Xin ưu tiên hẻm 45")
    opinion = await cast.lan.told("Xin ưu tiên hẻm 45", room=cast.lamps)
    assert "60 bóng" in opinion["text"]
    assert "hẻm 45" not in house.danban("digest", "preview")


async def test_a_resident_is_answered(cast: Cast) -> None:
    await agreed(cast.ba)
    photo = await cast.ba.upload()
    code = await filed(cast, photos=(photo,))
    await _arrives(cast, code, photo)
    await _worked_on(cast, code)
    await _passed_on_and_back(cast, code, photo)
    await _answered_and_reopened(cast, code)
    await _remembered(cast, code)
    assert cast.house.holds("Traceback") == []


async def _arrives(cast: Cast, code: str, photo: str) -> None:
    card = await cast.lan.told(code, room=cast.lamps)
    assert [one["token"] for one in card["files"]] == [photo]
    assert LAMP in card["text"]
    assert await cast.lan.sees_file(photo) and await cast.ba.sees_file(photo)
    # Another unit may not act, nor look.
    assert not await cast.hoa.sees_file(photo)
    assert "Phòng Kinh tế" in words(await cast.hoa.say(f"/nhan {code}"))
    assert LAMP not in words(await cast.hoa.say(f"/xem {code}"))
    refused = cast.hoa.client.get(f"{cast.house.url}/api/messages", params={"chat": cast.lamps})
    async with refused as answer:
        assert answer.status == 403


async def _worked_on(cast: Cast, code: str) -> None:
    lan, ba, lamps = cast.lan, cast.ba, cast.lamps
    await lan.tap("Nhận", room=lamps)
    await ba.told("📌")
    await lan.say(f"/ghichu {code} Gia đình này khó tính", room=lamps)
    await lan.say(f"/hoithem {code} Cột đèn số mấy ạ?", room=lamps)
    question = await ba.told("Cột đèn số mấy ạ?")
    assert cast.house.rows("SELECT status FROM cases") == [("waiting",)]
    await ba.say("Cột số 7", reply_to=question["id"])
    await lan.told("Cột số 7", room=lamps)
    assert cast.house.rows("SELECT status FROM cases") == [("accepted",)]


async def _passed_on_and_back(cast: Cast, code: str, photo: str) -> None:
    await cast.lan.say(f"/chuyen {code} {OTHER} Đèn này của nhà văn hoá", room=cast.lamps)
    await cast.ba.told("Đèn này của nhà văn hoá")
    assert (await cast.hoa.told(code, room=cast.culture))["files"]
    assert await cast.hoa.sees_file(photo)
    await cast.hoa.say(f"/chuyen {code} {UNIT} Đèn này ở ngoài đường", room=cast.culture)
    await cast.lan.told("Đèn này ở ngoài đường", room=cast.lamps)


async def _answered_and_reopened(cast: Cast, code: str) -> None:
    lan, ba, lamps = cast.lan, cast.ba, cast.lamps
    card = await lan.told("Đèn này ở ngoài đường", room=lamps)
    assert "Đã thay bóng" in words(await lan.say("Đã thay bóng tối qua.", room=lamps, reply_to=card["id"]))
    assert "Đã thay bóng" not in words(await ba.messages())
    await lan.tap("Gửi", room=lamps)
    await ba.told("Đã thay bóng tối qua.")
    await ba.tap("Đánh giá")
    await ba.say("2")
    await ba.say("Vẫn chập chờn")
    await lan.told("Vẫn chập chờn", room=lamps)
    await ba.tap("Chưa xong, mở lại")
    await ba.say("Đêm qua lại tắt")
    await lan.told("Đêm qua lại tắt", room=lamps)
    await lan.say(f"/traloi {code} Đã thay cả chấn lưu.", room=lamps)
    await lan.tap("Gửi", room=lamps)
    await ba.told("Đã thay cả chấn lưu.")
    assert "/doithoai" in words(await ba.say(f"/molai {code} nữa"))


async def _remembered(cast: Cast, code: str) -> None:
    await cast.lan.say(f"/dong {code}", room=cast.lamps)
    await cast.ba.told("📁")
    history = words(await cast.ba.say(f"/hoso {code}"))
    for step in ("Cột đèn số mấy", "Cột số 7", "Đã thay bóng", "Đêm qua lại tắt", "Đã thay cả chấn lưu"):
        assert step in history
    everything = words(await cast.ba.messages())
    assert "khó tính" not in everything and "Lan" not in everything
    acts = {act for (act,) in cast.house.rows("SELECT act FROM audit WHERE subject = ?", f"case {code}")}
    assert acts >= {f"case.{act}" for act in ACTS}
    digest = cast.house.danban("digest", "preview")
    assert code not in digest and "Lê Lợi" not in digest
    assert LAMP not in words(await cast.sau.messages(cast.ward))


async def test_of_two_officials_at_once_one_is_first_and_the_other_is_told(cast: Cast) -> None:
    async with cast.house.visitor() as minh:
        await cast.house.official(minh, "Phạm Văn Minh", "--role", "member", "--unit", UNIT)
        await agreed(cast.ba)
        code = await filed(cast)
        answers = await asyncio.gather(cast.lan.say(f"/nhan {code}"), minh.say(f"/nhan {code}"))
        told = [words(answer) for answer in answers]
        assert sum("Nguyễn Thị Lan" in one or "Phạm Văn Minh" in one for one in told) == 2
        taken = cast.house.rows("SELECT actor_name FROM case_event WHERE act = 'accept'")
        assert len(taken) == 1
        assert all(taken[0][0] in one for one in told)


async def test_a_question_to_a_dialogue_becomes_a_case(cast: Cast) -> None:
    await agreed(cast.ba)
    await cast.sau.say("/doithoai_moi")
    in_a_month = datetime.now(UTC) + timedelta(days=30)
    for said in ("Đối thoại quý IV", f"8h30 ngày {in_a_month:%d/%m/%Y}", "Hội trường phường", "Chiếu sáng; rác"):
        await cast.sau.say(said)
    await cast.sau.tap("Thông báo")
    await cast.sau.told("Đối thoại quý IV", room=cast.ward)
    await cast.ba.say("/doithoai")
    await cast.ba.tap("Gửi câu hỏi")
    await cast.ba.say("Bao giờ hẻm 45 có đèn?")
    assert "PA-" in words(await cast.ba.tap("Gửi"))
    assert cast.house.rows("SELECT text FROM cases WHERE dialogue_id IS NOT NULL") == [("Bao giờ hẻm 45 có đèn?",)]


async def test_of_a_denunciation_and_of_refused_words_nothing_stays_on_the_disk(cast: Cast) -> None:
    marker = "Zuynhquac"
    await agreed(cast.ba)
    await filed(cast)
    photo = await cast.ba.upload()
    await cast.ba.say(f"Tôi tố cáo ông {marker} cán bộ địa chính nhận hối lộ 20 triệu", attachments=[photo])
    assert not await cast.ba.sees_file(photo)
    # Hoà is known as an official, Tư is known as nobody; both refuse.
    async with cast.house.visitor() as tu:
        for one in (cast.hoa, tu):
            await one.say(f"Đèn đường hỏng trước nhà {marker}")
            await one.say(f"Gần nhà ông {marker}")
            await one.say("Không đồng ý")
            assert marker not in words(await one.messages())
    assert cast.house.holds(marker) == []
    assert marker not in words(await cast.ba.messages())

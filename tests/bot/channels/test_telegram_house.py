"""How the house behaves on Telegram: photos and albums, what cannot be read, groups that move or are gone, strangers."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from PIL import Image
from sqlalchemy import select

from actions import manage_people
from bot.clock import Clock
from domain.people import GroupKind, Role
from storage import attachments, cases, invites, outbox, people, wards
from storage.outbox import Address
from tests.bot.telegram_house import SECRET, House, house
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer

RESIDENT, OFFICIAL, CHIEF = 4201, 7701, 7702
GROUP, FORUM = -1001001, -1001003
UNIT = "KTHTDT"
LAMP = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay"


def picture(colour: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=0.02) as opened:
        opened.people.group(GROUP, {str(CHIEF): "creator", str(OFFICIAL): "member"}, type="group")
        opened.people.group(FORUM, {str(CHIEF): "creator"}, topics=[12, 13])
        yield opened


@pytest.fixture
async def home(server: TelegramServer, ready_sqlite_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, server, ready_sqlite_url) as opened:
        yield opened


async def invited(home: House, role: Role | None, unit: str | None = UNIT) -> str:
    async with home.database.transaction() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        now, days = Clock().now(), timedelta(days=7)
        if role is not None:
            return await manage_people.invite_official(tx, ward, role=role, unit_code=unit, now=now, valid_for=days)
        kind = GroupKind.UNIT
        return await manage_people.invite_group(tx, ward, kind=kind, unit_code=unit, now=now, valid_for=days)


async def office_taken(home: House) -> None:
    home.people.write(OFFICIAL, f"/start thamgia_{await invited(home, Role.MEMBER)}")
    await home.hears(OFFICIAL, "✅")


async def group_bound(home: House, chat: int = GROUP, topic: int | None = None) -> None:
    home.people.write(CHIEF, f"/thamgia {await invited(home, None)}", chat=chat, topic=topic)
    await home.hears(chat, "✅")


async def known(home: House) -> None:
    """A resident who has agreed and been asked everything."""
    home.people.write(RESIDENT, "/start")
    await home.press(RESIDENT, "đồng ý không", ":agree")
    await home.press(RESIDENT, "tổ dân phố nào", ":skip")
    await home.hears(RESIDENT, "Cảm ơn")


async def reported(home: House) -> str:
    home.people.write(RESIDENT, LAMP)
    await home.press(RESIDENT, "xem lại trước khi gửi", ":send")
    said = await home.hears(RESIDENT, "✅")
    return next(word for word in said["text"].split() if word.startswith("PA-"))


# --- files ------------------------------------------------------------------------------------------------------------


async def test_an_album_is_one_draft_and_its_files_are_kept_as_the_senders_own(home: House) -> None:
    await known(home)
    home.people.album(RESIDENT, [picture(c) for c in ("red", "green", "blue", "white", "black")], caption=LAMP)
    card = await home.hears(RESIDENT, "📷 5 ảnh")
    assert "Đèn đường" in card["text"]
    await home.settle()
    assert sum("xem lại trước khi gửi" in text for text in home.server.texts(RESIDENT)) == 1
    async with home.database.reading() as tx:
        rows = (await tx.execute(select(attachments.attachment))).all()
    assert {(row.uploaded_by_channel, row.uploaded_by_address) for row in rows} == {("telegram", str(RESIDENT))}


async def test_a_photo_that_comes_late_is_added_to_the_same_draft(home: House) -> None:
    await known(home)
    home.people.photo(RESIDENT, picture("red"), caption=LAMP, album="a1")
    await home.hears(RESIDENT, "📷 1 ảnh")
    home.people.photo(RESIDENT, picture("green"), album="a1")
    await home.hears(RESIDENT, "📷 2 ảnh")


async def test_words_written_after_a_photo_wait_for_it(home: House) -> None:
    await known(home)
    home.server.faults.ordered.append(Fault("hang", "getFile", seconds=1.0))
    home.people.photo(RESIDENT, picture())
    home.people.write(RESIDENT, LAMP)
    card = await home.hears(RESIDENT, "xem lại trước khi gửi")
    assert "📷 1 ảnh" in card["text"]


async def test_a_photo_telegram_does_not_hand_out_is_told_and_its_words_are_kept(home: House) -> None:
    await known(home)
    home.server.faults.ordered.append(Fault("500", "getFile", times=10))
    home.people.photo(RESIDENT, picture(), caption=LAMP)
    await home.hears(RESIDENT, "chưa tải được tệp này")
    await home.hears(RESIDENT, "Đèn đường")


async def test_a_photo_that_is_too_large_or_none_at_all_is_told(home: House) -> None:
    await known(home)
    home.people.file(RESIDENT, "document", b"x", mime="image/png")
    await home.hears(RESIDENT, "Tôi chỉ nhận được ảnh")
    home.people.photo(RESIDENT, picture(), size=30 << 20)
    # The large size does not fit, so the small one is looked at; in this stand-in it is no whole picture.
    await home.hears(RESIDENT, "bị hỏng")


async def test_what_cannot_be_heard_or_seen_is_answered_and_its_caption_taken(home: House) -> None:
    await known(home)
    home.people.file(RESIDENT, "voice", b"ogg")
    await home.hears(RESIDENT, "chưa nghe được tin thoại")
    home.people.file(RESIDENT, "video", b"mp4", caption=LAMP)
    await home.hears(RESIDENT, "chưa xem được video")
    await home.hears(RESIDENT, "Đèn đường")
    sent = len(home.server.sent(RESIDENT))
    home.people.send(RESIDENT, {"sticker": {"file_id": "s"}})
    await home.until(lambda: len(home.server.sent(RESIDENT)) > sent)


async def test_a_place_a_contact_and_a_change_are_taken_or_answered(home: House) -> None:
    await known(home)
    number = home.people.write(RESIDENT, LAMP)
    await home.hears(RESIDENT, "xem lại trước khi gửi")
    home.people.send(RESIDENT, {"location": {"latitude": 10.7769, "longitude": 106.7009}})
    await home.hears(RESIDENT, "10.77690")
    home.people.send(RESIDENT, {"contact": {"phone_number": "+84901234567", "first_name": "Ba"}})
    await home.hears(RESIDENT, "+84901234567")
    home.people.edit(RESIDENT, number, "Đèn đường số 14")
    await home.hears(RESIDENT, "không thấy được tin đã sửa")


# --- taps -----------------------------------------------------------------------------------------------------------


async def test_an_overtaken_button_says_so_and_an_old_tap_is_harmless(home: House) -> None:
    await known(home)
    home.people.write(RESIDENT, LAMP)
    first = await home.hears(RESIDENT, "xem lại trước khi gửi")
    home.people.write(RESIDENT, "và cả đèn bên cạnh")
    await home.hears(RESIDENT, "đèn bên cạnh")
    data = first["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    home.server.bot.taps.clear()
    tap = home.people.tap(RESIDENT, data, message_id=first["message_id"])
    home.server.bot.taps[tap] = 0.0
    await home.hears(RESIDENT, "không còn dùng")


# --- groups -----------------------------------------------------------------------------------------------------------


async def test_only_an_administrator_binds_a_group_and_strangers_do_nothing(home: House) -> None:
    home.people.write(OFFICIAL, f"/thamgia {await invited(home, None)}", chat=GROUP)
    await home.until(lambda: len(home.server.sent(GROUP)) == 1)
    home.people.anonymous(GROUP, f"/thamgia {await invited(home, None)}")
    await home.until(lambda: len(home.server.sent(GROUP)) == 2)
    async with home.database.reading() as tx:
        assert not await invites.groups_in(tx, Address(channel="telegram", account="700001", chat=str(GROUP)))


async def test_strangers_and_hidden_administrators_cannot_act_on_a_case(home: House) -> None:
    await group_bound(home)
    await known(home)
    code = await reported(home)
    card = await home.hears(GROUP, code)
    sent = len(home.server.sent(GROUP))
    home.people.write(CHIEF, f"/nhan {code}", chat=GROUP)
    home.people.anonymous(GROUP, "Đã sửa xong", reply_to=card["message_id"])
    await home.until(lambda: len(home.server.sent(GROUP)) == sent + 2)
    async with home.database.reading() as tx:
        assert (await tx.execute(select(cases.cases.c.status))).scalar_one() == "received"


async def test_a_topic_of_a_forum_gets_its_cards_and_answers_there(home: House) -> None:
    await office_taken(home)
    await group_bound(home, FORUM, topic=12)
    await known(home)
    code = await reported(home)
    card = await home.hears(FORUM, code)
    assert card["message_thread_id"] == 12
    home.people.write(OFFICIAL, f"/nhan {code}", chat=FORUM, topic=12)
    await home.until(lambda: home.server.sent(FORUM)[-1]["message_id"] > card["message_id"])
    assert {one.get("message_thread_id") for one in home.server.sent(FORUM)} == {12}


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_becomes_a_supergroup_goes_on_as_before(home: House, told: bool) -> None:
    await group_bound(home)
    await known(home)
    home.people.upgrade(GROUP, -1009, tell=told)
    code = await reported(home)
    card = await home.hears(-1009, code)
    await office_taken(home)
    home.people.write(OFFICIAL, "Đã sửa xong rồi ạ", chat=-1009, reply_to=card["message_id"])
    await home.press(OFFICIAL, "Đã sửa xong", ":send", chat=-1009)
    await home.hears(RESIDENT, "Đã sửa xong")


@pytest.mark.parametrize("told", [True, False])
async def test_the_unit_is_told_when_the_bot_is_removed_and_no_case_is_lost(home: House, told: bool) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    home.people.bot_state(GROUP, "kicked", tell=told)
    code = await reported(home)
    await home.hears(OFFICIAL, code)
    await home.hears(OFFICIAL, "không còn gửi được tin vào nhóm")
    async with home.database.reading() as tx:
        assert not await invites.groups_in(tx, Address(channel="telegram", account="700001", chat=str(GROUP)))


async def test_a_group_that_silences_the_bot_stays_bound_and_its_card_goes_to_the_officials(home: House) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    home.people.bot_state(GROUP, "muted", tell=False)
    code = await reported(home)
    await home.hears(OFFICIAL, code)
    await home.hears(OFFICIAL, "không được phép gửi tin")
    async with home.database.reading() as tx:
        assert await invites.groups_in(tx, Address(channel="telegram", account="700001", chat=str(GROUP)))


async def test_a_resident_who_blocks_the_bot_is_known_to_be_unreachable_until_they_write_again(home: House) -> None:
    await known(home)
    home.people.bot_state(RESIDENT, "blocked")

    async def unreachable() -> bool:
        async with home.database.reading() as tx:
            row = (await tx.execute(select(people.contact_point).where(people.contact_point.c.address == str(RESIDENT)))).one()
        return row.unreachable_at is not None

    async with asyncio.timeout(10):
        while not await unreachable():
            await asyncio.sleep(0.05)  # noqa: ASYNC110  # the database has no event for it
    home.people.write(RESIDENT, "/hoso")
    sent = len(home.server.sent(RESIDENT))
    await home.until(lambda: len(home.server.sent(RESIDENT)) > sent)
    assert not await unreachable()


# --- menus ------------------------------------------------------------------------------------------------------------


async def test_residents_and_units_see_their_own_commands(home: House) -> None:
    await group_bound(home)
    private = '{"type": "all_private_chats"}'
    commands = home.server.bot.commands
    await home.until(lambda: (private, "en") in commands)
    assert "phananh" in {one["command"] for one in commands[private, ""]}
    assert "report" in {one["command"] for one in commands[private, "en"]}
    desk = await home.until(lambda: next((menu for (scope, _), menu in commands.items() if str(GROUP) in scope), None))
    names = {one["command"] for one in desk}
    assert {"nhan", "traloi", "viec"} <= names and "phananh" not in names


# --- intake -----------------------------------------------------------------------------------------------------------


async def test_a_long_answer_goes_on_where_it_stopped_and_a_reply_to_any_piece_counts(home: House) -> None:
    await known(home)
    address = Address(channel="telegram", account="700001", chat=str(RESIDENT))
    code = await reported(home)
    pieces = [f"Đoạn {number}. " + "chữ " * 900 for number in range(3)]
    home.server.faults.ordered += [Fault("429", "nothing")]
    async with home.database.transaction() as tx:
        case_id = (await tx.execute(select(cases.cases.c.id))).scalar_one()
        body = {"reply": {"text": "\n\n".join(pieces), "choices": [], "attachments": [], "menu": "", "case_id": case_id}}
        await outbox.put(tx, address, body, language="vi", priority=1, now=Clock().now(), case_id=case_id)
    await home.hears(RESIDENT, "Đoạn 0")
    home.server.faults.ordered.append(Fault("429", "sendMessage", retry_after=1))
    await home.hears(RESIDENT, "Đoạn 2")
    said = [text[:6] for text in home.server.texts(RESIDENT) if text.startswith("Đoạn")]
    assert said == ["Đoạn 0", "Đoạn 1", "Đoạn 2"]
    first = next(one for one in home.server.sent(RESIDENT) if one["text"].startswith("Đoạn 0"))
    home.people.write(RESIDENT, "vẫn chưa sáng", reply_to=first["message_id"])
    await home.hears(RESIDENT, f"vào {code}")


async def test_the_webhook_lets_nobody_in_without_the_secret_and_waits_for_the_database(
    server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {
        "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET, "HTTP_PORT": str(unused_tcp_port),
        "PUBLIC_URL": f"http://127.0.0.1:{unused_tcp_port}",
    }  # fmt: skip
    async with house(tmp_path, server, ready_sqlite_url, **more) as home, aiohttp.ClientSession() as client:
        await home.until(lambda: server.bot.queue.webhook)
        url = server.bot.queue.webhook.url  # type: ignore[union-attr]  # waited for

        async def post(body: bytes | io.BytesIO, secret: str = SECRET) -> tuple[int, str | None]:
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            async with client.post(url, data=body, headers=headers) as response:
                return response.status, response.headers.get("Retry-After")

        update = b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}}'
        assert (await post(update, "wrong"))[0] == 403
        assert (await post(io.BytesIO(b"x" * (1 << 21))))[0] == 413
        assert (await post(b"[]"))[0] == 400
        assert (await post(update))[0] == 200
        assert (await post(b'{"update_id": 2, "message": "of a shape nobody foresaw"}'))[0] == 200

        async def away(*_: object, **__: object) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr("storage.inbox.put", away)
        assert await post(update) == (503, "5")
        monkeypatch.undo()
        assert (await post(update))[0] == 200

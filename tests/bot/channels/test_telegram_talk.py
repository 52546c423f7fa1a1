"""People on Telegram: photos and albums, places, what cannot be read, and buttons that are out of date."""

import pytest
from sqlalchemy import select

from domain.people import Role
from storage import attachments, case_events
from tests import file_samples as samples
from tests.bot.telegram_house import (
    GROUP,
    LAMP,
    OFFICIAL,
    RESIDENT,
    House,
    at_rest,
    group_bound,
    invited,
    known,
    office_taken,
    picture,
    reported,
)
from tests.fakes.telegram.faults import Fault

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


async def test_what_cannot_be_taken_is_told_and_its_caption_kept(home: House) -> None:
    await known(home)
    home.people.file(RESIDENT, "document", samples.PROGRAM, mime="image/png", name="anh.png")
    await home.hears(RESIDENT, "không nhận được loại tệp này")
    home.people.photo(RESIDENT, picture(), size=30 << 20)
    # The large size does not fit, so the small one is looked at; in this stand-in it is no whole picture.
    await home.hears(RESIDENT, "bị hỏng")
    home.people.file(RESIDENT, "video", samples.MP4, size=30 << 20, caption=LAMP)
    await home.hears(RESIDENT, "quá lớn")
    await home.hears(RESIDENT, "Đèn đường")
    assert len(home.server.calls("getFile")) == 2
    sent = len(home.server.sent(RESIDENT))
    home.people.send(RESIDENT, {"sticker": {"file_id": "s"}})
    await home.until(lambda: len(home.server.sent(RESIDENT)) > sent)


async def test_files_of_every_kind_reach_the_unit_as_what_they_are_and_come_back_the_same_way(home: House) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    people = home.people
    people.photo(RESIDENT, picture(), caption=LAMP, album="a1")
    people.file(RESIDENT, "video", samples.MP4, mime="video/mp4", seconds=9, album="a1")
    await home.hears(RESIDENT, "📷 1 ảnh · 🎬 1 video (0:09)")
    people.file(RESIDENT, "voice", samples.OGG, mime="audio/ogg", seconds=32)
    await home.hears(RESIDENT, "🎤 1 bản ghi âm (0:32)")
    people.file(RESIDENT, "document", samples.PDF, mime="application/pdf", name="Nguyễn Văn A - đơn.pdf")
    await home.press(RESIDENT, "📄 1 tài liệu", ":send")
    card = await home.hears(GROUP, "PA-")
    sent = home.server.sent(GROUP)
    kinds = [next(kind for kind in ("photo", "video", "voice", "document", "text") if kind in one) for one in sent[-5:]]
    assert kinds == ["photo", "video", "document", "voice", "text"] and sent[-2]["voice"]["duration"] == 32
    assert "🎤 1 bản ghi âm (0:32)" in card["text"] and "Nguyễn Văn A" not in str(sent)
    done = {"caption": "Đã sửa xong, xin xem ảnh.", "chat": GROUP, "reply_to": card["message_id"]}
    people.photo(OFFICIAL, picture("green"), **done)
    await home.press(OFFICIAL, "📷 1 ảnh", ":send", chat=GROUP)
    answer = await home.hears(RESIDENT, "Đã sửa xong")
    assert "photo" in answer


async def test_who_can_only_speak_is_heard(home: House) -> None:
    home.people.write(OFFICIAL, f"/start thamgia_{await invited(home, Role.RECEPTION, None)}")
    await home.hears(OFFICIAL, "✅")
    await known(home)
    home.people.file(RESIDENT, "voice", samples.OGG, mime="audio/ogg", seconds=32)
    await home.press(RESIDENT, "cán bộ sẽ nghe", ":matter")
    await home.press(RESIDENT, "xem lại trước khi gửi", ":send")
    card = await home.hears(OFFICIAL, "nội dung trong bản ghi âm")
    assert card["voice"]["duration"] == 32


async def test_what_was_forwarded_is_content_and_never_a_command(home: House) -> None:
    await known(home)
    home.people.forward(RESIDENT, "/trogiup")
    await home.hears(RESIDENT, "↪️ /trogiup")
    assert not any("/phananh" in text for text in home.server.texts(RESIDENT))


async def test_a_place_a_contact_and_a_change_are_taken_or_answered(home: House) -> None:
    await known(home)
    number = home.people.write(RESIDENT, LAMP)
    await home.hears(RESIDENT, "xem lại trước khi gửi")
    home.people.send(RESIDENT, {"location": {"latitude": 10.7769, "longitude": 106.7009}})
    await home.hears(RESIDENT, "10.77690")
    home.people.send(RESIDENT, {"contact": {"phone_number": "+84901234567", "first_name": "Ba"}})
    await home.hears(RESIDENT, "+84901234567")
    home.people.edit(RESIDENT, number, "Đèn đường số 14 hỏng")
    look = await home.hears(RESIDENT, "Đèn đường số 14 hỏng")
    assert LAMP not in look["text"] and "+84901234567" in look["text"]


async def test_a_caption_changed_in_an_album_changes_the_draft(home: House) -> None:
    await known(home)
    people = home.people
    people.photo(RESIDENT, picture("red"), album="a1")
    captioned = people.photo(RESIDENT, picture("green"), album="a1", caption=LAMP)
    await home.hears(RESIDENT, "📷 2 ảnh")
    people.edit(RESIDENT, captioned, "Đèn đường số 14 hỏng")
    look = await home.hears(RESIDENT, "Đèn đường số 14 hỏng")
    assert "📷 2 ảnh" in look["text"] and LAMP not in look["text"]


@pytest.mark.parametrize("submitted", [False, True])
async def test_a_photo_changed_in_an_old_message_is_told_to_have_come_to_nothing(home: House, submitted: bool) -> None:
    await known(home)
    number = home.people.photo(RESIDENT, picture("red"), caption=LAMP)
    await home.hears(RESIDENT, "📷 1 ảnh")
    if submitted:
        await home.press(RESIDENT, "📷 1 ảnh", ":send")
        await home.hears(RESIDENT, "✅")
    home.people.swap(
        RESIDENT, number, {"photo": [{"file_id": "other", "file_unique_id": "o", "width": 9, "height": 9}]}
    )
    await home.hears(RESIDENT, "gửi ảnh hoặc tệp mới")
    async with home.database.reading() as tx:
        assert len((await tx.execute(select(attachments.attachment))).all()) == 1


async def test_a_named_place_and_a_contact_reach_the_unit(home: House) -> None:
    await group_bound(home)
    await known(home)
    home.people.write(RESIDENT, LAMP)
    await home.hears(RESIDENT, "xem lại trước khi gửi")
    point = {"latitude": 10.7769, "longitude": 106.7009}
    home.people.send(
        RESIDENT, {"venue": {"location": point, "title": "Chợ Mới", "address": "2 Lê Lợi"}, "location": point}
    )
    await home.hears(RESIDENT, "Chợ Mới, 2 Lê Lợi")
    home.people.send(RESIDENT, {"contact": {"phone_number": "+84901234567", "first_name": "Ba"}})
    await home.press(RESIDENT, "+84901234567", ":send")
    card = await home.hears(GROUP, "Chợ Mới, 2 Lê Lợi")
    assert "☎ Ba: +84901234567" in card["text"]


async def test_a_sticker_as_a_reply_is_answered_and_adds_nothing(home: House) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    code = await reported(home)
    card = await home.hears(GROUP, code)
    await at_rest(home)
    home.people.send(OFFICIAL, {"sticker": {"file_id": "s", "emoji": "👍"}}, chat=GROUP, reply_to=card["message_id"])
    await home.until(lambda: home.server.world.ephemeral)
    (_chat, receiver, said) = home.server.world.ephemeral[-1]
    assert receiver == OFFICIAL and "không chuyển được loại tin này" in said
    told = await home.hears(RESIDENT, code)
    home.people.send(RESIDENT, {"sticker": {"file_id": "s", "emoji": "👍"}}, reply_to=told["message_id"])
    await home.hears(RESIDENT, "không đọc được loại tin này")
    async with home.database.reading() as tx:
        acts = (await tx.execute(select(case_events.case_event.c.act))).scalars().all()
    assert acts == ["submit"]


async def test_a_photo_that_comes_after_its_album_was_sent_is_added_to_the_case(home: House) -> None:
    await known(home)
    home.people.photo(RESIDENT, picture("red"), caption=LAMP, album="a1")
    await home.press(RESIDENT, "📷 1 ảnh", ":send")
    await home.hears(RESIDENT, "✅")
    home.people.photo(RESIDENT, picture("green"), album="a1")
    await home.hears(RESIDENT, "✅ Đã bổ sung vào")


async def test_a_denunciation_is_taken_away_from_the_chat_with_what_was_asked_about_it(home: House) -> None:
    await known(home)
    home.people.write(RESIDENT, "Ông Zuynhquac làm ở phường")
    await home.hears(RESIDENT, "xem lại trước khi gửi")
    home.people.write(RESIDENT, "Tôi tố cáo ông ấy nhận hối lộ")
    await home.hears(RESIDENT, "🔒")
    messages = home.server.world.messages[RESIDENT]
    await home.until(lambda: not any("Zuynhquac" in str(one) or "hối lộ" in str(one) for one in messages.values()))
    assert any("🔒" in one.get("text", "") for one in messages.values())


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

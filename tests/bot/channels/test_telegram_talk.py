"""People on Telegram: photos and albums, places, what cannot be read, and buttons that are out of date."""

from sqlalchemy import select

from storage import attachments
from tests.bot.telegram_house import LAMP, RESIDENT, House, known, picture
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

"""A changed message changes the draft, or is added to its case; a late part of an album goes where the others went."""

from sqlalchemy import select

from storage import outbox
from tests.handlers.driver import Talk
from tests.handlers.resident.ground import LAMP, LAMPS_ROOM, agreed, count, history, rows_with, said


async def reported(talk: Talk, **more: object) -> str:
    """A case sent by message 11; its code."""
    await agreed(talk)
    await talk.say(LAMP, who="ba", message="11", **more)  # type: ignore[arg-type]
    sent = said(await talk.tap("Gửi", who="ba"))
    return next(word for word in sent.split() if word.startswith("PA-"))


async def test_a_change_changes_the_draft_and_what_it_is_read_as(talk: Talk) -> None:
    await agreed(talk)
    await talk.say("Nhà 12 hỏng", who="ba", message="11")
    await talk.say("hai hôm nay", who="ba", message="12")
    look = said(await talk.change("Đèn đường nhà 14 hỏng", message="11", who="ba"))
    assert "Đèn đường nhà 14 hỏng" in look and "hai hôm nay" in look and "Nhà 12" not in look
    assert "Chiếu sáng" in look
    again = said(await talk.change("Đèn đường nhà 16 hỏng", message="11", who="ba"))
    assert "nhà 16" in again and "nhà 14" not in again


async def test_a_change_of_a_command_changes_what_followed_it(talk: Talk) -> None:
    await agreed(talk)
    await talk.say("/phananh đèn đường nhà 12 hỏng", who="ba", message="11")
    look = said(await talk.change("/phananh đèn đường nhà 14 hỏng", message="11", who="ba"))
    assert "đèn đường nhà 14" in look and "/phananh" not in look and "nhà 12" not in look


async def test_words_that_replaced_a_message_are_not_changed_by_it(talk: Talk) -> None:
    await agreed(talk)
    await talk.say("Đèn đường nhà 12 hỏng", who="ba", message="11")
    await talk.tap("Sửa", who="ba")
    await talk.tap("Nội dung", who="ba")
    await talk.say("Đèn đường nhà 20 hỏng", who="ba", message="12")
    assert not await talk.change("Đèn đường nhà 14 hỏng", message="11", who="ba")


async def test_a_change_that_changes_no_word_and_one_of_something_else_are_not_answered(talk: Talk) -> None:
    await reported(talk)
    assert not await talk.change(LAMP, message="11", who="ba")
    assert not await talk.change("gì đó", message="99", who="ba")
    assert not await talk.change("gì đó", message="11", who="người lạ")
    assert await count(talk) == 1


async def test_a_change_after_sending_is_added_to_the_case_once(talk: Talk) -> None:
    code = await reported(talk)
    sent = await talk.change("Đèn đường nhà 14, không phải 12", message="11", who="ba")
    (told,) = [one for one in sent if one.chat == LAMPS_ROOM and "nhà 14" in one.text]
    assert "Sửa lại" in told.text and code in said(sent)
    assert not await talk.change("Đèn đường nhà 14, không phải 12", message="11", who="ba")
    assert len(await history(talk, code)) == 2 and await count(talk) == 1


async def test_a_change_into_a_denunciation_is_kept_nowhere(talk: Talk) -> None:
    await reported(talk)
    guided = said(await talk.change("Tôi tố cáo ông zuynhquac nhận hối lộ", message="11", who="ba"))
    assert "🔒" in guided and not await rows_with(talk, "zuynhquac")


async def test_a_change_of_a_case_that_is_over_says_what_to_do(talk: Talk) -> None:
    code = await reported(talk)
    await talk.say(f"/rut {code} ok", who="ba")
    assert "đã kết thúc" in said(await talk.change("Đèn đường nhà 14", message="11", who="ba"))


async def test_an_officials_change_before_sending_counts_and_after_it_is_told(talk: Talk) -> None:
    code = await reported(talk)
    await talk.official("lan", "KT")
    (card,) = [one for one in talk.in_chat(LAMPS_ROOM) if code in one.text]
    await talk.say("Tối nay sủa.", who="lan", chat=LAMPS_ROOM, reply_to=card, message="21")
    look = said(await talk.change("Tối nay sửa.", message="21", who="lan", chat=LAMPS_ROOM), LAMPS_ROOM)
    assert "Tối nay sửa." in look and "sủa" not in look
    sent = await talk.tap("Gửi", who="lan", chat=LAMPS_ROOM)
    assert "Tối nay sửa." in said(sent)
    late = await talk.change("Mai mới sửa.", message="21", who="lan", chat=LAMPS_ROOM)
    assert "đính chính" in said(late, LAMPS_ROOM) and not said(late)


async def test_a_late_photo_of_an_album_joins_its_case(talk: Talk) -> None:
    code = await reported(talk, photos=2, album="a1")
    sent = await talk.say(who="ba", photos=1, message="12", album="a1")
    (told,) = [one for one in sent if one.chat == LAMPS_ROOM and one.attachments]
    assert code in told.text and len(told.attachments) == 1 and await count(talk) == 1


async def test_a_late_photo_of_an_answer_joins_its_draft(talk: Talk) -> None:
    code = await reported(talk)
    await talk.official("lan", "KT")
    (card,) = [one for one in talk.in_chat(LAMPS_ROOM) if code in one.text]
    await talk.say("Đã sửa.", who="lan", chat=LAMPS_ROOM, reply_to=card, photos=1, message="21", album="a2")
    look = said(
        await talk.say(who="lan", chat=LAMPS_ROOM, reply_to=card, photos=1, message="22", album="a2"), LAMPS_ROOM
    )
    assert "📷 2 ảnh" in look and "Đã sửa." in look


async def test_what_we_asked_about_a_denunciation_is_forgotten_and_its_removal_owed_where_it_can_be(talk: Talk) -> None:
    talk.channel = "telegram"
    await agreed(talk)
    await talk.say("Ông zuynhquac làm ở phường", who="ba", message="11")
    await talk.say("Tôi tố cáo ông ấy nhận hối lộ", who="ba", message="12")
    assert not await rows_with(talk, "zuynhquac")
    async with talk.database.reading() as tx:
        bodies = list((await tx.execute(select(outbox.outbox.c.body))).scalars())
    (owed,) = [body["reply"]["removes"] for body in bodies if body.get("reply", {}).get("removes")]
    assert {"11", "12"} <= set(owed)


async def test_a_command_mended_by_a_change_in_a_group_is_not_carried_out_but_answered(talk: Talk) -> None:
    await talk.official("lan", "KT")
    case = await talk.submitted()
    room = "room-mended"
    await talk.group(room, "KT")
    await talk.say(f"/nhann {case.code}", who="lan", chat=room, message="21")
    (told,) = await talk.change(f"/nhan {case.code}", message="21", who="lan", chat=room)
    assert "gửi lại" in told.text and "tin mới" in told.text
    assert (await talk.case(case.code)).assignee_id is None
    async with talk.database.reading() as tx:
        (row,) = (await tx.execute(select(outbox.outbox).where(outbox.outbox.c.sent_as == told.id))).all()
    assert row.body["reply"]["only_for"] == "lan", "the group is not bothered"


async def test_chatter_that_is_changed_in_a_group_is_not_answered(talk: Talk) -> None:
    await talk.official("lan", "KT")
    room = "room-chatter"
    await talk.group(room, "KT")
    await talk.say("mai hop luc 8 gio", who="lan", chat=room, message="21")
    assert not await talk.change("mai họp lúc 8 giờ", message="21", who="lan", chat=room)
    assert not await talk.change("/lenh_cua_bot_khac", message="21", who="lan", chat=room)

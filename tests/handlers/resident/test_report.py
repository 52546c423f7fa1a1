"""Just write: a known resident files in two turns, a new one in at most five, in whatever way they answer."""

import pytest

from domain.case import CaseKind
from handlers.engine.event import Place
from storage import attachments
from tests.handlers.driver import Talk
from tests.handlers.resident.ground import LAMP, LAMPS_ROOM, agreed, count, said

CODE = "PA-26-00001"


async def drafted(talk: Talk, text: str = LAMP, **more: object) -> str:
    """A known resident's first message; the summary card."""
    await agreed(talk)
    return said(await talk.say(text, who="ba", **more))  # type: ignore[arg-type]


# --- how many turns ---------------------------------------------------------------------------------------------------


async def test_a_known_resident_files_in_two_turns(talk: Talk) -> None:
    card = await drafted(talk)
    assert "Chiếu sáng" in card and "12 Lê Lợi" in card and "Phòng Kinh tế" in card
    receipt = said(await talk.tap("Gửi", who="ba"))
    assert CODE in receipt and "Phòng Kinh tế" in receipt and "08/12/2026" in receipt
    assert LAMP in talk.last(LAMPS_ROOM).text


async def test_a_new_resident_files_in_four_turns(talk: Talk) -> None:
    first = await talk.say(LAMP, who="ba")
    assert len(first) == 2
    await talk.tap("Đồng ý", who="ba")
    await talk.tap("Tổ dân phố 2", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).text == LAMP


async def test_the_residential_group_may_be_skipped(talk: Talk) -> None:
    for words in (LAMP, "đồng ý", "bỏ qua", "gửi"):
        await talk.say(words, who="ba")
    assert await count(talk) == 1


@pytest.mark.parametrize("sending", ["Gửi", "gui", "GỬI", "1", "1.", "số 1", "ok", "Đồng ý", " gửi đi! "])
async def test_typing_a_label_a_number_or_a_synonym_is_the_same_as_pressing(talk: Talk, sending: str) -> None:
    await drafted(talk, "den duong hong truoc so 12 le loi")
    await talk.say(sending, who="ba")
    case = await talk.case(CODE)
    assert case.text == "den duong hong truoc so 12 le loi"
    assert case.unit_id == talk.ward.unit_id("KT")


async def test_a_case_that_fits_nowhere_goes_to_reception(talk: Talk) -> None:
    await drafted(talk, "Cảm ơn phường, mong các bác giúp thêm")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).unit_id == talk.ward.unit_id("VP")


# --- pieces, photos, places -------------------------------------------------------------------------------------------


async def test_people_write_in_pieces(talk: Talk) -> None:
    await drafted(talk, "Đèn đường hỏng")
    await talk.say("ở trước trường tiểu học", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).text == "Đèn đường hỏng\nở trước trường tiểu học"


async def test_pieces_written_while_consent_is_asked_for_are_kept(talk: Talk) -> None:
    await talk.say("Đèn đường hỏng", who="ba")
    await talk.say("ở trước trường tiểu học", who="ba", photos=1)
    await talk.tap("Đồng ý", who="ba")
    await talk.say("tối lắm các bác ơi", who="ba")
    card = said(await talk.tap("Bỏ qua", who="ba"))
    assert "ở trước trường tiểu học" in card and "tối lắm các bác ơi" in card
    await talk.tap("Gửi", who="ba")
    assert talk.last(LAMPS_ROOM).attachments


async def test_photos_alone_begin_a_case_and_the_words_are_asked_for(talk: Talk) -> None:
    assert "mấy chữ" in await drafted(talk, "", photos=2) or talk.last("ba").choices
    await talk.say(LAMP, who="ba")
    await talk.tap("Gửi", who="ba")
    async with talk.database.reading() as tx:
        assert len(await attachments.of_case(tx, await talk.case(CODE))) == 2
    assert len(talk.last(LAMPS_ROOM).attachments) == 2


async def test_more_photos_than_fit_are_told_and_the_first_kept(talk: Talk) -> None:
    answer = await drafted(talk, LAMP, photos=8)
    assert "8" in answer
    told = said(await talk.say("", who="ba", photos=4))
    assert "10" in told
    await talk.tap("Gửi", who="ba")
    assert len(talk.last(LAMPS_ROOM).attachments) == 10


async def test_more_photos_than_fit_in_the_first_message_are_told_too(talk: Talk) -> None:
    assert "10" in await drafted(talk, LAMP, photos=12)
    await talk.tap("Gửi", who="ba")
    assert len(talk.last(LAMPS_ROOM).attachments) == 10


async def test_a_place_on_the_map_goes_with_the_case(talk: Talk) -> None:
    await drafted(talk, "Đèn đường hỏng")
    await talk.tap("Thêm ảnh/vị trí", who="ba")
    await talk.say("", who="ba", place=Place(latitude=10.77, longitude=106.69))
    await talk.tap("Gửi", who="ba")
    case = await talk.case(CODE)
    assert (case.latitude, case.longitude) == (10.77, 106.69)
    assert "10.77" in talk.last(LAMPS_ROOM).text


async def test_a_place_with_an_endless_name_is_taken(talk: Talk) -> None:
    await drafted(talk, "Đèn đường hỏng")
    await talk.say("", who="ba", place=Place(latitude=10.77, longitude=106.69, label="Hẻm " * 200))
    await talk.tap("Gửi", who="ba")
    assert len((await talk.case(CODE)).place) <= 300


async def test_a_typed_place_goes_with_the_case(talk: Talk) -> None:
    await drafted(talk, "Đèn đường hỏng")
    await talk.say("them vi tri", who="ba")
    await talk.say("đầu hẻm 45", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).place == "đầu hẻm 45"


async def test_a_story_told_where_a_place_was_asked_for_is_not_cut(talk: Talk) -> None:
    story = "Từ hôm bão về tới nay cả xóm tối om. " * 20
    await drafted(talk, "Đèn đường hỏng")
    await talk.tap("Thêm ảnh/vị trí", who="ba")
    await talk.say(story, who="ba")
    await talk.tap("Gửi", who="ba")
    assert story.strip() in (await talk.case(CODE)).text


# --- changing the draft -----------------------------------------------------------------------------------------------


async def test_the_words_can_be_changed(talk: Talk) -> None:
    await drafted(talk)
    await talk.tap("Sửa", who="ba")
    await talk.tap("Nội dung", who="ba")
    await talk.say("Cống tắc, nước ngập sân", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).text == "Cống tắc, nước ngập sân"


async def test_the_subject_can_be_changed_and_stays_as_chosen(talk: Talk) -> None:
    await drafted(talk)
    for words in ("sua", "linh vuc", "viec khac"):
        await talk.say(words, who="ba")
    await talk.say("Đèn đường vẫn hỏng", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).unit_id == talk.ward.unit_id("VP")


async def test_changing_can_be_thought_better_of(talk: Talk) -> None:
    await drafted(talk)
    await talk.tap("Sửa", who="ba")
    await talk.tap("Không sửa, quay lại", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).text == LAMP


@pytest.mark.parametrize("words", ["Huỷ", "huy", "thôi", "/huy", "4"])
async def test_a_draft_can_be_given_up(talk: Talk, words: str) -> None:
    await drafted(talk)
    assert said(await talk.say(words, who="ba"))
    assert await count(talk) == 0
    await talk.say("Cống tắc", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).text == "Cống tắc"


async def test_a_draft_survives_looking_at_something_else(talk: Talk) -> None:
    await talk.submitted("Cống tắc")
    await agreed(talk)
    await talk.say("/phananh " + LAMP, who="ba")
    await talk.say("/hoso", who="ba")
    await talk.say("gửi", who="ba")
    assert (await talk.case("PA-26-00002")).text == LAMP


async def test_a_draft_survives_a_restart(talk: Talk) -> None:
    await drafted(talk)
    again = Talk(database=talk.database, ward=talk.ward, book=talk.book, now=talk.now)
    await again.say("gửi", who="ba")
    assert (await again.case(CODE)).text == LAMP


async def test_a_second_matter_begun_with_the_command_does_not_push_the_draft_away(talk: Talk) -> None:
    await drafted(talk)
    await talk.say("/phananh Cống trước nhà tắc", who="ba", photos=1)
    await talk.tap("Gửi", who="ba")
    text = (await talk.case(CODE)).text
    assert LAMP in text and "Cống trước nhà tắc" in text
    assert talk.last(LAMPS_ROOM).attachments


async def test_a_draft_waits_below_other_questions(talk: Talk) -> None:
    case = await talk.submitted("Cống tắc")
    await agreed(talk)
    await talk.say("/phananh " + LAMP, who="ba")
    await talk.say(f"/bosung {case.code}", who="ba")
    back = said(await talk.say("/huy", who="ba"))
    assert LAMP in back
    await talk.tap("Gửi", who="ba")
    assert (await talk.case("PA-26-00002")).text == LAMP


async def test_an_overtaken_button_shows_the_card_again(talk: Talk) -> None:
    await drafted(talk)
    first = talk.last("ba")
    await talk.say("tối lắm", who="ba")
    again = await talk.tap("Gửi", who="ba", on=first)
    assert await count(talk) == 0
    assert "Gửi" in again[-1].choices


async def test_pressing_send_twice_makes_one_case(talk: Talk) -> None:
    await drafted(talk)
    card = talk.last("ba")
    await talk.tap("Gửi", who="ba", on=card)
    assert said(await talk.tap("Gửi", who="ba", on=card))
    assert await count(talk) == 1


async def test_too_long_a_message_is_refused_and_the_draft_stays(talk: Talk) -> None:
    await drafted(talk)
    told = said(await talk.say("a" * 4001, who="ba"))
    assert "4000" in told
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).text == LAMP


# --- what the law and life say ----------------------------------------------------------------------------------------


async def test_emergency_numbers_come_before_anything_else(talk: Talk) -> None:
    messages = await talk.say("Cháy nhà ở 12 Lê Lợi, có người mắc kẹt", who="ba")
    assert "114" in messages[0].text
    await talk.tap("Đồng ý", who="ba")
    await talk.tap("Bỏ qua", who="ba")
    receipt = await talk.tap("Gửi", who="ba")
    assert "114" not in said(receipt) and await count(talk) == 1


async def test_emergency_numbers_come_first_for_somebody_with_an_open_case_too(talk: Talk) -> None:
    await talk.submitted()
    messages = await talk.say("Cháy nhà ở 14 Lê Lợi, có người mắc kẹt!", who="ba")
    assert "114" in messages[0].text
    after = await talk.tap("Việc mới", who="ba")
    assert "114" not in said(after)


async def test_a_complaint_is_told_why_chat_is_not_enough_and_may_go_as_a_report(talk: Talk) -> None:
    await agreed(talk)
    told = said(await talk.say("Tôi khiếu nại quyết định xử phạt số 12 của phường", who="ba"))
    assert "khiếu nại" in told
    await talk.tap("Gửi như phản ánh thường", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case(CODE)).kind is CaseKind.PETITION


async def test_a_complaint_may_be_dropped(talk: Talk) -> None:
    await agreed(talk)
    await talk.say("Tôi khiếu nại quyết định xử phạt số 12 của phường", who="ba")
    assert said(await talk.tap("Không gửi", who="ba"))
    assert await count(talk) == 0


async def test_something_that_cannot_be_read_is_told(talk: Talk) -> None:
    await drafted(talk)
    assert said(await talk._happen("ba", "", unsupported="sticker"))
    await talk.tap("Gửi", who="ba")
    assert await count(talk) == 1

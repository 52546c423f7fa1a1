"""Answering a resident: by replying to a card or by command, after one look at what will be read."""

import pytest

from actions.follow_case import add, withdraw
from domain.case import Act, Case, Status
from tests.handlers.driver import Talk
from tests.handlers.official.conftest import ROOM, acts, card_of


async def test_a_reply_to_the_card_answers_the_resident_after_one_look(talk: Talk) -> None:
    case = await talk.submitted()
    (look,) = await talk.say("Tối nay sẽ sửa.", who="lan", chat=ROOM, reply_to=card_of(talk, case), photos=1)
    assert look.chat == ROOM
    assert list(look.choices) == ["Gửi", "Sửa", "Bỏ tệp kèm", "Huỷ"]
    assert "Gửi kèm: 📷 1 ảnh" in look.text
    assert (await talk.case(case.code)).status is Status.RECEIVED
    sent = await talk.tap("Gửi", who="lan", chat=ROOM)
    assert [message.text for message in sent if message.chat == ROOM] == [f"✅ {case.code}: Lan đã trả lời người dân."]
    told = talk.last("ba")
    assert told.text in look.text
    assert len(told.attachments) == 1
    assert list(told.choices) == ["Đánh giá", "Chưa xong, mở lại", "Bổ sung"]
    assert (await talk.case(case.code)).status is Status.ANSWERED


@pytest.mark.parametrize("said", ["1", "gui", "GỬI", "ok", "Gửi đi"])
async def test_the_look_is_confirmed_by_number_or_word_too(talk: Talk, said: str) -> None:
    case = await talk.submitted()
    await talk.say(f"/traloi {case.code} Đã sửa xong.", who="lan")
    await talk.say(said, who="lan")
    assert (await talk.case(case.code)).status is Status.ANSWERED


async def test_an_answer_given_up_sends_nothing(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Đã sửa.", who="lan", chat=ROOM, reply_to=card_of(talk, case))
    (said,) = await talk.say("huỷ", who="lan", chat=ROOM)
    assert said.text == f"Đã huỷ, chưa gửi gì cho người dân ({case.code})."
    assert talk.in_chat("ba") == []


async def test_an_answer_can_be_changed_and_its_photos_left_out(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Đã sủa xong.", who="lan", chat=ROOM, reply_to=card_of(talk, case), photos=2)
    await talk.tap("Sửa", who="lan", chat=ROOM)
    (look,) = await talk.say("Đã sửa xong.", who="lan", chat=ROOM)
    assert "Đã sửa xong." in look.text
    assert "sủa" not in look.text
    await talk.tap("Bỏ tệp kèm", who="lan", chat=ROOM)
    await talk.tap("Gửi", who="lan", chat=ROOM)
    assert talk.last("ba").attachments == ()


async def test_photos_that_follow_go_with_the_answer(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Đã sửa.", who="lan", chat=ROOM, reply_to=card_of(talk, case), photos=1)
    (look,) = await talk.say(who="lan", chat=ROOM, photos=2)
    assert "Gửi kèm: 📷 3 ảnh" in look.text
    await talk.tap("Gửi", who="lan", chat=ROOM)
    assert len(talk.last("ba").attachments) == 3


async def test_chatter_in_the_group_never_becomes_part_of_an_answer(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Đã sửa.", who="lan", chat=ROOM, reply_to=card_of(talk, case))
    assert await talk.say("Trưa nay ăn gì các bác?", who="lan", chat=ROOM) == []
    assert await talk.say("Bún chả", who="minh", chat=ROOM) == []
    await talk.tap("Gửi", who="lan", chat=ROOM)
    assert "Đã sửa." in talk.last("ba").text
    assert "Trưa nay" not in talk.last("ba").text


async def test_the_second_of_two_answers_is_shown_the_first_and_keeps_its_words(talk: Talk) -> None:
    case = await talk.submitted()
    card = card_of(talk, case)
    await talk.say("Tối nay sửa.", who="lan", chat=ROOM, reply_to=card)
    await talk.say("Mai mới sửa được.", who="minh", chat=ROOM, reply_to=card)
    await talk.tap("Gửi", who="lan", chat=ROOM, on=talk.in_chat(ROOM)[-2])
    sent = await talk.say("1", who="minh", chat=ROOM)
    assert [message.chat for message in sent] == [ROOM]
    assert f"{case.code}: Lan đã trả lời lúc 09:00" in sent[0].text
    assert "“Tối nay sửa.”" in sent[0].text
    assert "Mai mới sửa được." in sent[0].text
    await talk.say("Gửi", who="minh", chat=ROOM)
    assert "Mai mới sửa được." in talk.last("ba").text
    assert await acts(talk, case) == [Act.SUBMIT, Act.ANSWER, Act.ANSWER]


async def test_what_the_resident_added_meanwhile_is_shown_before_sending(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say(f"/traloi {case.code} Xin cho biết số nhà.", who="lan")
    await add_by_resident(talk, case, "Số nhà 14")
    (look,) = await talk.tap("Gửi", who="lan")
    assert "người dân đã bổ sung" in look.text
    assert "Số nhà 14" in look.text
    assert "Ba" not in look.text.replace("Thứ Ba", "")
    await talk.tap("Gửi", who="lan")
    assert (await talk.case(case.code)).status is Status.ANSWERED


async def add_by_resident(talk: Talk, case: Case, text: str) -> None:
    resident = await talk.person("ba")
    async with talk.database.transaction() as tx:
        await add(tx, talk.ward, resident, case.code, text=text, now=talk.now)
    await talk.deliver()


async def test_a_reply_to_what_the_resident_added_answers_too(talk: Talk) -> None:
    case = await talk.submitted()
    await add_by_resident(talk, case, "Số nhà 14")
    await talk.say("Cảm ơn, mai sửa.", who="minh", chat=ROOM, reply_to=talk.last(ROOM))
    await talk.tap("Gửi", who="minh", chat=ROOM)
    assert "Cảm ơn, mai sửa." in talk.last("ba").text


async def test_an_answer_to_a_withdrawn_case_comes_back_with_its_words(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say(f"/traloi {case.code} Mai sửa.", who="lan")
    resident = await talk.person("ba")
    async with talk.database.transaction() as tx:
        await withdraw(tx, talk.ward, resident, case.code, now=talk.now)
    sent = await talk.tap("Gửi", who="lan")
    said = next(message for message in sent if message.chat == "lan")
    assert "người dân đã rút" in said.text
    assert "Mai sửa." in said.text
    assert talk.in_chat("ba") == []


async def test_an_answer_that_is_too_long_is_refused_and_its_photos_kept(talk: Talk) -> None:
    case = await talk.submitted()
    sent = await talk.say("x" * 4001, who="lan", chat=ROOM, reply_to=card_of(talk, case), photos=1)
    assert "dài 4001 ký tự, mỗi lần gửi được tối đa 4000" in sent[0].text
    await talk.say("Ngắn thôi.", who="lan", chat=ROOM)
    await talk.tap("Gửi", who="lan", chat=ROOM)
    assert len(talk.last("ba").attachments) == 1


async def test_an_answer_begun_for_one_case_is_given_back_when_another_is_begun(talk: Talk) -> None:
    first, second = await talk.submitted(), await talk.submitted("Cống tắc")
    await talk.say(f"/traloi {first.code} Mai sửa đèn.", who="lan")
    sent = await talk.say(f"/traloi {second.code} Mai thông cống.", who="lan")
    assert f"Còn chưa gửi cho {first.code}:\nMai sửa đèn." in sent[0].text
    await talk.tap("Gửi", who="lan")
    assert (await talk.case(first.code)).status is Status.RECEIVED
    assert (await talk.case(second.code)).status is Status.ANSWERED


async def test_a_reply_to_another_card_is_about_that_case_whatever_is_open(talk: Talk) -> None:
    first, second = await talk.submitted(), await talk.submitted("Cống tắc")
    await talk.tap("Trả lời", who="lan", chat=ROOM, on=card_of(talk, first))
    (look,) = await talk.say("Mai thông cống.", who="lan", chat=ROOM, reply_to=card_of(talk, second))
    assert second.code in look.text
    await talk.tap("Gửi", who="lan", chat=ROOM)
    assert (await talk.case(first.code)).status is Status.RECEIVED
    assert (await talk.case(second.code)).status is Status.ANSWERED


async def test_nobody_sends_anything_by_pressing_a_colleagues_button(talk: Talk) -> None:
    first, second = await talk.submitted(), await talk.submitted("Cống tắc")
    (of_lan,) = await talk.say("Mai sửa.", who="lan", chat=ROOM, reply_to=card_of(talk, first))
    await talk.say("Mai thông.", who="minh", chat=ROOM, reply_to=card_of(talk, second))
    await talk.tap("Gửi", who="minh", chat=ROOM, on=of_lan)
    assert talk.in_chat("ba") == []

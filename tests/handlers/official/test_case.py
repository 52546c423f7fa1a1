"""One case at the desk, as conversations: taking up, asking, answering by reply, passing on, noting, closing."""

import pytest

from domain.case import Act, Case, Status
from domain.people import Role
from storage import attachments, audit, cases
from tests.handlers.driver import Message, Talk
from tests.handlers.official.conftest import ROOM


def card_of(talk: Talk, case: Case, chat: str = ROOM) -> Message:
    return next(one for one in talk.in_chat(chat) if case.code in one.text)


async def acts(talk: Talk, case: Case) -> list[Act]:
    async with talk.database.reading() as tx:
        return [done.act for done in await cases.history(tx, case.id)]


async def test_the_units_group_gets_a_card_with_everything_but_the_resident(talk: Talk) -> None:
    case = await talk.submitted("Đèn đường trước nhà hỏng ba ngày", photos=2)
    card = card_of(talk, case)
    for shown in (case.code, "Chiếu sáng", "12 Lê Lợi", "Đèn đường trước nhà hỏng ba ngày", "08/12/2026"):
        assert shown in card.text
    assert len(card.attachments) == 2
    assert list(card.choices) == ["Nhận", "Trả lời", "Hỏi thêm", "Chuyển", "Xem"]
    assert "Trần Thị Ba" not in card.text


async def test_taking_a_case_up_tells_the_group_in_one_line_and_the_resident(talk: Talk) -> None:
    case = await talk.submitted()
    sent = await talk.tap("Nhận", who="lan", chat=ROOM)
    told = f"📌 {case.code}: Phòng Kinh tế, Hạ tầng và Đô thị đã nhận xử lý, sẽ trả lời chậm nhất thứ Ba, 08/12/2026."
    assert {message.chat: message.text for message in sent} == {ROOM: f"✅ {case.code}: Lan đã nhận.", "ba": told}


async def test_the_second_to_take_a_case_up_is_told_who_was_first(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.tap("Nhận", who="lan", chat=ROOM)
    (said,) = await talk.tap("Nhận", who="minh", chat=ROOM)
    assert said.text.startswith(f"{case.code}: Lan đã nhận xử lý lúc 09:00")
    (again,) = await talk.tap("Nhận", who="lan", chat=ROOM)
    assert again.text.startswith(f"Ông/Bà đã nhận {case.code} rồi")
    assert await acts(talk, case) == [Act.SUBMIT, Act.ACCEPT]


async def test_a_reply_to_the_card_answers_the_resident_after_one_look(talk: Talk) -> None:
    case = await talk.submitted()
    (look,) = await talk.say("Tối nay sẽ sửa.", who="lan", chat=ROOM, reply_to=card_of(talk, case), photos=1)
    assert look.chat == ROOM
    assert list(look.choices) == ["Gửi", "Sửa", "Bỏ ảnh", "Huỷ"]
    assert "Gửi kèm 1 ảnh" in look.text
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
    await talk.tap("Bỏ ảnh", who="lan", chat=ROOM)
    await talk.tap("Gửi", who="lan", chat=ROOM)
    assert talk.last("ba").attachments == ()


async def test_photos_that_follow_go_with_the_answer(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Đã sửa.", who="lan", chat=ROOM, reply_to=card_of(talk, case), photos=1)
    (look,) = await talk.say(who="lan", chat=ROOM, photos=2)
    assert "Gửi kèm 3 ảnh" in look.text
    await talk.tap("Gửi", who="lan", chat=ROOM)
    assert len(talk.last("ba").attachments) == 3


async def test_chatter_in_the_group_never_becomes_part_of_an_answer(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Đã sửa.", who="lan", chat=ROOM, reply_to=card_of(talk, case))
    await talk.say("Trưa nay ăn gì các bác?", who="lan", chat=ROOM)
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
    from actions.follow_case import add

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
    from actions.follow_case import withdraw

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


async def test_a_note_by_reply_stays_at_the_desk(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("/ghichu Đã gọi điện lực", who="lan", chat=ROOM, reply_to=card_of(talk, case), photos=1)
    assert talk.last(ROOM).text == f"✅ {case.code}: đã lưu ghi chú (người dân không thấy)."
    assert talk.in_chat("ba") == []
    async with talk.database.reading() as tx:
        assert [done.text for done in await cases.history(tx, case.id, public_only=True)] == [""]
        assert await attachments.of_case(tx, case.id, resident_only=True) == []
    (view,) = await talk.say(f"/xem {case.code}", who="minh")
    assert "Đã gọi điện lực" in view.text


async def test_passing_on_names_unit_and_reason_to_everybody(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.group("room-vx", "VX")
    await talk.say(f"/chuyen {case.code} Ban Văn hoá: đèn của nhà văn hoá", who="lan", chat=ROOM)
    assert "Phòng Văn hoá - Xã hội" in talk.last(ROOM).text
    assert len([one for one in talk.in_chat(ROOM) if case.code in one.text]) == 2
    assert "đèn của nhà văn hoá" in talk.last("room-vx").text
    assert "đèn của nhà văn hoá" in talk.last("ba").text
    assert "thứ Ba, 08/12/2026" in talk.last("ba").text


async def test_passing_on_asks_for_what_is_missing(talk: Talk) -> None:
    case = await talk.submitted()
    (asked,) = await talk.tap("Chuyển", who="lan", chat=ROOM)
    assert list(asked.choices) == ["Văn phòng", "Phòng Văn hoá - Xã hội", "Huỷ"]
    await talk.say("ban van hoa", who="lan", chat=ROOM)
    await talk.tap("Thuộc lĩnh vực của bộ phận đó", who="lan", chat=ROOM)
    assert (await talk.case(case.code)).unit_id == talk.ward.unit_id("VX")


async def test_a_colleague_who_comes_after_the_transfer_is_told_where_the_case_went(talk: Talk) -> None:
    case = await talk.submitted()
    card = card_of(talk, case)
    await talk.say(f"/chuyen {case.code} VX việc của nhà văn hoá", who="lan", chat=ROOM)
    (said,) = await talk.say("Mai sửa.", who="minh", chat=ROOM, reply_to=card)
    assert said.text.startswith(f"{case.code}: Lan đã chuyển sang Phòng Văn hoá - Xã hội lúc")


async def test_a_question_typed_whole_goes_at_once_and_the_reply_is_asked_for(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say(f"/hoithem {case.code} Đèn ở số nhà nào?", who="lan", chat=ROOM)
    assert "Đèn ở số nhà nào?" in talk.last("ba").text
    assert "reply" in talk.last("ba").text
    assert (await talk.case(case.code)).status is Status.WAITING


async def test_a_question_asked_by_button_is_shown_first(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.tap("Hỏi thêm", who="lan", chat=ROOM)
    (look,) = await talk.say("Đèn ở số nhà nào?", who="lan", chat=ROOM)
    assert "Đèn ở số nhà nào?" in look.text
    assert talk.in_chat("ba") == []
    await talk.tap("Gửi", who="lan", chat=ROOM)
    assert (await talk.case(case.code)).status is Status.WAITING


async def test_a_case_is_closed_only_after_an_answer(talk: Talk) -> None:
    case = await talk.submitted()
    (said,) = await talk.say(f"/dong {case.code}", who="lan")
    assert "đã tiếp nhận" in said.text
    await talk.say(f"/traloi {case.code} Xong.", who="lan")
    await talk.tap("Gửi", who="lan")
    await talk.tap("Kết thúc", who="lan")
    assert (await talk.case(case.code)).status is Status.CLOSED
    assert "Chưa xong, mở lại" in talk.last("ba").choices


async def test_an_act_in_private_is_told_to_the_units_group_once(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say(f"/nhan {case.code}", who="sau")
    lines = [message.text for message in talk.in_chat(ROOM) if "đã nhận" in message.text]
    assert lines == [f"✅ {case.code}: Sáu đã nhận."]


@pytest.mark.parametrize("command", ["nhan", "traloi", "hoithem", "chuyen", "ghichu", "dong", "xem"])
async def test_another_units_official_gets_a_sentence(talk: Talk, command: str) -> None:
    case = await talk.submitted()
    (said,) = await talk.say(f"/{command} {case.code}", who="hoa")
    assert said.text.startswith(f"{case.code} do Phòng Kinh tế, Hạ tầng và Đô thị phụ trách")
    assert await acts(talk, case) == [Act.SUBMIT]


@pytest.mark.parametrize("command", ["nhan", "xem", "viec", "traloi"])
async def test_a_stranger_in_the_group_is_told_how_to_join_and_nothing_else(talk: Talk, command: str) -> None:
    case = await talk.submitted("Bí mật của bà Ba")
    (said,) = await talk.say(f"/{command} {case.code if command != 'viec' else ''}", who="la", chat=ROOM)
    assert "/thamgia" in said.text
    assert "Bí mật" not in said.text
    (said,) = await talk.say("Để tôi trả lời", who="la", chat=ROOM, reply_to=card_of(talk, case))
    assert "/thamgia" in said.text


async def test_nothing_of_a_case_is_said_in_the_wards_group_or_in_another_units(talk: Talk) -> None:
    case = await talk.submitted("Bí mật của bà Ba")
    await talk.group("ward", None)
    await talk.group("room-vx", "VX")
    (said,) = await talk.say(f"/xem {case.code}", who="lan", chat="ward")
    assert "trò chuyện riêng" in said.text
    (said,) = await talk.say(f"/xem {case.code}", who="sau", chat="room-vx")
    assert said.text.startswith(f"{case.code} không thuộc nhóm này")


async def test_reception_and_leader_may_act_on_every_unit(talk: Talk) -> None:
    await talk.official("tu", "VP", Role.RECEPTION)
    for who in ("tu", "sau"):
        case = await talk.submitted()
        await talk.say(f"/traloi {case.code} Đã xong.", who=who)
        await talk.tap("Gửi", who=who)
        assert (await talk.case(case.code)).status is Status.ANSWERED


async def test_an_unknown_code_or_none_gets_a_sentence(talk: Talk) -> None:
    (said,) = await talk.say("/xem PA-26-09999", who="lan")
    assert said.text.startswith("Phường không có hồ sơ PA-26-09999")
    (said,) = await talk.say("/nhan", who="lan", chat=ROOM)
    assert said.text.startswith("Xin ghi thêm mã hồ sơ")


async def test_an_answer_begun_for_one_case_is_given_back_when_another_is_begun(talk: Talk) -> None:
    first, second = await talk.submitted(), await talk.submitted("Cống tắc")
    await talk.say(f"/traloi {first.code} Mai sửa đèn.", who="lan")
    sent = await talk.say(f"/traloi {second.code} Mai thông cống.", who="lan")
    assert f"Còn chưa gửi cho {first.code}:\nMai sửa đèn." in sent[0].text
    await talk.tap("Gửi", who="lan")
    assert (await talk.case(first.code)).status is Status.RECEIVED
    assert (await talk.case(second.code)).status is Status.ANSWERED


async def test_every_act_is_in_the_audit_log_with_who_did_it(talk: Talk) -> None:
    case = await talk.submitted()
    lan = await talk.person("lan")
    await talk.say(f"/nhan {case.code}", who="lan")
    await talk.say(f"/hoithem {case.code} Ở đâu?", who="lan")
    await talk.say(f"/ghichu {case.code} gọi rồi", who="lan")
    await talk.say(f"/traloi {case.code} Xong.", who="lan")
    await talk.tap("Gửi", who="lan")
    await talk.say(f"/dong {case.code}", who="lan")
    async with talk.database.reading() as tx:
        entries = await audit.of(tx, ward_id=talk.ward.id, subject=f"case {case.code}")
    done = [(entry.act, entry.actor_id) for entry in entries[1:]]
    assert done == [(f"case.{act}", lan.id) for act in ("accept", "ask", "note", "answer", "close")]

"""One case at the desk, as conversations: taking up, asking, passing on, noting, closing; who may and who may not."""

import pytest

from domain.case import Act, Status
from domain.people import Role
from storage import attachments, audit, case_events
from tests.handlers.driver import Talk
from tests.handlers.official.conftest import ROOM, acts, card_of


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
    # They saw the card before it changed.
    card = card_of(talk, case)
    await talk.tap("Nhận", who="lan", chat=ROOM, on=card)
    (said,) = await talk.tap("Nhận", who="minh", chat=ROOM, on=card)
    assert said.text.startswith(f"{case.code}: Lan đã nhận xử lý lúc 09:00")
    (again,) = await talk.tap("Nhận", who="lan", chat=ROOM, on=card)
    assert again.text.startswith(f"Ông/Bà đã nhận {case.code} rồi")
    assert await acts(talk, case) == [Act.SUBMIT, Act.ACCEPT]


async def test_a_note_by_reply_stays_at_the_desk(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("/ghichu Đã gọi điện lực", who="lan", chat=ROOM, reply_to=card_of(talk, case), photos=1)
    assert talk.last(ROOM).text == f"✅ {case.code}: đã lưu ghi chú (người dân không thấy)."
    assert talk.in_chat("ba") == []
    async with talk.database.reading() as tx:
        assert [done.text for done in await case_events.history(tx, case, public_only=True)] == [""]
        assert await attachments.of_case(tx, case, resident_only=True) == []
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


async def test_an_act_in_private_changes_the_card_in_the_units_group(talk: Talk) -> None:
    case = await talk.submitted()
    before = len(talk.in_chat(ROOM))
    await talk.say(f"/nhan {case.code}", who="sau")
    assert len(talk.in_chat(ROOM)) == before
    card = card_of(talk, case)
    assert card.text.startswith(f"📌 {case.code} · đang xử lý\n👤 Người xử lý: Sáu")
    assert "Nhận" not in card.choices and "Trả lời" in card.choices


async def test_where_messages_cannot_be_changed_an_act_in_private_is_one_line(talk: Talk) -> None:
    talk.edits = False
    case = await talk.submitted()
    before = len(talk.in_chat(ROOM))
    await talk.say(f"/nhan {case.code}", who="sau")
    assert [message.text for message in talk.in_chat(ROOM)[before:]] == [f"✅ {case.code}: Sáu đã nhận."]


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


@pytest.mark.parametrize("chat", ["ward", "unbound"])
@pytest.mark.parametrize("command", ["viec", "nhan", "xem", "ghichu"])
async def test_the_desk_is_shut_where_residents_read(talk: Talk, chat: str, command: str) -> None:
    case = await talk.submitted()
    await talk.group("ward", None)
    (said,) = await talk.say(f"/{command} {'' if command == 'viec' else case.code}", who="sau", chat=chat)
    assert said.text.startswith("Xin dùng lệnh này trong nhóm của bộ phận")
    assert (await acts(talk, case)) == [Act.SUBMIT]


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

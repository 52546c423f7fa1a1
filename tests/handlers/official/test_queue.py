"""The desk's lists: whose cases, which ones, in which order, page by page."""

from datetime import timedelta

import pytest

from domain.people import Role
from tests.handlers.driver import Message, Talk
from tests.handlers.official.conftest import ROOM


def codes(message: Message) -> list[str]:
    return [label for label in message.choices if label.startswith("PA-")]


async def test_a_unit_sees_its_own_cases_and_the_leader_all_with_their_units(talk: Talk) -> None:
    lamp = await talk.submitted("Đèn hỏng")
    paper = await talk.submitted("Hỏi giấy tờ", category="other")
    (own,) = await talk.say("/viec", who="lan")
    assert codes(own) == [lamp.code]
    (every,) = await talk.say("/queue", who="sau")
    assert codes(every) == [lamp.code, paper.code]
    assert "· KT" in every.text
    assert "· VP" in every.text


async def test_in_a_units_group_the_list_is_that_units_whoever_asks(talk: Talk) -> None:
    lamp = await talk.submitted("Đèn hỏng")
    await talk.submitted("Hỏi giấy tờ", category="other")
    (shown,) = await talk.say("/viec", who="sau", chat=ROOM)
    assert codes(shown) == [lamp.code]
    (said,) = await talk.say("/viec", who="hoa", chat=ROOM)
    assert said.text.startswith("Đây là nhóm của bộ phận khác")


async def test_pages_are_turned_by_button_and_a_number_opens_a_case(talk: Talk) -> None:
    made = [(await talk.submitted(f"Việc {number}")).code for number in range(7)]
    (first,) = await talk.say("/viec", who="lan")
    assert codes(first) == made[:5]
    assert "(7) · 1/2" in first.text
    (second,) = await talk.tap("Trang sau", who="lan")
    assert codes(second) == made[5:]
    (opened,) = await talk.say("2", who="lan")
    assert opened.text.startswith(f"📄 {made[6]}")


async def test_mine_due_and_overdue_are_lists_of_their_own(talk: Talk) -> None:
    mine, other = await talk.submitted("Của Lan"), await talk.submitted("Chưa ai nhận")
    await talk.say(f"/nhan {mine.code}", who="lan")
    (shown,) = await talk.say("/viec cuatoi", who="lan")
    assert codes(shown) == [mine.code]
    (shown,) = await talk.say("/viec quahan", who="lan")
    assert shown.text == "✅ Không có hồ sơ nào quá hạn."
    talk.now += timedelta(days=13)  # Monday; due on Tuesday
    (shown,) = await talk.say("/viec due", who="lan")
    assert codes(shown) == [mine.code, other.code]
    assert "🟡 còn 1 ngày làm việc" in shown.text
    talk.now += timedelta(days=3)
    (shown,) = await talk.say("/viec quá hạn", who="lan")
    assert codes(shown) == [mine.code, other.code]
    assert "🔴 quá hạn 2 ngày làm việc" in shown.text


async def test_the_most_urgent_comes_first_and_the_answered_is_gone(talk: Talk) -> None:
    first = await talk.submitted("Cũ")
    talk.now += timedelta(days=1)
    second = await talk.submitted("Mới")
    (shown,) = await talk.say("/viec", who="lan")
    assert codes(shown) == [first.code, second.code]
    await talk.say(f"/traloi {first.code} Xong.", who="lan")
    await talk.tap("Gửi", who="lan")
    (shown,) = await talk.tap("Việc đang mở", who="lan")
    assert codes(shown) == [second.code]


async def test_who_handles_no_cases_and_who_asks_for_an_unknown_list_get_a_sentence(talk: Talk) -> None:
    await talk.official("bien", None, Role.EDITOR)
    (said,) = await talk.say("/viec", who="bien")
    assert said.text.startswith("Vai trò của Ông/Bà không xử lý hồ sơ")
    (said,) = await talk.say("/viec lung tung", who="lan")
    assert "/viec quahan" in said.text
    (said,) = await talk.say("/viec", who="ba")
    assert "/thamgia" in said.text


async def test_a_page_beyond_the_last_is_the_last(talk: Talk) -> None:
    made = [(await talk.submitted(f"Việc {number}")).code for number in range(6)]
    (shown,) = await talk.say("/viec mo 99999999999", who="lan")
    assert codes(shown) == made[5:]


async def test_the_full_view_has_photos_history_and_the_acts_that_are_legal_now(talk: Talk) -> None:
    case = await talk.submitted("Đèn hỏng ở đầu hẻm", photos=2)
    await talk.say(f"/nhan {case.code}", who="lan")
    (view,) = await talk.say(f"/xem {case.code}", who="minh", chat=ROOM)
    for shown in ("đang xử lý", "Đèn hỏng ở đầu hẻm", "Người xử lý: Lan", "đã nhận xử lý – Lan", "2 ảnh"):
        assert shown in view.text
    assert len(view.attachments) == 2
    assert list(view.choices) == ["Trả lời", "Hỏi thêm", "Chuyển", "Ghi chú"]
    assert "Trần Thị Ba" not in view.text


@pytest.mark.parametrize("chat", ["lan", ROOM])
async def test_a_message_about_a_case_can_be_answered_by_replying_wherever_it_stands(talk: Talk, chat: str) -> None:
    case = await talk.submitted()
    (view,) = await talk.say(f"/xem {case.code}", who="lan", chat=chat)
    await talk.say("Mai sửa.", who="lan", chat=chat, reply_to=view)
    await talk.tap("Gửi", who="lan", chat=chat)
    assert "Mai sửa." in talk.last("ba").text

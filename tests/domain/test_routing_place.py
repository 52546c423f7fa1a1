"""Places as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.routing_place import PLACE_MAX_CHARS, find_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("trước số 12 đường Lê Lợi bị ngập", "số 12 đường Lê Lợi"),
        ("ngõ 5 tối om", "ngõ 5"),
        ("tổ 7 rác đầy", "tổ 7"),
        ("ngã tư Nguyễn Huệ kẹt xe", "ngã tư Nguyễn Huệ"),
        ("Cột đèn kiệt 22 hư", "kiệt 22"),
        ("hẻm 45/12 Trần Phú ngập", "hẻm 45/12 Trần Phú"),
        ("chợ Mới ồn ào", "chợ Mới"),
        ("cầu Ông Bộ gãy lan can", "cầu Ông Bộ"),
        ("duong le loi bi ngap", "duong le loi"),
        ("o ga hem 12 duong tran phu co lau roi", "hem 12 duong tran phu"),
        ("rác ở nhà số 7 hẻm 10", "nhà số 7 hẻm 10"),
        ("12/5 Lê Lợi mất nước", "12/5 Lê Lợi"),
        ("qua thôn Mậu Tài bị ngập", "thôn Mậu Tài"),
        ("TỔ 7 KHU PHỐ 2 MẤT NƯỚC", "TỔ 7 KHU PHỐ 2"),
    ],
)
def test_a_place_is_given_back_as_it_was_typed(text: str, place: str) -> None:
    assert find_place(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "rác đầy quá",
        "tôi cầu mong phường giúp",
        "cho toi hoi ho so",
        "Tôi khiếu nại Quyết định số 15 của UBND",
        "con cho can chau",
        "đường hư quá",
        "chưa ai sửa",
        "đóng số 3 triệu",
        "",
    ],
)
def test_what_is_no_place_is_not_taken_for_one(text: str) -> None:
    assert find_place(text) is None


@given(st.text(max_size=300))
def test_a_place_is_a_short_part_of_what_was_typed(text: str) -> None:
    place = find_place(text)
    assert place is None or 0 < len(place) <= PLACE_MAX_CHARS

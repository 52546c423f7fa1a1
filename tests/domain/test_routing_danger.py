"""Danger that is present, told from talk about danger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.routing_danger import Danger, dangers
from tests.domain.routing_examples import without_marks

PRESENT = [
    ("Cháy nhà ở hẻm 5 cứu với", Danger.FIRE),
    ("Nhà số 7 đang cháy lớn", Danger.FIRE),
    ("rò rỉ gas ở quán phở", Danger.FIRE),
    ("Có đánh nhau trước quán, cầm dao", Danger.VIOLENCE),
    ("trộm đang vô nhà hàng xóm", Danger.VIOLENCE),
    ("Tai nạn ở ngã tư, người nằm bất động", Danger.MEDICAL),
    ("Có người bị điện giật", Danger.MEDICAL),
    ("Em bé đuối nước ngoài sông", Danger.RESCUE),
    ("sập nhà có người bị đè", Danger.RESCUE),
    ("người mắc kẹt trong thang máy", Danger.RESCUE),
]
TALK = [
    "Đường trong khu phố quá hẹp, có cháy xe chữa cháy không vô được",
    "bóng đèn cháy",
    "Đèn đường bị cháy hai hôm nay",
    "cháy túi rồi phường ơi",
    "tập huấn phòng cháy chữa cháy",
    "nắp cống bể, sợ tai nạn",
    "chỗ này dễ gây tai nạn",
    "nguy cơ cháy nổ cao",
    "Hàng cháy rồi, chờ đợt sau",
    "dạy bơi phòng chống đuối nước cho trẻ",
    "nộp hồ sơ ba lần chưa xong",
    "giá này như ăn cướp",
]


@pytest.mark.parametrize(("text", "danger"), PRESENT)
def test_present_danger_is_seen_with_and_without_marks(text: str, danger: Danger) -> None:
    assert danger in dangers(text)
    assert danger in dangers(without_marks(text))
    assert danger in dangers(text.upper())


@pytest.mark.parametrize("text", TALK)
def test_talk_of_danger_raises_no_alarm(text: str) -> None:
    assert dangers(text) == frozenset()
    assert dangers(without_marks(text)) == frozenset()


def test_two_dangers_are_both_told() -> None:
    assert dangers("Cháy nhà, có người mắc kẹt trên lầu") >= {Danger.FIRE, Danger.RESCUE}


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    assert dangers(text) <= set(Danger)

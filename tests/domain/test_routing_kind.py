"""Report, petition, question, complaint or denunciation: the borders between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import CaseKind
from domain.routing_kind import guess_kind
from domain.routing_person import names_person
from tests.domain.routing_examples import without_marks

BORDERS = [
    ("Tôi khiếu nại việc xe rác 4 ngày không vô hẻm", CaseKind.REPORT),
    ("Khiếu nại tiền điện tháng này tăng gấp ba", CaseKind.REPORT),
    ("Tôi khiếu nại thái độ cán bộ quát tháo dân", CaseKind.REPORT),
    ("Tôi khiếu nại Quyết định số 12 thu hồi đất của gia đình tôi", CaseKind.COMPLAINT),
    ("Tôi khiếu nại việc không cấp giấy chứng nhận cho tôi", CaseKind.COMPLAINT),
    ("Tôi muốn khiếu nại", CaseKind.COMPLAINT),
    ("Gia đình tôi không đồng ý với quyết định cưỡng chế", CaseKind.COMPLAINT),
    ("Muốn khiếu nại thì nộp đơn ở đâu?", CaseKind.QUESTION),
    ("Tôi tố cáo ông Bình tổ trưởng biển thủ quỹ", CaseKind.DENUNCIATION),
    ("Anh Hùng địa chính đòi 10 triệu mới chịu đo đất", CaseKind.DENUNCIATION),
    ("Ông Tư Lé ở hẻm 5 bán ma túy cho học sinh", CaseKind.DENUNCIATION),
    ("Tôi tố cáo nhà hàng xóm hát karaoke ầm ĩ", CaseKind.REPORT),
    ("Có nhóm thanh niên hút chích ở nhà hoang", CaseKind.REPORT),
    ("Cán bộ một cửa nói chuyện cộc lốc với người già", CaseKind.REPORT),
    ("Làm khai sinh cần giấy tờ gì?", CaseKind.QUESTION),
    ("Mấy giờ phường làm việc", CaseKind.QUESTION),
    ("Ngày nào cũng ngập, không ai lo", CaseKind.REPORT),
    ("Đề nghị lắp thêm đèn ở hẻm 5", CaseKind.PETITION),
    ("Cống nghẹt cả tháng, đề nghị xử lý", CaseKind.REPORT),
    ("Cử tri tổ 5 kiến nghị mở rộng đường", CaseKind.PETITION),
    ("Đèn hư mấy bữa nay", CaseKind.REPORT),
]


@pytest.mark.parametrize(("text", "kind"), BORDERS)
def test_the_kind_is_told_with_and_without_marks(text: str, kind: CaseKind) -> None:
    assert guess_kind(text).kind is kind
    assert guess_kind(without_marks(text)).kind is kind


def test_a_question_mark_does_not_make_anger_a_question() -> None:
    assert guess_kind("Ai cho xây nhà 5 tầng trong hẻm 2 mét vậy trời, có ai quản không?").kind is CaseKind.REPORT


def test_the_words_that_decided_are_told() -> None:
    guess = guess_kind("Tôi khiếu nại quyết định thu hồi đất")
    assert "khiếu nại" in guess.reasons
    assert "quyết định" in guess.reasons
    assert guess_kind("Đèn hư").reasons == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ông Ba Lùn", True),
        ("anh tuan cong an", True),
        ("cán bộ tên Hùng", True),
        ("ông hàng xóm lấn đất", False),
        ("bà con tổ 5", False),
        ("ba ngay nay khong co nuoc", False),
        ("chị em phụ nữ", False),
    ],
)
def test_a_person_called_by_name_is_told_from_kin_and_neighbours(text: str, named: bool) -> None:
    assert names_person(text) is named


@given(st.text(max_size=300))
def test_any_text_is_of_some_kind(text: str) -> None:
    assert guess_kind(text).kind in CaseKind

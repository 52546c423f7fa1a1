"""Names of units in running text, lists of them, and who works with whom."""

import pytest

from domain.plan_document.actors import cooperating, doer_at_start, ordered, responsible_inside
from domain.plan_document.units import find_unit, is_unit_heading, split_units


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Văn phòng HĐND và UBND phường chủ trì, phối hợp", "Văn phòng HĐND và UBND phường"),
        ("Phòng Kinh tế, Hạ tầng và Đô thị tham mưu UBND phường", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        ("Công an phường bố trí lực lượng", "Công an phường"),
        (
            "Các cơ quan, đơn vị trực thuộc UBND phường tổ chức tuyên truyền",
            "Các cơ quan, đơn vị trực thuộc UBND phường",
        ),
        ("UBND các xã, phường hướng dẫn", "UBND các xã, phường"),
        (
            "Ủy ban Mặt trận Tổ quốc Việt Nam, các tổ chức chính trị - xã hội cùng cấp tham gia",
            "Ủy ban Mặt trận Tổ quốc Việt Nam, các tổ chức chính trị - xã hội cùng cấp",
        ),
        ("UBND quận tình hình thực hiện", "UBND quận"),
        ("Tổ chức hội nghị", None),
        ("Ban hành quy chế", None),
        ("Phòng, chống tham nhũng", None),
        ("Cán bộ, công chức chủ động", None),
        ("Hội nghị cán bộ", None),
    ],
)
def test_a_name_ends_where_the_doing_begins(text: str, name: str | None) -> None:
    assert find_unit(text, 0) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Văn phòng HĐND và UBND, Phòng Văn hóa và Thông tin, Trung tâm Văn hóa, Thông tin và Thể thao",
            ("Văn phòng HĐND và UBND", "Phòng Văn hóa và Thông tin", "Trung tâm Văn hóa, Thông tin và Thể thao"),
        ),
        (
            "Thủ trưởng các cơ quan, đơn vị, Chủ tịch UBND các xã, phường",
            ("Thủ trưởng các cơ quan, đơn vị", "Chủ tịch UBND các xã, phường"),
        ),
        ("Văn phòng, Tư pháp phường", ("Văn phòng, Tư pháp phường",)),
        ("Tài chính - Kế toán phường", ("Tài chính - Kế toán phường",)),
        ("Công an phường và Ban Chỉ huy Quân sự", ("Công an phường", "Ban Chỉ huy Quân sự")),
    ],
)
def test_a_list_comes_apart_only_where_a_whole_name_begins(text: str, names: tuple[str, ...]) -> None:
    assert split_units(text) == names


@pytest.mark.parametrize(
    "title",
    [
        "Các ban, ngành phường",
        "Tài chính - Kế toán phường",
        "Mặt trận các đoàn thể phường",
        "Đề nghị Ủy ban MTTQ phường",
    ],
)
def test_a_heading_that_is_a_unit_is_known(title: str) -> None:
    assert is_unit_heading(title, organising=True)


@pytest.mark.parametrize(
    "title", ["TỔ CHỨC THỰC HIỆN", "Chế độ báo cáo", "Công tác tuyên truyền", "Kinh phí thực hiện"]
)
def test_a_heading_that_is_a_subject_is_no_unit(title: str) -> None:
    assert not is_unit_heading(title, organising=True)


def test_the_doer_stands_at_the_start() -> None:
    assert doer_at_start("UBND phường tiếp tục chỉ đạo") == "UBND phường"
    assert doer_at_start("Công an phường: giữ trật tự") == "Công an phường"
    assert doer_at_start("Đẩy mạnh tuyên truyền") is None


def test_the_responsible_unit_may_stand_after_a_long_opening() -> None:
    text = "Trên cơ sở nội dung này, căn cứ chức năng, Các ban ngành của phường chịu trách nhiệm"
    assert responsible_inside(text) == "Các ban ngành của phường"


def test_named_partners_are_found_and_crowds_are_not() -> None:
    assert cooperating("Chủ trì, phối hợp với Văn phòng phường tham mưu") == ["Văn phòng phường"]
    assert cooperating("Phối hợp với các cơ quan, đơn vị liên quan tuyên truyền") == []
    assert cooperating("Cuối năm, người đứng đầu phối hợp với Công đoàn cơ quan tổng kết") == []


def test_an_order_names_its_unit() -> None:
    assert ordered("Giao Phòng Văn hóa - Xã hội chủ trì") == ["Phòng Văn hóa - Xã hội"]
    assert ordered("Làm tờ gấp (Bộ phận Tư pháp chủ trì; trước 30/4)") == ["Bộ phận Tư pháp"]

"""Plans of other shapes, invented, with what a careful clerk takes out of each."""

import unicodedata
from pathlib import Path

import pytest

from domain.plan_document import PlanDocument, PlanItem, read_plan

PLANS = Path(__file__).parent / "plans"
SAMPLE = Path(__file__).parents[3] / "bot" / "sample" / "plan.md"


def read(name: str) -> PlanDocument:
    return read_plan((PLANS / name).read_text(encoding="utf-8"))


def item(document: PlanDocument, heading: str) -> PlanItem:
    return next(one for one in document.items if one.heading == heading)


def days(document: PlanDocument, heading: str) -> list[tuple[str | None, bool]]:
    return [(one.date, one.exclusive) for one in item(document, heading).deadlines]


@pytest.mark.parametrize(
    ("name", "number", "place", "issued_on", "issuer", "signer", "headings"),
    [
        (
            "table_form.md",
            "112/KH-UBND",
            "Tân Lập Tây",
            "2026-01-06",
            "Ủy ban nhân dân phường Tân Lập Tây",
            "Phạm Quốc Toàn",
            "II.1 II.2 II.3 II.4 III",
        ),
        (
            "flattened_columns.txt",
            "07/KH-VP",
            "Sông Trà",
            "2026-02-03",
            "Văn phòng",
            "Đỗ Thị Lan Anh",
            "II.1 II.2 III.1 III.2 III.3",
        ),
        (
            "flattened_table.txt",
            "58/KH-UBND",
            "Phú Xuân Bắc",
            "2026-01-14",
            "Ủy ban nhân dân phường Phú Xuân Bắc",
            "Vũ Đình Long",
            "I.1 I.2 I.3 II.1 II.2",
        ),
        (
            "ocr_capitals.txt",
            "45/KH-UBND",
            "Bình Minh Thượng",
            "2026-03-09",
            "Ủy ban nhân dân xã Bình Minh Thượng",
            "HOÀNG VĂN SƠN",
            "II.1 II.2 II.3 III.1 III.2",
        ),
        (
            "articles.md",
            "03/2026/QĐ-UBND",
            "Đông Kinh",
            "2026-01-20",
            "Ủy ban nhân dân phường Đông Kinh",
            "Lý Thanh Bình",
            "Điều 2.1 Điều 2.2",
        ),
        (
            "parts_and_budget.txt",
            None,
            "Hải Thịnh",
            "2026",
            "Ủy ban nhân dân phường Hải Thịnh",
            None,
            "Phần II.1.1 Phần II.1.2 Phần II.2.1 Phần II.2.2 Phần IV.1 Phần IV.2",
        ),
        ("bullets_only.txt", None, None, None, "Ủy ban nhân dân phường Mỹ Phú", None, "II IV.a IV.b IV.c"),
        (
            "capital_sections.txt",
            "147/KH-UBND",
            "Minh Khê Bắc",
            "2025-02-20",
            "Ủy ban nhân dân phường Minh Khê Bắc",
            "Bùi Thị Thu Hà",
            "B.I.1 B.I.2 B.II.1 B.II.2 C.1 C.2 C.3 C.4 C.5",
        ),
        (
            "office_of_district.txt",
            None,
            "Tân Thịnh Hạ",
            "2024-03-05",
            "Phòng Nội vụ",
            "Lê Văn Tám",
            "II.1.1 II.1.2 II.2 III.1 III.2 III.3 III.4",
        ),
    ],
)
def test_head_foot_and_headings_are_found(
    name: str,
    number: str | None,
    place: str | None,
    issued_on: str | None,
    issuer: str,
    signer: str | None,
    headings: str,
) -> None:
    found = read(name)
    assert (found.number, found.place, found.issued_on) == (number, place, issued_on)
    assert (found.issuer, found.signer) == (issuer, signer)
    assert " ".join(one.heading for one in found.items) == headings


def test_a_table_gives_leads_partners_periods_days_and_money() -> None:
    found = read("table_form.md")
    budget = item(found, "II.2")
    assert (budget.lead_unit, budget.budget) == ("Phòng Kinh tế, Hạ tầng và Đô thị", "5.000.000")
    assert budget.implementing_units == ("Văn phòng HĐND và UBND", "Công an phường")
    assert days(found, "II.2") == [("06-30", True)]
    assert (item(found, "II.3").period, days(found, "II.3")) == ("Quý III/2026", [])
    assert item(found, "II.4").lead_unit is None
    assert days(found, "II.4") == [("2026-09-15", False)]


def test_a_table_that_lost_its_lines_is_put_together_by_columns() -> None:
    found = read("flattened_table.txt")
    assert item(found, "I.1").lead_unit == "Phòng Văn hóa - Xã hội"
    assert days(found, "I.2") == [("2026-11-20", True)]
    assert days(found, "I.3") == [("2026-11-09", False)]


def test_scanned_capitals_and_slips_are_read() -> None:
    found = read("ocr_capitals.txt")
    assert found.title == "THỰC HIỆN QUY CHẾ DÂN CHỦ Ở CƠ SỞ TRÊN ĐỊA BÀN XÃ NĂM 2026"
    assert item(found, "II.2").lead_unit == "Uỷ ban MTTQ xã"
    assert days(found, "II.2") == [("2026-10-15", False)]
    assert [(one.kind.value, one.due) for one in found.reports] == [
        ("6 months", "2026-06-10"),
        ("year", "2026-12-10"),
        ("other", "2026-06-05"),
        ("other", "2026-12-05"),
    ]


def test_money_is_no_task_and_blank_numbers_stay_blank() -> None:
    found = read("parts_and_budget.txt")
    assert [fact.heading for fact in found.facts] == ["Phần I.1", "Phần I.2", "Phần III.1", "Phần III.2"]
    assert {"number_blank", "date_incomplete", "signer_missing"} <= {remark.code for remark in found.unsure}
    assert item(found, "Phần II.1.1").lead_unit == "Phòng Kinh tế, Hạ tầng và Đô thị"


def test_letters_carry_fields_and_brackets_carry_leads() -> None:
    found = read("capital_sections.txt")
    assert item(found, "B.I.1").lead_unit == "Công chức Tư pháp - Hộ tịch"
    assert item(found, "B.I.1").period == "Quý I, II năm 2025"
    assert item(found, "B.I.2").lead_unit == "Bộ phận Tư pháp"
    assert days(found, "B.II.1") == [("2025-05-30", False)]
    assert [(one.kind.value, one.due) for one in found.reports] == [
        ("6 months", None),
        ("year", None),
        ("6 months", "2025-06-10"),
        ("year", "2025-11-10"),
    ]


def test_a_party_form_with_dashes_after_its_numbers_is_read() -> None:
    found = read("party_form.txt")
    assert (found.number, found.issuer) == ("15-KH/ĐU", "Đảng ủy phường Tân Phong Hạ")
    assert [one.heading for one in found.items] == ["II.1", "III.1", "III.2", "III.3"]
    assert days(found, "III.1") == [("2026-05-10", True)]
    assert (found.reports[0].to, found.reports[0].due) == ("Văn phòng Đảng ủy", "2026-05-10")


def test_a_lead_said_in_a_sentence_or_inside_a_field_is_a_lead() -> None:
    found = read("markdown_headings.md")
    assert item(found, "II.1").lead_unit == "Phòng Văn hóa - Xã hội"
    assert item(found, "II.1").implementing_units == ("Văn phòng HĐND và UBND", "Công an phường")
    assert item(found, "II.2").lead_unit == "Trung tâm Văn hóa, Thông tin và Thể thao"
    assert days(found, "II.2") == [("2025-12-31", False)]
    assert item(found, "II.3").lead_unit == "Phòng Văn hóa - Xã hội"
    assert found.recipients == ("Sở Tư pháp", "CT, PCT UBND phường", "Các phòng, đơn vị")


def test_a_pasted_table_is_read_by_tabs_or_line_by_line() -> None:
    head = "KẾ HOẠCH\nThực hiện dân chủ năm 2026\nI. NỘI DUNG\n"
    cells = [
        ["STT", "Nội dung", "Đơn vị chủ trì", "Thời gian"],
        ["1", "Công khai ngân sách", "Phòng Kinh tế", "Trước 30/6/2026"],
        ["2", "Đối thoại với Nhân dân", "Văn phòng", "Quý III"],
    ]
    tabs = "\n".join("\t".join(row) for row in cells)
    stacked = "\n".join(cell for row in cells for cell in row)
    for text in (tabs, stacked):
        found = read_plan(head + text + "\nII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng theo dõi.\n")
        assert [(one.heading, one.lead_unit) for one in found.items[:2]] == [
            ("I.1", "Phòng Kinh tế"),
            ("I.2", "Văn phòng"),
        ]
        assert days(found, "I.1") == [("2026-06-30", True)]


def test_a_stacked_row_of_unsure_columns_names_nobody() -> None:
    text = (
        "KẾ HOẠCH\nThực hiện dân chủ năm 2026\nI. NỘI DUNG\nSTT\nNội dung\nChủ trì\nThời "
        "gian\n1\nCông khai\nngân sách\nVăn phòng\nQuý I\n"
    )
    found = read_plan(text)
    assert (found.items[0].title, found.items[0].lead_unit) == ("Công khai ngân sách Văn phòng Quý I", None)


def test_slashes_stars_and_columns_run_together_are_read() -> None:
    found = read("slashes_and_stars.txt")
    assert (found.issuer, found.signer) == ("Ủy ban nhân dân phường Bình An Thượng", "Huỳnh Tấn Phát Đạt")
    assert found.recipients == ("Sở Nội vụ", "UBMTTQVN phường")
    assert item(found, "II.1").implementing_units == ("Phòng Văn hóa - Xã hội",)
    assert days(found, "II.2") == [("06-30", True), ("11-30", True)]
    assert [one.kind.value for one in found.reports] == ["quarter", "6 months", "other", "year", "quarter"]


def test_decomposed_letters_give_the_same_document() -> None:
    text = (PLANS / "capital_sections.txt").read_text(encoding="utf-8")
    assert read_plan(unicodedata.normalize("NFD", text)) == read_plan(text)


def test_the_sample_wards_plan_has_a_lead_for_every_task() -> None:
    found = read_plan(SAMPLE.read_text(encoding="utf-8"))
    assert (found.number, found.issued_on, len(found.items)) == ("86/KH-UBND", "2026-10-12", 15)
    assert all(one.lead_unit for one in found.items)
    assert [one.kind.value for one in found.reports] == ["month", "plan", "year", "6 months"]
    assert found.recipients[0] == "UBND thành phố"

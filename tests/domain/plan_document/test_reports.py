"""Report duties: kinds, days, who owes and who receives."""

import pytest

from domain.plan_document.reports import DutyContext, find_duties

OFFICE = DutyContext(heading="III.1", by="Văn phòng", plan_year=2026)


def duties(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(one.kind.value, one.by, one.to, one.due) for one in find_duties(text, OFFICE)]


def test_every_kind_of_a_list_is_a_duty_of_its_own() -> None:
    text = (
        "thực hiện chế độ báo cáo số liệu định kỳ hàng tháng, quý, 6 tháng, 9 tháng, 01 "
        "năm gửi UBND tỉnh (qua Sở Nội vụ)."
    )
    assert [one[0] for one in duties(text)] == ["month", "quarter", "6 months", "other", "year"]
    assert {one[2] for one in duties(text)} == {"UBND tỉnh (qua Sở Nội vụ)"}


def test_each_kind_takes_its_own_day() -> None:
    text = (
        "Báo cáo 6 tháng gửi trước ngày 05/6/2026, báo cáo năm gửi trước ngày 05/12/2026 "
        "về UBND phường (qua Văn phòng)."
    )
    assert [(one[0], one[3]) for one in duties(text)] == [("6 months", "2026-06-05"), ("year", "2026-12-05")]


def test_days_in_brackets_belong_to_the_kind_before_them_and_take_the_plans_year() -> None:
    text = (
        "Định kỳ 6 tháng (20/5), một năm (20/11), các đơn vị trực thuộc UBND phường báo "
        "cáo kết quả về UBND phường để tổng hợp."
    )
    assert duties(text) == [
        ("6 months", "các đơn vị trực thuộc UBND phường", "UBND phường", "2026-05-20"),
        ("year", "các đơn vị trực thuộc UBND phường", "UBND phường", "2026-11-20"),
    ]


def test_a_plan_to_hand_in_is_a_duty() -> None:
    text = "Xây dựng kế hoạch của đơn vị và gửi về UBND phường (qua Văn phòng phường) trước ngày 20/3/2026."
    assert duties(text) == [("plan", "Văn phòng", "UBND phường (qua Văn phòng phường)", "2026-03-20")]


def test_a_recipient_without_a_kind_is_another_report() -> None:
    assert duties("Tổng hợp báo cáo UBND quận tình hình thực hiện dân chủ.") == [
        ("other", "Văn phòng", "UBND quận", None)
    ]


def test_the_recipient_may_stand_in_the_sentence_before() -> None:
    text = (
        "Triển khai kế hoạch gửi về Văn phòng Sở tổng hợp, báo cáo Ban Giám đốc. Thời hạn "
        "báo cáo 6 tháng trước ngày 05 tháng 6 năm 2026."
    )
    assert duties(text) == [("6 months", "Văn phòng", "Văn phòng Sở", "2026-06-05")]


@pytest.mark.parametrize(
    "text",
    [
        "phản ánh về Văn phòng phường để tổng hợp, báo cáo Chủ tịch UBND phường xem xét, quyết định.",
        "tổng hợp, báo cáo, đề xuất những nội dung phát sinh trong quá trình thực hiện.",
        "thực hiện tốt chế độ thông tin báo cáo.",
        "Triển khai kế hoạch đến từng tổ dân phố.",
        "Họp giao ban định kỳ hàng tháng, hàng quý và 6 tháng.",
    ],
)
def test_what_is_owed_by_nobody_to_nobody_is_no_duty(text: str) -> None:
    assert duties(text) == []


def test_a_monthly_day_leaves_the_due_day_open() -> None:
    assert duties("Báo cáo UBND phường kết quả trước ngày 25 hằng tháng.") == [
        ("month", "Văn phòng", "UBND phường", None)
    ]


def test_quyet_toan_is_no_quarter() -> None:
    assert [one[0] for one in duties("Báo cáo quyết toán về UBND phường trước ngày 31/12/2026.")] == ["other"]

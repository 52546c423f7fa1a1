"""Dates, last days and periods, one printed form after the other."""

import pytest

from domain.plan_document.deadlines import find_deadlines, find_period


@pytest.mark.parametrize(
    ("text", "date", "printed", "exclusive"),
    [
        ("gửi về UBND phường trước ngày 15/02/2024 (qua Văn phòng)", "2024-02-15", "trước ngày 15/02/2024", True),
        ("báo cáo trước ngày 10 tháng 6 năm 2024 và", "2024-06-10", "trước ngày 10 tháng 6 năm 2024", True),
        ("hoàn thành trước 30/6", "06-30", "trước 30/6", True),
        ("chậm nhất ngày 15/9/2026.", "2026-09-15", "chậm nhất ngày 15/9/2026", False),
        ("chậm nhất là ngày 05-10-2026", "2026-10-05", "chậm nhất là ngày 05-10-2026", False),
        ("đến hết ngày 30/11/2026", "2026-11-30", "đến hết ngày 30/11/2026", False),
        ("từ ngày 01/3 đến ngày 15/3/2026", "2026-03-15", "từ ngày 01/3 đến ngày 15/3/2026", False),
        ("từ ngày 10 đến ngày 20/7/2026", "2026-07-20", "từ ngày 10 đến ngày 20/7/2026", False),
        ("Định kỳ 6 tháng (20/5) các đơn vị", "05-20", "Định kỳ 6 tháng (20/5)", False),
        ("vào ngày 25 hàng tháng", None, "vào ngày 25 hàng tháng", False),
        ("trước ngày 25 hằng tháng", None, "trước ngày 25 hằng tháng", True),
        (
            "trong thời hạn 10 ngày làm việc kể từ ngày nhận đơn",
            None,
            "trong thời hạn 10 ngày làm việc kể từ ngày nhận đơn",
            False,
        ),
        ("xong trước 17 giờ ngày 29/8/2026", "2026-08-29", "trước 17 giờ ngày 29/8/2026", False),
        ("trước hoặc trong ngày 01/7/2026", "2026-07-01", "trước hoặc trong ngày 01/7/2026", False),
        ("TRƯỚC NGÀY 30/6/2026", "2026-06-30", "TRƯỚC NGÀY 30/6/2026", True),
    ],
)
def test_a_last_day_is_read_as_printed(text: str, date: str | None, printed: str, exclusive: bool) -> None:
    found = [one.deadline for one in find_deadlines(text, 2026)]
    assert [(one.date, one.text, one.exclusive) for one in found] == [(date, printed, exclusive)]


@pytest.mark.parametrize(
    "text",
    [
        "Chỉ thị số 33/CT-TTg ngày 26/11/2021 của Thủ tướng Chính phủ",
        "Luật có hiệu lực thi hành từ ngày 01/7/2023",
        "tính đến ngày 31/12/2025 đã có 12 mô hình",
        "xong trong tháng 5",
        "quý III/2026",
        "chào mừng Ngày Quốc khánh 02/9",
        "ít nhất 2/3 số hộ tán thành",
        "trước ngày 31/02/2026",
        "tổ chức đối thoại trước mùa mưa",
    ],
)
def test_what_is_no_last_day_is_not_read_as_one(text: str) -> None:
    assert find_deadlines(text, 2026) == []


def test_the_plans_year_stands_in_for_a_missing_one_only_as_due() -> None:
    (found,) = find_deadlines("trước ngày 20/5", 2026)
    assert (found.deadline.date, found.due) == ("05-20", "2026-05-20")
    (unknown,) = find_deadlines("trước ngày 20/5", None)
    assert unknown.due is None


def test_a_second_date_after_and_keeps_the_word_before() -> None:
    found = find_deadlines("báo cáo trước ngày 15/6 và 15/12/2026", 2026)
    assert [(one.deadline.date, one.deadline.exclusive) for one in found] == [("06-15", True), ("2026-12-15", True)]


def test_in_a_time_field_a_bare_date_counts() -> None:
    assert [one.deadline.date for one in find_deadlines("09/11/2026", 2026, bare=True)] == ["2026-11-09"]
    assert find_deadlines("ngày 09/11/2026", 2026) == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("xong trong tháng 5.", "trong tháng 5"),
        ("thực hiện trong quý III/2026;", "trong quý III/2026"),
        ("hoàn thành trong tháng 3 năm 2026", "trong tháng 3 năm 2026"),
        ("sinh hoạt vào ngày pháp luật hàng tháng.", "ngày pháp luật hàng tháng"),
        ("từ tháng 3 đến tháng 5/2027", "từ tháng 3 đến tháng 5/2027"),
        ("tổ chức hội nghị", None),
        ("báo cáo 6 tháng đầu năm", None),
    ],
)
def test_a_month_or_quarter_alone_is_a_period(text: str, period: str | None) -> None:
    assert find_period(text) == period

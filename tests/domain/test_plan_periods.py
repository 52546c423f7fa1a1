"""Periods and deadlines as offices print them, counted as days."""

from datetime import date

import pytest

from domain.plan_document import Deadline
from domain.plan_periods import Span, Stage, last_day, next_day, plan_year, read_span, stage

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("period", "starts", "ends"),
    [
        ("Quý III/2026", "2026-07-01", "2026-09-30"),
        ("quý 4 năm 2026", "2026-10-01", "2026-12-31"),
        ("quý I - II/2026", "2026-01-01", "2026-06-30"),
        ("Quý IV/2026 và Quý I/2027", "2026-10-01", "2027-03-31"),
        ("Tháng 11-12/2026", "2026-11-01", "2026-12-31"),
        ("tháng 5, 6", "2026-05-01", "2026-06-30"),
        ("Tháng 2 năm 2028", "2028-02-01", "2028-02-29"),
        ("Từ tháng 3 đến tháng 5/2027", "2027-03-01", "2027-05-31"),
        ("từ tháng 11 đến tháng 2/2027", "2026-11-01", "2027-02-28"),
        ("từ tháng 11/2026 đến hết tháng 2/2027", "2026-11-01", "2027-02-28"),
        ("06 tháng đầu năm 2026", "2026-01-01", "2026-06-30"),
        ("6 tháng cuối năm", "2026-07-01", "2026-12-31"),
        ("Trong năm 2023", "2023-01-01", "2023-12-31"),
        ("cả năm", "2026-01-01", "2026-12-31"),
        ("giai đoạn 2026 - 2030", "2026-01-01", "2030-12-31"),
        ("từ ngày 01/5 đến ngày 15/5/2026", "2026-05-01", "2026-05-15"),
        ("đến hết ngày 31/12/2026", None, "2026-12-31"),
        ("Hoàn thành trước ngày 15/12/2026", None, "2026-12-14"),
        ("Hoàn thành trước quý IV", None, "2026-09-30"),
    ],
)
def test_a_period_covers_its_first_and_its_last_day(period: str, starts: str | None, ends: str) -> None:
    span = read_span(period, 2026)
    assert span.starts_on == (date.fromisoformat(starts) if starts else None)
    assert span.ends_on == date.fromisoformat(ends)


@pytest.mark.parametrize("period", ["Thường xuyên", "Hằng tháng", "ngày pháp luật hàng tháng", "định kỳ hàng quý"])
def test_what_recurs_has_no_last_day(period: str) -> None:
    assert read_span(period, 2026) == Span(regular=True)


def test_all_year_long_and_regularly_is_both() -> None:
    span = read_span("Thường xuyên trong năm 2026", None)
    assert (span.regular, span.ends_on) == (True, date(2026, 12, 31))


@pytest.mark.parametrize(
    "period", [None, "", "Khi có yêu cầu", "quý III", "tháng 5", "tháng 13/2026", "ngày 31/02/2026"]
)
def test_nothing_is_guessed_without_a_year_or_with_a_day_that_is_none(period: str | None) -> None:
    assert read_span(period, None) == Span()


def test_before_a_day_ends_on_the_day_before_and_a_bare_day_is_the_last() -> None:
    before = Deadline(date="2026-06-30", text="trước ngày 30/6/2026", exclusive=True)
    by = Deadline(date="06-30", text="chậm nhất 30/6")
    assert last_day(before, None) == date(2026, 6, 29)
    assert last_day(by, 2026) == date(2026, 6, 30)
    assert last_day(by, None) is None
    assert last_day(Deadline(date=None, text="sau 5 ngày"), 2026) is None
    assert last_day(Deadline(date="02-29", text="29/02"), 2026) is None


def test_the_year_of_a_plan_is_its_titles_before_the_day_of_issue() -> None:
    assert plan_year("Thực hiện dân chủ năm 2026", "2025-12-20") == 2026
    assert plan_year("Thực hiện dân chủ", "2025-12") == 2025
    assert plan_year("giai đoạn 2026 - 2027", "2026-10-12") is None
    assert plan_year(None, None) is None


YEAR_END = Span(starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("days", "span", "expected"),
    [
        ([], Span(), Stage.UNKNOWN),
        ([], Span(regular=True), Stage.REGULAR),
        ([], YEAR_END, Stage.UNDER_WAY),
        ([], Span(starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31)), Stage.UPCOMING),
        ([], Span(starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 20)), Stage.PAST),
        ([date(2026, 11, 28)], Span(), Stage.DUE_SOON),
        ([date(2026, 11, 29)], Span(), Stage.NOT_DUE),
        ([TODAY], Span(), Stage.DUE_SOON),
        ([date(2026, 11, 20)], Span(), Stage.PAST),
        ([date(2026, 11, 20), date(2026, 12, 20)], Span(), Stage.NOT_DUE),
        ([date(2026, 11, 24)], YEAR_END, Stage.DUE_SOON),
        ([], Span(starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 22), regular=True), Stage.REGULAR),
    ],
)
def test_how_an_item_stands_follows_from_its_days(days: list[date], span: Span, expected: Stage) -> None:
    assert stage(days, span, TODAY) is expected


def test_the_next_day_is_the_nearest_that_is_not_past() -> None:
    days = [date(2026, 12, 24), date(2026, 11, 20), date(2026, 12, 1)]
    assert next_day(days, YEAR_END, TODAY) == date(2026, 12, 1)
    assert next_day([], YEAR_END, TODAY) == date(2026, 12, 31)
    assert next_day([date(2026, 11, 20)], Span(), TODAY) is None

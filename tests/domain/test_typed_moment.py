"""Days and hours as officials type them, on Saturday 21 November 2026."""

from datetime import date, time

import pytest

from domain.typed_moment import read_moment

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "day", "at"),
    [
        ("8h30 ngày 5/12", date(2026, 12, 5), time(8, 30)),
        ("05/12/2026 14:00", date(2026, 12, 5), time(14)),
        ("thứ bảy tuần sau 8 giờ", date(2026, 11, 28), time(8)),
        ("THU BAY TUAN SAU 8 GIO", date(2026, 11, 28), time(8)),
        ("8 giờ rưỡi thứ Hai tuần sau nữa", date(2026, 11, 30), time(8, 30)),
        ("thứ hai 14h", date(2026, 11, 23), time(14)),
        ("thứ bảy 8h", date(2026, 11, 28), time(8)),
        ("chủ nhật 9h", date(2026, 11, 22), time(9)),
        ("cn tuần sau, 7g30", date(2026, 11, 29), time(7, 30)),
        ("2h chiều ngày 5 tháng 12 năm 2026", date(2026, 12, 5), time(14)),
        ("2h chieu 5-12-2026", date(2026, 12, 5), time(14)),
        ("8-11h 5/12", date(2026, 12, 5), time(11)),
        ("từ 8h-11h ngày 5/12", date(2026, 12, 5), time(8)),
        ("19h tối mai", date(2026, 11, 22), time(19)),
        ("7 giờ tối ngày mai", date(2026, 11, 22), time(19)),
        ("ngày mốt 9 giờ kém 15", date(2026, 11, 23), time(8, 45)),
        ("2026-12-05 08:00", date(2026, 12, 5), time(8)),
        ("5.12.2026 8:00", date(2026, 12, 5), time(8)),
        ("5.12 lúc 8h", date(2026, 12, 5), time(8)),
        ("15/1 8h", date(2027, 1, 15), time(8)),
        ("ngày 5, 8 giờ 30 phút", date(2026, 12, 5), time(8, 30)),
        ("8 giờ ngày 30", date(2026, 11, 30), time(8)),
        ("next monday 2pm", date(2026, 11, 23), time(14)),
        ("December? 5/12/26 at 12:30 pm", date(2026, 12, 5), time(12, 30)),
        ("sang tuần sau thứ ba 8h sáng", date(2026, 11, 24), time(8)),
    ],
)
def test_a_day_and_an_hour_are_read_however_they_are_typed(typed: str, day: date, at: time) -> None:
    read = read_moment(typed, TODAY)
    assert (read.day, read.at) == (day, at)


def test_two_o_clock_is_in_the_afternoon_unless_the_night_is_written_out() -> None:
    assert read_moment("2h ngày 5/12", TODAY).at == time(14)
    assert read_moment("02:00 5/12", TODAY).at == time(2)
    assert read_moment("2h sáng 5/12", TODAY).at == time(2)


def test_a_day_just_passed_stays_passed_and_is_not_moved_by_a_year() -> None:
    assert read_moment("20/11 8h", TODAY).day == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["31/2 8h", "thứ bảy 31/2/2027 8h", "8h", "tuần sau 8h", ""])
def test_a_day_that_does_not_exist_or_was_not_said_is_not_invented(typed: str) -> None:
    assert read_moment(typed, TODAY).day is None


@pytest.mark.parametrize("typed", ["5/12", "5/12 buổi sáng", "25h 5/12", "5/12 8:75"])
def test_an_hour_that_does_not_exist_or_was_not_said_is_not_invented(typed: str) -> None:
    read = read_moment(typed, TODAY)
    assert read.day == date(2026, 12, 5)
    assert read.at is None


def test_a_weekday_that_is_not_the_days_is_noticed() -> None:
    assert read_moment("8h thứ sáu 5/12", TODAY).contradicts_itself
    assert not read_moment("8h thứ bảy 5/12", TODAY).contradicts_itself

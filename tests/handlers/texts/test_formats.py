"""How days, instants, places and names read, in Vietnamese and in English."""

from datetime import UTC, date, datetime

import pytest

from domain.case import Act, CaseKind, Status
from domain.people import Role
from domain.workdays import WorkCalendar
from handlers.texts import formats

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(("language", "said"), [("vi", "thứ Ba, 24/11/2026"), ("en", "Tuesday, 24/11/2026")])
def test_a_day_has_its_weekday(language: str, said: str) -> None:
    assert formats.day(TUESDAY, language) == said


def test_an_instant_is_told_by_the_wards_clock() -> None:
    late = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)
    assert formats.instant(late, "Asia/Ho_Chi_Minh", "vi") == "01:05 ngày 25/11/2026"


def test_weekdays_come_in_their_order() -> None:
    assert formats.weekdays({3, 1}, "vi") == "thứ Ba, thứ Năm"


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        (date(2026, 11, 27), "còn 3 ngày làm việc"),
        (date(2026, 11, 30), "còn 4 ngày làm việc"),
        (TUESDAY, "hạn là hôm nay"),
        (date(2026, 11, 20), "quá hạn 2 ngày làm việc"),
        (date(2026, 11, 23), "quá hạn 1 ngày làm việc"),
    ],
)
def test_time_left_is_counted_in_working_days(due_on: date, said: str) -> None:
    assert formats.due(due_on, TUESDAY, WorkCalendar(), "vi") == said


def test_what_fell_due_on_a_rest_day_is_one_day_late_at_least() -> None:
    assert formats.due(date(2026, 11, 21), date(2026, 11, 22), WorkCalendar(), "en") == "1 working day overdue"


@pytest.mark.parametrize(
    ("label", "point", "said"),
    [
        ("12 Lê Lợi", (None, None), "12 Lê Lợi"),
        ("", (None, None), ""),
        ("Chợ", (10.5, 106.25), "Chợ https://www.openstreetmap.org/?mlat=10.50000&mlon=106.25000#map=18/10.50000/106.25000"),
    ],
)  # fmt: skip
def test_a_place_is_its_name_and_a_link_to_the_map(
    label: str, point: tuple[float | None, float | None], said: str
) -> None:
    assert formats.place_line(label, *point, "vi") == said


def test_a_point_without_a_name_says_what_it_is() -> None:
    assert formats.place_line("", 0.0, 0.0, "vi").startswith("điểm trên bản đồ https://")


def test_a_quotation_is_one_short_line() -> None:
    assert formats.quote("Đèn\n  hỏng") == "“Đèn hỏng”"
    assert formats.quote("  ") == ""
    assert len(formats.quote("chữ " * 200)) <= formats.QUOTE_CHARS + 2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_everything_that_has_a_code_has_a_name(language: str) -> None:
    names = [
        *(formats.kind_name(one, language) for one in CaseKind),
        *(formats.status_name(one, language) for one in Status),
        *(formats.act_name(one, language) for one in Act),
        *(formats.role_name(one, language) for one in Role),
    ]
    assert all(names)
    assert language == "en" or not any(name.isascii() for name in names)

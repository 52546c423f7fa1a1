"""When the weekly digest is due, which days it tells of, and its figures."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.digest import (
    ITEMS_MAX,
    CaseFigures,
    DigestTiming,
    NewItem,
    compose,
    issue_due,
    issue_next,
    issue_so_far,
    week_bounds,
)
from domain.ward import Ward
from domain.workdays import WorkCalendar

WARD = Ward(
    code="AHD", name="Phường An Hoà Đông", units=(), categories=(), groups=(), calendar=WorkCalendar(),
    digest_weekday=0, digest_at=time(7, 30),
)  # fmt: skip
MONDAY_AT_730 = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 07:30 in the ward


def test_the_digest_is_due_at_its_hour_in_the_ward_and_not_a_second_before() -> None:
    assert issue_due(WARD, MONDAY_AT_730 - timedelta(seconds=1)) is None
    due = issue_due(WARD, MONDAY_AT_730)
    assert due is not None
    assert (due.week, due.first_on, due.last_on) == ("2026-W48", date(2026, 11, 16), date(2026, 11, 22))


def test_a_digest_missed_on_monday_is_sent_until_thursday_morning_and_then_left_out() -> None:
    late = issue_due(WARD, MONDAY_AT_730 + timedelta(days=2))
    assert late == issue_due(WARD, MONDAY_AT_730)
    assert issue_due(WARD, MONDAY_AT_730 + timedelta(days=3)) is not None
    assert issue_due(WARD, MONDAY_AT_730 + timedelta(days=3, seconds=1)) is None


def test_a_late_digest_does_not_wake_the_ward_at_night() -> None:
    tuesday_at_two_in_the_night = datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert issue_due(WARD, tuesday_at_two_in_the_night) is None
    assert issue_due(WARD, datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) is not None


def test_a_ward_that_chose_the_evening_gets_it_in_the_evening() -> None:
    evening = replace(WARD, digest_at=time(21, 30), digest_weekday=6)
    sunday_at_2131 = datetime(2026, 11, 22, 14, 31, tzinfo=UTC)
    due = issue_due(evening, sunday_at_2131)
    assert due is not None
    assert due.week == "2026-W47"
    # The machine was off until Monday morning: it is still that Sunday's.
    assert issue_due(evening, datetime(2026, 11, 23, 1, tzinfo=UTC)) == due


def test_on_a_holiday_the_digest_goes_out_unless_the_ward_wants_it_otherwise() -> None:
    closed = replace(WARD, calendar=WorkCalendar(holidays=frozenset({date(2026, 11, 23)})))
    waiting = DigestTiming(on_holidays=False)
    assert issue_due(closed, MONDAY_AT_730) is not None
    assert issue_due(closed, MONDAY_AT_730, waiting) is None
    assert issue_due(closed, MONDAY_AT_730 + timedelta(days=1), waiting) == issue_due(closed, MONDAY_AT_730)


def test_every_day_is_in_exactly_one_digest() -> None:
    told: list[date] = []
    for week in range(6):
        issue = issue_due(WARD, MONDAY_AT_730 + timedelta(weeks=week))
        assert issue is not None
        told += [issue.first_on + timedelta(days=number) for number in range((issue.last_on - issue.first_on).days + 1)]
    assert told == [date(2026, 11, 16) + timedelta(days=number) for number in range(42)]


def test_the_weeks_days_begin_and_end_at_midnight_in_the_ward() -> None:
    since, until = week_bounds(issue_next(WARD, MONDAY_AT_730), "Asia/Ho_Chi_Minh")
    assert since == datetime(2026, 11, 15, 17, tzinfo=UTC)
    assert until == datetime(2026, 11, 22, 17, tzinfo=UTC)


def test_the_week_so_far_ends_with_today() -> None:
    issue = issue_so_far(WARD, MONDAY_AT_730)
    assert (issue.first_on, issue.last_on) == (date(2026, 11, 17), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("figures", "percent"),
    [
        (CaseFigures(answered=4, on_time=4), 100),
        (CaseFigures(answered=4, on_time=3), 75),
        # One case that nobody answers makes it worse; leaving it open must not look better than answering late.
        (CaseFigures(answered=4, on_time=4, overdue_now=4, open_now=9), 50),
        (CaseFigures(overdue_now=2, open_now=2), 0),
        (CaseFigures(received=3, open_now=3), None),
    ],
)
def test_the_rate_counts_what_lies_open_past_its_day(figures: CaseFigures, percent: int | None) -> None:
    assert figures.on_time_percent == percent


def test_a_week_without_anything_has_no_digest() -> None:
    issue = issue_next(WARD, MONDAY_AT_730)
    assert compose(issue, CaseFigures()) is None
    assert compose(issue, CaseFigures(open_now=1)) is not None


def test_of_many_items_the_first_are_named_and_the_others_counted() -> None:
    items = tuple(NewItem(number=number, title=f"Việc {number}") for number in range(20))
    digest = compose(issue_next(WARD, MONDAY_AT_730), CaseFigures(), items=items)
    assert digest is not None
    assert len(digest.items) == ITEMS_MAX
    assert digest.items_more == 20 - ITEMS_MAX

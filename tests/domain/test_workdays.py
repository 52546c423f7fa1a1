"""The working calendar against the days of 2026, written out by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ward_file import SAMPLE_WARD, read_ward
from domain.workdays import Skipped, SkipReason, WorkCalendar, WorkPeriod

CALENDAR = read_ward(SAMPLE_WARD).calendar
OFF_2026 = (
    ["01-01", "01-02"]
    + [f"02-{day}" for day in range(14, 23)]
    + ["04-26", "04-27", "04-30", "05-01", "08-31", "09-01", "09-02", "11-24"]
)
days = st.dates(min_value=date(2025, 12, 1), max_value=date(2027, 12, 31))
counts = st.integers(min_value=0, max_value=60)


@pytest.mark.parametrize("day", OFF_2026)
def test_a_holiday_of_2026_is_not_worked(day: str) -> None:
    assert not CALENDAR.is_workday(date.fromisoformat(f"2026-{day}"))


@pytest.mark.parametrize("day", ["2026-01-10", "2026-08-22"])
def test_a_saturday_worked_in_exchange_counts(day: str) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day))


def test_2026_has_its_249_working_days() -> None:
    # 365 − 104 Saturdays and Sundays − 14 holidays on weekdays + 2 Saturdays worked, counted on paper.
    first = date(2026, 1, 1)
    assert sum(CALENDAR.is_workday(first + timedelta(days=number)) for number in range(365)) == 249


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday → Monday
        ("2026-11-20", 2, "2026-11-25"),  # over 24/11
        ("2026-11-21", 10, "2026-12-07"),  # received on a Saturday
        ("2026-11-23", 10, "2026-12-08"),
        ("2026-02-13", 1, "2026-02-23"),  # the last day before Tết
        ("2026-02-10", 5, "2026-02-24"),
        ("2026-04-24", 2, "2026-04-29"),  # over 27/4
        ("2026-04-24", 3, "2026-05-04"),
        ("2026-04-29", 1, "2026-05-04"),
        ("2026-08-21", 1, "2026-08-22"),  # the swapped Saturday
        ("2026-08-21", 7, "2026-09-03"),  # 22, 24–28/8, then over 31/8–2/9
        ("2026-01-09", 1, "2026-01-10"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-11-24", 0, "2026-11-25"),
    ],
)
def test_periods_of_2026_end_where_counted_by_hand(start: str, count: int, end: str) -> None:
    assert CALENDAR.add_workdays(date.fromisoformat(start), count) == date.fromisoformat(end)


def test_the_days_passed_over_are_told_with_the_reason() -> None:
    skipped = CALENDAR.explain(date(2026, 11, 20), 3)
    assert skipped == (
        Skipped(day=date(2026, 11, 21), reason=SkipReason.WEEKEND),
        Skipped(day=date(2026, 11, 22), reason=SkipReason.WEEKEND),
        Skipped(day=date(2026, 11, 24), reason=SkipReason.HOLIDAY),
    )


def test_calendar_days_roll_only_when_asked() -> None:
    held_on = date(2026, 11, 14)
    assert CALENDAR.add_calendar_days(held_on, 10, roll_to_workday=True) == date(2026, 11, 25)
    assert CALENDAR.add_calendar_days(held_on, 10, roll_to_workday=False) == date(2026, 11, 24)


def test_working_days_before_a_day_are_counted_backwards() -> None:
    assert CALENDAR.subtract_workdays(date(2026, 11, 26), 2) == date(2026, 11, 23)


@pytest.mark.parametrize("count", [-1, -30])
def test_a_negative_period_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_workdays(date(2026, 1, 5), count)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_calendar_days(date(2026, 1, 5), count, roll_to_workday=True)


@given(days, st.integers(min_value=1, max_value=60))
def test_an_end_is_a_working_day_and_the_count_fits(start: date, count: int) -> None:
    end = CALENDAR.add_workdays(start, count)
    assert CALENDAR.is_workday(end)
    assert CALENDAR.workdays_between(start, end) == count


@given(days, counts, counts)
def test_a_longer_period_never_ends_earlier(start: date, first: int, second: int) -> None:
    shorter, longer = sorted((first, second))
    assert CALENDAR.add_workdays(start, shorter) <= CALENDAR.add_workdays(start, longer)


@given(days, st.integers(min_value=1, max_value=40))
def test_every_day_on_the_way_is_counted_or_explained(start: date, count: int) -> None:
    end = CALENDAR.add_workdays(start, count)
    assert (end - start).days == count + len(CALENDAR.explain(start, count))


@given(days, st.integers(min_value=1, max_value=40))
def test_going_back_undoes_going_forth_from_a_working_day(start: date, count: int) -> None:
    worked = CALENDAR.next_workday(start)
    assert CALENDAR.subtract_workdays(CALENDAR.add_workdays(worked, count), count) == worked


def at(text: str) -> datetime:
    """An instant written in the ward's time (UTC+7)."""
    return datetime.fromisoformat(f"{text}+07:00")


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:00"),
        ("2026-11-23T06:00", "2026-11-23T07:30"),
        ("2026-11-23T11:30", "2026-11-23T13:30"),
        ("2026-11-23T17:00", "2026-11-25T07:30"),  # the 24th is off
        ("2026-11-21T10:00", "2026-11-23T07:30"),
        ("2026-08-21T18:00", "2026-08-22T07:30"),  # a swapped Saturday has Monday's hours
        ("2026-02-13T20:00", "2026-02-23T07:30"),
    ],
)
def test_the_office_opens_next(now: str, opening: str) -> None:
    found = CALENDAR.next_opening(at(now))
    assert found == at(opening)
    assert found.tzinfo is UTC
    assert CALENDAR.within_hours(found)


def test_the_day_in_the_ward_is_not_the_day_in_utc() -> None:
    assert CALENDAR.local_day(datetime(2026, 11, 22, 18, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_an_evening_receipt_counts_as_that_day() -> None:
    evening, morning = at("2026-11-20T22:00"), at("2026-11-20T08:00")
    assert CALENDAR.local_day(evening) == CALENDAR.local_day(morning)


def test_an_office_without_hours_is_not_waited_for() -> None:
    now = at("2026-11-23T09:00")
    assert WorkCalendar().next_opening(now) == now


def test_saturday_morning_hours_do_not_make_a_working_day() -> None:
    saturday = WorkPeriod(weekday=5, opens=time(7, 30), closes=time(11, 30))
    calendar = WorkCalendar(periods=(saturday,))
    assert calendar.within_hours(at("2026-11-21T08:00"))
    assert not calendar.is_workday(date(2026, 11, 21))


@pytest.mark.parametrize("week", [frozenset(), frozenset({7})])
def test_a_week_without_working_days_is_refused(week: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="workweek"):
        WorkCalendar(workweek=week)

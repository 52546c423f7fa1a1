"""The ward's calendar: working days, holidays, swapped Saturdays, office hours, and periods counted on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MONDAY_TO_FRIDAY = frozenset(range(5))
_ONE_DAY = timedelta(days=1)
# Longer than any run of rest days a government ever gave; ends the look-out for an office that never opens.
OPENING_HORIZON_DAYS = 60


class SkipReason(StrEnum):
    """Why a day was not counted."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A day that a period in working days passed over."""

    day: date
    reason: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPeriod:
    """Opening hours on one weekday (0 = Monday), in the ward's own time; `closes` is already shut."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Which days and hours the ward works, in its own time zone.

    Days of `workweek` (0 = Monday) are working days for the law's periods, whatever the opening hours are:
    a hall open on Saturday morning does not make Saturday a working day. `holidays` are off;
    `extra_workdays` are the Saturdays worked in exchange (ngày làm bù), with the hours of the week's first
    working day. A day in both is off.
    """

    timezone: str = "Asia/Ho_Chi_Minh"
    periods: tuple[WorkPeriod, ...] = ()
    holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    workweek: frozenset[int] = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        """Refuse a week on which no period could ever end (ValueError)."""
        if not self.workweek or not self.workweek <= frozenset(range(7)):
            raise ValueError("workweek must name at least one weekday, 0 (Monday) to 6 (Sunday)")

    def local_day(self, at: datetime) -> date:
        """The day in the ward of an aware instant.

        What arrives after closing time, at night or on a rest day counts as received on that very day: the
        day of receipt is never counted (BLDS 2015 Đ147.2) and the last day runs to 24:00 (Đ148.6), so the
        hour neither gives nor takes a day.
        """
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def is_workday(self, day: date) -> bool:
        """Whether the law's "ngày làm việc" counts this day."""
        return self._rest_reason(day) is None

    def add_workdays(self, start_on: date, count: int) -> date:
        """The day on which a period of `count` working days ends; the first day is not counted (BLDS Đ147.2).

        With 0, the start itself, or the next working day when it is none (Đ148.5). Raises ValueError below 0.
        """
        if count < 0:
            raise ValueError(f"count must not be negative: {count}")
        if count == 0:
            return self.next_workday(start_on)
        return self._step(start_on, count, _ONE_DAY)

    def subtract_workdays(self, end_on: date, count: int) -> date:
        """The last day for what is due at least `count` (1 or more) working days before `end_on`."""
        if count < 1:
            raise ValueError(f"count must be positive: {count}")
        return self._step(end_on, count, -_ONE_DAY)

    def add_calendar_days(self, start_on: date, count: int, *, roll_to_workday: bool) -> date:
        """The day on which a period of `count` calendar days ends, the first day not counted.

        `roll_to_workday` moves an end on a rest day to the next working day (BLDS Đ148.5): right for what
        somebody must do by then; needless for "open for at least 20 days", whose end nobody has to meet.
        """
        if count < 0:
            raise ValueError(f"count must not be negative: {count}")
        end_on = start_on + timedelta(days=count)
        return self.next_workday(end_on) if roll_to_workday else end_on

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked, else the first working day after it."""
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def workdays_between(self, start_on: date, end_on: date) -> int:
        """How many working days lie after `start_on` up to and with `end_on`; 0 when it is not later."""
        return sum(1 for day in _days_after(start_on, end_on) if self.is_workday(day))

    def explain(self, start_on: date, count: int) -> tuple[Skipped, ...]:
        """The days that `add_workdays(start_on, count)` passed over, in order, each with the reason."""
        end_on = self.add_workdays(start_on, count)
        first = start_on if count else start_on - _ONE_DAY
        passed = ((day, self._rest_reason(day)) for day in _days_after(first, end_on))
        return tuple(Skipped(day=day, reason=reason) for day, reason in passed if reason is not None)

    def within_hours(self, at: datetime) -> bool:
        """Whether the office is open at this aware instant."""
        local = at.astimezone(ZoneInfo(self.timezone))
        return any(period.opens <= local.time() < period.closes for period in self.periods_on(local.date()))

    def next_opening(self, at: datetime) -> datetime:
        """The first instant from `at` on at which the office is open, in UTC; `at` itself when it is open.

        A calendar without hours, or closed for OPENING_HORIZON_DAYS, gives `at`: late is better than never.
        """
        if self.within_hours(at):
            return at.astimezone(UTC)
        today = self.local_day(at)
        for ahead in range(OPENING_HORIZON_DAYS):
            for opening in self._openings(today + timedelta(days=ahead)):
                if opening >= at:
                    return opening
        return at.astimezone(UTC)

    def periods_on(self, day: date) -> tuple[WorkPeriod, ...]:
        """The opening hours of one day, in order; none on a holiday."""
        if day in self.holidays:
            return ()
        weekday = min(self.workweek) if self._is_swapped(day) else day.weekday()
        chosen = (period for period in self.periods if period.weekday == weekday)
        return tuple(sorted(chosen, key=lambda period: period.opens))

    def _rest_reason(self, day: date) -> SkipReason | None:
        if day in self.holidays:
            return SkipReason.HOLIDAY
        if day.weekday() in self.workweek or self._is_swapped(day):
            return None
        return SkipReason.WEEKEND

    def _is_swapped(self, day: date) -> bool:
        return day in self.extra_workdays and day.weekday() not in self.workweek

    def _step(self, day: date, count: int, step: timedelta) -> date:
        while count:
            day += step
            count -= self.is_workday(day)
        return day

    def _openings(self, day: date) -> Iterator[datetime]:
        zone = ZoneInfo(self.timezone)
        for period in self.periods_on(day):
            yield datetime.combine(day, period.opens, tzinfo=zone).astimezone(UTC)


def _days_after(start_on: date, end_on: date) -> Iterator[date]:
    for ordinal in range(start_on.toordinal() + 1, end_on.toordinal() + 1):
        yield date.fromordinal(ordinal)

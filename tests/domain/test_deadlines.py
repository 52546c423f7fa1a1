"""Due days by the law's rules, and who is reminded when."""

from datetime import UTC, date, datetime

import pytest

from bot.ward_file import SAMPLE_WARD, read_ward
from domain.deadlines import (
    RULES,
    Direction,
    Force,
    PeriodUnit,
    Reminded,
    Stage,
    due_at,
    due_on,
    near_from,
    reminded,
    stage,
)

CALENDAR = read_ward(SAMPLE_WARD).calendar
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("rule_id", "start", "due"),
    [
        ("CLASSIFY", "2026-11-23", "2026-11-26"),
        ("TRANSFER_KNPA", "2026-11-23", "2026-12-01"),
        ("REPLY_FIRST", "2026-11-23", "2026-12-08"),
        ("OUTER_PETITION", "2026-11-23", "2027-01-07"),
        ("KN_ACCEPT", "2026-11-23", "2026-12-03"),
        ("KN_RESOLVE_1", "2026-11-23", "2026-12-23"),
        ("TC_INITIAL", "2026-11-23", "2026-12-03"),
        ("BTTND", "2026-11-09", "2026-11-25"),  # the 15th day is the holiday of 24/11
        ("DLG_RESULT", "2026-11-14", "2026-11-25"),
        ("DLG_NOTICE", "2026-12-20", "2026-12-13"),  # before: not moved, a notice may go out on a Sunday
        ("TCD_SCHED", "2026-11-26", "2026-11-18"),
        ("OPINION", "2026-11-04", "2026-11-24"),  # at least: may end on a holiday
        ("PUB", "2026-11-20", "2026-11-30"),
        ("DSR_ACK", "2026-11-23", "2026-11-26"),
    ],
)
def test_rules_end_on_the_day_counted_by_hand(rule_id: str, start: str, due: str) -> None:
    assert due_on(rule_id, date.fromisoformat(start), CALENDAR) == date.fromisoformat(due)


def test_an_extension_takes_the_longer_period() -> None:
    assert due_on("KN_RESOLVE_1", MONDAY, CALENDAR, extension=1) == date(2027, 1, 7)
    assert due_on("TC_INITIAL", MONDAY, CALENDAR, extension=1) == date(2026, 12, 8)


def test_an_extension_the_law_does_not_give_is_refused() -> None:
    with pytest.raises(ValueError, match="REPLY_FIRST has 0 extensions"):
        due_on("REPLY_FIRST", MONDAY, CALENDAR, extension=1)


def test_hours_and_days_are_not_mixed_up() -> None:
    detected_at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    assert due_at("BREACH", detected_at) == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="due_at"):
        due_on("BREACH", MONDAY, CALENDAR)
    with pytest.raises(ValueError, match="due_on"):
        due_at("REPLY_FIRST", detected_at)


def test_an_unknown_rule_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        due_on("NO_SUCH_RULE", MONDAY, CALENDAR)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_row_carries_its_source_and_a_period(rule: object) -> None:
    row = RULES[rule.rule_id]  # type: ignore[attr-defined]  # parametrize gives objects
    assert row.article
    assert row.period > 0
    assert isinstance(row.unit, PeriodUnit)
    assert isinstance(row.direction, Direction)
    assert isinstance(row.force, Force)
    assert list(row.extended) == sorted(row.extended)
    assert all(longer > row.period for longer in row.extended)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-12-03", Stage.NONE),
        ("2026-12-04", Stage.NEAR),  # a Friday, two working days before the Tuesday
        ("2026-12-08", Stage.NEAR),  # the day itself is not late
        ("2026-12-09", Stage.PAST),
    ],
)
def test_nearness_is_counted_in_working_days(today: str, expected: Stage) -> None:
    assert stage(date.fromisoformat(today), date(2026, 12, 8), CALENDAR) is expected


def test_a_holiday_makes_the_reminder_earlier() -> None:
    assert near_from(date(2026, 11, 25), CALENDAR) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("today", "who"),
    [
        ("2026-12-03", set()),
        ("2026-12-04", {Reminded.UNIT}),
        ("2026-12-09", {Reminded.UNIT}),
        ("2026-12-10", {Reminded.UNIT, Reminded.LEADER}),
    ],
)
def test_the_unit_is_reminded_before_the_leader(today: str, who: set[Reminded]) -> None:
    assert reminded(date.fromisoformat(today), date(2026, 12, 8), CALENDAR) == who

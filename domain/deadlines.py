"""How long the ward has for what (LAW.md 2.9): rules as rows, due days, and when to remind whom."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial

from domain.workdays import WorkCalendar

NEAR_WORKDAYS = 2  # a reminder comes this many working days before the due day
LEADER_AFTER_WORKDAYS = 1  # past its day the unit is reminded first, the leader this much later


class PeriodUnit(StrEnum):
    """What a period is counted in."""

    WORKDAYS = "workdays"
    CALENDAR_DAYS = "calendar_days"
    HOURS = "hours"


class Direction(StrEnum):
    """Whether the period runs from an event, or the thing is due so long before one, or must last so long."""

    WITHIN = "within"
    BEFORE = "before"
    AT_LEAST = "at_least"


class Force(StrEnum):
    """Law, or the ward's own goal."""

    HARD = "hard"
    SOFT = "soft"


class Stage(StrEnum):
    """How near its due day an open case is."""

    NONE = "none"
    NEAR = "near"
    PAST = "past"


class Reminded(StrEnum):
    """Who is reminded."""

    UNIT = "unit"
    LEADER = "leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """One row: `period` counted in `unit`, the article it comes from, and the longer periods it may be extended to."""

    rule_id: str
    period: int
    unit: PeriodUnit
    article: str
    force: Force = Force.HARD
    direction: Direction = Direction.WITHIN
    extended: tuple[int, ...] = ()


def _row(
    unit: PeriodUnit,
    rule_id: str,
    period: int,
    article: str,
    *,
    force: Force = Force.HARD,
    direction: Direction = Direction.WITHIN,
    extended: tuple[int, ...] = (),
) -> DeadlineRule:
    return DeadlineRule(
        rule_id=rule_id,
        period=period,
        unit=unit,
        article=article,
        force=force,
        direction=direction,
        extended=extended,
    )


_days = partial(_row, PeriodUnit.CALENDAR_DAYS)
_workdays = partial(_row, PeriodUnit.WORKDAYS)
_SOFT = Force.SOFT
_BEFORE, _AT_LEAST = Direction.BEFORE, Direction.AT_LEAST

RULES: dict[str, DeadlineRule] = {
    rule.rule_id: rule
    for rule in (
        _workdays("CLASSIFY", 2, "mục tiêu của phường", force=_SOFT),
        _workdays("TRANSFER_KNPA", 5, "theo tinh thần NĐ 20/2008/NĐ-CP Đ9.1d", force=_SOFT),
        _workdays("REPLY_FIRST", 10, "Luật 42/2013/QH13 Đ28.1"),
        _days("OUTER_PETITION", 45, "NĐ 154/2026/NĐ-CP Đ41.3b"),
        _workdays("KN_ACCEPT", 7, "NĐ 155/2026/NĐ-CP Đ10"),
        _days("KN_RESOLVE_1", 30, "Luật 02/2011/QH13 Đ28", extended=(45, 60)),
        _days("KN_RESOLVE_2", 45, "Luật 02/2011/QH13 Đ37", extended=(60, 70)),
        _workdays("KN_SEND", 3, "Luật 02/2011/QH13 Đ32"),
        _days("KN_DIALOGUE_NOTICE", 5, "NĐ 155/2026/NĐ-CP Đ11", direction=_BEFORE),
        _workdays("TC_INITIAL", 7, "Luật 25/2018/QH14 Đ24.1", extended=(10,)),
        _workdays("TC_TRANSFER", 5, "Luật 25/2018/QH14 Đ24.2"),
        _workdays("TC_NOTIFY", 5, "Luật 25/2018/QH14 Đ29.3"),
        _days("TC_RESOLVE", 30, "Luật 25/2018/QH14 Đ30", extended=(60, 90)),
        _days("BTTND", 15, "Luật 10/2022/QH15 Đ40.1c, Đ45.2c"),
        _workdays("PUB", 5, "Luật 10/2022/QH15 Đ12.3"),
        _days("PUB_KEEP", 30, "Luật 10/2022/QH15 Đ13.2", direction=_AT_LEAST),
        _days("PUB_LOUD", 3, "Luật 10/2022/QH15 Đ13.3", direction=_AT_LEAST),
        _days("OPINION", 20, "Luật 10/2022/QH15 Đ28.2", direction=_AT_LEAST),
        _days("DLG_NOTICE", 7, "Luật 72/2025/QH15 Đ43", direction=_BEFORE),
        _days("DLG_RESULT", 10, "Luật 72/2025/QH15 Đ43"),
        _workdays("TCD_SCHED", 5, "Luật 42/2013/QH13 Đ24.4", direction=_BEFORE),
        _days("TDP_MEET", 2, "NĐ 59/2023/NĐ-CP Đ3.3", direction=_BEFORE),
        _days("TDP_ANNUAL", 5, "NĐ 59/2023/NĐ-CP Đ11", direction=_BEFORE),
        _workdays("TDP_DECISION", 5, "Luật 10/2022/QH15 Đ20.3"),
        _workdays("TDP_RECOG", 5, "Luật 10/2022/QH15 Đ21.2"),
        _days("HU_POST", 30, "NĐ 61/2023/NĐ-CP Đ9", direction=_AT_LEAST),
        _workdays("TCTT", 3, "Luật 104/2016/QH13 Đ30", extended=(15, 30)),
        _workdays("DSR_ACK", 2, "NĐ 356/2025/NĐ-CP Đ5"),
        _days("DSR_PROVIDE", 10, "NĐ 356/2025/NĐ-CP Đ5", extended=(15, 25)),
        _days("DSR_WITHDRAW", 15, "NĐ 356/2025/NĐ-CP Đ5", extended=(20, 35)),
        _days("DSR_DELETE", 20, "NĐ 356/2025/NĐ-CP Đ5", extended=(30, 50)),
        _row(PeriodUnit.HOURS, "BREACH", 72, "Luật 91/2025/QH15 Đ23"),
    )
}


def due_on(rule_id: str, start_on: date, calendar: WorkCalendar, *, extension: int = 0) -> date:
    """The due day of a rule counted from the day its event happened in the ward.

    `extension` 1 takes the rule's first longer period, 2 the second. WITHIN: the last day, moved from a rest day to
    the next working day (BLDS 2015 Đ148.5). BEFORE: `start_on` is the day of what is announced, the result the last
    day to announce it. AT_LEAST: the first day on which it may end, not moved.
    Raises KeyError for an unknown rule; ValueError for one in hours (see due_at) or an extension it does not have.
    """
    rule = RULES[rule_id]
    if rule.unit is PeriodUnit.HOURS:
        raise ValueError(f"{rule_id} is counted in hours: use due_at")
    if not 0 <= extension <= len(rule.extended):
        raise ValueError(f"{rule_id} has {len(rule.extended)} extensions, not {extension}")
    period = (rule.period, *rule.extended)[extension]
    if rule.unit is PeriodUnit.WORKDAYS:
        if rule.direction is Direction.BEFORE:
            return calendar.subtract_workdays(start_on, period)
        return calendar.add_workdays(start_on, period)
    if rule.direction is Direction.BEFORE:
        return start_on - timedelta(days=period)
    return calendar.add_calendar_days(start_on, period, roll_to_workday=rule.direction is Direction.WITHIN)


def due_at(rule_id: str, start_at: datetime) -> datetime:
    """The due instant of a rule in hours, counted from the aware instant of its event; ValueError for others."""
    rule = RULES[rule_id]
    if rule.unit is not PeriodUnit.HOURS:
        raise ValueError(f"{rule_id} is counted in days: use due_on")
    return start_at + timedelta(hours=rule.period)


def stage(today: date, due_on: date, calendar: WorkCalendar) -> Stage:
    """NEAR from NEAR_WORKDAYS working days before the due day to the day itself, PAST after it, else NONE."""
    if today > due_on:
        return Stage.PAST
    return Stage.NEAR if today >= near_from(due_on, calendar) else Stage.NONE


def near_from(due_on: date, calendar: WorkCalendar) -> date:
    """The day the first reminder belongs to."""
    return calendar.subtract_workdays(due_on, NEAR_WORKDAYS)


def reminded(today: date, due_on: date, calendar: WorkCalendar) -> frozenset[Reminded]:
    """Who must have been reminded by now: near or past its day the unit, LEADER_AFTER_WORKDAYS past it the leader too.

    Each of them once for each stage; who counts the times is the caller (`slots`).
    """
    at = stage(today, due_on, calendar)
    if at is Stage.NONE:
        return frozenset()
    late = at is Stage.PAST and calendar.workdays_between(due_on, today) > LEADER_AFTER_WORKDAYS
    return frozenset({Reminded.UNIT, Reminded.LEADER}) if late else frozenset({Reminded.UNIT})

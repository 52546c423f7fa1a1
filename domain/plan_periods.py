"""When a plan item is done: its period and deadlines as days in the ward, and how it stands on a given day."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.plan_document.dates import find_dates
from domain.plan_document.values import Deadline
from domain.texts import fold

DUE_SOON_DAYS = 7
MONTHS = 12

_YEAR = re.compile(r"(?<![\d/.\-])(20\d\d)(?![\d/])")
_YEARS = re.compile(r"(?<!\d)(20\d\d)\s*[-–]\s*(20\d\d)(?!\d)")
_MONTHS = re.compile(r"\bthang\s+(\d{1,2}(?:\s*(?:,|va|-|–)\s*\d{1,2})*(?!\d))(?:\s*(?:/|nam)\s*(20\d\d))?")
_QUARTERS = re.compile(
    r"\bquy\s+((?:iv|i{1,3}|[1-4])(?:\s*(?:,|va|-|–)\s*(?:iv|i{1,3}|[1-4]))*)(?![a-z0-9])(?:\s*(?:/|nam)\s*(20\d\d))?"
)
_HALF_YEAR = re.compile(r"\b(?:0?6|sau)\s+thang\s+(dau|cuoi)\s+nam(?:\s*/?\s*(20\d\d))?")
_REGULAR = re.compile(r"\b(?:thuong xuyen|lien tuc|dinh ky|(?:hang|moi)\s+(?:ngay|tuan|thang|quy|nam))\b")
# Nothing says when it begins: "đến hết ngày 31/12", but not "từ … đến …".
_UNTIL = re.compile(r"^(?!.*\btu\b).*\b(?:den|truoc|cham nhat|het)\b")
_BEFORE = re.compile(r"\btruoc (?:ngay|thang|quy|nam|\d)")
_WHOLE_YEAR = re.compile(r"\b(?:ca|trong|quanh)\s+nam\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


class Stage(StrEnum):
    """How an item stands by its plan's own dates; whether the work was done no date can say."""

    UPCOMING = "upcoming"
    UNDER_WAY = "under_way"
    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    PAST = "past"
    REGULAR = "regular"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The first and the last day of a period, both in it; `regular` is what recurs or goes on all the time."""

    starts_on: date | None = None
    ends_on: date | None = None
    regular: bool = False


def plan_year(title: str | None, issued_on: str | None) -> int | None:
    """The year a plan is for: the one year its title names, else the year it was issued in; None if in doubt.

    `issued_on` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. A title naming several years leaves it open.
    """
    named = {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", fold(title or ""))}
    if len(named) > 1:
        return None
    if named:
        return named.pop()
    return int(issued_on[:4]) if issued_on and issued_on[:4].isdigit() else None


def last_day(deadline: Deadline, year: int | None) -> date | None:
    """The last day on which a deadline is kept: "trước ngày 30/6" ends on 29 June; None when no day is printed."""
    if deadline.date is None:
        return None
    printed = deadline.date if len(deadline.date) > len("MM-DD") else f"{year}-{deadline.date}"
    try:
        day = date.fromisoformat(printed)
    except ValueError:  # no year is known, or 29 February of a year without one
        return None
    return day - timedelta(days=1) if deadline.exclusive else day


def read_span(period: str | None, year: int | None) -> Span:
    """The days a printed period covers; `year` stands in where none is printed. Empty when it names no days."""
    text = fold(period or "")
    regular = recurs(text)
    days = _days(text, year)
    if not days:
        return Span(regular=regular)
    if _BEFORE.search(text):
        return Span(ends_on=min(first for first, _last in days) - timedelta(days=1), regular=regular)
    starts_on = None if _UNTIL.search(text) else min(first for first, _last in days)
    return Span(starts_on=starts_on, ends_on=max(last for _first, last in days), regular=regular)


def _days(text: str, year: int | None) -> list[tuple[date, date]]:
    dates = [one.in_year(year) for one in find_dates(text) if not text[: one.start].endswith("thang ")]
    if dates:
        return [(day, day) for one in dates if one and (day := _day(one))]
    if found := _HALF_YEAR.search(text):
        at = int(found[2]) if found[2] else year
        first, last = (1, 6) if found[1] == "dau" else (7, 12)
        return [_months(at, first, last)] if at else []
    return _in_order(_named_months(text, year)) or _years(text, year)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _named_months(text: str, year: int | None) -> list[tuple[int, int, int]]:
    """(year, first month, last month) of each month and quarter named; a year printed later covers them too."""
    mentions = [(found.start(), found[1], found[2], 1) for found in _MONTHS.finditer(text)]
    mentions += [(found.start(), found[1], found[2], 3) for found in _QUARTERS.finditer(text)]
    mentions.sort(reverse=True)
    elsewhere = _YEAR.search(text)
    known = int(elsewhere[1]) if elsewhere else year
    found: list[tuple[int, int, int]] = []
    for _at, numbers, printed, length in mentions:
        known = int(printed) if printed else known
        ends = [(_ROMAN.get(word) or int(word)) * length for word in re.findall(r"iv|i{1,3}|\d{1,2}", numbers)]
        if found and not printed and known and " den " in text and ends[0] > found[-1][2]:
            known -= 1  # "từ tháng 11 đến tháng 2/2027" begins the year before
        found += [(known, end - length + 1, end) for end in ends if known and length <= end <= MONTHS]
    return found


def _in_order(months: list[tuple[int, int, int]]) -> list[tuple[date, date]]:
    return [_months(year, first, last) for year, first, last in months]


def _years(text: str, year: int | None) -> list[tuple[date, date]]:
    if many := _YEARS.search(text):
        return [(date(int(many[1]), 1, 1), date(int(many[2]), 12, 31))]
    found = [int(one) for one in _YEAR.findall(text)]
    if not found and year is not None and _WHOLE_YEAR.search(text):
        found = [year]
    return [_months(one, 1, 12) for one in found]


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def recurs(words: str) -> bool:
    """Whether printed words say that something is done again and again ("trước ngày 25 hằng tháng")."""
    return bool(_REGULAR.search(fold(words)))


def next_day(days: Iterable[date], span: Span, today: date) -> date | None:
    """The nearest day from today on by which something is due."""
    ends = (span.ends_on,) if span.ends_on else ()
    return min((day for day in (*days, *ends) if day >= today), default=None)


def stage(days: Iterable[date], span: Span, today: date) -> Stage:
    """How an item with these last days and this period stands today."""
    due = sorted(days)
    ends = max((day for day in (*due, span.ends_on) if day is not None), default=None)
    if ends is None:
        return Stage.REGULAR if span.regular else Stage.UNKNOWN
    if ends < today:
        return Stage.PAST
    if span.starts_on is not None and span.starts_on > today:
        return Stage.UPCOMING
    ahead = next_day(due, Span(ends_on=None if span.regular else span.ends_on), today)
    if ahead is not None and (ahead - today).days <= DUE_SOON_DAYS:
        return Stage.DUE_SOON
    if span.regular:
        return Stage.REGULAR
    return Stage.UNDER_WAY if span.starts_on else Stage.NOT_DUE

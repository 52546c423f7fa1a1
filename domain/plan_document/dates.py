"""Dates as offices print them: numeric, worded, without a year, with blanks left for the pen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_YEAR_MIN, _YEAR_MAX = 1945, 2100
_FULL = r"(?P<day>\d{1,2})\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?(?P<year>\d{4})(?!\d)"
_WORDED = (
    r"(?P<worded_day>\d{1,2})\s+thang\s+(?P<worded_month>\d{1,2})(?:(?:\s+nam|\s?/)\s?(?P<worded_year>"
    r"\d{4}))?(?![\d/])"
)
_SHORT = (
    r"(?P<short_day>\d{1,2})\s?/\s?(?P<short_month>\d{1,2})(?:\s+nam\s+(?P<short_year>\d{4}))?(?!\s?[/"
    r"\d])(?!-[a-z])"
)
DATE = rf"(?:{_FULL}|{_WORDED}|{_SHORT})"
_DATE = re.compile(rf"(?<![\d/]){DATE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate:
    """A date found in folded text: year None when it is not printed; `start` and `end` are letters of that text."""

    day: int
    month: int
    year: int | None
    start: int
    end: int

    @property
    def written(self) -> str:
        """`YYYY-MM-DD`, or `MM-DD` without a year."""
        short = f"{self.month:02d}-{self.day:02d}"
        return short if self.year is None else f"{self.year:04d}-{short}"

    def in_year(self, year: int | None) -> str | None:
        """`YYYY-MM-DD`, the plan's year standing in for a year not printed; None when neither is known."""
        if self.year is not None:
            return self.written
        return None if year is None else f"{year:04d}-{self.written}"


def from_match(match: re.Match[str]) -> PrintedDate | None:
    """The date of a match of `DATE`, or None when the calendar has no such day."""
    groups = match.groupdict()
    day = groups["day"] or groups["worded_day"] or groups["short_day"]
    month = groups["month"] or groups["worded_month"] or groups["short_month"]
    year = groups["year"] or groups["worded_year"] or groups["short_year"]
    found = PrintedDate(
        day=int(day), month=int(month), year=int(year) if year else None, start=match.start(), end=match.end()
    )
    return found if is_possible(found.day, found.month, found.year) else None


def is_possible(day: int, month: int, year: int | None) -> bool:
    """Whether the calendar has this day; without a year a leap year is assumed."""
    if year is not None and not _YEAR_MIN <= year <= _YEAR_MAX:
        return False
    try:
        date(year or 2024, month, day)
    except ValueError:
        return False
    return True


def find_dates(folded: str) -> Iterator[PrintedDate]:
    """Every possible date of a folded text, left to right."""
    for match in _DATE.finditer(folded):
        if found := from_match(match):
            yield found

"""A day and an hour as people type them: "8h30 ngày 5/12", "05/12/2026 14:00", "thứ bảy tuần sau 8 giờ"."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from domain.texts import fold

# A day without its year that lies further back than this is next year's, not a slip of the finger.
PASSED_MAX_DAYS = 180
# "2h" for a meeting is two in the afternoon; whoever means the night writes "02:00".
AFTERNOON_FROM, AFTERNOON_UNTIL = 1, 5
NOON = 12

_NOT_AN_HOUR = r"(?!\d)(?!\s*(?:h|g|gio|:)(?![a-z]))"
_ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_FULL_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})" + _NOT_AN_HOUR)
_NAMED_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*thang\s*(\d{1,2})(?:\s*,?\s*nam\s*(\d{4}))?(?!\d)")
_SLASH_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*/\s*(\d{1,2})" + _NOT_AN_HOUR)
_DASH_DAY = re.compile(r"(?<!\d)(\d{1,2})[.\-](\d{1,2})" + _NOT_AN_HOUR)
_BARE_DAY = re.compile(r"(?:ngay|mung|mong)\s+(\d{1,2})" + _NOT_AN_HOUR)
_NEAR_DAYS = (
    (re.compile(r"\b(?:hom nay|today|toi nay|chieu nay|sang nay)\b"), 0),
    (re.compile(r"\b(?:ngay mot|ngay kia|mai mot|day after tomorrow)\b"), 2),
    (re.compile(r"\b(?:ngay mai|mai|tomorrow)\b"), 1),
)
_WEEKDAY = re.compile(
    r"\b(?:thu\s*(hai|ba|tu|nam|sau|bay|[2-7])|t([2-7])|(chu nhat|cn)"
    r"|(mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_WEEKS_AHEAD = (
    (re.compile(r"\b(?:tuan sau nua|week after next)\b"), 2),
    (re.compile(r"\b(?:tuan sau|tuan toi|next week|next)\b"), 1),
    (re.compile(r"\b(?:tuan nay|this week)\b"), 0),
)
_WEEKDAYS = {
    "hai": 0, "2": 0, "mon": 0, "ba": 1, "3": 1, "tues": 1, "tu": 2, "4": 2, "wednes": 2, "nam": 3, "5": 3,
    "thurs": 3, "sau": 4, "6": 4, "fri": 4, "bay": 5, "7": 5, "satur": 5, "chu nhat": 6, "cn": 6, "sun": 6,
}  # fmt: skip
_TWELVE_HOURS = re.compile(r"(?<!\d)(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\b")
_HOUR = re.compile(r"(?<!\d)(\d{1,2})\s*(h|g|gio|:)(?![a-z])\s*(?:(\d{2})(?!\d)|(ruoi)\b|kem\s*(\d{1,2}))?")
_AFTERNOON = re.compile(r"\b(?:chieu|toi|dem|afternoon|evening)\b")
_MORNING = re.compile(r"\b(?:sang|morning)\b")
_MIDDAY = re.compile(r"\b(?:trua|noon)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedMoment:
    """What could be read: the day and the hour, each None when it was not said, or not so that it can be.

    `weekday` (0 = Monday) is the one that was written beside a day, which may contradict it.
    """

    day: date | None
    at: time | None
    weekday: int | None = None

    @property
    def contradicts_itself(self) -> bool:
        """Whether the weekday written is not the day's."""
        return self.day is not None and self.weekday is not None and self.day.weekday() != self.weekday


def read_moment(text: str, today: date) -> TypedMoment:
    """The day and the hour typed, as somebody means them who writes on `today`; in the ward's own time."""
    folded = fold(text)
    day, rest = _calendar_day(folded, today)
    found = _WEEKDAY.search(rest)
    weekday = _WEEKDAYS[next(filter(None, found.groups()))] if found else None
    if found:
        rest = rest[: found.start()] + " " + rest[found.end() :]
    if day is None and weekday is not None and not _says_a_day(folded):
        day = _on_weekday(weekday, rest, today)
    return TypedMoment(day=day, at=_hour(rest), weekday=weekday)


def _says_a_day(folded: str) -> bool:
    """Whether a day was written in figures, even one that does not exist (31/2)."""
    return any(pattern.search(folded) for pattern in (_ISO_DAY, _FULL_DAY, _NAMED_DAY, _SLASH_DAY))


def _calendar_day(folded: str, today: date) -> tuple[date | None, str]:
    """The day said in figures or as "mai", and the text without it."""
    if found := _ISO_DAY.search(folded):
        return _date(int(found[1]), int(found[2]), int(found[3])), _without(folded, found)
    for pattern in (_FULL_DAY, _NAMED_DAY, _SLASH_DAY, _DASH_DAY):
        if found := pattern.search(folded):
            year = found[3] if found.re.groups > 2 else None
            return _with_year(int(found[1]), int(found[2]), year, today), _without(folded, found)
    if found := _BARE_DAY.search(folded):
        return _next_such_day(int(found[1]), today), _without(folded, found)
    for pattern, ahead in _NEAR_DAYS:
        if found := pattern.search(folded):
            # "tối nay" says the part of the day as well: it is left for the hour.
            return today + timedelta(days=ahead), folded.replace("ngay mai", "").replace("ngay mot", "")
    return None, folded


def _with_year(day: int, month: int, year: str | None, today: date) -> date | None:
    if year is not None:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _date(today.year, month, day)
    if this_year is not None and (today - this_year).days <= PASSED_MAX_DAYS:
        return this_year
    return _date(today.year + 1, month, day)


def _next_such_day(day: int, today: date) -> date | None:
    """The next `day` of a month from today on that exists."""
    first = today.replace(day=1)
    for _month in range(3):
        found = _date(first.year, first.month, day)
        if found is not None and found >= today:
            return found
        first = (first + timedelta(days=32)).replace(day=1)
    return None


def _on_weekday(weekday: int, rest: str, today: date) -> date:
    """The weekday of the week that was said, else the next one after today."""
    monday = today - timedelta(days=today.weekday())
    for pattern, weeks in _WEEKS_AHEAD:
        if pattern.search(rest):
            return monday + timedelta(days=7 * weeks + weekday)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _hour(rest: str) -> time | None:
    if found := _TWELVE_HOURS.search(rest):
        return _time(int(found[1]) % NOON + (NOON if found[3] == "p" else 0), int(found[2] or 0))
    found = _HOUR.search(rest)
    if found is None:
        return None
    minutes = 30 if found[4] else int(found[3] or 0)
    at = _time(_of_day(int(found[1]), found[1], rest), minutes)
    if at is None or not found[5]:
        return at
    before = at.hour * 60 - int(found[5])  # "9 giờ kém 15"
    return _time(before // 60, before % 60)


def _of_day(hour: int, written: str, rest: str) -> int:
    """The hour on the clock of 24 hours, by the part of the day that was said or is meant."""
    if hour >= NOON or _MORNING.search(rest):
        return hour
    if _AFTERNOON.search(rest):
        return hour + NOON
    unsaid = not written.startswith("0") and AFTERNOON_FROM <= hour <= AFTERNOON_UNTIL
    if unsaid or (_MIDDAY.search(rest) and hour <= AFTERNOON_UNTIL):
        return hour + NOON
    return hour


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(hour: int, minute: int) -> time | None:
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _without(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + " " + text[found.end() :]

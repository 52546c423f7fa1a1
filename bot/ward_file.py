"""The ward's data file (`ward.toml`) read into a Ward, with every mistake in it told at once."""

import re
import tomllib
from datetime import date, datetime, time
from pathlib import Path

from bot.toml_table import Mistake, TomlTable
from domain.errors import DomainError
from domain.texts import fold
from domain.ward import (
    Category,
    EmergencyNumbers,
    ResidentialGroup,
    Unit,
    Ward,
    WardProblem,
    problems,
)
from domain.workdays import WorkCalendar, WorkPeriod

SAMPLE_WARD = Path(__file__).parent / "sample" / "ward.toml"
WARD_FILE_MAX_BYTES = 1024 * 1024
DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_DIGEST_AT = time(7, 30)

WARD_CODE = r"[A-Z0-9]{2,12}"
UNIT_CODE = r"[A-Z0-9][A-Z0-9-]{0,11}"
CATEGORY_CODE = r"[a-z][a-z0-9_]{0,39}"
GROUP_CODE = r"[A-Za-z0-9][A-Za-z0-9-]{0,11}"
PHONE = r"\+?[0-9][0-9 .()-]{1,24}"

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "thu 2", "thu hai", "t2"),
            ("tuesday", "thu 3", "thu ba", "t3"),
            ("wednesday", "thu 4", "thu tu", "t4"),
            ("thursday", "thu 5", "thu nam", "t5"),
            ("friday", "thu 6", "thu sau", "t6"),
            ("saturday", "thu 7", "thu bay", "t7"),
            ("sunday", "chu nhat", "cn"),
        )
    )
    for name in names
}
_HOURS = re.compile(r"(\d{1,2})[:hg](\d{2})?\s*(?:-|–|đến)\s*(\d{1,2})[:hg](\d{2})?")
_CLOCK = re.compile(r"(\d{1,2})[:hg](\d{2})?")
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_WRITTEN_DAY = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
_SYNTAX_PLACE = re.compile(r"at line (\d+)")
# Where in the file each problem of the finished ward is to be mended.
_PROBLEM_KEYS = {
    "timezone_unknown": "timezone",
    "hours_missing": "hours",
    "hours_reversed": "hours",
    "hours_overlap": "hours",
    "holiday_worked": "calendar.extra_workdays",
    "extra_day_needless": "calendar.extra_workdays",
    "category_unit_unknown": "categories",
}
# The reader has said these already, at the very key.
_TOLD_BY_READING = frozenset({"ward_field_empty", "no_units", "no_categories"})


class WardFileError(DomainError):
    """The file cannot be used; `mistakes` holds everything wrong with it, in the file's order."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("ward_file_wrong", count=len(mistakes))
        self.mistakes = tuple(mistakes)


def read_ward(path: Path) -> Ward:
    """The ward described by a TOML file; raises WardFileError with every mistake, each at its key path.

    Codes beside those of domain.ward.problems: file_missing, file_unreadable, file_too_large, file_not_text,
    toml_syntax, key_missing, key_unknown, wrong_type, text_empty, text_too_long, list_too_long,
    code_malformed, texts_malformed, day_malformed, time_malformed, hours_malformed, weekday_malformed.
    """
    return parse_ward(_read_text(path))


def parse_ward(text: str) -> Ward:
    """The ward described by TOML text; raises WardFileError as read_ward does."""
    table = TomlTable(values=_parse(text))
    ward = _read_ward(table)
    found = [*table.mistakes, *_told(problems(ward))]
    if found:
        raise WardFileError(found)
    return ward


def _refuse(code: str, **params: object) -> WardFileError:
    told = tuple((name, str(value)) for name, value in params.items())
    return WardFileError([Mistake(key=".", code=code, params=told)])


def _read_text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > WARD_FILE_MAX_BYTES:
            raise _refuse("file_too_large", limit=WARD_FILE_MAX_BYTES // 1024)
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise _refuse("file_missing", path=path.name) from None
    except UnicodeDecodeError:
        raise _refuse("file_not_text", path=path.name) from None
    except OSError as error:
        raise _refuse("file_unreadable", path=path.name, reason=error.strerror or "") from None


def _parse(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # brackets nested a thousand deep
        place = _SYNTAX_PLACE.search(str(error))
        line = place.group(1) if place else str(text.count("\n") + 1)
        raise _refuse("toml_syntax", line=line, message=str(error)) from None


def _told(found: list[WardProblem]) -> list[Mistake]:
    return [
        Mistake(key=_problem_key(problem), code=problem.code, params=problem.params)
        for problem in found
        if problem.code not in _TOLD_BY_READING and ("value", "") not in problem.params
    ]


def _problem_key(problem: WardProblem) -> str:
    params = dict(problem.params)
    if "category" in params:
        return f"categories.{params['category']}.unit"
    return _PROBLEM_KEYS.get(problem.code, params.get("field", "units"))


def _read_ward(table: TomlTable) -> Ward:
    digest = table.table("digest")
    ward = Ward(
        code=table.text("code", pattern=WARD_CODE),
        name=table.text("name"),
        address=table.text("address", default=""),
        phone=table.text("phone", default="", pattern=PHONE),
        reception_weekdays=frozenset(table.items("reception_days", "weekday", _weekday)),
        digest_weekday=digest.one("weekday", "weekday", _weekday, 0),
        digest_at=digest.one("at", "time", _clock, DEFAULT_DIGEST_AT),
        emergency=_read_emergency(table.table("emergency")),
        calendar=_read_calendar(table),
        units=tuple(_read_unit(unit) for unit in table.tables("units")),
        groups=tuple(_read_group(group) for group in table.tables("groups")),
        categories=tuple(_read_category(category) for category in table.tables("categories")),
    )
    digest.done()
    table.done()
    return ward


def _read_unit(table: TomlTable) -> Unit:
    unit = Unit(
        code=table.text("code", pattern=UNIT_CODE),
        name=table.text("name"),
        aliases=table.texts("aliases"),
        former_names=table.texts("former_names"),
        reception=table.flag("reception"),
    )
    table.done()
    return unit


def _read_group(table: TomlTable) -> ResidentialGroup:
    group = ResidentialGroup(code=table.text("code", pattern=GROUP_CODE), name=table.text("name"))
    table.done()
    return group


def _read_category(table: TomlTable) -> Category:
    category = Category(
        code=table.text("code", pattern=CATEGORY_CODE),
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        unit_code=table.text("unit"),
        words=table.texts("words"),
        hints=table.texts("hints"),
    )
    table.done()
    return category


def _read_emergency(table: TomlTable) -> EmergencyNumbers:
    usual = EmergencyNumbers()
    numbers = EmergencyNumbers(
        police=table.text("police", default=usual.police, pattern=PHONE),
        fire=table.text("fire", default=usual.fire, pattern=PHONE),
        ambulance=table.text("ambulance", default=usual.ambulance, pattern=PHONE),
        rescue=table.text("rescue", default=usual.rescue, pattern=PHONE),
        ward_police=table.text("ward_police", default="", pattern=PHONE),
    )
    table.done()
    return numbers


def _read_calendar(table: TomlTable) -> WorkCalendar:
    days = table.table("calendar")
    calendar = WorkCalendar(
        timezone=table.text("timezone", default=DEFAULT_TIMEZONE),
        periods=_read_hours(table.table("hours", required=True)),
        holidays=frozenset(days.items("holidays", "day", _day)),
        extra_workdays=frozenset(days.items("extra_workdays", "day", _day)),
    )
    days.done()
    return calendar


def _read_hours(table: TomlTable) -> tuple[WorkPeriod, ...]:
    periods: list[WorkPeriod] = []
    for key in table.values:
        weekday = _weekday(key)
        spans = table.items(key, "hours", _span)
        if weekday is None:
            table.note(key, "weekday_malformed", value=key)
            continue
        periods += [WorkPeriod(weekday=weekday, opens=opens, closes=closes) for opens, closes in spans]
    return tuple(periods)


def _weekday(value: object) -> int | None:
    return _WEEKDAYS.get(fold(value.replace("_", " "))) if isinstance(value, str) else None


def _clock(value: object) -> time | None:
    if isinstance(value, time):
        return value
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    return _time(found.group(1), found.group(2)) if found else None


def _span(value: object) -> tuple[time, time] | None:
    found = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return None
    opens, closes = _time(found.group(1), found.group(2)), _time(found.group(3), found.group(4))
    return (opens, closes) if opens is not None and closes is not None else None


def _time(hour: str, minute: str | None) -> time | None:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if not isinstance(value, str):
        return None
    found = _ISO_DAY.fullmatch(value.strip()) or _WRITTEN_DAY.fullmatch(value.strip())
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None

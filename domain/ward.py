"""The ward as values (units, categories, groups, calendar, digest) and what can be wrong with them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.texts import fold
from domain.workdays import WorkCalendar, WorkPeriod

Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A part of the ward that handles cases; exactly one takes what nobody else does (`reception`)."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()  # before July 2025: plans and people still use them
    reception: bool = False

    def names(self) -> tuple[str, ...]:
        """Everything the unit is called, its code included."""
        return (self.code, self.name, *self.aliases, *self.former_names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A subject of cases, the unit that answers for it, and the words that point to it (see domain.routing).

    `words` point to it by themselves; `hints` only tip the balance between categories.
    """

    code: str
    name_vi: str
    name_en: str
    unit_code: str
    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentialGroup:
    """A tổ dân phố or thôn."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNumbers:
    """Whom to call at once; national numbers, and the ward police's own when it has one."""

    police: str = "113"
    fire: str = "114"
    ambulance: str = "115"
    rescue: str = "112"
    ward_police: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """One ward and everything about it that is data; people and cases are elsewhere.

    `digest_weekday` 0 is Monday; `digest_at` is the ward's own time. `reception_weekdays` are the days on
    which the chairman receives citizens (Luật 42/2013/QH13 Đ18.3), told to whoever must come in person.
    """

    code: str
    name: str
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    groups: tuple[ResidentialGroup, ...]
    calendar: WorkCalendar
    digest_weekday: int = 0
    digest_at: time = time(7, 30)
    emergency: EmergencyNumbers = EmergencyNumbers()
    address: str = ""
    phone: str = ""
    reception_weekdays: frozenset[int] = frozenset()

    @property
    def timezone(self) -> str:
        """The name of the ward's time zone, as zoneinfo knows it."""
        return self.calendar.timezone

    @property
    def reception(self) -> Unit:
        """The unit that receives what has no unit of its own; raises LookupError in a ward without one."""
        for unit in self.units:
            if unit.reception:
                return unit
        raise LookupError(f"ward {self.code} has no reception unit")

    def unit(self, code: str) -> Unit | None:
        """The unit with this code, however it is written."""
        return next((unit for unit in self.units if fold(unit.code) == fold(code)), None)

    def find_unit(self, name: str) -> Unit | None:
        """The unit that goes by this code, name, alias or former name, diacritics and capitals left aside."""
        wanted = fold(name)
        return next((unit for unit in self.units if wanted in map(fold, unit.names())), None)

    def category(self, code: str) -> Category | None:
        """The category with this code."""
        return next((category for category in self.categories if category.code == code), None)

    def group(self, code: str) -> ResidentialGroup | None:
        """The residential group with this code."""
        return next((group for group in self.groups if group.code == code), None)

    def unit_for(self, category_code: str | None) -> Unit:
        """The unit that answers for a category; reception when there is no such category."""
        category = self.category(category_code) if category_code else None
        return (self.unit(category.unit_code) if category else None) or self.reception


@dataclass(frozen=True, slots=True, kw_only=True)
class WardProblem:
    """One thing wrong with a ward: a code (worded above `domain`) and what it is about."""

    code: str
    params: Params = ()


def problems(ward: Ward) -> list[WardProblem]:
    """Everything that keeps this ward from working, in a fixed order; an empty list is a sound ward.

    Codes: ward_field_empty, no_units, no_categories, duplicate_code, duplicate_name, reception_missing,
    reception_many, category_unit_unknown, timezone_unknown, digest_weekday_unknown, hours_missing,
    hours_reversed, hours_overlap, weekday_unknown, holiday_worked, extra_day_needless.
    """
    return [
        *_empty_fields(ward),
        *_duplicates(ward),
        *_reception_problems(ward),
        *_category_problems(ward),
        *_calendar_problems(ward.calendar),
        *_weekday_problems(ward),
    ]


def _problem(code: str, **params: object) -> WardProblem:
    return WardProblem(code=code, params=tuple((name, str(value)) for name, value in params.items()))


def _empty_fields(ward: Ward) -> Iterator[WardProblem]:
    if not ward.code.strip():
        yield _problem("ward_field_empty", field="code")
    if not ward.name.strip():
        yield _problem("ward_field_empty", field="name")
    if not ward.units:
        yield _problem("no_units")
    if not ward.categories:
        yield _problem("no_categories")


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(fold(value) for value in values).items() if count > 1]


def _duplicates(ward: Ward) -> Iterator[WardProblem]:
    for field, codes in (
        ("units", [unit.code for unit in ward.units]),
        ("categories", [category.code for category in ward.categories]),
        ("groups", [group.code for group in ward.groups]),
    ):
        for code in _repeated(codes):
            yield _problem("duplicate_code", field=field, value=code)
    # One name for two units makes the commands and the plan import guess, which they never do.
    names = [name for unit in ward.units for name in {fold(name) for name in unit.names()}]
    for name in _repeated(names):
        yield _problem("duplicate_name", field="units", value=name)


def _reception_problems(ward: Ward) -> Iterator[WardProblem]:
    marked = [unit.code for unit in ward.units if unit.reception]
    if not marked and ward.units:
        yield _problem("reception_missing")
    if len(marked) > 1:
        yield _problem("reception_many", value=", ".join(marked))


def _category_problems(ward: Ward) -> Iterator[WardProblem]:
    for category in ward.categories:
        if ward.unit(category.unit_code) is None:
            yield _problem("category_unit_unknown", category=category.code, unit=category.unit_code)


def _calendar_problems(calendar: WorkCalendar) -> Iterator[WardProblem]:
    try:
        ZoneInfo(calendar.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Asia" is a folder
        yield _problem("timezone_unknown", value=calendar.timezone)
    if not calendar.periods:
        yield _problem("hours_missing")
    yield from _hour_problems(calendar.periods)
    for day in sorted(calendar.holidays & calendar.extra_workdays):
        yield _problem("holiday_worked", day=day.isoformat())
    for day in sorted(calendar.extra_workdays - calendar.holidays):
        if day.weekday() in calendar.workweek:
            yield _problem("extra_day_needless", day=day.isoformat())


def _hour_problems(periods: tuple[WorkPeriod, ...]) -> Iterator[WardProblem]:
    for period in periods:
        if period.opens >= period.closes:
            yield _problem("hours_reversed", weekday=period.weekday, opens=f"{period.opens:%H:%M}")
    ordered = sorted(periods, key=lambda period: (period.weekday, period.opens))
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens < before.closes:
            yield _problem("hours_overlap", weekday=after.weekday, opens=f"{after.opens:%H:%M}")


def _weekday_problems(ward: Ward) -> Iterator[WardProblem]:
    if ward.digest_weekday not in range(7):
        yield _problem("digest_weekday_unknown", value=ward.digest_weekday)
    for weekday in sorted({period.weekday for period in ward.calendar.periods} | ward.reception_weekdays):
        if weekday not in range(7):
            yield _problem("weekday_unknown", value=weekday)

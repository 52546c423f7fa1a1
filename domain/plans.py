"""Plan items as the ward keeps and publishes them: status, number, content, and the words they are found by."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain.plan_document.values import Deadline, PlanItem
from domain.plan_periods import last_day, read_span, recurs
from domain.texts import fold

# A search goes along in a button of 48 bytes when the list is paged; what is longer is cut, on every page alike.
SEARCH_MAX_CHARS = 28
SEARCH_MAX_WORDS = 6
NUMBERS_MAX = 300  # how many items one command may name

_WORD = re.compile(r"[a-z0-9]+")
_EMPTY_WORDS = frozenset({"cua", "va", "cac", "cho", "ve", "la", "o", "co", "nhung", "the", "of", "and", "ke", "hoach"})
_NUMBER = re.compile(r"(?:kh\s*[-–.]?\s*|#\s*|so\s+)?0*([1-9]\d{0,5})")
_NUMBERS_PART = re.compile(r"(?:kh\s*-?\s*|#\s*)?(\d{1,6})(?:\s*[-–]\s*(?:kh\s*-?\s*|#\s*)?(\d{1,6}))?")


class PlanStatus(StrEnum):
    """Who may read an item: the desk only, everybody, or the desk again."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """One deadline as it is shown: the words printed, and the last day on which it is kept where one is known.

    `printed` is `YYYY-MM-DD`, `MM-DD` without a year, None for a relative or monthly one.
    """

    text: str
    printed: str | None
    exclusive: bool
    last_on: date | None
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedUnit:
    """A unit as the plan names it, and which unit of the ward that is (None: a person has to say).

    `decided`: the plan names nobody, a person put the unit in.
    """

    name: str
    unit_id: int | None
    decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContent:
    """Everything an imported document says of one item; two imports that say the same have the same `digest()`."""

    heading: str
    title: str
    text: str
    lead: NamedUnit | None
    implementing: tuple[NamedUnit, ...]
    period: str | None
    starts_on: date | None
    ends_on: date | None
    regular: bool
    deadlines: tuple[DueDay, ...]
    parts: tuple[tuple[str, str], ...]
    budget: str | None
    outcome: str | None
    unsure: tuple[tuple[str, str], ...]

    @property
    def last_days(self) -> tuple[date, ...]:
        """The last days of its deadlines, where known."""
        return tuple(due.last_on for due in self.deadlines if due.last_on)

    def digest(self) -> str:
        """A hash of what is printed; which unit of the ward a name means and what was unsure do not count."""
        said = self.to_json()
        del said["unsure"]
        said["lead"] = self.lead.name if self.lead and not self.lead.decided else None
        said["implementing"] = [unit.name for unit in self.implementing]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As kept in a row; days are ISO text."""
        data = asdict(self)
        for due in data["deadlines"]:
            due["last_on"] = _iso(due["last_on"])
        return data | {"starts_on": _iso(self.starts_on), "ends_on": _iso(self.ends_on)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ItemContent":
        """As read back."""
        return cls(
            **{
                **data,
                "lead": NamedUnit(**data["lead"]) if data["lead"] else None,
                "implementing": tuple(NamedUnit(**one) for one in data["implementing"]),
                "deadlines": tuple(DueDay(**{**one, "last_on": _date(one["last_on"])}) for one in data["deadlines"]),
                "parts": tuple((marker, text) for marker, text in data["parts"]),
                "unsure": tuple((code, value) for code, value in data["unsure"]),
                "starts_on": _date(data["starts_on"]),
                "ends_on": _date(data["ends_on"]),
            }
        )


def content_of(
    item: PlanItem, year: int | None, *, lead: NamedUnit | None, implementing: tuple[NamedUnit, ...],
    unsure: tuple[tuple[str, str], ...] = (),
) -> ItemContent:  # fmt: skip
    """What is kept of a read item: its days counted in the plan's year, its parts' deadlines among its own."""
    span = read_span(item.period, year)
    deadlines = _deadlines(item)
    regular = span.regular or any(recurs(deadline.text) for deadline in deadlines)
    return ItemContent(
        heading=item.heading, title=item.title, text=item.text, lead=lead, implementing=implementing,
        period=item.period, starts_on=span.starts_on, ends_on=span.ends_on, regular=regular,
        deadlines=tuple(_due(deadline, year) for deadline in deadlines),
        parts=tuple((part.marker, part.text) for part in item.parts),
        budget=item.budget, outcome=item.outcome, unsure=unsure,
    )  # fmt: skip


def _deadlines(item: PlanItem) -> list[Deadline]:
    found: dict[tuple[str | None, str], Deadline] = {}
    for deadline in (*item.deadlines, *(one for part in item.parts for one in part.deadlines)):
        found.setdefault((deadline.date, fold(deadline.text)), deadline)
    return list(found.values())


def _due(deadline: Deadline, year: int | None) -> DueDay:
    return DueDay(
        text=deadline.text, printed=deadline.date, exclusive=deadline.exclusive, last_on=last_day(deadline, year),
        subject=deadline.subject,
    )  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def item_code(number: int) -> str:
    """How people call an item: `KH-12`."""
    return f"KH-{number}"


def read_item_number(text: str) -> int | None:
    """The number in "KH-12", "kh 12", "#12", "số 12" or "12", if it says nothing else."""
    found = _NUMBER.fullmatch(fold(text))
    return int(found[1]) if found else None


def read_item_numbers(text: str) -> tuple[int, ...] | None:
    """The numbers in "12, 14-18", in order and each once; None when it reads otherwise or names too many."""
    numbers: dict[int, None] = {}
    for piece in filter(None, (part.strip() for part in re.split(r"[,;]|\bva\b|\band\b", fold(text)))):
        found = _NUMBERS_PART.fullmatch(piece)
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= last or last - first >= NUMBERS_MAX:
            return None
        numbers |= dict.fromkeys(range(first, last + 1))
    return tuple(numbers) if 0 < len(numbers) <= NUMBERS_MAX else None


def search_words(query: str) -> tuple[str, ...]:
    """The words of a search: folded, without the empty ones, as many as fit in SEARCH_MAX_CHARS."""
    every = list(dict.fromkeys(_WORD.findall(fold(query))))
    words = [word for word in every if word not in _EMPTY_WORDS] or every
    kept: list[str] = []
    for word in words[:SEARCH_MAX_WORDS]:
        if len(" ".join([*kept, word])) > SEARCH_MAX_CHARS:
            break
        kept.append(word)
    return tuple(kept)


def searchable(text: str) -> str:
    """A text as words can be looked up in it: folded, one blank between words and one at each end."""
    return f" {' '.join(_WORD.findall(fold(text)))} "

"""What a setting is: its name, kind, default, bounds, and what it is for, in two languages."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a setting's text is read."""

    TEXT = "text"
    NUMBER = "number"
    BYTES = "bytes"
    YES_NO = "yes_no"
    CHOICE = "choice"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row: `low` and `high` bound a number, `choices` a choice; a secret is never shown to anybody."""

    name: str
    vi: str
    en: str
    default: str = ""
    kind: Kind = Kind.TEXT
    low: int = 0
    high: int = 2**31 - 1
    choices: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Settings that belong together."""

    vi: str
    en: str
    settings: tuple[Setting, ...]


def limit(name: str, default: int, low: int, high: int, vi: str, en: str) -> Setting:
    return Setting(name=name, default=str(default), kind=Kind.NUMBER, low=low, high=high, vi=vi, en=en)


def size(name: str, default: str, vi: str, en: str) -> Setting:
    return Setting(name=name, default=default, kind=Kind.BYTES, low=1024, high=2**30, vi=vi, en=en)

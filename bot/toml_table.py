"""Reading a TOML table key by key, so that every mistake is kept with the place it stands at."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

TEXT_MAX_CHARS = 200
LIST_MAX_ITEMS = 2000

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong: where (`units[2].code`), what (a code; the words are elsewhere) and its values."""

    key: str
    code: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class TomlTable:
    """One table of the file: gives keys, notes what is wrong in `mistakes`, goes on with a harmless value."""

    values: dict[str, Any]
    path: str = ""
    mistakes: list[Mistake] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def note(self, key: str, code: str, **params: object) -> None:
        """Keep a mistake at one of this table's keys; an empty key is the table itself."""
        told = tuple((name, str(value)) for name, value in params.items())
        self.mistakes.append(Mistake(key=self.at(key), code=code, params=told))

    def at(self, key: str) -> str:
        """The full path of a key."""
        return ".".join(part for part in (self.path, key) if part) or "."

    def text(self, key: str, *, default: str | None = None, pattern: str | None = None) -> str:
        """A text (NFC): without `default` it must be there, with `pattern` it must match as a whole."""
        value = self._get(key, str, "text", required=default is None)
        if value is None:
            return default or ""
        said = unicodedata.normalize("NFC", value.strip())
        self._check_text(key, said, pattern, may_be_empty=default is not None)
        return said or default or ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once; none when the key is missing."""
        return tuple(dict.fromkeys(self.items(key, "texts", self._plain_text)))

    def items(self, key: str, expected: str, read: Callable[[object], Value | None]) -> list[Value]:
        """A list, each entry read by `read`; None from it is a mistake of the code `<expected>_malformed`."""
        values = self._get(key, list, "list", required=False) or []
        if len(values) > LIST_MAX_ITEMS:
            self.note(key, "list_too_long", limit=LIST_MAX_ITEMS)
            return []
        found = [(place, value, read(value)) for place, value in enumerate(values, start=1)]
        for place, value, result in found:
            if result is None:
                self.note(f"{key}[{place}]", f"{expected}_malformed", value=value)
        return [result for _, _, result in found if result is not None]

    def one(self, key: str, expected: str, read: Callable[[object], Value | None], default: Value) -> Value:
        """One value read by `read`, or `default` when the key is missing."""
        self.asked.add(key)
        if key not in self.values:
            return default
        result = read(self.values[key])
        if result is None:
            self.note(key, f"{expected}_malformed", value=self.values[key])
        return default if result is None else result

    def flag(self, key: str) -> bool:
        """True or false; false when missing."""
        return bool(self._get(key, bool, "true_or_false", required=False))

    def table(self, key: str, *, required: bool = False) -> "TomlTable":
        """The table under a key, empty when it is missing."""
        values = self._get(key, dict, "table", required=required) or {}
        return TomlTable(values=values, path=self.at(key), mistakes=self.mistakes)

    def tables(self, key: str) -> list["TomlTable"]:
        """The tables of a list of tables (`[[units]]`), counted from 1; at least one must be there."""
        values = self._get(key, list, "list_of_tables", required=True) or []
        if any(not isinstance(value, dict) for value in values):
            self.note(key, "wrong_type", expected="list_of_tables")
            return []
        return [
            TomlTable(values=value, path=f"{self.at(key)}[{place}]", mistakes=self.mistakes)
            for place, value in enumerate(values, start=1)
        ]

    def done(self) -> None:
        """Every key nobody asked for is a mistake, most often of typing: the nearest known key is told."""
        for key in self.values:
            if key not in self.asked:
                nearest = get_close_matches(key, sorted(self.asked), n=1)
                self.note(key, "key_unknown", nearest=nearest[0] if nearest else "")

    def _get(self, key: str, kind: type, expected: str, *, required: bool) -> Any:
        self.asked.add(key)
        if key not in self.values:
            if required:
                self.note(key, "key_missing")
            return None
        value = self.values[key]
        if not isinstance(value, kind):
            self.note(key, "wrong_type", expected=expected)
            return None
        return value

    def _check_text(self, key: str, value: str, pattern: str | None, *, may_be_empty: bool) -> None:
        if not value:
            if not may_be_empty:
                self.note(key, "text_empty")
        elif len(value) > TEXT_MAX_CHARS:
            self.note(key, "text_too_long", limit=TEXT_MAX_CHARS)
        elif pattern and not re.fullmatch(pattern, value):
            self.note(key, "code_malformed", value=value)

    @staticmethod
    def _plain_text(value: object) -> str | None:
        if not isinstance(value, str) or not value.strip() or len(value) > TEXT_MAX_CHARS:
            return None
        return unicodedata.normalize("NFC", value.strip())

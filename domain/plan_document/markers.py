"""The signs an office numbers its paragraphs with (Nghị định 30/2020/NĐ-CP, Phụ lục I): Phần, I., 1., a), -, +."""

import re
from dataclasses import dataclass
from enum import IntEnum

from domain.plan_document.letters import is_upper, plain_with_case


class Level(IntEnum):
    """How deep a marker stands; a smaller number encloses a greater one."""

    PART = 0
    CHAPTER = 1
    CAPITAL = 2
    ROMAN = 3
    ARTICLE = 4
    ARABIC = 5
    ARABIC_2 = 6
    ARABIC_3 = 7
    LETTER = 8
    DASH = 9
    PLUS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A sign at the head of a line: its level, its label without dots ("II", "2.1", "a") and the words after it."""

    level: Level
    label: str
    rest: str


_PART = re.compile(r"^(?:PHAN|Phan)\s+(?:(?:thu|THU)\s+(?:[a-z]{2,4}|[A-Z]{2,4})|[IVX]{1,5}|\d{1,2})\b\s?[.:)\-–]?\s*")
_ACCENTED = re.compile(r"^(?:phần|chương|mục)\s", re.IGNORECASE)
_CHAPTER = re.compile(r"^(?:CHUONG|Chuong|MUC|Muc)\s+([IVX]{1,5}|\d{1,2})\b[.:)\-–]?\s*")
_CAPITAL = re.compile(r"^([A-H])\s?[.)/]\s+")
_ROMAN = re.compile(r"^([IVX]{1,5})\s?[.)/:\-–]\s*(?=\S)")
_ROMAN_SCANNED = re.compile(r"^([Il|]{1,3}V?|V[Il|]{1,3}|[lI|]X)\s?[.)/]\s+(?=[A-Z])")
_ROMAN_ARABIC = re.compile(r"^([IVX]{1,5})\.(\d{1,2}(?:\.\d{1,2})?)[.)]?\s+")
_ARTICLE = re.compile(r"^(?:Dieu|DIEU)\s+(\d{1,3})\s?[.:]\s*")
_ARABIC_DEEP = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,3})\s?[.)/:]?\s+(?=\S)")
_ARABIC = re.compile(
    r"^(?:(\d{1,2})\s?[.)/:](?:\s+(?=\S)|(?=[^\d\s]))|\((\d{1,2})\)\s+|(\d{1,2})(?:\s?\.-\s|[\-–]\s+(?=[A-ZĐ])))"
)
_TASK = re.compile(r"^(?:Nhiem vu|Noi dung|NHIEM VU|NOI DUNG|Cong viec)\s+(\d{1,2})\s?[.:]\s+")
_LETTER = re.compile(r"^([a-zđ])\s?(?:[)/]\s*|[.,]\s+)(?=\S)")
_DASH = re.compile(r"^[-–—]\s*(?=\S)")
_PLUS = re.compile(r"^\+\s*(?=\S)")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_HEAD_LETTERS = 60


def parse_marker(line: str) -> Marker | None:
    """The marker a line begins with, or None. `line` is composed and stripped."""
    head = plain_with_case(line[:_HEAD_LETTERS])
    return _section(line, head) or _number(line, head) or _bullet(line, head)


def _section(line: str, head: str) -> Marker | None:
    if match := _ROMAN_ARABIC.match(head):
        return _marker(line, match, Level.ARABIC, match[2]) if match[1] in _ROMANS else None
    if (match := _ROMAN.match(head)) and match[1] in _ROMANS and _is_section(line[match.end() :]):
        return _marker(line, match, Level.ROMAN, match[1])
    if (match := _ROMAN_SCANNED.match(head)) and is_upper(line[match.end() :]):
        label = match[1].replace("l", "I").replace("|", "I")
        return _marker(line, match, Level.ROMAN, label) if label in _ROMANS else None
    if match := _CAPITAL.match(head):
        return _marker(line, match, Level.CAPITAL, match[1])
    return _division(line, head) if _ACCENTED.match(line) else _article(line, head)


def _division(line: str, head: str) -> Marker | None:
    if match := _PART.match(head):
        return _marker(line, match, Level.PART, line[: match.end()].strip(" .:-–)"))
    if match := _CHAPTER.match(head):
        return _marker(line, match, Level.CHAPTER, line[: match.end()].strip(" .:-–)"))
    return None


def _article(line: str, head: str) -> Marker | None:
    if match := _ARTICLE.match(head):
        return _marker(line, match, Level.ARTICLE, line[: match.end()].strip(" .:"))
    return None


def _is_section(rest: str) -> bool:
    """A section's heading starts with a capital; "V/v …" is none."""
    return rest[:1].isupper() or rest[:1] in "“\"'"


def _number(line: str, head: str) -> Marker | None:
    if match := _ARABIC_DEEP.match(head):
        depth = match[1].count(".")
        level = Level.ARABIC_2 if depth == 1 else Level.ARABIC_3
        return _marker(line, match, level, match[1])
    if match := _ARABIC.match(head) or _TASK.match(head):
        label = next(group for group in match.groups() if group)
        return _marker(line, match, Level.ARABIC, label.lstrip("0") or "0")
    return None


def _bullet(line: str, head: str) -> Marker | None:
    if match := _LETTER.match(line.replace("Đ", "đ", 1) if line.startswith("Đ)") else line):
        return _marker(line, match, Level.LETTER, match[1])
    if match := _DASH.match(head):
        return _marker(line, match, Level.DASH, "-")
    if match := _PLUS.match(head):
        return _marker(line, match, Level.PLUS, "+")
    return None


def _marker(line: str, match: re.Match[str], level: Level, label: str) -> Marker:
    return Marker(level=level, label=label, rest=line[match.end() :].strip())


def number_of(label: str) -> int:
    """The last arabic number of a label ("2.1" → 1), 0 when there is none."""
    last = label.rsplit(".", 1)[-1]
    return int(last) if last.isdigit() else 0

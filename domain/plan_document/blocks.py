"""Paragraphs: physical lines joined again where a scanner, a page break or an old mail program broke them."""

import re
from dataclasses import dataclass
from itertools import pairwise

from domain.plan_document.letters import collapse, is_upper, plain
from domain.plan_document.markers import Level, Marker, number_of, parse_marker

_FOOTNOTE = re.compile(r"^(?:[¹²³⁴-⁹⁰]{1,3}|\[\^?\d{1,3}\]:?)\s*(?=\S)")
_ENDS = (".", ";", ":", "!", "?", "…", "./.", "”", '"')
_OPEN_ENDS = re.compile(
    r"(?:,|\b(?:va|cua|cac|ve|cho|den|theo|voi|tai|trong|tu|ngay|so|thang|nam|hoac|bang|"
    r"la|duoc))$"
)
_LABEL = re.compile(r"^[A-ZĐÀ-Ỹ][^:.;]{2,45}:(?:\s|$)")
_WRAP_SHARE = 0.12
_WRAP_WIDTH_MAX = 130
_FULL_SHARE = 0.78
_LINES_MIN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph: its marker (None for a bare paragraph or a table row) and its words, blanks collapsed."""

    marker: Marker | None
    text: str


@dataclass(slots=True)
class _Open:
    """The paragraph being put together."""

    marker: Marker | None
    pieces: list[str]
    last_length: int

    def block(self) -> Block:
        return Block(marker=self.marker, text=collapse(" ".join(self.pieces)))


def wrap_width(lines: list[str]) -> int:
    """The width at which the text was broken, in letters; 0 when paragraphs are whole."""
    filled = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("|")]
    if len(filled) < _LINES_MIN:
        return 0
    broken = sum(
        bool(after[:1].islower()) and not before.endswith(_ENDS) and parse_marker(after) is None
        for before, after in pairwise(filled)
    )
    lengths = sorted(len(line) for line in filled)
    width = lengths[int(len(lengths) * 0.9)]
    return width if broken >= _WRAP_SHARE * len(filled) and width <= _WRAP_WIDTH_MAX else 0


def read_blocks(lines: list[str]) -> tuple[list[Block], list[str]]:
    """Paragraphs in reading order, and the footnotes that stood between them."""
    width = wrap_width(lines)
    blocks: list[Block] = []
    footnotes: list[str] = []
    numbers = _Numbers()
    current: _Open | None = None
    in_footnote = False
    for raw in lines:
        line = raw.strip()
        if not line:
            continue
        if match := _FOOTNOTE.match(line):
            footnotes.append(line[match.end() :])
            in_footnote = True
            continue
        marker = None if line.startswith("|") else parse_marker(line)
        if in_footnote and marker is None and line[:1].islower():
            footnotes[-1] += " " + line
            continue
        in_footnote = False
        if current and _continues(current, line, marker, width, numbers):
            current.pieces.append(line)
            current.last_length = len(line)
            continue
        if current:
            blocks.append(current.block())
        numbers.note(marker)
        current = _Open(marker, [marker.rest if marker else line], len(line))
    if current:
        blocks.append(current.block())
    return blocks, footnotes


class _Numbers:
    """Which arabic number comes next, to tell "5. Tăng cường" from a date broken before its day."""

    def __init__(self) -> None:
        self.last = 0

    def note(self, marker: Marker | None) -> None:
        if marker and marker.level < Level.ARABIC:
            self.last = 0
        elif marker and marker.level is Level.ARABIC:
            self.last = number_of(marker.label)

    def expects(self, marker: Marker) -> bool:
        return number_of(marker.label) in (1, self.last + 1, self.last + 2)


def _continues(current: _Open, line: str, marker: Marker | None, width: int, numbers: _Numbers) -> bool:
    before = current.pieces[-1]
    if line.startswith("|") or before.startswith("|"):
        return False
    ended = before.endswith(_ENDS)
    if marker is not None:
        return _is_false_marker(marker, before, ended, current.last_length, width, numbers)
    if line[:1].islower():
        return True
    if is_upper(before) and current.marker and current.marker.level <= Level.ROMAN:
        return is_upper(line) and not ended and plain(line[:9]) != "noi nhan:"
    if line[:1].isdigit() and not ended and len(before) > 40:
        return True
    if _LABEL.match(line) and not _OPEN_ENDS.search(plain(before[-20:])):
        return False
    if width:
        full = current.last_length >= width * _FULL_SHARE
        return full and not before.endswith((".", ";", ":", "./.")) and not is_upper(before)
    return not ended and len(before) > 60 and bool(_OPEN_ENDS.search(plain(before[-20:])))


def _is_false_marker(marker: Marker, before: str, ended: bool, last_length: int, width: int, numbers: _Numbers) -> bool:
    """Whether what looks like a number is the middle of a sentence that was broken there."""
    if ended or is_upper(before):
        return False
    full = width > 0 and last_length >= width * _FULL_SHARE
    if marker.level < Level.ARABIC:
        return (full or bool(_OPEN_ENDS.search(plain(before[-20:])))) and not is_upper(marker.rest)
    if marker.level is Level.ARABIC:
        return (full or bool(_OPEN_ENDS.search(plain(before[-20:])))) and not numbers.expects(marker)
    if marker.level in (Level.ARABIC_2, Level.ARABIC_3):
        return full and marker.rest[:1].islower()
    return marker.level is Level.DASH and full and marker.rest[:1].islower()

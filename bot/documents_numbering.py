"""Word's automatic numbers ("II.", "1.2.", "a)", bullets), which the text of a paragraph does not hold."""

import re
from collections import defaultdict
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

_ROMANS = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))
_ALPHABET = "abcdđeghiklmnopqrstuvxy"
_PLACE = re.compile(r"%(\d)")
_LEVELS_MAX = 9
_BULLET = "-"
Element = Any  # lxml gives its elements no types


class Numbering:
    """Counts the numbered paragraphs of one document as Word would, and gives each its printed label."""

    def __init__(self, levels: dict[str, dict[int, tuple[str, str, int]]], styles: dict[str, tuple[str, int]]) -> None:
        self._levels = levels
        self._styles = styles
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    @classmethod
    def of(cls, document: WordDocument) -> "Numbering":
        """The numbering of a document; without a numbering part nothing is ever labelled."""
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return cls({}, {})
        abstract = {
            one.get(qn("w:abstractNumId")): dict(_level(level) for level in one.iterchildren(qn("w:lvl")))
            for one in root.iterchildren(qn("w:abstractNum"))
        }
        levels = {}
        for number in root.iterchildren(qn("w:num")):
            reference = number.find(qn("w:abstractNumId"))
            if reference is not None:
                levels[number.get(qn("w:numId"))] = abstract.get(reference.get(qn("w:val")), {})
        return cls(levels, dict(_numbered_styles(document)))

    def label(self, paragraph: Element) -> str:
        """The label of the next paragraph, "" when it has none; must be called in reading order."""
        number, depth = self._place(paragraph)
        levels = self._levels.get(number, {})
        if depth not in levels:
            return ""
        kind, text, start = levels[depth]
        counts = self._counts[number]
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        if kind == "bullet":
            return _BULLET
        return _PLACE.sub(lambda match: self._printed(number, int(match[1]) - 1, kind, depth), text).strip()

    def _printed(self, number: str, level: int, kind: str, depth: int) -> str:
        own_kind, _, start = self._levels[number].get(level, ("decimal", "", 1))
        value = self._counts[number].get(level, start)
        return _numeral(value, kind if level == depth else own_kind)

    def _place(self, paragraph: Element) -> tuple[str, int]:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return "", 0
        style = properties.find(qn("w:pStyle"))
        inherited = self._styles.get(style.get(qn("w:val"), ""), ("", 0)) if style is not None else ("", 0)
        return _num_pr(properties.find(qn("w:numPr")), inherited)


def _num_pr(element: Element, inherited: tuple[str, int]) -> tuple[str, int]:
    if element is None:
        return inherited
    number, level = element.find(qn("w:numId")), element.find(qn("w:ilvl"))
    name = number.get(qn("w:val"), "") if number is not None else inherited[0]
    depth = level.get(qn("w:val"), "0") if level is not None else str(inherited[1])
    return name, min(int(depth), _LEVELS_MAX) if depth.isdigit() else 0


def _level(level: Element) -> tuple[int, tuple[str, str, int]]:
    def value(name: str, default: str) -> str:
        found = level.find(qn(name))
        return str(found.get(qn("w:val"), default)) if found is not None else default

    start = value("w:start", "1")
    depth = level.get(qn("w:ilvl"), "0")
    return int(depth) if depth.isdigit() else 0, (
        value("w:numFmt", "decimal"),
        value("w:lvlText", ""),
        int(start) if start.isdigit() else 1,
    )


def _numbered_styles(document: WordDocument) -> list[tuple[str, tuple[str, int]]]:
    found = []
    for style in document.styles.element.iterchildren(qn("w:style")):
        properties = style.find(qn("w:pPr"))
        numbered = properties.find(qn("w:numPr")) if properties is not None else None
        if numbered is not None:
            found.append((style.get(qn("w:styleId"), ""), _num_pr(numbered, ("", 0))))
    return found


def _numeral(value: int, kind: str) -> str:
    if kind in ("upperRoman", "lowerRoman"):
        text = _roman(value)
        return text if kind == "upperRoman" else text.lower()
    if kind in ("lowerLetter", "upperLetter"):
        letter = _ALPHABET[(value - 1) % len(_ALPHABET)]
        return letter if kind == "lowerLetter" else letter.upper()
    return str(value)


def _roman(value: int) -> str:
    text = ""
    for sign, worth in _ROMANS:
        while value >= worth:
            text, value = text + sign, value - worth
    return text

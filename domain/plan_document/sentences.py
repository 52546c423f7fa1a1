"""Sentences of a paragraph: where one ends, in a language full of dotted abbreviations."""

import re

from domain.plan_document.letters import plain

_END = re.compile(r"(?:\.{1,3}|…|\./\.)(?=\s|$)|;|\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:tp|tx|tt|q|p|h|x|ths|ts|pgs|gs|kt|tm|tl|bs|ks|v\.v|vv|st|đ/c|dc|"
    r"nxb|nd|so)$"
)
_CLOSER = re.compile(r"[.;:]")
_PAIRS = {"(": ")", "“": "”", "«": "»", "[": "]"}
_TITLE_MAX = 2000


def sentences(text: str) -> list[tuple[int, str]]:
    """Start letter and words of each sentence; ";" ends one too."""
    found = []
    start = 0
    folded = plain(text)
    for match in _END.finditer(folded):
        if match.group().startswith(".") and not _is_end(text, folded, match):
            continue
        if text[start : match.end()].strip():
            found.append((start, text[start : match.start()]))
        start = match.end()
    if text[start:].strip():
        found.append((start, text[start:]))
    return found


def _is_end(text: str, folded: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 3].strip()
    if following and not (following[0].isupper() or following[0] in '-+“"(•'):
        return False
    return not (match.group() == "." and _ABBREVIATION.search(folded[max(0, match.start() - 6) : match.start()]))


def first_sentence(text: str) -> str:
    """The words up to the first "." ";" ":" outside brackets and quotation marks (README of the plans)."""
    folded = plain(text)
    depth = _Depth()
    for index, letter in enumerate(text[:_TITLE_MAX]):
        depth.read(letter)
        if depth.inside or not _CLOSER.match(letter):
            continue
        if letter == "." and not _dot_ends(text, folded, index):
            continue
        if letter == ":" and text[index + 1 : index + 2].isdigit():
            continue
        return text[:index].strip()
    if depth.inside:
        return re.split(r"[.;:](?=\s|$)", text, maxsplit=1)[0].strip()
    return text.strip()


def _dot_ends(text: str, folded: str, index: int) -> bool:
    match = re.compile(r"\.+").match(folded, index)
    if match is None or text[index + 1 : index + 2] == "/":
        return True
    if match.end() < len(text) and not text[match.end()].isspace():
        return False
    return _is_end(text, folded, match)


class _Depth:
    """How deep in brackets and quotation marks a letter stands."""

    def __init__(self) -> None:
        self.open: list[str] = []

    def read(self, letter: str) -> None:
        if letter in _PAIRS:
            self.open.append(_PAIRS[letter])
        elif self.open and letter == self.open[-1]:
            self.open.pop()

    @property
    def inside(self) -> bool:
        return bool(self.open)

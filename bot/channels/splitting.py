"""Long texts in pieces that a platform takes, cut where it hurts least. Pure."""

import re
import unicodedata

# The best places to cut a long text, best first: a blank line, a line, a sentence, a word.
_CUTS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…;])\s+"), re.compile(r"\s+"))


# What belongs to the letter before it: accents written apart, joiners, the colours of an emoji.
_MARKS = frozenset({"Mn", "Mc", "Me"})
_JOINER, _TONES = "\u200d", ("\U0001f3fb", "\U0001f3ff")


def units(text: str) -> int:
    """How long a text is in UTF-16 units, the most that any of our platforms may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """A text in pieces of `limit` units at most, cut where it hurts least; nothing but blanks is lost."""
    pieces = []
    rest = text.strip()
    while units(rest) > limit:
        head = _head(rest, limit)
        cut = _cut(head)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def fitting(text: str, limit: int) -> str:
    """A text of `limit` units at most: its beginning, and a sign that there was more."""
    return text if units(text) <= limit else f"{split(text, limit - 1)[0]}…"


def _head(text: str, limit: int) -> str:
    """As much of a text as fits, whole letters only."""
    used = 0
    for index, letter in enumerate(text):
        used += 2 if ord(letter) > 0xFFFF else 1  # beyond it, UTF-16 needs two units
        if used > limit:
            return text[: _between_letters(text, index)]
    return text


def _between_letters(text: str, index: int) -> int:
    """The last place up to an index where no letter is torn from its marks; the index itself if there is none."""
    place = index
    while place and (_belongs(text[place]) or text[place - 1] == _JOINER):
        place -= 1
    return place or index


def _belongs(sign: str) -> bool:
    return unicodedata.category(sign) in _MARKS or sign == _JOINER or _TONES[0] <= sign <= _TONES[1]


def _cut(head: str) -> int:
    for pattern in _CUTS:
        ends = [found.end() for found in pattern.finditer(head)]
        # A piece of less than a third would make many short messages.
        if ends and ends[-1] > len(head) // 3:
            return ends[-1]
    return len(head)

"""How a reply is laid out on Telegram: pieces of text, photos and albums, and rows of buttons. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.engine.reply import Choice, Reply, payload

# Bot API: lengths are counted in UTF-16 units.
TEXT_MAX = 4096
CAPTION_MAX = 1024
ALBUM_MAX = 10
BUTTONS_MAX = 100
ROW_MAX = 8
# A phone shows about so many letters in a row of buttons before it cuts them.
ROW_LETTERS = 30

# The best places to cut a long text, best first: a blank line, a line, a sentence, a word.
_CUTS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…;])\s+"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button and what a tap on it sends back."""

    label: str
    payload: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call of the platform: a text, one photo with its caption, or an album (photos are ids of stored files)."""

    text: str = ""
    photos: tuple[int, ...] = ()
    rows: Rows = ()


def parts_of(reply: Reply) -> tuple[Part, ...]:
    """The calls a reply takes, in order; the buttons come last, where the thumb is."""
    rows = rows_of(reply)
    if len(reply.attachments) == 1 and units(reply.text) <= CAPTION_MAX:
        return (Part(text=reply.text, photos=reply.attachments, rows=rows),)
    texts = split(reply.text)
    photos = [Part(photos=album) for album in _albums(reply.attachments)]
    if not texts:
        return (*photos[:-1], Part(photos=photos[-1].photos, rows=rows)) if photos else ()
    return (*photos, *(Part(text=text) for text in texts[:-1]), Part(text=texts[-1], rows=rows))


def _albums(photos: Sequence[int]) -> list[tuple[int, ...]]:
    """Albums of ten at most; one of a single photo is sent as a photo."""
    return [tuple(photos[start : start + ALBUM_MAX]) for start in range(0, len(photos), ALBUM_MAX)]


def rows_of(reply: Reply) -> Rows:
    """The buttons in rows: long labels one below the other, short ones side by side."""
    rows: list[list[Button]] = []
    width = 0
    for choice in reply.choices[:BUTTONS_MAX]:
        button = Button(label=choice.label, payload=payload(reply.menu, choice))
        taken = _width(choice)
        if rows and width + taken <= ROW_LETTERS and len(rows[-1]) < ROW_MAX:
            rows[-1].append(button)
            width += taken
        else:
            rows.append([button])
            width = taken
    return tuple(tuple(row) for row in rows)


def _width(choice: Choice) -> int:
    # All buttons of a row are equally wide, so that a short one beside a long one takes as much as the long one.
    return max(len(choice.label) + 4, 8)


def units(text: str) -> int:
    """How long Telegram thinks a text is."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = TEXT_MAX) -> list[str]:
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
            return text[:index]
    return text


def _cut(head: str) -> int:
    for pattern in _CUTS:
        ends = [found.end() for found in pattern.finditer(head)]
        # A piece of less than a third would make many short messages.
        if ends and ends[-1] > len(head) // 3:
            return ends[-1]
    return len(head)

"""How a reply is laid out on Telegram: pieces of text, photos and albums, and rows of buttons. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.splitting import split, units
from handlers.engine.reply import Choice, Reply, payload

# Bot API: lengths are counted in UTF-16 units.
TEXT_MAX = 4096
CAPTION_MAX = 1024
ALBUM_MAX = 10
BUTTONS_MAX = 100
ROW_MAX = 8
# A phone shows about so many letters in a row of buttons before it cuts them.
ROW_LETTERS = 30


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
    texts = split(reply.text, TEXT_MAX)
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

"""How a reply is laid out on Telegram: pieces of text, files and albums, and rows of buttons. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

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


class SentAs(StrEnum):
    """What a file is sent as: by which call, and with which others it may stand in an album."""

    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"


# Photos and videos make albums together, documents among themselves, recordings none.
_ALBUMS = ((SentAs.PHOTO, SentAs.VIDEO), (SentAs.DOCUMENT,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call of the platform: a text, one file with its caption, or an album (`files` are ids of stored files)."""

    text: str = ""
    files: tuple[int, ...] = ()
    rows: Rows = ()


def parts_of(reply: Reply, sent_as: Mapping[int, SentAs]) -> tuple[Part, ...]:
    """The calls a reply takes, in order; the buttons come last, where the thumb is. A file not in `sent_as` is gone."""
    rows = rows_of(reply)
    files = [one for one in reply.attachments if one in sent_as]
    if len(files) == 1 and units(reply.text) <= CAPTION_MAX:
        return (Part(text=reply.text, files=tuple(files), rows=rows),)
    texts = split(reply.text, TEXT_MAX)
    parts = [Part(files=album) for album in _albums(files, sent_as)]
    if not texts:
        return (*parts[:-1], Part(files=parts[-1].files, rows=rows)) if parts else ()
    return (*parts, *(Part(text=text) for text in texts[:-1]), Part(text=texts[-1], rows=rows))


def _albums(files: Sequence[int], sent_as: Mapping[int, SentAs]) -> list[tuple[int, ...]]:
    """Albums of ten at most; one of a single file is sent as that file."""
    albums: list[tuple[int, ...]] = []
    for together in _ALBUMS:
        alike = [one for one in files if sent_as[one] in together]
        albums += [tuple(alike[start : start + ALBUM_MAX]) for start in range(0, len(alike), ALBUM_MAX)]
    return albums + [(one,) for one in files if sent_as[one] is SentAs.VOICE]


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

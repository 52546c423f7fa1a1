"""Vietnamese text as people type it: folding, likeness and shortening."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

ELLIPSIS = "…"
SIMILARITY_MAX_CHARS = 200  # beyond this only the beginning is compared: likeness is quadratic in length

# Letters with a stroke do not decompose: the Vietnamese Đ, the Icelandic Ð and the African Ɖ look the same.
_STROKED = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ɖ": "d", "Ɖ": "d"})
_DROPPED_CATEGORIES = frozenset({"Mn", "Me", "Cf", "Cc"})  # Me: the frame of a keycap emoji
_BLANKS = re.compile(r"\s+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The text without diacritics, in small letters, one blank between words.

    NFC and NFD give the same, so do full-width letters; zero-width marks and control
    characters vanish, every kind of blank (line ends too) becomes one space, the ends are bare.
    """
    blanks = _BLANKS.sub(" ", text.translate(_STROKED))
    decomposed = unicodedata.normalize("NFKD", blanks)
    kept = "".join(letter for letter in decomposed if unicodedata.category(letter) not in _DROPPED_CATEGORIES)
    return _BLANKS.sub(" ", kept.lower()).strip()


def similarity(first: str, second: str) -> float:
    """How alike two texts are, 0.0 to 1.0, diacritics and capitals left aside; symmetric.

    Two empty texts are alike. Only the first SIMILARITY_MAX_CHARS characters of each count.
    """
    one, other = sorted((fold(first)[:SIMILARITY_MAX_CHARS], fold(second)[:SIMILARITY_MAX_CHARS]))
    if one == other:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def shorten(text: str, limit: int) -> str:
    """The text in one line of at most `limit` characters (NFC), cut at a word where one ends near the limit.

    Raises ValueError when `limit` is under one character.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    line = unicodedata.normalize("NFC", _BLANKS.sub(" ", text).strip())
    if len(line) <= limit:
        return line
    room = limit - len(ELLIPSIS)
    cut = line[:room]
    if line[room : room + 1] != " " and " " in cut[room // 2 :]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:.-–(") + ELLIPSIS

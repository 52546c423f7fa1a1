"""Vietnamese text as people type it: folding, likeness, shortening and spoken numbers."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

ELLIPSIS = "…"
SIMILARITY_MAX_CHARS = 200  # beyond this only the beginning is compared: likeness is quadratic in length
NUMBER_MAX_DIGITS = 6  # a choice in a menu, never a telephone number or an identity number

# Letters with a stroke do not decompose: the Vietnamese Đ, the Icelandic Ð and the African Ɖ look the same.
_STROKED = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ɖ": "d", "Ɖ": "d"})
_DROPPED_CATEGORIES = frozenset({"Mn", "Me", "Cf", "Cc"})  # Me: the frame of a keycap emoji
_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(
    r"(?:(?:so|chon|muc|cau|viec|y|no|number|option)\s*){0,2}[#(\[]?\s*(\d+)\s*[.)\]:,/-]*(?:\s*(?:nhe|nha|a))?"
)
_NUMBER_NAMES = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
# Said alone and unmarked these are clear; "sau" (later), "nam" or "tu" would not be.
_CLEAR_ALONE = frozenset({"mot", "hai", "bon", "chin"})
_WORD_NUMBER = re.compile(r"(?:so|chon|muc|cau|thu|cai thu|viec)\s+([a-z]+)")


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


def has_diacritics(text: str) -> bool:
    """Whether the writer used Vietnamese marks anywhere (so that their absence means something)."""
    decomposed = unicodedata.normalize("NFD", text)
    return any(ord(letter) in _STROKED or unicodedata.category(letter) == "Mn" for letter in decomposed)


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


def as_number(text: str) -> int | None:
    """The number somebody chose from a list: "1", "1.", "số 1", "so 1", "1)", "#1", "số một"; else None.

    Nothing but the number may be said: "1 con chó" is no choice. At most NUMBER_MAX_DIGITS digits.
    """
    folded = fold(text)
    found = _NUMBER.fullmatch(folded)
    if found:
        digits = found.group(1)
        return int(digits) if len(digits) <= NUMBER_MAX_DIGITS else None
    spoken = _WORD_NUMBER.fullmatch(folded)
    return _named_number(spoken.group(1)) if spoken else _number_said_alone(text, folded)


def _named_number(folded: str) -> int | None:
    if folded == "nhat":  # "thứ nhất"
        return 1
    names = [fold(name) for name in _NUMBER_NAMES]
    return 4 if folded == "tu" else names.index(folded) + 1 if folded in names else None


def _number_said_alone(text: str, folded: str) -> int | None:
    said = unicodedata.normalize("NFC", text).strip().lower()
    if folded in _CLEAR_ALONE:
        return _named_number(folded)
    return _NUMBER_NAMES.index(said) + 1 if said in _NUMBER_NAMES else None

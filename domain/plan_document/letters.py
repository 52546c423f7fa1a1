"""Letters: one-for-one folding, so that a place found in the folded text is the same place in the printed one."""

import re
import unicodedata

_OLD_TONES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "\u00a0": " ", "\u2011": "-", "\u2010": "-", "\u00ad": "-"})
_PLACEMENT = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_PLACEMENT_PATTERN = re.compile("|".join(_PLACEMENT), re.IGNORECASE)
_KEPT = {"đ": "d", "Đ": "D"}


def _fold_letter(letter: str) -> str:
    if letter in _KEPT:
        return _KEPT[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    return base if len(base) == 1 else letter


_FOLDED: dict[int, str] = {
    code: _fold_letter(chr(code))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if _fold_letter(chr(code)) != chr(code)
}
_LOWER_FOLDED = _FOLDED | {code: folded.lower() for code, folded in _FOLDED.items()}


def compose(text: str) -> str:
    """NFC, with Ð/ð (U+00D0/F0) and their like written Đ/đ and odd blanks and hyphens made plain."""
    return unicodedata.normalize("NFC", text).translate(_OLD_TONES)


def plain(text: str) -> str:
    """Without diacritics, lower case, same length letter by letter as the composed text given."""
    folded = text.translate(_LOWER_FOLDED)
    lowered = folded.lower()
    return lowered if len(lowered) == len(folded) else "".join(x.lower() if len(x.lower()) == 1 else x for x in folded)


def plain_with_case(text: str) -> str:
    """Without diacritics, case kept, same length."""
    return text.translate(_FOLDED)


def same_tones(text: str) -> str:
    """Lower case with hoá/hòa, uỷ/ủy written one way, for comparing accented words; same length."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return text
    return _PLACEMENT_PATTERN.sub(lambda match: _PLACEMENT[match.group()], lowered)


def collapse(text: str) -> str:
    """Runs of blanks become one blank."""
    return " ".join(text.split())


def is_upper(text: str) -> bool:
    """Whether the text is written in capitals, a stray small letter of a scanner allowed."""
    upper = sum(letter.isupper() for letter in text)
    lower = sum(letter.islower() for letter in text)
    return upper >= 2 and lower * 8 <= upper

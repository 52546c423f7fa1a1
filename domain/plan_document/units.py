"""Names of units in running text: where one begins, where it ends, and how a list of them comes apart."""

import re

from domain.plan_document.letters import collapse, plain, same_tones
from domain.plan_document.unit_words import CAPITAL_HEADS, FIXED, HEAD, INNER, SPECIALITY, is_verb

_TOKEN = re.compile(r"\s*(\S+)")
_STOP = '.;:()?!“”"…'
_NAME_LETTERS_MAX = 260
_SEPARATOR = re.compile(r"\s*[,;/]\s+(?:(?:và|cùng)\s+)?|\s+(?:và|cùng với|cùng|&)\s+|\s*[;\n]\s*")
_NOT_CUT = re.compile(r"(?:văn phòng|vp|tt|thường trực|đảng ủy,?) (?:hđnd|hội đồng nhân dân)$|hđnd$|đảng ủy$")
_GENERIC = re.compile(
    r"^(?:cac|nhung)?\s*(?:co quan|don vi|bo phan|ban|nganh|to chuc|phong|dia phuong|"
    r"doan the|ca nhan|ban nganh|phong ban|[,\- ]|va|to|hoi|"
    r"chuyen mon|chuc nang|lien quan|co lien quan|khac|truc thuoc|dong tren dia ban|"
    r"tren dia ban|khu pho|doanh nghiep)*$"
)
_CROWD = re.compile(
    r"^(?:cac|nhung)\s+(?:co quan|don vi|bo phan|ban|phong|nganh|dia phuong|ca nhan|"
    r"to chuc(?! chinh tri| doan the))\b"
)
_PREFIX = re.compile(
    r"^(?:giao cho|giao|de nghi|kinh de nghi|doi voi|trach nhiem cua|phan cong cho|phan "
    r"cong|yeu cau|kinh de nghi|nhiem vu cua)\s+"
)
_TAIL = re.compile(r"(?:\s+(?:và|của|các|cùng|-|–|&|thuộc|trên|trực|tổ|để))+$", re.IGNORECASE)


def without_order(text: str) -> str:
    """ "Giao Văn phòng …", "Đề nghị Ủy ban …", "Trách nhiệm của …" without the word of order."""
    match = _PREFIX.match(plain(text))
    return text[match.end() :] if match else text


def begins_unit(text: str, at: int = 0, *, small: bool = True) -> bool:
    """Whether a unit's name begins at `at`; common nouns count only with a capital, `small` allows "các …"."""
    window = text[at : at + 60]
    toned = same_tones(window)
    match = FIXED.match(toned) or HEAD.match(toned)
    if match is None or (match.group() == "tổ" and not window[:1].isupper()):
        return False
    if window[:1].isupper():
        return True
    return small and match.group() not in CAPITAL_HEADS


def unit_end(text: str, at: int) -> int:
    """Where the name beginning at `at` ends: at punctuation, at a verb, at a word no name is made of.

    The word at `at` is taken as a name's beginning even when written small.
    """
    limit = min(len(text), at + _NAME_LETTERS_MAX)
    toned, folded = same_tones(text[at:limit]), plain(text[at:limit])
    position = end = 0
    while position < len(toned):
        match = _TOKEN.match(toned, position)
        if match is None:
            break
        start = match.start(1)
        if head_end := _head_end(text, at + start, toned, start, first=not position):
            position = end = head_end
            continue
        if position and is_verb(folded[start : start + 40]) and text[at + start].islower():
            break
        if (end and not _belongs(text[at + start : at + match.end()], match[1], toned[:start])) or match[1][0] in _STOP:
            break
        position, end = match.end(), match.end() - (len(match[1]) - len(match[1].rstrip(_STOP + ",")))
        if _ends_list(match[1], text, at + position, folded[position : position + 60]):
            break
    return at + len(_TAIL.sub("", text[at : at + end]))


def _head_end(text: str, at: int, toned: str, start: int, *, first: bool) -> int:
    """Where the office word ("Chủ tịch", "Trung tâm") beginning here ends, 0 when none begins."""
    match = FIXED.match(toned, start) or HEAD.match(toned, start)
    return match.end() if match and (first or begins_unit(text, at)) else 0


def _belongs(printed: str, word: str, before: str) -> bool:
    core = word.strip(",.;:-–()")
    if printed[:1].isdigit():
        return _NUMBERED.search(before) is not None
    return printed[:1].isupper() or core in INNER or core in ("", "-", "–", "&")


_NUMBERED = re.compile(r"(?:dân phố|khu phố|thôn|tổ|ấp|số|khu|xóm|khối|quận)(?: số)?[\s\d,]*$")


def _ends_list(word: str, text: str, at: int, folded: str) -> bool:
    return word[-1] in _STOP or (word.endswith(",") and not _goes_on(text, at, folded))


def _goes_on(text: str, at: int, folded: str) -> bool:
    """Whether a list goes on after a comma."""
    rest = folded.lstrip()
    if not rest or is_verb(rest):
        return False
    start = at + len(folded) - len(rest)
    word = same_tones(text[start : start + 12]).split()[0].strip(",.;")
    return begins_unit(text, start) or text[start].isupper() or word in _LIST_WORDS


_LIST_WORDS = {
    "đơn",
    "ngành",
    "ban",
    "đoàn",
    "phường",
    "xã",
    "địa",
    "bộ",
    "khu",
    "thị",
    "các",
    "thôn",
    "ấp",
    "phòng",
    "cơ",
}


def find_unit(text: str, at: int, *, named: bool = False) -> str | None:
    """The unit (or list of units) whose name begins exactly at `at`.

    `named`: the words before ("phối hợp với") promise a unit, so that common nouns written small count too.
    """
    window = same_tones(text[at : at + 60])
    if not (begins_unit(text, at) or (named and HEAD.match(window))):
        return None
    name = collapse(text[at : unit_end(text, at)]).strip(" ,;.-–")
    return name or None


def split_units(text: str) -> tuple[str, ...]:
    """A printed list of units taken apart where a whole name begins; elliptic lists stay together.

    "Văn phòng HĐND và UBND, Phòng A" → two; "Văn phòng, Tư pháp phường" → one, as printed.
    """
    pieces: list[str] = []
    last = 0
    toned = same_tones(text)
    for match in _SEPARATOR.finditer(toned):
        if not _is_whole_name(text, match.end()) or _NOT_CUT.search(toned[last : match.start()].strip()):
            continue
        pieces.append(text[last : match.start()])
        last = match.end()
    pieces.append(text[last:])
    return tuple(name for piece in pieces if (name := collapse(piece).strip(" ,;.")))


def _is_whole_name(text: str, at: int) -> bool:
    return text[at : at + 1].isupper() and begins_unit(text, at, small=False)


def is_generic(name: str) -> bool:
    """ "các cơ quan, đơn vị liên quan" names nobody."""
    folded = plain(name).strip()
    return _GENERIC.match(folded) is not None or (folded.startswith("cac ") and "lien quan" in folded)


def is_unnamed(name: str) -> bool:
    """ "các cơ quan, đơn vị cấp thị xã": a crowd, not a unit to work with."""
    return is_generic(name) or _CROWD.match(plain(name)) is not None


def is_unit_heading(title: str, *, organising: bool) -> bool:
    """Whether a whole heading is a unit's name; sections of organisation also allow bare specialities."""
    name = without_order(title).strip(" :;.")
    if not name or len(name.split()) > 45:
        return False
    if begins_unit(name, 0) or begins_unit(name[:1].upper() + name[1:], 0):
        rest = name[unit_end(name, 0) :].strip(" ,;:.")
        return not rest or (organising and not is_verb(plain(rest)) and rest.startswith("("))
    return organising and SPECIALITY.match(same_tones(name)) is not None and not _has_verb(name)


def _has_verb(name: str) -> bool:
    folded = plain(name)
    return any(
        is_verb(folded[match.start() :]) for match in re.finditer(r"\b\w", folded) if name[match.start()].islower()
    )

"""The place somebody typed in a message: a house number and street, an alley, a crossing, a group, a market, a bridge."""

import re
import unicodedata

from domain.texts import fold, shorten

PLACE_MAX_CHARS = 120
READ_MAX_CHARS = 3000

_NUMBER = r"\d{1,4}(?:[a-z]|bis)?(?:\s?[/-]\s?\d{1,4}[a-z]?){0,4}"
_NAME = r"[^\W_][^\s,.;:!?()]*(?:\s+(?!BREAK\b)[^\W_][^\s,.;:!?()]*){0,3}"
# Words that end a name: what happened there, not where it is.
_BREAK = (
    "bi|da|dang|co|khong|k|ko|la|thi|ma|toi|den|gan|truoc|sau|ben|ngay|qua|tu|o|tai|nay|kia|do|va|voi|cu|hay|may|"
    "mat|hu|hong|ngap|tat|rat|chua|mua|toi om|nha|nguoi|xe|rac|den|cay|duoc|de|cho|khu|to|phuong|vao|vo|ra|doan|cua|nhieu|mo|xa|"
    "hoai|suot|lam|keo|dai|buon|ban|chay|dau|do|lay|xay|nuoi|hat|nghet|lun|sut|noi|di|ve|thuoc|luc|khi|gay|cung|vua|moi|het|hom|"
    "lai|len|xuong|tren|duoi|trong|ngoai|gio|sang|chieu|dem|trua|day|roi|nua|cao|de nghi|mong|kien|xin|nho|phan|vay|a|anh|chi|em"
)
_TYPED_NAME = _NAME.replace("BREAK", f"(?:{_BREAK})")
_STREET = rf"(?:duong|pho|dai lo|quoc lo|tinh lo|huong lo|ql|dt|dg)\s+(?!sa\b|day\b|ong\b|cong\b)(?:so\s+)?{_TYPED_NAME}"
_ALLEY = rf"(?:hem|kiet|ngo|ngach|hem so|kiet so|ngo so)\s+(?:so\s+)?(?:{_NUMBER})(?:\s+{_STREET}|\s+(?!(?:{_BREAK})\b)[^\W\d_]+(?:\s+(?!(?:{_BREAK})\b)[^\W\d_]+){{0,2}})?"
_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rf"\b(?:so nha|nha so|so|sn)\s+{_NUMBER}(?:\s*,?\s*(?:{_ALLEY}|{_STREET}))?",
        rf"\b{_NUMBER}\s+{_STREET}",
        rf"\b{_ALLEY}",
        rf"\b(?:nga tu|nga ba|nga nam|nga sau|giao lo|vong xoay|bung binh|cau|cho|chua|dinh|nha tho|cong vien|truong(?: tieu hoc| mam non| thcs| thpt| mau giao)?|tram y te|benh vien|nha van hoa|chung cu|khu tap the|tram xang|cay xang|hem|kiet|ngo|xom|khom|ap|thon|kenh|rach|song|ho|bai|san bong|nghia trang|ubnd phuong|ben xe|ga)\s+(?!(?:{_BREAK})\b){_TYPED_NAME}",
        rf"\b{_STREET}",
        r"\b(?:to dan pho|to|tdp|khu pho|kp|khu vuc|khoi|cum)\s+(?:so\s+)?\d{1,3}[a-z]?\b",
        r"\b(?:dau|cuoi|giua)\s+(?:duong|hem|kiet|ngo|pho|xom|cho|cau)\b(?:\s+(?:so\s+)?\d+[a-z]?(?:/\d+)*)?",
    )
]
# "số 1 việt nam", "cầu mong", "chợ búa": look like places and are none.
_NO_PLACE = re.compile(
    r"^(?:so \d+ (?:trieu|nghin|ngan|dong|nguoi|ngay|thang|lan|con|ho|nha)|cau (?:mong|xin|nguyen|chi|vong|tuot|truot|thang|hoi|tra loi)|"
    r"cho (?:bua)|ho (?:so|ngheo|kinh|tich|khau|chieu)|ga (?:gay|da|choi|nuoi|chet)|bai (?:rac|dau|do|giu|hoc)|song (?:dien)|"
    r"dinh (?:chi|cong|danh)|truong (?:hop|thu|day|minh|ban|khu|thon|phong|tram|ap|xom)|chua \w+|xom (?:tui|toi|minh)|ap (?:gia|dung|luc)|thon (?:minh|toi)|"
    r"duong (?:su|hu|xau|nuoc|lay|ngap|dat|nay|di|moi|nhua|truyen|day)|kenh (?:truyen|nay)|ngo (?:nhu|doc))"
)


def find_place(text: str) -> str | None:
    """The place named in the message, as it was typed (at most PLACE_MAX_CHARS); None when there is none.

    The most exact wins: house number, then alley, crossing or landmark, street, group. Works without diacritics.
    """
    normal = unicodedata.normalize("NFC", text[:READ_MAX_CHARS])
    bare, origins = _folded_with_origins(normal)
    for pattern in _PATTERNS:
        for found in pattern.finditer(bare):
            said = found.group().strip()
            if not _NO_PLACE.match(said):
                start, end = origins[found.start()], origins[found.start() + len(found.group().rstrip()) - 1] + 1
                return shorten(normal[start:end], PLACE_MAX_CHARS)
    return None


def has_place(text: str) -> bool:
    """Whether the message says where."""
    return find_place(text) is not None


def _folded_with_origins(text: str) -> tuple[str, list[int]]:
    """The text folded letter by letter, and where in the text each letter of it stood."""
    letters: list[str] = []
    origins: list[int] = []
    for place, letter in enumerate(text):
        for folded in fold(letter) or (" " if letter.isspace() else ""):
            letters.append(folded)
            origins.append(place)
    return "".join(letters), origins

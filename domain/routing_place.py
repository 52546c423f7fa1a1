"""The place typed in a message: a house number and street, an alley, a crossing, a landmark, a group."""

import re
import unicodedata

from domain.routing_words import spelled
from domain.texts import fold, shorten

PLACE_MAX_CHARS = 120
READ_MAX_CHARS = 3000
NAME_MAX_WORDS = 4

# Words that end a name: what happens there, not where it is.
_NOT_IN_NAMES = spelled(
    """
    bi da dang co khong k ko la thi ma toi den gan truoc sau ben ngay qua tu o tai nay kia do va voi cu hay
    may mat hu hong ngap tat rat chua mua nha nguoi xe rac cay duoc de cho khu to phuong vao vo ra doan cua
    nhieu mo xa hoai suot lam keo dai buon ban chay dau day lay xay nuoi hat nghet lun sut noi di ve thuoc
    luc khi gay cung vua het hom lai len xuong tren duoi trong ngoai gio sang chieu dem trua roi nua cao
    mong kien xin nho phan vay a anh chi em ket lay lau nat hep hai ba bon hoi thui thoi on om tui minh
    chung ai gi sao dung dap vut xa rao lan chiem lap cat nghieng sap nut dau
    """
)
_NUMBER = r"\d{1,4}(?:[a-zA-Z]|bis)?(?:\s?[/-]\s?\d{1,4}[a-zA-Z]?){0,4}\b"
# A word with a capital is a name whatever else it could mean; "thôn Mậu Tài" does not end at "tai".
_NAME_WORD = rf"(?!(?:{'|'.join(sorted(_NOT_IN_NAMES))})\b)[^\W_][^\s,.;:!?()]*"
_NAME = rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,{NAME_MAX_WORDS - 1}}}"
_CAPITALS = r"[A-Z][^\s,.;:!?()]*(?:\s+[A-Z0-9][^\s,.;:!?()]*){0,4}"
_STREET = (
    rf"(?<!khu )(?<!Khu )(?<!dan )(?i:duong|pho|dai lo|quoc lo|tinh lo|huong lo|ql)\s+(?:(?i:so)\s+{_NUMBER}|{_NAME})"
)
_ALLEY = rf"(?i:hem|kiet|ngo|ngach)\s+(?:(?i:so)\s+)?{_NUMBER}(?:\s*,?\s*(?:{_STREET}|{_NAME}))?"
_HOUSE = r"(?<!uong )(?<!em )(?<!iet )(?<!go )(?<!ho )(?<!to )(?<!uay )(?<!inh )(?<!so )(?<!an )(?i:nha so|so nha|so)"
_LANDMARK = (
    r"(?i:nga tu|nga ba|nga nam|nga sau|vong xoay|bung binh|cau|cho|chua|dinh|nha tho|cong vien|"
    r"truong(?: tieu hoc| mam non| thcs| thpt| mau giao)?|tram y te|benh vien|nha van hoa|chung cu|khu tap the|"
    r"tram xang|cay xang|xom|khom|ap|thon|kenh|rach|ho|san bong|nghia trang|ben xe|khu dan cu)"
)
_GROUP = r"(?i:to dan pho|to|khu pho|kp|tdp|khoi|cum|thon|ap|khom)\s+(?:(?i:so)\s+)?\d{1,3}[a-z]?\b"
_COUNTED = "trieu|nghin|ngan|dong|nguoi|ngay|thang|nam|lan|con|ho|can|gio|km|met|m|tuoi|cua"
# The most exact first.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_HOUSE}\s+{_NUMBER}\s*,?\s*(?:{_ALLEY}|{_STREET})",
        rf"\b{_ALLEY}",
        rf"\b{_NUMBER}\s+{_STREET}",
        rf"\b\d{{1,4}}(?:/\d{{1,4}}[a-zA-Z]?)*\s+{_CAPITALS}",
        rf"\b{_HOUSE}\s+{_NUMBER}(?!\s*(?:{_COUNTED})\b)",
        rf"\b{_STREET}",
        rf"\b{_LANDMARK}\s+{_NAME}",
        rf"\b{_GROUP}(?:\s*,?\s*{_GROUP})?",
        r"\b(?i:dau|cuoi|giua)\s+(?i:duong|hem|kiet|ngo|pho|xom|cho|cau)\b",
    )
)
# How the first word is spelt with marks: "cho", "định", "chưa" are then something else. Those of the
# second list mean too much without marks to be trusted.
_SPELT = {
    fold(word): word
    for word in spelled(
        """
        đường phố hẻm kiệt ngõ ngách số nhà ngã vòng bùng cầu chợ chùa đình công trường trạm bệnh chung khu cây
        xóm khóm ấp thôn kênh rạch hồ sân nghĩa bến tổ khối cụm đầu cuối giữa đại quốc tỉnh hương
        """
    )
}
_UNCLEAR_BARE = spelled("cho chua dinh ho ap san dau giua pho")
# "cầu mong", "trường hợp": these look like places and are none.
_NO_PLACE = re.compile(
    r"(?:cau (?:mong|xin|nguyen|chi|vong|tuot|truot|thang|hoi|tra|lac|dao|thu)|"
    r"cho (?:bua|coc|tu phat|tam|nay)|ho (?:boi|nuoc)|kenh (?:truyen|thong|rach)|"
    r"truong (?:hop|thu|day|thanh|ban|khu|thon|phong|tram|ap|xom|duy|nay|hoc)|"
    r"ap (?:dung|luc|gia|dat|tai|thap)|\d+ (?:Toi|Nha|Phuong|De|Xin|Ong|Ba|Anh|Chi|Co|Em|Mong|Va|Cac|Ngay|Thang)\b|"
    r"duong (?:su|xau|nuoc|dat|di|moi|nhua|truyen|day|ong|mon|dan|pho|cong|kinh|gap|tron)\b|"
    r"pho (?:bien|thong|ban|chu|cap|bi|co)\b)",
    re.IGNORECASE,
)


def find_place(text: str) -> str | None:
    """The place named in the message, as it was typed (at most PLACE_MAX_CHARS); None when there is none.

    The most exact wins: house number with alley or street, alley, landmark, street, residential group.
    Works without diacritics; a name written with capitals ends where its capitals end.
    """
    normal = unicodedata.normalize("NFC", text[:READ_MAX_CHARS])
    bare, origins = _unmarked_with_origins(normal)
    for pattern in _PATTERNS:
        for found in pattern.finditer(bare):
            end = found.start() + len(found.group().rstrip())
            said = normal[origins[found.start()] : origins[end - 1] + 1]
            if _may_be_place(found.group(), said):
                return shorten(_up_to_last_capital(said), PLACE_MAX_CHARS)
    return None


def _may_be_place(bare: str, said: str) -> bool:
    first = said.split()[0].lower()
    if fold(first) == first:
        return first not in _UNCLEAR_BARE and not _NO_PLACE.match(bare)
    return _SPELT.get(fold(first), first) == first and not _NO_PLACE.match(bare)


def _up_to_last_capital(said: str) -> str:
    words = said.split(" ")
    names = [place for place, word in enumerate(words) if word[:1].isupper() or word[:1].isdigit()]
    capitals = [place for place in names if place and words[place][:1].isupper()]
    return " ".join(words[: names[-1] + 1]) if capitals else said


def _unmarked_with_origins(text: str) -> tuple[str, list[int]]:
    """The text without marks, letter by letter, and where each stood; capitals kept where they mean names."""
    shouting = text.upper() == text
    letters: list[str] = []
    origins: list[int] = []
    for place, letter in enumerate(text):
        for folded in fold(letter) or (" " if letter.isspace() else ""):
            letters.append(folded.upper() if letter.isupper() and not shouting else folded)
            origins.append(place)
    return "".join(letters), origins

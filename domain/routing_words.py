"""How residents write: words with and without marks, short forms spelt out, and phrases found among them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from domain.texts import fold

READ_MAX_CHARS = 6000  # of a longer message the beginning decides
# From this share of marked words on, a word without marks is meant so: "cho" is then never "chó".
MARKED_SHARE = 0.35

_WORD = re.compile(r"\w+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_GLUED_NUMBER = re.compile(r"(?<=\d)(?=[^\W\d_])")
_HOOK, _TILDE = "\u0309", "\u0303"
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

# Spelt as typed (marks kept where they tell words apart); each stands for the words on the right.
_SHORT_FORMS = {
    "k": "không", "ko": "không", "kh": "không", "kg": "không", "khg": "không", "hok": "không", "hông": "không",
    "hổng": "không", "hem": "không", "hk": "không", "kô": "không",
    "dc": "được", "đc": "được", "dk": "được", "đk": "được", "đx": "được", "ng": "người", "ngta": "người ta",
    "mn": "mọi người", "mng": "mọi người", "bc": "bà con", "tdp": "tổ dân phố", "tdpho": "tổ dân phố",
    "kp": "khu phố", "kdc": "khu dân cư", "gpmb": "giải phóng mặt bằng", "sđ": "sổ đỏ", "tđc": "tái định cư",
    "tdc": "tái định cư", "gcn": "giấy chứng nhận", "gcnqsdđ": "giấy chứng nhận quyền sử dụng đất",
    "gcnqsdd": "giấy chứng nhận quyền sử dụng đất", "qsdđ": "quyền sử dụng đất", "qsdd": "quyền sử dụng đất",
    "csvc": "cơ sở vật chất", "qđ": "quyết định", "qd": "quyết định", "bhyt": "bảo hiểm y tế",
    "nvqs": "nghĩa vụ quân sự", "pccc": "phòng cháy chữa cháy", "attp": "an toàn thực phẩm",
    "vsattp": "vệ sinh an toàn thực phẩm", "atvstp": "vệ sinh an toàn thực phẩm", "cccd": "căn cước công dân",
    "hkd": "hộ kinh doanh", "dvc": "dịch vụ công", "tthc": "thủ tục hành chính", "csgt": "cảnh sát giao thông",
    "antt": "an ninh trật tự", "cskv": "công an khu vực", "gpxd": "giấy phép xây dựng", "xd": "xây dựng",
    "gv": "giáo viên", "ntn": "như thế nào", "bn": "bao nhiêu", "bnhiu": "bao nhiêu",
    "nhiu": "nhiêu", "sxh": "sốt xuất huyết", "dg": "đường", "đg": "đường", "cty": "công ty", "z": "vậy",
    "zậy": "vậy", "zay": "vậy", "j": "gì", "gi": "gì", "wá": "quá", "wa": "quá", "đt": "điện thoại",
    "sdt": "số điện thoại", "sđt": "số điện thoại", "ubmttq": "mặt trận", "mttq": "mặt trận",
    "vlxd": "vật liệu xây dựng", "ôto": "ô tô", "oto": "ô tô", "ôtô": "ô tô",
    "hđnd": "hội đồng nhân dân", "hdnd": "hội đồng nhân dân", "ttđt": "trật tự đô thị",
    "tthcc": "trung tâm hành chính công", "htx": "hợp tác xã", "nvh": "nhà văn hóa",
    "ubnd": "ủy ban", "uỷban": "ủy ban",
    "gđ": "gia đình", "chx": "chưa", "vs": "với", "trc": "trước", "bt": "bình thường",
    "nc": "nước", "sn": "số nhà", "bhxh": "bảo hiểm xã hội", "mamnon": "mầm non",
    "bêtông": "bê tông", "betong": "bê tông",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """One word: bare (no marks) and marked (its marks in one canonical order, tone last, ngã as hỏi)."""

    bare: str
    marked: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as words; `accented` when its writer uses marks, so that their absence means something."""

    words: tuple[Word, ...]
    accented: bool
    bare_words: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bare_words", _bare(self.words))

    @property
    def bare(self) -> str:
        """The words without marks, a blank between them and at both ends."""
        return f" {' '.join(self.bare_words)} "


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found at words `start` up to, not with, `end`; `likeness` 1.0 as written, less when marks differ."""

    phrase: str
    start: int
    end: int
    likeness: float


@lru_cache(maxsize=1024)
def read(text: str) -> Reading:
    """The words of a message, short forms spelt out and drawn-out letters ("quáááá") drawn in."""
    normal = unicodedata.normalize("NFC", text[:READ_MAX_CHARS]).lower()
    shrunk = _GLUED_NUMBER.sub(" ", _DRAWN_OUT.sub(r"\1", normal))
    typed = [_clean(token) for token in _WORD.findall(shrunk)]
    words = tuple(_word(part) for token in typed for part in _SHORT_FORMS.get(token, token).split())
    share = sum(1 for token in typed if fold(token) != token) / max(1, len(typed))
    return Reading(words=words, accented=share >= MARKED_SHARE)


class PhraseBook:
    """Phrases to look for, indexed by their words without marks: a message costs its length and not the book's."""

    def __init__(self, phrases: Iterable[str], *, but_not: Iterable[str] = ()) -> None:
        """`but_not` are phrases within which nothing is found: "không bao giờ" holds no "bao giờ"."""
        # Words without marks → the phrases that read so, each after its place in the book.
        self._by_words: dict[tuple[str, ...], list[tuple[int, str, tuple[Word, ...]]]] = {}
        self._lengths: dict[str, set[int]] = {}  # first word → how many words its phrases have
        for place, phrase in enumerate(dict.fromkeys(phrases)):
            words = tuple(_word(_clean(token)) for token in _WORD.findall(_nfc_lower(phrase)))
            if words:
                self._by_words.setdefault(_bare(words), []).append((place, phrase, words))
                self._lengths.setdefault(words[0].bare, set()).add(len(words))
        self._silencing = PhraseBook(but_not) if but_not else None

    def find(self, reading: Reading) -> Iterator[Found]:
        """Every phrase of the book in the message, in the message's order; overlaps are all given."""
        silent = {
            place
            for found in (self._silencing.find(reading) if self._silencing else ())
            for place in range(found.start, found.end)
        }
        return (found for found in self._find_all(reading) if not silent.issuperset(range(found.start, found.end)))

    def _find_all(self, reading: Reading) -> Iterator[Found]:
        bare = reading.bare_words
        for start, first in enumerate(bare):
            lengths = self._lengths.get(first)
            if lengths is None:
                continue
            ends = [start + length for length in lengths if start + length <= len(bare)]
            hits = [hit for end in ends for hit in self._by_words.get(bare[start:end], ())]
            for _place, phrase, wanted in sorted(hits):
                end = start + len(wanted)
                likeness = _likeness(reading.words[start:end], wanted, accented=reading.accented)
                if likeness:
                    yield Found(phrase=phrase, start=start, end=end, likeness=likeness)

    def first(self, reading: Reading) -> Found | None:
        """The first phrase of the book in the message."""
        return next(self.find(reading), None)

    def phrases(self, reading: Reading) -> tuple[str, ...]:
        """The phrases of the book that occur, each once, in the message's order."""
        return tuple(dict.fromkeys(found.phrase for found in self.find(reading)))


def spelled(text: str) -> frozenset[str]:
    """The single words of a text."""
    return frozenset(text.split())


def apart(text: str) -> list[str]:
    """The phrases of a text, set apart by commas and free to run over line ends."""
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


def weigh(phrase: str, weights: Mapping[int, float]) -> float:
    """The weight of a phrase by its number of words; longer than the table's longest counts as that."""
    length = len(phrase.split())
    return weights[min(length, max(weights))]


def _bare(words: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(word.bare for word in words)


def _likeness(said: tuple[Word, ...], wanted: tuple[Word, ...], *, accented: bool) -> float:
    """How like the wanted words those said are, which are the same without marks."""
    if not accented:
        return 1.0
    wrong = sum(1 for one, other in zip(said, wanted, strict=True) if one.marked != other.marked)
    if not wrong:
        return 1.0
    # One word of three may be mistyped; one or two words with other marks are other words.
    return 0.6 if wrong * 3 <= len(wanted) else 0.0


def _nfc_lower(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _clean(token: str) -> str:
    return token.strip("_")


@lru_cache(maxsize=16384)
def _word(token: str) -> Word:
    letters = unicodedata.normalize("NFD", token)
    tones = [_HOOK if letter == _TILDE else letter for letter in letters if letter in _TONES]
    plain = "".join(letter for letter in letters if letter not in _TONES)
    return Word(bare=fold(token), marked=unicodedata.normalize("NFC", plain) + "".join(tones))

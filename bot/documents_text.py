"""Old ways of writing Vietnamese in bytes: UTF-8, UTF-16, Windows-1258, TCVN3 (ABC) and VNI."""

import codecs
import re
import unicodedata

from domain.plan_document import PlanUnreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 40_000
_NUL_SHARE = 0.2
_COMMON = re.compile(
    r"\b(?:của|và|các|phường|thực|hiện|kế|hoạch|nhân|dân|tổ|chức|công|ủy|được|những|"
    r"trong|cơ|sở|quyết|định|độc|lập)\b",
    re.IGNORECASE,
)
# TCVN 5712 (VN3), the bytes 0xA1–0xFE; a font of capitals (.VnTimeH) uses the small letters' codes.
_TCVN3_BYTES = (
    "A1Ă A2Â A3Ê A4Ô A5Ơ A6Ư A7Đ A8ă A9â AAê ABô ACơ ADư AEđ B5à B6ả B7ã B8á B9ạ BBằ "
    "BCẳ BDẵ BEắ C6ặ C7ầ C8ẩ C9ẫ CAấ CBậ "
    "CCè CEẻ CFẽ D0é D1ẹ D2ề D3ể D4ễ D5ế D6ệ D7ì D8ỉ DCĩ DDí DEị DFò E1ỏ E2õ E3ó E4ọ "
    "E5ồ E6ổ E7ỗ E8ố E9ộ EAờ EBở ECỡ EDớ EEợ "
    "EFù F1ủ F2ũ F3ú F4ụ F5ừ F6ử F7ữ F8ứ F9ự FAỳ FBỷ FCỹ FDý FEỵ"
)
_TCVN3 = {int(pair[:2], 16): pair[2] for pair in _TCVN3_BYTES.split()}
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _CIRCUMFLEX, _BREVE = (
    "\u0301",
    "\u0300",
    "\u0309",
    "\u0303",
    "\u0323",
    "\u0302",
    "\u0306",
)
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT, "â": _CIRCUMFLEX, "ê": _BREVE,
    "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = str.maketrans("ñÑôÔöÖóæòÓÆÒîÎ", "đĐơƠưƯĩỉịĨỈỊỵỴ")
_VNI_MARK = "".join(_VNI_MARKS)
_VNI_PAIR = re.compile(rf"([aeiouyAEIOUYôÔöÖ])([{_VNI_MARK}{_VNI_MARK.upper()}])")
_SHOUTED = re.compile(r"\b(?=\w*[A-Z])[A-ZĂÂÊÔƠƯĐà-ỹđăâêôơư]{2,}\b")


def decode_text(data: bytes) -> str:
    """Bytes of a text file as NFC text; raises `PlanUnreadable` plan_unknown_format when they are no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if (wide := _wide(data)) is not None:
        return wide
    if b"\x00" in data[:_SAMPLE]:
        raise PlanUnreadable("plan_unknown_format", ending="")
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8"))
    except UnicodeDecodeError:
        return _legacy(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return unicodedata.normalize("NFC", data.decode(encoding))
    except UnicodeDecodeError as error:
        raise PlanUnreadable("plan_damaged") from error


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of plain letters is nought."""
    sample = data[:_SAMPLE]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[first::2]
        if half and half.count(0) > _NUL_SHARE * len(half) and sample[1 - first :: 2].count(0) == 0:
            return _strictly(data[: len(data) // 2 * 2], encoding)
    return None


def _legacy(data: bytes) -> str:
    """The old code that gives the most Vietnamese words."""
    latin = data.decode("latin-1")
    candidates = (
        unicodedata.normalize("NFC", data.decode("cp1258", errors="replace")),
        from_tcvn3(latin),
        from_vni(latin),
        data.decode("utf-8", errors="replace"),
    )
    return max(candidates, key=_vietnamese)


def _vietnamese(text: str) -> int:
    return len(_COMMON.findall(text[:_SAMPLE]))


def from_tcvn3(latin: str) -> str:
    """TCVN3 (ABC) bytes seen as Latin-1 letters, turned into Vietnamese; shouted words get capitals throughout."""
    text = _SHOUTED.sub(_shout, latin.translate(_TCVN3))
    return "\n".join(line.upper() if _is_shouted(line) else line for line in text.split("\n"))


def _is_shouted(line: str) -> bool:
    letters = [letter for letter in line if letter.isascii() and letter.isalpha()]
    return len(letters) > 2 and all(letter.isupper() for letter in letters)


def _shout(match: re.Match[str]) -> str:
    word = match.group()
    ascii_letters = [letter for letter in word if letter.isascii()]
    return word.upper() if len(ascii_letters) > 1 and all(map(str.isupper, ascii_letters)) else word


def from_vni(latin: str) -> str:
    """VNI bytes (letter and mark) seen as Latin-1 letters, turned into Vietnamese."""
    paired = _VNI_PAIR.sub(lambda match: match[1].translate(_VNI_LETTERS) + "\ue000" + match[2].lower(), latin)
    pieces = re.split(r"\ue000(.)", paired)
    joined = "".join(
        _VNI_MARKS.get(piece, piece) if index % 2 else piece.translate(_VNI_LETTERS)
        for index, piece in enumerate(pieces)
    )
    return unicodedata.normalize("NFC", joined)


def repair_legacy(text: str) -> str:
    """Text typed in an old font (.VnTime, VNI-Times) and saved as if it were Latin letters, made Vietnamese."""
    before = _vietnamese(text)
    if before > len(text[:_SAMPLE].split()) * 0.05:
        return text
    best = max((from_tcvn3(text), from_vni(text)), key=_vietnamese)
    return best if _vietnamese(best) > 2 * before + 5 else text

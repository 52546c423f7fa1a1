"""The foot of a document: who signs in which capacity, and who receives it (Nơi nhận)."""

import re
from dataclasses import dataclass

from domain.plan_document.letters import collapse, is_upper, plain

_RECIPIENTS = re.compile(r"^\W{0,4}noi nhan\b\s*[:.]?\s*")
_CAPACITY = re.compile(r"^(?:tm|kt|tl|tuq|q|t/m)\s?\.\s?\S")
_OFFICE = re.compile(
    r"^(?:pho |quyen |q\. ?)?(?:chu tich|giam doc|truong phong|chanh van phong|truong "
    r"ban|bi thu|chanh thanh tra|truong cong an|chi huy truong)\b"
)
_SIGNED = re.compile(r"^\W*(?:da ky|ky ten|dau|ky,? ?(?:dong|va dong) dau|ky, ghi ro ho ten)\b.*$|^\[.*\]$")
_NAME = re.compile(r"^(?:(?:Ths|ThS|TS|BS|CN|KS|ThS\.Bs)\.?\s*)?(?:[A-ZĐÀ-Ỹ][\wà-ỹđ]*(?:\s+|$)){2,5}$")
_NOT_NAME = re.compile(
    r"\b(?:uy ban|nhan dan|phuong|chu tich|giam doc|ubnd|hdnd|phu luc|danh muc|ke hoach|"
    r"noi nhan|ban|so|phong|van phong)\b"
)
_APPENDIX = re.compile(r"^(?:phu luc|danh muc|bieu|bang phan cong|ke hoach chi tiet)\b")
_COLUMNS = re.compile(r"\s{3,}")
# "- Sở Nội vụ; CHỦ TỊCH": two columns that came together with one blank between.
_SIDE_BY_SIDE = re.compile(
    r"^(?P<left>[^\n]{0,120}?[a-zà-ỹ][^\n]{0,60}?)\s+(?P<right>(?:TM\.|T/M|KT\.|TL\.|"
    r"TUQ\.|PHÓ |QUYỀN |CHỦ TỊCH|GIÁM ĐỐC|"
    r"TRƯỞNG |CHÁNH |BÍ THƯ)[A-ZĐÀ-Ỹ .]{0,60})$"
)
_BULLET = re.compile(r"^[-–—+•*]\s*")
_INLINE = re.compile(r"\s*;\s+[-–]\s+")
_ARCHIVE = re.compile(r"^luu\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Signer and capacity ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH"), and the receivers as printed."""

    signer: str | None
    title: str | None
    recipients: tuple[str, ...]


def split_foot(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Body, foot and appendices of the lines after the head."""
    start = next((index for index, line in enumerate(lines) if _opens_foot(lines, index, line)), len(lines))
    foot_and_more = lines[start:]
    cut = next(
        (
            index
            for index, line in enumerate(foot_and_more)
            if index and (line.startswith("|") or _APPENDIX.match(plain(line.strip()[:40])))
        ),
        len(foot_and_more),
    )
    return lines[:start], foot_and_more[:cut], foot_and_more[cut:]


def _opens_foot(lines: list[str], index: int, line: str) -> bool:
    stripped = line.strip()
    if len(stripped) > 160 or not stripped:
        return False
    folded = plain(stripped)
    if _RECIPIENTS.match(folded):
        return True
    if not is_upper(stripped) or index * 2 < len(lines):
        return False
    return bool(_CAPACITY.match(folded)) or (bool(_OFFICE.match(folded)) and len(stripped) < 40)


def read_signature(foot: list[str]) -> Signature:
    """Signer, capacity and recipients, columns printed side by side taken apart."""
    pieces = [piece for line in foot for piece in _pieces(line)]
    capacity = [piece for piece in pieces if _is_capacity(piece)]
    names = [piece for piece in pieces if _is_name(piece)]
    return Signature(
        signer=names[-1] if names and capacity else None,
        title=collapse(" ".join(capacity)) or None,
        recipients=tuple(_recipients(pieces)),
    )


def _pieces(line: str) -> list[str]:
    parts = [one for part in _COLUMNS.split(line.strip()) for one in _sides(part)]
    return [piece for part in parts if (piece := collapse(part)) and not _SIGNED.match(plain(piece))]


def _sides(part: str) -> tuple[str, ...]:
    match = _SIDE_BY_SIDE.match(part)
    return (match["left"], match["right"]) if match and is_upper(match["right"]) else (part,)


def _is_capacity(piece: str) -> bool:
    folded = plain(piece)
    if not is_upper(piece) or _BULLET.match(piece):
        return False
    return bool(_CAPACITY.match(folded) or _OFFICE.match(folded)) or (
        folded.startswith(("uy ban nhan dan", "ban chi dao", "truong ban")) and len(piece) < 60
    )


def _is_name(piece: str) -> bool:
    if _is_capacity(piece) or not _NAME.match(piece) or piece.endswith((";", ".", ":")):
        return False
    return _NOT_NAME.search(plain(piece)) is None


def _recipients(pieces: list[str]) -> list[str]:
    found: list[str] = []
    inside = False
    for piece in pieces:
        if match := _RECIPIENTS.match(plain(piece)):
            inside, piece = True, piece[match.end() :]
        if not inside or not piece or _is_capacity(piece) or _is_name(piece):
            continue
        bullet = _BULLET.match(piece)
        text = piece[bullet.end() :] if bullet else piece
        if bullet or not found:
            found.append(text)
        else:
            found[-1] = f"{found[-1]} {text}"
    cleaned = [re.sub(r"[\s;,./]+$", "", text) for text in found]
    return [text for text in _apart(cleaned) if text and not _ARCHIVE.match(plain(text))]


def _apart(texts: list[str]) -> list[str]:
    """ "- A; - B; - Lưu: VT" on one line taken apart."""
    return [piece.strip() for text in texts for piece in _INLINE.split(text)]

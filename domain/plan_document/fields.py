"""Labelled fields of an item: Cơ quan tham mưu, Chủ trì, Cơ quan thực hiện, Phối hợp, Thời gian, Kinh phí."""

import re
from dataclasses import dataclass

from domain.plan_document.letters import collapse, plain

_WHO = r"(?:co quan|don vi|bo phan|phong|ban|to chuc|ca nhan|can bo|cong chuc|nguoi|lanh dao)"
_LABELS = (
    (
        "lead",
        rf"(?:{_WHO}(?:,? {_WHO})? )?(?:chu tri(?: thuc hien| tham muu)?|tham muu(?:,? chu "
        r"tri| thuc hien)?|phu trach|dau moi|chiu trach nhiem(?: chinh| chu tri)?)",
    ),
    (
        "implementing",
        rf"(?:{_WHO}(?:,? {_WHO})? |thanh phan )?(?:phoi hop(?: thuc hien)?|cung thuc hien)|"
        rf"(?:{_WHO}(?:,? {_WHO})? )(?:thuc hien|tham gia)|thanh phan thuc hien|phan cong "
        r"thuc hien|phan cong",
    ),
    (
        "period",
        r"thoi gian(?: thuc hien| to chuc| hoan thanh| trien khai| bao cao| du kien|, tien "
        r"do)?|thoi han(?: hoan thanh| thuc hien| bao cao)?|"
        r"tien do(?: thuc hien| hoan thanh)?|hoan thanh|thoi diem(?: thuc hien)?|ngay hoan "
        r"thanh|han hoan thanh",
    ),
    ("outcome", r"san pham(?: dau ra| hoan thanh)?|ket qua(?: dau ra| dat duoc| can dat)?"),
    ("budget", r"(?:nguon )?kinh phi(?: thuc hien| du kien)?|du toan(?: kinh phi)?"),
    ("place", r"dia diem(?: to chuc| thuc hien)?"),
)
_FIELD = re.compile(
    r"(?:^|(?<=[;.(\n])|(?<=[,)]\s))\s*[-+]?\s*(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS)
    + r")\s?:\s*"
)
_AFTER_SENTENCE = re.compile(r"(?<!\bTP)(?<!\bTX)(?<!\bQ)\.\s+(?=[A-ZĐÀ-Ỹ])")
_VALUE_MAX = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One labelled value as printed."""

    name: str
    value: str


def read_fields(text: str) -> list[Field]:
    """Every labelled value of one paragraph, in order."""
    folded = plain(text)
    matches = list(_FIELD.finditer(folded))
    fields = []
    for index, match in enumerate(matches):
        end = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        value = _value(
            text[match.end() : min(end, match.end() + _VALUE_MAX)], bracketed="(" in folded[: match.start() + 1]
        )
        if value:
            fields.append(Field(name=match.lastgroup or "", value=value))
    return fields


def _value(text: str, *, bracketed: bool) -> str:
    value = _AFTER_SENTENCE.split(collapse(text), maxsplit=1)[0]
    if bracketed and value.count(")") > value.count("("):
        value = value[: _unmatched(value)]
    return value.rstrip(" .;,/")


def _unmatched(value: str) -> int:
    depth = 0
    for index, letter in enumerate(value):
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return index
    return len(value)


def is_field_block(text: str) -> bool:
    """Whether a paragraph is nothing but a labelled field."""
    match = _FIELD.match(plain(text))
    return match is not None and match.start() == 0


def without_fields(text: str) -> str:
    """The paragraph up to its first field."""
    match = _FIELD.search(plain(text))
    return text[: match.start()].rstrip(" (") if match else text

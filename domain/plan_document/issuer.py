"""Who issued the document, in full: from the head in capitals, else from the preamble's subject."""

import re
from dataclasses import dataclass

from domain.plan_document.letters import collapse, compose, plain
from domain.plan_document.values import Remark

_AREA = r"(?:phuong|xa|thi tran|dac khu|thi xa|quan|huyen|thanh pho|tinh|tp\.?|tx\.?)"
_BODY = re.compile(
    r"^(?:uy ban nhan dan|ubnd|uy ban mttq|uy ban mat tran|mat tran|hoi dong nhan dan|"
    r"hdnd|thuong truc|so|phong|ban|"
    r"van phong|trung tam|cong an|dang uy|dang bo|chi cuc|truong|tram|doan|hoi|lien "
    r"doan|bo chi huy|cong doan)\b"
)
_AREA_LINE = re.compile(rf"^{_AREA}\b")
_VERB = (
    r"(?:xay dung|ban hanh|lap|kinh trinh|trien khai|to chuc|de ra|thong bao|bao cao|"
    r"quyet dinh|huong dan|trinh)\b"
)
_SUBJECT = re.compile(
    r"(?:^|[,;.:]\s*)(?P<issuer>(?:uy ban nhan dan|ubnd|so|phong|ban|trung tam|van phong|"
    r"dang uy|uy ban mttq|uy ban mat tran|"
    rf"hoi dong nhan dan|cong an)\b(?:\s?\((?:ubnd|hdnd)\))?[^,;:.()]{{1,90}}?)\s+{_VERB}"
)
_SHORT_NAMES = (
    (re.compile(r"^ubnd\b"), "Ủy ban nhân dân"),
    (re.compile(r"^hdnd\b"), "Hội đồng nhân dân"),
    (re.compile(r"^(?:uy ban mttq|ubmttq)(?:vn| viet nam)?\b"), "Ủy ban Mặt trận Tổ quốc Việt Nam"),
)
_BRACKET = re.compile(r"\s?\((?:UBND|HĐND|MTTQ)\)")
_NAMED_AREA = re.compile(r"(phường|xã|thị trấn|đặc khu|thị xã|quận|huyện|thành phố|tỉnh)$")
_AREA_NAMES = {"phuong": "phường", "xa": "xã", "thi tran": "thị trấn", "dac khu": "đặc khu", "thi xa": "thị xã",
               "quan": "quận", "huyen": "huyện", "thanh pho": "thành phố", "tinh": "tỉnh"}  # fmt: skip
_SMALL = {"va", "ve", "cua", "cac", "-"}
_BODY_WORDS = ("Ủy ban nhân dân", "Hội đồng nhân dân", "Mặt trận Tổ quốc Việt Nam", "Văn phòng", "Đảng ủy", "Công an",
               "Trung tâm", "Phòng", "Ban", "Sở", "Đảng bộ", "Hội", "Đoàn")  # fmt: skip

_AREA_INSIDE = re.compile(r"\s(?:phường|xã|thị trấn|đặc khu|thị xã|quận|huyện|thành phố|tỉnh)\s")
_COMPOUND = re.compile(
    r"\b(?:nội vụ|tư pháp|tài chính|kế hoạch|kế toán|văn hóa|văn hoá|thông tin|truyền thông|thể thao|du lịch|"
    r"giáo dục|đào tạo|kinh tế|"
    r"hạ tầng|đô thị|xã hội|lao động|thương binh|y tế|tài nguyên|môi trường|nông nghiệp|khoa học|công nghệ|"
    r"công thương|xây dựng|"
    r"giao thông|vận tải|dân tộc|tôn giáo|phục vụ|hành chính|dân vận|tổ chức|chỉ đạo|quản lý|quân sự|chỉ huy)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The issuer's full name, or None, and what is doubtful about it."""

    name: str | None
    remarks: tuple[Remark, ...] = ()


def find_issuer(header_lines: tuple[str, ...], place: str | None, text: str) -> Issuer:
    """The issuer in full. `text` is the preamble and body, blanks collapsed; `place` the dateline's."""
    name = _from_header(header_lines, text) or _from_preamble(text)
    if name is None:
        return Issuer(name=None, remarks=(Remark(code="issuer_missing", place="issuer"),))
    if not _NAMED_AREA.search(name.lower()):
        return Issuer(name=name)
    if fuller := _fuller_mention(name, text):
        return Issuer(name=fuller)
    if place and place[:1].isupper():
        return Issuer(name=f"{name} {place}", remarks=(Remark(code="issuer_from_place", place="issuer", value=place),))
    return Issuer(name=name, remarks=(Remark(code="issuer_incomplete", place="issuer", value=name),))


def _from_header(lines: tuple[str, ...], text: str) -> str | None:
    bodies: list[str] = []
    for line in lines:
        folded = plain(line)
        if _BODY.match(folded):
            bodies.append(line)
        elif bodies and not _has_area(bodies[-1]):
            bodies[-1] += " " + line
    return in_sentence_case(bodies[-1], text) if bodies else None


def _has_area(line: str) -> bool:
    return re.search(rf"\b{_AREA}\s+\S", plain(line)) is not None


def in_sentence_case(upper: str, text: str) -> str:
    """A name in capitals written as sentences write it, by its mention in the text where there is one."""
    name = _expanded(collapse(upper))
    folded = plain(name)
    at = plain(text).find(folded)
    if at >= 0 and not text[at : at + len(name)].isupper():
        found = text[at : at + len(name)]
        return _head_cased(found[:1].upper() + found[1:])
    return _cased(name)


def _cased(name: str) -> str:
    folded = plain(name)
    head = next((word for word in _BODY_WORDS if folded.startswith(plain(word))), "")
    rest = name[len(head) :].split()
    words = [head] if head else []
    index = 0
    while index < len(rest):
        pair = plain(" ".join(rest[index : index + 2]))
        step = 2 if pair in _AREA_NAMES else 1
        key = pair if step == 2 else plain(rest[index])
        words.append(_AREA_NAMES.get(key) or (rest[index].lower() if key in _SMALL else rest[index].capitalize()))
        index += step
    return _head_cased(_compounds_cased(compose(" ".join(words))))


def _compounds_cased(name: str) -> str:
    """ "Sở Nội Vụ" → "Sở Nội vụ" in the office's part of a name; a ward's own name keeps its capitals."""
    area = _AREA_INSIDE.search(name)
    cut = area.start() if area else len(name)
    return _COMPOUND.sub(lambda match: match.group().capitalize(), name[:cut]) + name[cut:]


def _head_cased(name: str) -> str:
    for word in _BODY_WORDS:
        if plain(name).startswith(plain(word)):
            return word + name[len(word) :]
    return name


def _expanded(name: str) -> str:
    name = _BRACKET.sub("", name)
    for pattern, full in _SHORT_NAMES:
        if match := pattern.match(plain(name)):
            return full + name[match.end() :]
    return name


def _from_preamble(text: str) -> str | None:
    preamble = text[:6000]
    for match in _SUBJECT.finditer(plain(preamble)):
        start, end = match.span("issuer")
        found = collapse(preamble[start:end])
        if found[:1].isupper() and len(found.split()) <= 14:
            return _head_cased(_expanded(found))
    return None


def _fuller_mention(name: str, text: str) -> str | None:
    """The name followed by the area's own name somewhere in the text ("UBND phường" → "… phường An Hòa Đông")."""
    area = _NAMED_AREA.search(name.lower())
    if area is None:
        return None
    word = area[1]
    pattern = re.compile(
        rf"(?:UBND|Ủy ban nhân dân|địa bàn|Công an|Đảng ủy|Đảng bộ)\s+{word}"
        r"((?:\s+[A-ZĐÀ-Ỹ][a-zà-ỹđ]{0,7}){1,4})"
    )
    names = {collapse(match[1]) for match in pattern.finditer(text[:200_000])}
    return f"{name} {names.pop()}" if len(names) == 1 else None

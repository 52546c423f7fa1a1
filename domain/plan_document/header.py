"""The head of an official document (Nghị định 30/2020/NĐ-CP, Phụ lục I): issuer, number, place, day, kind, title."""

import re
from dataclasses import dataclass

from domain.plan_document.dateline import Dateline, Number, find_dateline, find_number
from domain.plan_document.letters import collapse, is_upper, plain
from domain.plan_document.markers import Level, parse_marker
from domain.plan_document.values import DocumentKind

KIND_WORDS = {
    "ke hoach": DocumentKind.PLAN,
    "to trinh": DocumentKind.SUBMISSION,
    "chuong trinh": DocumentKind.PROGRAMME,
    "phuong an": DocumentKind.PROGRAMME,
    "quyet dinh": DocumentKind.DECISION,
    "nghi quyet": DocumentKind.RESOLUTION,
    "quy che": DocumentKind.REGULATION,
    "quy dinh": DocumentKind.REGULATION,
    "thong bao": DocumentKind.NOTICE,
    "bao cao": DocumentKind.REPORT,
    "huong dan": DocumentKind.GUIDANCE,
}
HEADER_LINES_MAX = 90
TITLE_LINES_MAX = 8
TITLE_LETTERS_MAX = 600
_KIND = re.compile(rf"^({'|'.join(KIND_WORDS)})\b\s*[:.\-–]?\s*")
_WARD_NAMED = re.compile(r"^ph[ườ]+ng\s+an\b", re.IGNORECASE)  # "PHƯỜNG AN …" is no "PHƯƠNG ÁN"
_SPACED = re.compile(r"^(?:\S ){5,}\S$")
_MOTTO = re.compile(
    r"c[o0]ng h[o0]a xa h[o0]i chu nghia viet(?: nam)?|d[o0]c lap\s*[-–—.]?\s*tu do\s*[-–—.]?\s*hanh "
    r"phuc|dang cong san viet nam"
)
_CITED = (
    r"(?:ke hoach|chi thi|quyet dinh|cong van|nghi quyet|chuong trinh|thong bao|huong "
    r"dan|ket luan|luat|nghi dinh|thong tu|van ban|cong dien|quy dinh|phap lenh)"
)
_PREAMBLE = re.compile(
    r"^(?:can cu|nham |de |theo |xet |trien khai thuc hien|thuc hien|tiep tuc thuc hien|"
    r"thi hanh|kinh gui|trong nam|nam 20\d\d,|"
    r"uy ban nhan dan|ubnd|dang uy|hdnd|so |phong |ban |van phong)"
)
_CITING = re.compile(
    rf"^(?:thuc hien|trien khai thuc hien|tiep tuc thuc hien|thi hanh|theo)\s+(?:cac\s+)?{_CITED}\b.{{0"
    r",60}}?(?:so\b|\d)"
)
_SUBJECT = re.compile(r"^v/v\s*:?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the head says, and where the body begins (index of a line)."""

    kind: DocumentKind
    title: str | None
    number: Number | None
    dateline: Dateline | None
    dateline_text: str | None
    issuer_lines: tuple[str, ...]
    body_start: int


def read_header(lines: list[str]) -> Header:
    """Head of a document whose columns may have come apart in any order."""
    title_line = _title_line(lines)
    body_start, title = _read_title(lines, title_line) if title_line is not None else (_first_section(lines), None)
    zone = lines[: body_start if title_line is None else title_line]
    number, dateline, dateline_text = _number_and_day(lines, zone, title_line, body_start)
    kind = _kind_of(lines[title_line]) if title_line is not None else DocumentKind.UNKNOWN
    if title is None and (subject := _subject(zone)):
        title, kind = subject, DocumentKind.LETTER
    return Header(
        kind=kind,
        title=title,
        number=number,
        dateline=dateline,
        dateline_text=dateline_text,
        issuer_lines=tuple(_issuer_lines(zone)),
        body_start=body_start,
    )


def _kind_of(line: str) -> DocumentKind:
    match = _KIND.match(plain(_unspaced(line.strip())))
    return KIND_WORDS[match[1]] if match else DocumentKind.UNKNOWN


def _unspaced(line: str) -> str:
    """ "K Ế   H O Ạ C H" written together again."""
    if _SPACED.match(collapse(line)):
        return " ".join(word.replace(" ", "") for word in re.split(r"\s{2,}", line.strip()))
    return line


def _title_line(lines: list[str]) -> int | None:
    for index, raw in enumerate(lines[:HEADER_LINES_MAX]):
        line = _unspaced(raw.strip())
        match = _KIND.match(plain(line[:60]))
        if match and _WARD_NAMED.match(line) is None and (is_upper(line[: match.end(1)]) or match.end() == len(line)):
            return index
        marker = parse_marker(line) if line else None
        if marker and marker.level <= Level.ROMAN and index > 0:
            return None
    return None


def _first_section(lines: list[str]) -> int:
    for index, line in enumerate(lines[:HEADER_LINES_MAX]):
        stripped = line.strip()
        marker = parse_marker(stripped) if stripped else None
        opens = plain(stripped[:20]).startswith(("can cu ", "kinh gui"))
        if opens or stripped.startswith("|") or (marker and marker.level <= Level.ARABIC_2):
            return index
    return 0


def _read_title(lines: list[str], start: int) -> tuple[int, str | None]:
    """Index of the first line after the title, and the title with its lines joined."""
    first = _unspaced(lines[start].strip())
    match = _KIND.match(plain(first))
    pieces = [first[match.end() :].strip()] if match and match.end() < len(first) else []
    index = start + 1
    while index < len(lines) and len(pieces) < TITLE_LINES_MAX:
        line = lines[index].strip()
        if line and _ends_title(line, pieces):
            break
        if line and not _is_header_remnant(line):
            pieces.append(line)
        index += 1
    title = collapse(" ".join(pieces)).strip(" .:")
    return index, title[:TITLE_LETTERS_MAX] or None


def _is_header_remnant(line: str) -> bool:
    return bool(_MOTTO.search(plain(line)) or find_number(line) or find_dateline(line))


def _ends_title(line: str, pieces: list[str]) -> bool:
    folded = plain(line[:160])
    if line.startswith("|") or folded.startswith(("kinh gui", "can cu ")):
        return True
    marker = parse_marker(line)
    if marker is not None and marker.level is not Level.DASH:
        return True
    if not pieces:
        return False
    if is_upper(line) and not is_upper(pieces[-1]) and _AUTHORITY.match(folded):
        return True
    if line.startswith("(") or line[:1].islower():
        return False
    if _CITING.match(folded):
        return True
    return not is_upper(line) and bool(_PREAMBLE.match(folded)) and not plain(pieces[-1]).endswith(_OPEN)


_AUTHORITY = re.compile(r"^(?:uy ban nhan dan|hoi dong nhan dan|chu tich|giam doc|ban chi dao)\b")
_OPEN = (" va", " ve", " cua", ",", " tai", " cho", " viec", " theo", " -")


def _number_and_day(
    lines: list[str], zone: list[str], title_line: int | None, body_start: int
) -> tuple[Number | None, Dateline | None, str | None]:
    after = lines[title_line:body_start] if title_line is not None else []
    candidates = [line for line in (*zone, *after) if line]
    numbers = [found for line in candidates if (found := find_number(line))]
    number = next((found for found in numbers if found.number), numbers[0] if numbers else None)
    for line in candidates:
        text = _without_number(_without_motto(line))
        if dateline := find_dateline(text):
            return number, dateline, text
    return number, None, None


def _without_motto(line: str) -> str:
    return _cut(line, [match.span() for match in _MOTTO.finditer(plain(line))])


def _without_number(line: str) -> str:
    found = find_number(line)
    return _cut(line, [found.span]) if found else line


def _cut(line: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        line = f"{line[:start]}   {line[end:]}"
    return line


def _issuer_lines(zone: list[str]) -> list[str]:
    """What is left of the head in capitals once motto, number and day are taken away."""
    kept = []
    for raw in zone:
        line = _without_number(_without_motto(raw))
        if found := find_dateline(line):
            line = _cut(line, [found.span])
        line = collapse(line.strip(" |-–—_*.…"))
        if len(line) > 2 and is_upper(line) and not plain(line).startswith(("du thao", "kinh gui", "v/v", "nam")):
            kept.append(line)
    return kept


def _subject(zone: list[str]) -> str | None:
    for line in zone:
        if match := _SUBJECT.match(plain(line.strip())):
            return collapse(line.strip()[match.end() :]).strip(" .") or None
    return None

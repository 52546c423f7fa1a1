"""The line of place and day ("An Hòa Đông, ngày 5 tháng 1 năm 2026") and the document's number."""

import re
from dataclasses import dataclass

from domain.plan_document.dates import is_possible
from domain.plan_document.letters import collapse, plain, plain_with_case
from domain.plan_document.values import Remark

_BLANK = r"[\s.…_]*"
_DATELINE = re.compile(
    rf"(?P<place>[a-z][a-z'’.\- ]{{0,60}}?)\s*[,.;]\s*ngay(?P<day>{_BLANK}\d{{0,2}}){_BLANK}(?:thang|/)"
    rf"(?P<month>{_BLANK}\d{{0,2}}){_BLANK}(?:nam|/)(?P<year>{_BLANK}(?:\d{{4}}|20{_BLANK})?)"
)
_NUMBER = re.compile(
    r"(?:(?<![\w/])s[o06]\s?[:;]|^\s*so(?=\s+\d))\s*(?P<digits>[\d\s.…_]{0,12}?)(?P<year>/\s?20\d\d(?=\s?/))?\s*(?P<sign>["
    r"/\-–]\s?[A-ZĐ][A-Za-zĐđ]{0,5}"
    r"(?:\s?[-–/&.]\s?[A-ZĐ][A-ZĐa-zđ&]{0,12}){0,3})",
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"[/\-]\s?(KH|TTr|CTr|QD|NQ|QC|TB|BC|HD|CV|PA)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """Place and day; `issued_on` is `YYYY-MM-DD`, `YYYY-MM` or `YYYY` where the rest is blank. `span` in the line."""

    place: str | None
    issued_on: str | None
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """The document's number, None where only the symbol is printed; `symbol` without blanks ("/KH-UBND")."""

    number: str | None
    symbol: str
    span: tuple[int, int]


def find_number(line: str) -> Number | None:
    """The number of a header line, inner blanks removed."""
    match = _NUMBER.search(plain_with_case(line[:300]))
    if match is None:
        return None
    start, end = match.span("sign")
    symbol = _undoubled(re.sub(r"\s+", "", line[start:end]).replace("–", "-").rstrip("-./"))
    digits = re.sub(r"\D", "", match["digits"])
    year = re.sub(r"\s", "", match["year"] or "")
    return Number(number=digits + year + symbol if digits else None, symbol=symbol, span=match.span())


def _undoubled(symbol: str) -> str:
    return re.sub(r"--+", "-", symbol)


def find_dateline(line: str) -> Dateline | None:
    """Place and day of a header line."""
    match = _DATELINE.search(plain(line[:400]))
    if match is None:
        return None
    start, end = match.span("place")
    place = collapse(line[start:end].strip(" .…-–"))
    return Dateline(place=place or None, issued_on=_issued_on(match), span=match.span())


def _issued_on(match: re.Match[str]) -> str | None:
    day, month, year = (re.sub(r"\D", "", match[name]) for name in ("day", "month", "year"))
    if len(year) != 4:
        return None
    if not month or not 1 <= int(month) <= 12:
        return year
    if not day or not is_possible(int(day), int(month), int(year)):
        return f"{year}-{int(month):02d}"
    return f"{year}-{int(month):02d}-{int(day):02d}"


def dateline_remarks(line: str | None, number: Number | None) -> list[Remark]:
    """What is left blank or impossible in the number and the day."""
    remarks = [] if number and number.number else [Remark(code="number_blank", place="number")]
    match = _DATELINE.search(plain(line[:400])) if line else None
    if match is None:
        return [*remarks, Remark(code="date_missing", place="issued_on")]
    written = _issued_on(match)
    if written is None or len(written) < len("2026-01-01"):
        impossible = bool(re.search(r"\d", match["day"]) and re.search(r"\d", match["month"]) and written)
        code = "date_impossible" if impossible else "date_incomplete"
        remarks.append(Remark(code=code, place="issued_on", value=written or ""))
    return remarks

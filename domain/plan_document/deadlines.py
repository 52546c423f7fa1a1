"""Last days and periods: "trước ngày" exclusive, bare dates inclusive, months and quarters periods only."""

import re
from dataclasses import dataclass

from domain.plan_document.dates import DATE, PrintedDate, find_dates, from_match
from domain.plan_document.letters import collapse, plain
from domain.plan_document.values import Deadline

_UNTIL = (
    r"(?:truoc (?:hoac )?trong|truoc|cham nhat|muon nhat|khong qua|khong muon hon|den "
    r"het|het|han cuoi|han chot|"
    r"thoi han|hoan thanh|den|vao|trong|xong|du kien|lui nhat)"
)
_LINK = (
    r"(?:\s+(?:la|vao|den|truoc|trong|het|cung|luc|nhat|gio|khoang|\d{1,2}\s?(?:gio|"
    r"h)\s?\d{0,2},?|thoi diem|sang|chieu))*"
)
_DAY = r"(?:\s*:)?\s*(?:ngay\s+)?"
_TRIGGERED = re.compile(rf"\b(?P<trigger>{_UNTIL}{_LINK}){_DAY}{DATE}")
_WINDOW = re.compile(
    r"\btu\s+(?:ngay\s+)?\d{1,2}(?:\s?[/.\-]\s?\d{1,2}){0,2}(?:\s?[/.\-]\s?\d{4})?(?:\s+thang\s+\d{1,2"
    r"}(?:\s+nam\s+\d{4})?)?"
    rf"\s*(?:den|toi|-|–)\s*(?:het\s+)?(?:ngay\s+)?{DATE}"
)
_SHORT_WINDOW = re.compile(rf"(?:ngay\s+)\d{{1,2}}(?:/\d{{1,2}})?\s*[-–]\s*{DATE}")
_PERIODIC = re.compile(
    r"(?P<text>(?:dinh ky\s+)?(?:hang |hang nam |)(?:(?:0?6|sau|0?9|12) thang(?: dau "
    r"nam| cuoi nam)?|(?:0?1|mot) nam|"
    rf"(?:ca |cuoi |hang )?nam|quy [ivx1-4]{{1,3}})\s*[(:]\s*(?:truoc\s+)?{_DAY}{DATE}\s*\)?)"
)
_MONTHLY = re.compile(
    r"\b(?:(?:truoc|cham nhat|vao|den|muon nhat)(?:\s+(?:la|vao))?\s+)?ngay\s+(?:mung\s+)?\d{1,2}"
    r"(?:\s*(?:,|va)\s*(?:ngay\s+)?\d{1,2})*\s+"
    r"(?:h[a]ng\s+(?:thang|quy)|moi thang|cua thang(?:\s+cuoi)?(?:\s+(?:quy|moi quy|sau|lien ke|ke tiep))*|"
    r"thang\s+(?:cuoi\s+(?:moi\s+|cua\s+)?quy|sau|lien ke|ke tiep)|cac thang[^.;]{0,30})"
)
_RELATIVE = re.compile(
    r"\b(?:trong (?:thoi han|vong|thoi gian)|cham nhat(?: la)?|sau|truoc|khong qua|it "
    r"nhat)\s+(?:\d{1,3}|mot|hai|ba|nam|bay|muoi)"
    r"(?:\s?\([^)]{1,20}\))?\s+(?:ngay|gio)(?: lam viec)?(?:,?\s+(?:ke tu|tinh tu|tu "
    r"(?:ngay|khi)|sau khi|truoc ngay|sau ngay|truoc khi)"
    r"[^,.;:()]{0,60})?"
)
_RELATIVE_ANCHOR = re.compile(
    r"trong |cham nhat|khong qua|ke tu|tinh tu|tu (?:ngay|khi)|sau khi|truoc ngay|truoc "
    r"khi|sau ngay"
)
_CITED_AFTER = re.compile(
    r"\s*(?:cua|ve viec|ve|do)\s+(?:bo|chinh|quoc|thu|ban|uy|ubnd|hdnd|hoi|tinh|thanh|"
    r"trung|cap)"
)
_NOT_A_LIMIT = re.compile(r"(?:tinh|hieu luc|cong bo|thong qua|ky|sinh|so lieu)(?:\s+thi hanh)?(?:\s+tu)?\s+$")
_WEAK = re.compile(r"^(?:den|vao|trong|hoan thanh|du kien|xong|het|thoi han)")
_NUMBERED_BEFORE = re.compile(r"\d{1,5}\s?/?(?:\d{4}/)?[-/]?[a-zđ]{2,8}[-/][a-z\-]{1,12},?\s*$")
_PERIOD_PHRASE = re.compile(
    r"\b(?:(?:xong |hoan thanh |ngay |ngay trong |trong |vao |den het |het |cuoi |dau "
    r")+(?:thang \d{1,2}(?:\s?,\s?\d{1,2}(?!\d))*"
    r"(?:(?:\s?/\s?|\s+nam\s+)\d{4})?(?!/?\d)|quy (?:iv|i{1,3}|[1-4])(?![a-z])(?:(?:\s?/\s?|\s+nam\s+)\d{4})?)|"
    r"tu (?:thang|quy) [\divx]{1,3}(?:\s?/\s?\d{4})?\s+(?:den|-)\s+(?:het\s+)?(?:thang|"
    r"quy) [\divx]{1,3}(?:(?:\s?/\s?|\s+nam\s+)\d{4})?|"
    r"vao (?:ngay|tuan|dip) [a-z ]{3,30}? h[a]ng (?:thang|quy|nam|tuan))"
)
_PERIOD_LEAD = re.compile(r"^(?:(?:xong|hoan thanh|vao)\s+)+")
_SUBJECT_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDeadline:
    """A deadline, its letters in the text, and the date with the plan's year put in where none is printed."""

    deadline: Deadline
    start: int
    end: int
    due: str | None


def find_deadlines(text: str, plan_year: int | None, *, bare: bool = False) -> list[FoundDeadline]:
    """Every last day of a text in order. `bare`: a time field, where a date needs no word before it."""
    scan = _Scan(text, plan_year)
    for pattern in (_WINDOW, _PERIODIC, _TRIGGERED, *((_SHORT_WINDOW,) if bare else ())):
        for match in pattern.finditer(scan.folded):
            if scan.is_free(*match.span()) and _is_limit(scan.folded, match, pattern, bare=bare):
                scan.add_dated(match)
    for pattern in (_MONTHLY, _RELATIVE):
        for match in pattern.finditer(scan.folded):
            if scan.is_free(*match.span()) and (pattern is _MONTHLY or _RELATIVE_ANCHOR.search(match.group())):
                scan.add(match.start(), match.end(), None, exclusive=match.group().startswith("truoc"))
    scan.add_following(bare=bare)
    return sorted(scan.found.values(), key=lambda one: one.start)


class _Scan:
    """One text while its deadlines are being found: what is taken cannot be found again."""

    def __init__(self, text: str, plan_year: int | None) -> None:
        self.text = text
        self.folded = plain(text)
        self.plan_year = plan_year
        self.found: dict[int, FoundDeadline] = {}  # by the letter each ends at
        self._taken = bytearray(len(text))

    def is_free(self, start: int, end: int) -> bool:
        return not any(self._taken[start:end])

    def add_dated(self, match: re.Match[str]) -> None:
        words = match.group()
        exclusive = _BEFORE_DAY.search(words) is not None and _AT_HOUR.search(words) is None
        lead = _DONE.match(words)
        self.add(match.start() + (lead.end() if lead else 0), match.end(), from_match(match), exclusive=exclusive)

    def add(self, start: int, end: int, printed: PrintedDate | None, *, exclusive: bool) -> None:
        deadline = Deadline(
            date=printed.written if printed else None,
            text=_verbatim(self.text, start, end),
            exclusive=exclusive,
            subject=_subject(self.text, start),
        )
        due = printed.in_year(self.plan_year) if printed else None
        self._taken[start:end] = b"\1" * (end - start)
        self.found[end] = FoundDeadline(deadline=deadline, start=start, end=end, due=due)

    def add_following(self, *, bare: bool) -> None:
        """ "trước ngày 20/6 và 20/12": a second date after "và"; in a time field, any date left."""
        for printed in find_dates(self.folded):
            if not self.is_free(printed.start, printed.end):
                continue
            before = self._joined_before(printed.start)
            if before is None and not bare:
                continue
            start = printed.start
            if self.folded[max(0, start - 5) : start] == "ngay ":
                start -= 5
            self.add(start, printed.end, printed, exclusive=bool(before and before.deadline.exclusive))

    def _joined_before(self, at: int) -> FoundDeadline | None:
        for end in range(at, max(0, at - 14), -1):
            if end in self.found:
                return self.found[end] if _AND_DATE.match(self.folded[end:at]) else None
        return None


_BEFORE_DAY = re.compile(r"\btruoc\b(?! hoac)(?! trong)")
_AT_HOUR = re.compile(r"\d\s?(?:gio|h)\b")  # "trước 17 giờ ngày 29/8": the day itself is in time
_DONE = re.compile(r"(?:hoan thanh|xong)\s+(?=truoc|cham|muon|den|trong|vao|khong|ngay)")
_AND_DATE = re.compile(r"\s*(?:,|;|va|hoac)\s*(?:ngay\s+)?$")


def _is_limit(folded: str, match: re.Match[str], pattern: re.Pattern[str], *, bare: bool) -> bool:
    if from_match(match) is None:
        return False
    if pattern is not _TRIGGERED or bare:
        return True
    before = folded[max(0, match.start() - 40) : match.start()]
    if _NOT_A_LIMIT.search(before) or _NUMBERED_BEFORE.search(before):
        return False
    return not (_WEAK.match(match["trigger"]) and _CITED_AFTER.match(folded[match.end() : match.end() + 30]))


def _verbatim(text: str, start: int, end: int) -> str:
    piece = collapse(text[start:end])
    if piece.endswith(")") and "(" not in piece:
        piece = piece[:-1]
    return piece.strip(" ,;.")


def _subject(text: str, at: int) -> str:
    window = text[max(0, at - _SUBJECT_MAX) : at]
    clause = re.split(r"[.;:,()\n]", window.rstrip(" (,"))[-1]
    return collapse(clause).strip(" -–")


def find_period(text: str) -> str | None:
    """A month, quarter or monthly day in running text, verbatim without "xong", "hoàn thành", "vào"."""
    folded = plain(text)
    for match in _PERIOD_PHRASE.finditer(folded):
        if re.match(r"truoc|sau", folded[max(0, match.start() - 6) : match.start()].strip() or "-"):
            continue
        lead = _PERIOD_LEAD.match(match.group())
        start = match.start() + (lead.end() if lead else 0)
        return _verbatim(text, start, match.end())
    return None

"""Report duties: what is owed (month, quarter, 6 months, year, a plan), by whom, to whom, by which day."""

import re
from dataclasses import dataclass

from domain.plan_document.deadlines import FoundDeadline, find_deadlines
from domain.plan_document.letters import collapse, plain
from domain.plan_document.sentences import sentences
from domain.plan_document.units import find_unit, is_generic
from domain.plan_document.values import ReportDuty, ReportKind

_REPORT = re.compile(r"\bbao cao\b")
_KINDS = re.compile(
    r"\b(?:(?P<quarter>(?:h[a]ng |moi |tung |dinh ky )?quy\b(?: (?:iv|i{1,3}|[1-4])\b)?(?! "
    r"(?:che|dinh|dat|uoc|hoach|trinh|nguoi)))|"
    r"(?P<six>(?:0?6|sau) thang)|(?P<nine>(?:0?9|chin) thang|(?:h[a]ng |moi )tuan)|"
    r"(?P<year>(?<=bao cao )nam(?: \d{4})?|(?:12 thang|(?:0?1|mot) nam|(?:ca |cuoi |"
    r"h[a]ng )nam|nam(?! (?:\d|ham|vung|giu|vu|o )))(?: \d{4})?)|"
    r"(?P<month>(?:h[a]ng |moi |tung )thang|thang(?= *(?:,|;|va|\()| h[a]ng)|(?<=dinh "
    r"ky )thang\b|(?<=bao cao )thang\b))"
)
_CHAIN = re.compile(r"^[\s,;()]*(?:va|hoac|dinh ky|bao cao|h[a]ng)?[\s,;()]*(?:va|dinh ky|h[a]ng)?\s*$")
_PURPOSE = re.compile(r"(?:de|nham|phuc vu)(?: kip thoi)?(?: viec)?(?: tong hop| theo doi)?(?:,| va)?\s*$")
_OTHERS_DUTY = re.compile(r"(?:tong hop|xem xet)(?:,| va| de)?\s*$")
_NO_DUTY = re.compile(
    r"(?:nghe|xem|trong|cac|hoi nghi|tai|theo|mau|noi dung|de cuong|che do thong tin|"
    r"cong tac thong tin)\s*,?\s*$"
)
_TO = re.compile(
    r"\b(?:gui(?: ket qua| bao cao| van ban)?(?: ve| cho| den| toi)?|ve|len|cho|den|"
    r"voi|toi|trinh|bao cao(?: ket qua| len| voi| cho)?)\s+"
)
_VIA = re.compile(r"\s*\(\s*(?:thong )?qua\s+[^()]{2,120}\)")
_SEND_PLAN = re.compile(
    r"(?:xay dung|ban hanh|lap|hoan thanh|gui|dang ky)(?:\s+va\s+(?:gui|ban hanh|trien "
    r"khai))?[^.;]{0,40}?\bke hoach\b|\bke hoach\b[^.;]{0,80}?\bgui\b"
)
_SEND = re.compile(r"\bgui\b")
_RUNNING_PLAN = re.compile(r"trien khai (?:thuc hien )?(?:cac )?ke hoach")
_PARAGRAPH_LETTERS = 20_000  # what is longer is no paragraph of a plan
_SENTENCE_LETTERS = 3_000
_CHAIN_GAP = 60
_BEFORE_MAX = 260


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyContext:
    """Where a paragraph stands: the item's heading path, who is meant when the sentence does not say, plan's year."""

    heading: str
    by: str | None
    plan_year: int | None


def find_duties(text: str, context: DutyContext) -> list[ReportDuty]:
    """Every report duty of one paragraph."""
    duties: list[ReportDuty] = []
    sent_to: str | None = None
    for whole in _with_sending(text[:_PARAGRAPH_LETTERS]):
        sentence = whole[:_SENTENCE_LETTERS]
        duties += _plan_duties(sentence, context)
        duties += _report_duties(sentence, context, sent_to)
        sent_to = _sent_to(sentence) or sent_to
    return duties


def _with_sending(text: str) -> list[str]:
    """Sentences, a clause that begins with "gửi" joined to what is sent."""
    joined: list[str] = []
    for _, sentence in sentences(text):
        if joined and plain(sentence[:8]).lstrip().startswith("gui ") and len(joined[-1]) < _SENTENCE_LETTERS:
            joined[-1] = f"{joined[-1]},{sentence}"
        else:
            joined.append(sentence)
    return joined


def _plan_duties(sentence: str, context: DutyContext) -> list[ReportDuty]:
    folded = plain(sentence)
    send = _SEND.search(folded)
    if send is None or not _SEND_PLAN.search(folded) or _RUNNING_PLAN.search(folded[: send.start()]):
        return []
    report = _REPORT.search(folded)
    if report and report.start() < send.start():
        return []
    to = _recipient(sentence, send.start())
    limit = next((one for one in find_deadlines(sentence, context.plan_year)), None)
    if to is None and limit is None:
        return []
    return [_duty(ReportKind.PLAN, _subject(sentence, send.start()) or context.by, to, limit, sentence, context)]


def _report_duties(sentence: str, context: DutyContext, sent_to: str | None) -> list[ReportDuty]:
    folded = plain(sentence)
    first = next((match for match in _REPORT.finditer(folded) if _is_duty(sentence, folded, match)), None)
    if first is None:
        return []
    limits = find_deadlines(sentence, context.plan_year, bare=False)
    kinds = _kinds(folded, first.start(), limits)
    to = _recipient(sentence, first.start()) or _recipient_before(sentence, first.start())
    if not kinds:
        if to is None and not limits:
            return []
        kinds = [(ReportKind.OTHER, first.start(), first.end())] * max(1, len(limits))
    elif to is None:
        to = sent_to
    by = _subject(sentence, first.start()) or context.by
    dues = _pair(kinds, limits)
    return [_duty(kind, by, to, due, sentence, context) for (kind, _, _), due in zip(kinds, dues, strict=True)]


def _is_duty(sentence: str, folded: str, match: re.Match[str]) -> bool:
    before = folded[max(0, match.start() - 60) : match.start()]
    if _PURPOSE.search(before) or _NO_DUTY.search(before):
        return False
    return not (_OTHERS_DUTY.search(before) and _TO_UNIT_BEFORE.search(before) and _names_unit(sentence, match.start()))


_TO_UNIT_BEFORE = re.compile(r"\b(?:ve|gui|cho|den)\s+\w")


def _names_unit(sentence: str, at: int) -> bool:
    """Whether "gửi về Văn phòng … tổng hợp, báo cáo …" has its recipient before."""
    return _recipient_before(sentence, at) is not None


def _kinds(folded: str, at: int, limits: list[FoundDeadline]) -> list[tuple[ReportKind, int, int]]:
    """The kinds that belong to the report: chained to each other or right beside the word."""
    matches = [match for match in _KINDS.finditer(folded) if not _inside(match, limits)]
    chosen: list[tuple[ReportKind, int, int]] = []
    for match in matches:
        if _is_named(folded, match, at, chosen) or _chain_starts(folded, match, matches):
            kind = _kind(match)
            if all(kind is not known or kind is ReportKind.OTHER for known, _, _ in chosen):
                chosen.append((kind, match.start(), match.end()))
    return chosen


def _inside(match: re.Match[str], limits: list[FoundDeadline]) -> bool:
    """A word inside a printed date ("năm 2024") is none; "6 tháng (20/5)" keeps its kind."""
    return any(
        one.deadline.date is not None
        and one.start <= match.start() < one.end
        and "(" not in one.deadline.text
        and ":" not in one.deadline.text
        for one in limits
    )


def _is_named(folded: str, match: re.Match[str], at: int, chosen: list[tuple[ReportKind, int, int]]) -> bool:
    before = folded[max(0, match.start() - _CHAIN_GAP) : match.start()]
    if re.search(
        r"(?:bao cao|dinh ky|so lieu|tong ket|so ket)(?:\s+(?:ket qua|dinh ky|so lieu|tinh "
        r"hinh|theo|cong tac|nhanh))*\s*[:(]?\s*$",
        before,
    ):
        return True
    if re.match(
        r"\s*,?\s*(?:gui |nop )?(?:truoc|cham nhat|vao ngay|:|- ?ngay)", folded[match.end() : match.end() + 30]
    ):
        return True
    if match.group().startswith("dinh ky ") or re.search(r"\bcuoi (?:moi |cua )?$", before):
        return True
    if chosen and _CHAIN.match(folded[chosen[-1][2] : match.start()]):
        return True
    if re.match(r"(?:h[a]ng|moi) ", match.group()):
        return abs(match.start() - at) < 2 * _CHAIN_GAP
    if match.start() < at and re.match(r"^[\s,;]*(?:va )?(?:tong hop,? |lap |co )?$", folded[match.end() : at]):
        return True
    return _follows_dated(folded, match, chosen)


def _follows_dated(folded: str, match: re.Match[str], chosen: list[tuple[ReportKind, int, int]]) -> bool:
    """ "6 tháng trước ngày 10/6 và năm …": a second kind after the first one's day."""
    if not chosen:
        return False
    between = folded[chosen[-1][2] : match.start()]
    joined = re.search(r"(?:\bbao cao|\bva|,)\s*$", between) is not None
    return joined and len(between) < 2 * _CHAIN_GAP and re.search(r"\d{1,2}/\d{1,2}|\bbao cao\s*$", between) is not None


def _chain_starts(folded: str, match: re.Match[str], matches: list[re.Match[str]]) -> bool:
    """ "6 tháng (20/5), một năm (20/11)": a kind with its own day in brackets."""
    return bool(re.match(r"\s*\(\s*(?:truoc\s+)?(?:ngay\s+)?\d{1,2}[/ ]", folded[match.end() : match.end() + 24]))


def _kind(match: re.Match[str]) -> ReportKind:
    names = {
        "quarter": ReportKind.QUARTER,
        "six": ReportKind.SIX_MONTHS,
        "nine": ReportKind.OTHER,
        "year": ReportKind.YEAR,
        "month": ReportKind.MONTH,
    }
    return names[match.lastgroup or "nine"]


def _pair(kinds: list[tuple[ReportKind, int, int]], limits: list[FoundDeadline]) -> list[FoundDeadline | None]:
    """Which day belongs to which kind: as many days as kinds in order, else the day after its kind."""
    if len(limits) == len(kinds):
        return list(limits)
    if len(kinds) == 1:
        return [limits[0] if limits else None]
    dues: list[FoundDeadline | None] = [None] * len(kinds)
    for limit in limits:
        before = [index for index, (_, start, _) in enumerate(kinds) if start < limit.end]
        index = before[-1] if before else 0
        if dues[index] is None:
            dues[index] = limit
    return dues


def _recipient(sentence: str, at: int) -> str | None:
    """The first unit after "gửi", "về", "cho" or "báo cáo" from `at` on, with a "(qua …)" right behind it."""
    folded = plain(sentence)
    for match in _TO.finditer(folded, at):
        start = match.end()
        if found := find_unit(sentence, start):
            if is_generic(found):
                continue
            return found + _via(sentence, start, found)
    return None


def _recipient_before(sentence: str, at: int) -> str | None:
    folded = plain(sentence[:at])
    for match in _TO.finditer(folded, max(0, at - _BEFORE_MAX)):
        if (found := find_unit(sentence, match.end())) and not is_generic(found):
            return found + _via(sentence, match.end(), found)
    return None


def _via(sentence: str, start: int, name: str) -> str:
    window = sentence[start : start + len(name) + 160]
    at = collapse(window).find(name)
    match = _VIA.match(plain(window), at + len(name)) if at >= 0 else None
    return " " + collapse(window[match.start() : match.end()]) if match else ""


def _sent_to(sentence: str) -> str | None:
    send = _SEND.search(plain(sentence))
    return _recipient(sentence, send.start()) if send else None


def _subject(sentence: str, at: int) -> str | None:
    """The units that stand directly before the verb ("…, các cơ quan, UBND các xã, phường báo cáo")."""
    starts = [
        0,
        *(match.end() for match in re.finditer(r"[,;:)]\s+|\b(?:giao|de nghi|yeu cau)\s+", plain(sentence[:at]))),
    ]
    for start in starts[:40]:
        found = find_unit(sentence, start)
        if found is None:
            continue
        end = sentence.find(found[-12:], start) + len(found[-12:])
        rest = plain(sentence[end:at]).strip(" ,")
        if end <= at and (not rest or _ONLY_VERBS.match(rest)):
            return found
    return None


_ONLY_VERBS = re.compile(
    r"^(?:va|co trach nhiem|chiu trach nhiem|chu dong|thuc hien|tong hop|che do|dinh "
    r"ky|gui|lap|xay dung|kip thoi|nghiem tuc|phai|can|day du|thong tin|,|ket qua|[ "
    r"])+$"
)


def _duty(
    kind: ReportKind,
    by: str | None,
    to: str | None,
    limit: FoundDeadline | None,
    sentence: str,
    context: DutyContext,
) -> ReportDuty:
    return ReportDuty(
        kind=kind,
        by=by,
        to=to,
        due=limit.due if limit else None,
        exclusive=bool(limit and limit.deadline.exclusive),
        text=collapse(sentence),
        heading=context.heading,
    )

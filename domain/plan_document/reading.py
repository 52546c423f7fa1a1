"""From the text of an administrative document to its parts; the one way in."""

import re

from domain.plan_document.blocks import read_blocks
from domain.plan_document.dateline import dateline_remarks
from domain.plan_document.header import Header, read_header
from domain.plan_document.issuer import find_issuer
from domain.plan_document.items import Found, add_paragraph_duties, read_body
from domain.plan_document.letters import collapse, compose, plain
from domain.plan_document.lines import clean_lines
from domain.plan_document.outline import build_outline, drop_closing
from domain.plan_document.references import find_references
from domain.plan_document.signature import Signature, read_signature, split_foot
from domain.plan_document.values import DocumentKind, PlanDocument, PlanUnreadable, Remark

TEXT_LETTERS_MAX = 250_000  # some seventy pages; the longest ward plan seen has twelve
LINES_MAX = 12_000  # a plan of seventy pages has some three thousand
LETTERS_MIN = 40
VIETNAMESE_SHARE_MIN = 0.04
_VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_LETTER = re.compile(r"[^\W\d_]")
_COMMON = re.compile(
    r"\b(?:ke hoach|thuc hien|uy ban|nhan dan|phuong|cac|cua|va|to chuc|ngay|thang|nam|"
    r"cong)\b"
)
_COMMON_SHARE_MIN = 0.08
_YEAR = re.compile(r"\bnam\s+(20\d{2})\b(?!\s?[-–])")
_SAMPLE_LETTERS = 20_000


def read_plan(text: str) -> PlanDocument:
    """Read a whole document given as text.

    Raises `PlanUnreadable`: plan_empty, plan_too_large (`letters` or `lines`, `limit`), plan_not_vietnamese,
    plan_without_diacritics, plan_not_a_plan. What is not printed stays None or empty.
    """
    _check(text)
    lines = clean_lines(text)
    if (filled := sum(1 for line in lines if line)) > LINES_MAX:
        raise PlanUnreadable("plan_too_large", lines=filled, limit=LINES_MAX)
    header = read_header(lines)
    body, foot, appendix = split_foot(lines[header.body_start :])
    blocks, footnotes = read_blocks([*body, *appendix])
    words = collapse(" ".join(block.text for block in blocks if block.marker is None or block.text))
    root = build_outline(blocks)
    closing = drop_closing(root)
    plan_year = _plan_year(header)
    found = read_body(root, plan_year)
    for paragraph in closing:
        add_paragraph_duties(found, paragraph, "", plan_year)
    if not found.items and header.kind is DocumentKind.UNKNOWN:
        raise PlanUnreadable("plan_not_a_plan")
    signature = read_signature(foot)
    return _document(header, found, signature, words, footnotes)


def _check(text: str) -> None:
    if len(text) > TEXT_LETTERS_MAX:
        raise PlanUnreadable("plan_too_large", letters=len(text), limit=TEXT_LETTERS_MAX)
    sample = text[:_SAMPLE_LETTERS]
    letters = len(_LETTER.findall(sample))
    if not letters:
        raise PlanUnreadable("plan_empty")
    composed = compose(sample)
    if len(_VIETNAMESE.findall(composed)) >= VIETNAMESE_SHARE_MIN * letters:
        return
    folded = plain(composed)
    if letters >= LETTERS_MIN and len(_COMMON.findall(folded)) >= _COMMON_SHARE_MIN * len(folded.split()):
        raise PlanUnreadable("plan_without_diacritics")
    raise PlanUnreadable("plan_not_vietnamese")


def _plan_year(header: Header) -> int | None:
    """The year a date without one belongs to: the title's, else the day of issue's."""
    years = {int(year) for year in _YEAR.findall(plain(header.title or ""))}
    if len(years) == 1:
        return years.pop()
    issued = header.dateline.issued_on if header.dateline else None
    return int(issued[:4]) if issued else None


def _document(header: Header, found: Found, signature: Signature, words: str, footnotes: list[str]) -> PlanDocument:
    place = header.dateline.place if header.dateline else None
    issuer = find_issuer(header.issuer_lines, place, words)
    remarks = [*dateline_remarks(header.dateline_text, header.number), *issuer.remarks]
    if header.title is None:
        remarks.append(Remark(code="title_missing", place="title"))
    if signature.signer is None:
        remarks.append(Remark(code="signer_missing", place="signer"))
    if not found.items:
        remarks.append(Remark(code="no_items", place="items"))
    return PlanDocument(
        kind=header.kind,
        number=header.number.number if header.number else None,
        issuer=issuer.name,
        place=place,
        issued_on=header.dateline.issued_on if header.dateline else None,
        title=header.title,
        signer=signature.signer,
        signer_title=signature.title,
        addressed_to=_addressed(words),
        recipients=signature.recipients,
        items=tuple(found.items),
        reports=tuple(found.reports),
        references=find_references("\n".join((words, *footnotes))),
        facts=tuple(found.facts),
        unsure=(*remarks, *found.remarks),
    )


_ADDRESSED = re.compile(r"kinh gui\s*:\s*([^\n]{3,200}?)(?=[.;]|\s+(?:can cu|thuc hien|de|ngay|uy ban)\b|$)")


def _addressed(words: str) -> tuple[str, ...]:
    window = words[:1500]
    match = _ADDRESSED.search(plain(window))
    return (window[match.start(1) : match.end(1)].strip(" -"),) if match else ()

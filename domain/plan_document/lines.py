"""Physical lines made clean: markdown, page numbers, stamps of digital signatures and control letters taken away."""

import re

from domain.plan_document.form_tables import CELL_BREAK, open_tables
from domain.plan_document.letters import compose, plain
from domain.plan_document.loose_tables import bind_tables

_BREAKS = re.compile(r"\r\n|[\r\n\v\f\u0085\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u0000-\u0008\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffc]")
_CELL_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HTML_TAG = re.compile(r"</?(?:b|i|u|strong|em|p|center|sup|sub)>", re.IGNORECASE)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_QUOTE = re.compile(r"^\s{0,3}>\s?")
_BULLET_STAR = re.compile(r"^(\s*)[*•●○▪■◦‣·–—\uf0b7\uf02d]\s+(?=\S)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>/])")
_UNDERLINES = re.compile(r"(?<!\w)__?(?=\S)|(?<=\S)__?(?!\w)")
_DOTTED = re.compile(r"(?:\.{4,}|…{2,}|_{3,})")
_RULE = re.compile(r"^\s*(?:[-_=*~–—][ ]?){3,}$")
_PAGE_NUMBER = re.compile(r"^\s*(?:trang\s+)?[-–]?\s?\d{1,3}(?:\s?/\s?\d{1,3})?\s?[-–]?\s*$", re.IGNORECASE)
_STAMP = re.compile(
    r"^\s*(?:nguoi ky|thoi gian ky|ngay ky|email|signature|ky boi|co quan ky|digitally "
    r"signed)\s?:?.*"
)
_STAMP_MARK = re.compile(r"\+07'?:?00|@\S+\.vn|nguoi ky\s?:|ky boi\s?:|digitally signed|signature not verified")


def clean_lines(text: str) -> list[str]:
    """Lines of a text without markup; inner runs of blanks stay (columns), empty lines become ""."""
    composed = compose(text)
    lines = [_clean(line) for line in bind_tables(_BREAKS.split(composed))]
    return open_tables(["" if _is_noise(line) else line for line in lines])


def _clean(line: str) -> str:
    line = _INVISIBLE.sub("", line).replace("\t", "    ").replace("&nbsp;", " ").replace("&amp;", "&")
    if "<" in line:
        line = _HTML_TAG.sub("", _CELL_BREAK.sub(CELL_BREAK if line.lstrip().startswith("|") else " ", line))
    if line.lstrip().startswith("|"):
        return _without_emphasis(line).strip()
    line = _HEADING.sub("", _QUOTE.sub("", line))
    if _RULE.match(line):
        return ""
    line = _BULLET_STAR.sub(r"\1- ", line)
    return _DOTTED.sub(" … ", _without_emphasis(line)).rstrip()


def _without_emphasis(line: str) -> str:
    if "*" in line:
        line = line.replace("*", "")
    if "_" in line:
        line = _UNDERLINES.sub("", line)
    return _ESCAPED.sub(r"\1", line) if "\\" in line else line


def _is_noise(line: str) -> bool:
    if not line.strip():
        return True
    if len(line) < 16 and _PAGE_NUMBER.match(line):
        return True
    folded = plain(line)
    return len(line) < 200 and bool(_STAMP.match(folded)) and bool(_STAMP_MARK.search(folded))

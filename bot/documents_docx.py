"""Word files (.docx): paragraphs, automatic numbers and tables in reading order, within limits of size."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from bot.documents_numbering import Numbering
from domain.plan_document import PlanUnreadable
from domain.plan_document.tables import column_roles, is_plan_header

UNPACKED_BYTES_MAX = 60 * 1024 * 1024
PART_BYTES_MAX = 30 * 1024 * 1024
ENTRIES_MAX = 2_000
NESTING_MAX = 6
_MAIN = "word/document.xml"
_SKIPPED = frozenset(map(qn, ("w:del", "w:pPr", "w:rPr", "w:instrText", "w:delText", "w:moveFrom")))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_ENCRYPTED_FLAG = 0x1
Element = Any  # lxml gives its elements no types


def read_docx(data: bytes) -> str:
    """The text of a .docx.

    Raises `PlanUnreadable`: plan_too_large, plan_encrypted, plan_damaged, plan_unknown_format.
    """
    _check_package(data)
    try:
        document = Document(io.BytesIO(data))
        return "\n".join(_lines(document.element.body, Numbering.of(document), 0))
    except PlanUnreadable:
        raise
    except Exception as error:  # whatever a broken package makes the parser raise, it means one thing
        raise PlanUnreadable("plan_damaged") from error


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            main = next((entry for entry in entries if entry.filename == _MAIN), None)
            if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
                raise PlanUnreadable("plan_encrypted")
            if main is None:
                raise PlanUnreadable("plan_unknown_format", ending=".zip")
            _check_sizes(entries)
            with package.open(main) as part:
                if b"<!DOCTYPE" in part.read(4096):
                    raise PlanUnreadable("plan_damaged")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise PlanUnreadable("plan_damaged") from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > UNPACKED_BYTES_MAX or len(entries) > ENTRIES_MAX:
        raise PlanUnreadable("plan_too_large", size=total, limit=UNPACKED_BYTES_MAX)
    if any(entry.file_size > PART_BYTES_MAX for entry in entries if entry.filename.endswith((".xml", ".rels"))):
        raise PlanUnreadable("plan_too_large", size=total, limit=PART_BYTES_MAX)


def _lines(container: Element, numbering: Numbering, depth: int) -> Iterator[str]:
    if depth > NESTING_MAX:
        return
    for child in container.iterchildren():
        if child.tag == qn("w:p"):
            yield _paragraph(child, numbering)
        elif child.tag == qn("w:tbl"):
            yield from _table(child, numbering, depth)
        elif child.tag == qn("w:sdt"):
            for content in child.iterchildren(qn("w:sdtContent")):
                yield from _lines(content, numbering, depth + 1)
        elif child.tag in (qn("w:ins"), qn("w:customXml")):
            yield from _lines(child, numbering, depth + 1)


def _paragraph(paragraph: Element, numbering: Numbering) -> str:
    text = "".join(_text(paragraph))
    label = numbering.label(paragraph) if text.strip() else ""
    return f"{label} {text}" if label else text


def _text(element: Element) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag in _SKIPPED or child.tag == _FALLBACK:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == qn("w:txbxContent"):
            yield "\n" + "\n".join("".join(_text(one)) for one in child.iterchildren(qn("w:p"))) + "\n"
        else:
            yield from _text(child)


def _table(table: Element, numbering: Numbering, depth: int) -> Iterator[str]:
    """A table of tasks or figures as "| a | b |"; the two-column head and foot of the official form cell by cell."""
    rows = [list(_cells(row, numbering, depth)) for row in table.iterchildren(qn("w:tr"))]
    if not rows:
        return
    width = max(len(row) for row in rows)
    is_data = width > 2 or any(is_plan_header(column_roles([" ".join(cell) for cell in row])) for row in rows[:2])
    for row in rows:
        if is_data:
            cells = (" ".join(" ".join(line.split()) for line in cell if line.strip()) for cell in row)
            yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
        else:
            for cell in row:
                yield from cell
                yield ""


def _cells(row: Element, numbering: Numbering, depth: int) -> Iterator[list[str]]:
    for cell in row.iterchildren(qn("w:tc")):
        properties = cell.find(qn("w:tcPr"))
        merged = properties.find(qn("w:vMerge")) if properties is not None else None
        span = properties.find(qn("w:gridSpan")) if properties is not None else None
        continues = merged is not None and merged.get(qn("w:val")) != "restart"
        yield [] if continues else list(_lines(cell, numbering, depth + 1))
        for _ in range(min(int(span.get(qn("w:val"), "1")), 20) - 1 if span is not None else 0):
            yield []

"""PDF files with text in them, page by page; a scanned one has pictures only and is refused."""

import io
import logging
import re
from typing import Literal

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from domain.plan_document import TEXT_LETTERS_MAX, PlanUnreadable

PAGES_MAX = 300
LETTERS_PER_PAGE_MIN = 30
_TABLE = re.compile(
    r"\b(?:nội dung|nhiệm vụ|công việc)\b[^.:;,]{1,120}\b(?:chủ trì|phối hợp|thực hiện|"
    r"phụ trách)\b[^.:;,]{0,120}\b"
    r"(?:thời gian|thời hạn|phối hợp|tiến độ|hoàn thành|ghi chú)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings about odd files would confuse an installer


def read_pdf(data: bytes) -> str:
    """The text of a PDF in line order.

    Raises `PlanUnreadable` plan_encrypted, plan_too_large (`pages`, `limit`), plan_scanned, plan_damaged.
    """
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise PlanUnreadable("plan_encrypted")
        if len(reader.pages) > PAGES_MAX:
            raise PlanUnreadable("plan_too_large", pages=len(reader.pages), limit=PAGES_MAX)
        text = _text(reader)
        pages = len(reader.pages)
    except PlanUnreadable:
        raise
    except DependencyError as error:
        raise PlanUnreadable("plan_encrypted") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise PlanUnreadable("plan_damaged") from error
    if not pages:
        raise PlanUnreadable("plan_damaged")
    if len(_LETTER.findall(text)) < LETTERS_PER_PAGE_MIN * pages:
        raise PlanUnreadable("plan_scanned")
    return text


def _text(reader: PdfReader) -> str:
    """In the order of the stream; when a table of tasks shows, with its columns kept apart by blanks."""
    text = _extract(reader, "plain")
    return _extract(reader, "layout") if _TABLE.search(text) else text


def _extract(reader: PdfReader, mode: Literal["plain", "layout"]) -> str:
    texts: list[str] = []
    total = 0
    for page in reader.pages:
        text = page.extract_text(extraction_mode=mode)
        total += len(text)
        if total > TEXT_LETTERS_MAX:
            raise PlanUnreadable("plan_too_large", letters=total, limit=TEXT_LETTERS_MAX)
        texts.append(text)
    return "\n".join(texts)

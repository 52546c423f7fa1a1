"""Files an office hands over (.txt, .md, .docx, .pdf) read into plain text; nothing inside them is run."""

import zipfile
from pathlib import Path

from bot.documents_text import decode_text, repair_legacy
from domain.plan_document import TEXT_LETTERS_MAX, PlanUnreadable

FILE_BYTES_MAX = 20 * 1024 * 1024
_TEXT_ENDINGS = frozenset({".txt", ".md", ".markdown", ".text", ""})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_HEAD_BYTES = 1024


def read_document(path: Path, limit: int = FILE_BYTES_MAX) -> str:
    """The text of a plan's file in reading order; tables come as lines of "| a | b |".

    The kind is known by content, not by name. Blocking. Raises `PlanUnreadable`: plan_missing, plan_empty,
    plan_too_large (`size`, `limit`, bytes), plan_encrypted, plan_scanned, plan_damaged, plan_unknown_format (`ending`).
    """
    data = _read(path, limit)
    head = data[:_HEAD_BYTES]
    # The two readers are loaded when one is needed: they take 13 MiB, and a running installation reads no plans.
    if b"%PDF-" in head:
        from bot.documents_pdf import read_pdf

        text = read_pdf(data)
    elif zipfile.is_zipfile(path) or head.startswith(b"PK\x03\x04"):
        from bot.documents_docx import read_docx

        text = read_docx(data)
    else:
        text = _read_text(path, data, head)
    if len(text) > TEXT_LETTERS_MAX:
        raise PlanUnreadable("plan_too_large", letters=len(text), limit=TEXT_LETTERS_MAX)
    if not text.strip():
        raise PlanUnreadable("plan_empty")
    return repair_legacy(text)


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
            size = path.stat().st_size
    except OSError as error:
        raise PlanUnreadable("plan_missing", name=path.name) from error
    if len(data) > limit:
        raise PlanUnreadable("plan_too_large", size=size, limit=limit)
    if not data.strip():
        raise PlanUnreadable("plan_empty")
    return data


def _read_text(path: Path, data: bytes, head: bytes) -> str:
    ending = path.suffix.lower()
    if data.startswith(_OLE):
        raise PlanUnreadable("plan_encrypted" if _ENCRYPTED_OFFICE in data else "plan_unknown_format", ending=ending)
    if data.startswith(_PICTURES):
        raise PlanUnreadable("plan_scanned")
    if ending in (".docx", ".pdf"):
        raise PlanUnreadable("plan_damaged")
    if ending not in _TEXT_ENDINGS or head.lstrip().startswith((b"{\\rtf", b"<html", b"<!DOCTYPE", b"<?xml")):
        raise PlanUnreadable("plan_unknown_format", ending=ending)
    return decode_text(data)

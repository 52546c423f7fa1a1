"""Small files of every kind, real enough to be known by their content."""

import io
import zipfile

OGG = b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead" + bytes(200)
MP3 = b"ID3\x04\x00\x00" + bytes(200)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)
M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom" + bytes(200)
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  " + bytes(200)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
WEBM = b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01webm" + bytes(200)
AAC = b"\xff\xf1\x60\x40" + bytes(200)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00" + bytes(200)


def office(member: str, *more: str) -> bytes:
    """An Office file (a zip archive) with this document in it, and these other members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in ("[Content_Types].xml", member, *more):
            archive.writestr(name, "<x/>")
    return target.getvalue()


def archive() -> bytes:
    """An ordinary zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("anh.jpg", b"x")
    return target.getvalue()


DOCX = office("word/document.xml")
XLSX = office("xl/workbook.xml")

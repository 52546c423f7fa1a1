"""What a file is by its content, never by its name: pictures, recordings, videos and the few kinds of documents."""

import io
import re
import zipfile
from dataclasses import dataclass

from domain.files import FileKind

HEAD = 4096
_OOXML = "application/vnd.openxmlformats-officedocument"
# The one member that says what an Office file is, and its type.
_OFFICE = {
    "word/document.xml": f"{_OOXML}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OOXML}.spreadsheetml.sheet",
}
_PICTURES = (
    re.compile(rb"\xff\xd8\xff"),
    re.compile(rb"\x89PNG\r\n\x1a\n"),
    re.compile(rb"GIF8[79]a"),
    re.compile(rb"RIFF....WEBP", re.DOTALL),
)
_SOUNDS = (
    # MPEG audio and ADTS both begin with eleven or twelve ones; the two layer bits tell them apart.
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), "audio/aac"),
    (re.compile(rb"ID3|\xff[\xe2-\xef\xf2-\xf7\xfa-\xff]"), "audio/mpeg"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"#!AMR"), "audio/amr"),
    (re.compile(rb"fLaC"), "audio/flac"),
)
# Containers of both sound and pictures: (what they begin with, as sound, as video).
_OGG, _MATROSKA, _BOX = b"OggS", b"\x1aE\xdf\xa3", re.compile(rb"....ftyp(....)", re.DOTALL)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B "})


_SAID = {"image": FileKind.PHOTO, "audio": FileKind.VOICE, "video": FileKind.VIDEO}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """What a file is; `mime` is what it is served as."""

    kind: FileKind
    mime: str


def type_of(data: bytes, said: FileKind | None = None) -> FileType | None:
    """What these bytes are, None for a kind that is not taken (programs, archives, macros, anything unknown).

    `said` is what the sender calls it; it only decides whether a container of both sound and pictures is listened to
    or watched.
    """
    head = data[:HEAD]
    if any(one.match(head) for one in _PICTURES):
        return FileType(kind=FileKind.PHOTO, mime="image/jpeg")
    for pattern, mime in _SOUNDS:
        if pattern.match(head):
            return FileType(kind=FileKind.VOICE, mime=mime)
    return _container(head, said) or _document(data, head)


def _container(head: bytes, said: FileKind | None) -> FileType | None:
    if head.startswith(_OGG):
        seen = b"theora" in head or b"\x01video" in head
        return _sound_or_video("ogg", FileKind.VIDEO if seen else FileKind.VOICE)
    if head.startswith(_MATROSKA):
        # Anything else in this container is served as what browsers know it by.
        return _sound_or_video("webm", said)
    box = _BOX.match(head)
    if box is None:
        return None
    brand = box[1]
    if brand in _HEIC_BRANDS:
        return FileType(kind=FileKind.DOCUMENT, mime="image/heic")
    if brand == b"qt  ":
        return FileType(kind=FileKind.VIDEO, mime="video/quicktime")
    return _sound_or_video("mp4", FileKind.VOICE if brand in _SOUND_BRANDS else said)


def _sound_or_video(container: str, said: FileKind | None) -> FileType:
    kind = FileKind.VOICE if said is FileKind.VOICE else FileKind.VIDEO
    return FileType(kind=kind, mime=f"{'audio' if kind is FileKind.VOICE else 'video'}/{container}")


def _document(data: bytes, head: bytes) -> FileType | None:
    # A PDF may have a line or two before its own first one.
    if b"%PDF-" in head[:1024]:
        return FileType(kind=FileKind.DOCUMENT, mime="application/pdf")
    mime = _office(data) if head.startswith(b"PK\x03\x04") else None
    return FileType(kind=FileKind.DOCUMENT, mime=mime) if mime else None


def _office(data: bytes) -> str | None:
    """Which Office file a zip archive is: without macros, or not at all. Only its list of members is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in members or any(one.lower().endswith("vbaproject.bin") for one in members):
        return None
    return next((mime for member, mime in _OFFICE.items() if member in members), None)


_ENDINGS = {
    "image/jpeg": "jpg", "image/heic": "heic", "application/pdf": "pdf",
    _OFFICE["word/document.xml"]: "docx", _OFFICE["xl/workbook.xml"]: "xlsx",
    "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/aac": "aac", "audio/wav": "wav",
    "audio/amr": "amr", "audio/flac": "flac", "audio/webm": "webm",
    "video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov", "video/ogg": "ogv",
}  # fmt: skip


def kind_said(mime: str) -> FileKind | None:
    """The kind a media type names; None for documents and whatever else. It is only the sender's word."""
    return _SAID.get(mime.partition("/")[0])


def file_name(number: int, mime: str) -> str:
    """What a file is called when it leaves the house: its sender's own name for it may say who they are."""
    return f"tep-{number}.{_ENDINGS.get(mime, 'bin')}"

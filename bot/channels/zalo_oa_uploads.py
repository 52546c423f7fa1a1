"""Files on their way to a Zalo Official Account: which it carries, where each is uploaded, and fit for its limits."""

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.file_types import file_name
from bot.stored_files import read_stored
from domain.files import FileKind
from storage.attachments import Attachment

IMAGE_PATH, FILE_PATH = "/v2.0/oa/upload/image", "/v2.0/oa/upload/file"
PICTURE_BYTES_MAX = 1_000_000
DOCUMENT_BYTES_MAX = 5_000_000
# OpenAPI `upload/file`: PDF and Word; anything else is opened by a link.
DOCUMENTS = frozenset(
    {"application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
)  # fmt: skip
# Tried one after the other until a picture is small enough: the longest edge (pixels), the quality of the JPEG.
SMALLER = ((1600, 80), (1280, 70), (960, 60), (640, 50))


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One call of an upload, and the field of its answer that names the file afterwards."""

    path: str
    name: str
    data: bytes
    mime: str
    called: str


def is_carried(file: Attachment) -> bool:
    """Whether Zalo carries a file at all."""
    kept = file.file
    return kept.kind is FileKind.PHOTO or (kept.mime in DOCUMENTS and kept.size <= DOCUMENT_BYTES_MAX)


async def upload_of(folder: Path, file: Attachment) -> Upload:
    """How a file is uploaded. OSError if it is gone from the disk."""
    data = read_stored(folder, file.file.stored_as)
    name = file_name(file.id, file.file.mime)
    if file.file.kind is not FileKind.PHOTO:
        return Upload(path=FILE_PATH, name=name, data=data, mime=file.file.mime, called="token")
    if len(data) > PICTURE_BYTES_MAX:
        data = await asyncio.to_thread(smaller, data)
    return Upload(path=IMAGE_PATH, name=name, data=data, mime="image/jpeg", called="attachment_id")


def smaller(data: bytes) -> bytes:
    """A picture made anew so that Zalo takes it (1 MB); the smallest try if even that is too large."""
    made = data
    for edge, quality in SMALLER:
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((edge, edge), Image.Resampling.LANCZOS)
            target = io.BytesIO()
            picture.convert("RGB").save(target, "JPEG", quality=quality, optimize=True)
        made = target.getvalue()
        if len(made) <= PICTURE_BYTES_MAX:
            break
    return made

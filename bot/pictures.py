"""Photos people send: known by their content, freed of everything but the picture, kept out of the web's reach."""

import asyncio
import contextlib
import hashlib
import io
import os
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from domain.errors import DomainError
from storage.attachments import StoredFile

LONG_EDGE_MAX = 2560
JPEG_QUALITY = 85
# What is taken; everything is kept as JPEG, since a photo of a street has no holes to see through.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MIME = "image/jpeg"
BEHIND = (255, 255, 255)  # the paper under a picture with holes in it
FOLDER = "attachments"

# Two at a time: a decoded photo of 40 million pixels takes 160 MB.
_decoders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pictures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture made anew from its pixels: no EXIF, no place, no owner. `width` and `height` in pixels."""

    data: bytes
    mime: str
    width: int
    height: int


async def clean_picture(data: bytes, *, max_pixels: int) -> Picture:
    """The picture in these bytes, turned upright, `LONG_EDGE_MAX` at most, without its metadata.

    DomainError `picture_type` (no JPEG, PNG, WEBP or GIF by content), `picture_too_large` (more than `max_pixels`)
    or `picture_unreadable`.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_decoders, _clean, data, max_pixels)


def _clean(data: bytes, max_pixels: int) -> Picture:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's doubts about damaged metadata, which is thrown away anyway
            return _made_anew(data, max_pixels)
    except Image.DecompressionBombError:
        raise DomainError("picture_too_large", pixels=max_pixels) from None
    except UnidentifiedImageError:
        raise DomainError("picture_type") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError, ZeroDivisionError):
        raise DomainError("picture_unreadable") from None


def _made_anew(data: bytes, max_pixels: int) -> Picture:
    # Opening reads the header only: size is judged before a single pixel is unpacked.
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > max_pixels:
            raise DomainError("picture_too_large", pixels=max_pixels)
        # JPEG can be unpacked at a half or a quarter of its size, which saves most of the memory.
        opened.draft("RGB", (LONG_EDGE_MAX, LONG_EDGE_MAX))
        opened.load()
        picture = _on_paper(ImageOps.exif_transpose(opened))
        picture.thumbnail((LONG_EDGE_MAX, LONG_EDGE_MAX), Image.Resampling.LANCZOS)
        return _written(picture)


def _on_paper(picture: Image.Image) -> Image.Image:
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, BEHIND)
    return Image.alpha_composite(paper, seen).convert("RGB")


def _written(picture: Image.Image) -> Picture:
    # Made from the bare pixels: whatever else the file carried has no way through.
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return Picture(data=target.getvalue(), mime=MIME, width=bare.width, height=bare.height)


async def store_picture(folder: Path, picture: Picture) -> StoredFile:
    """Keep a picture under its content's name, on disk for good before this returns. OSError if the disk refuses."""
    digest = hashlib.sha256(picture.data).hexdigest()
    stored_as = f"{digest[:2]}/{digest}"
    await asyncio.to_thread(_write, folder / stored_as, picture.data)
    return StoredFile(
        sha256=digest, mime=picture.mime, size=len(picture.data), width=picture.width, height=picture.height,
        stored_as=stored_as,
    )  # fmt: skip


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    # The new name is on disk only when its folder is.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_stored(folder: Path, stored_as: str) -> bytes:
    """The bytes of a stored file. OSError if it is gone."""
    return (folder / stored_as).read_bytes()


def delete_stored(folder: Path, names: list[str]) -> None:
    """Delete stored files that no row needs any more; those already gone are fine."""
    for name in names:
        (folder / name).unlink(missing_ok=True)

"""Photos people send: known by their content, and freed of everything but the picture."""

import asyncio
import io
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from domain.errors import DomainError

LONG_EDGE_MAX = 2560
JPEG_QUALITY = 85
# What is taken; everything is kept as JPEG, since a photo of a street has no holes to see through.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MIME = "image/jpeg"
BEHIND = (255, 255, 255)  # the paper under a picture with holes in it

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

"""Photos: judged by content, freed of metadata."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from bot.pictures import LONG_EDGE_MAX, clean_picture
from domain.errors import DomainError
from tests.bot.web.ground import picture

MANY = 40_000_000


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def with_place(size: tuple[int, int] = (60, 40), orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (10.0, 46.0, 30.0), 3: "E", 4: (106.0, 42.0, 0.0)})
    return picture(size=size, exif=exif, comment=b"SecretPhone")


async def test_place_and_maker_do_not_survive() -> None:
    data = with_place()
    assert opened(data).getexif().get_ifd(0x8825)
    cleaned = (await clean_picture(data, max_pixels=MANY)).data
    assert not opened(cleaned).getexif()
    assert b"SecretPhone" not in cleaned and b"Exif" not in cleaned


async def test_text_inside_a_png_does_not_survive() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SecretPhone")
    cleaned = await clean_picture(picture("PNG", pnginfo=notes), max_pixels=MANY)
    assert b"SecretPhone" not in cleaned.data


async def test_a_photo_taken_sideways_is_put_upright_before_its_metadata_go() -> None:
    cleaned = await clean_picture(with_place((60, 40), orientation=6), max_pixels=MANY)
    assert (cleaned.width, cleaned.height) == (40, 60)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_what_people_send_becomes_a_jpeg(kind: str) -> None:
    cleaned = await clean_picture(picture(kind), max_pixels=MANY)
    assert (opened(cleaned.data).format, cleaned.mime) == ("JPEG", "image/jpeg")


async def test_holes_become_white_paper() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(target, "PNG")
    cleaned = await clean_picture(target.getvalue(), max_pixels=MANY)
    assert opened(cleaned.data).getpixel((4, 4)) == (255, 255, 255)


async def test_a_large_photo_is_made_smaller() -> None:
    cleaned = await clean_picture(picture(size=(3000, 1500)), max_pixels=MANY)
    assert (cleaned.width, cleaned.height) == (LONG_EDGE_MAX, LONG_EDGE_MAX // 2)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.mark.parametrize("data", [b"MZ\x90\x00 a program", SVG, b"%PDF-1.7", b""])
async def test_what_is_no_photo_is_refused_whatever_its_name(data: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        await clean_picture(data, max_pixels=MANY)
    assert refused.value.code == "picture_type"


async def test_half_a_photo_is_refused() -> None:
    whole = picture(size=(400, 300))
    with pytest.raises(DomainError) as refused:
        await clean_picture(whole[: len(whole) // 2], max_pixels=MANY)
    assert refused.value.code == "picture_unreadable"


def bomb() -> bytes:
    """A PNG of a few hundred bytes whose header promises 60 000 × 60 000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("data", [bomb(), picture(size=(200, 200))])
async def test_too_many_pixels_are_refused_before_they_are_unpacked(data: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        await clean_picture(data, max_pixels=200 * 200 - 1)
    assert refused.value.code == "picture_too_large"

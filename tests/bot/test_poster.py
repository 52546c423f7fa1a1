"""A poster: the QR code is whole, the words stand above it, in every kind of file."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
import segno
from PIL import Image

from bot.poster import MARGIN, QR, Poster, write

LINK = "https://t.me/DanBanBot?start=w_AHD_g_3"
POSTER = Poster(
    title="Phường An Hoà Đông", lines=("Tổ dân phố 3", "Quét mã bằng máy ảnh của điện thoại để phản ánh."), link=LINK
)


def modules(page: Image.Image) -> list[list[bool]]:
    """The QR code's modules as a camera would find them: dark or light in the middle of each."""
    size = segno.make_qr(LINK, error="q").symbol_size()[0]
    side = round(page.width * QR)
    left = (page.width - side) // 2
    # The quiet zone is white; the code's first dark row is where its corner begins.
    column = left + round(side * 4.5 / size)
    words_end = next(y for y in range(page.height // 4, page.height) if _dark_row(page, y, column, side, size))
    top = words_end - round(side * 4 / size)
    middle = [(index + 0.5) * side / size for index in range(size)]
    return [[_is_dark(page, left + x, top + y) for x in middle] for y in middle]


def _dark_row(page: Image.Image, y: int, column: int, side: int, size: int) -> bool:
    # A finder pattern begins with seven dark modules in a row.
    return all(_is_dark(page, column + step * side / size, y) for step in range(7))


def _is_dark(page: Image.Image, x: float, y: float) -> bool:
    pixel = page.getpixel((int(x), int(y)))
    assert isinstance(pixel, tuple)
    return pixel[0] < 128


@pytest.mark.parametrize(("size", "width"), [("a5", 1748), ("a4", 2480)])
def test_a_picture_holds_the_whole_code_below_the_words(tmp_path: Path, size: str, width: int) -> None:
    write(POSTER, tmp_path / "x.png", size)
    page = Image.open(tmp_path / "x.png").convert("RGB")
    assert page.width == width and page.info["dpi"][0] == pytest.approx(300, abs=1)
    wanted = [[bool(dark) for dark in row] for row in segno.make_qr(LINK, error="q").matrix_iter(border=4)]
    assert modules(page) == wanted
    title = page.crop((0, int(width * MARGIN), width, int(width * 0.2)))
    assert title.getextrema()[0][0] == 0  # there is ink


def test_every_vietnamese_letter_has_a_shape(tmp_path: Path) -> None:
    for letter in "ỗằẵợữỵđƯƠ":
        drawn = set()
        for text in (letter, "\uffff"):
            write(Poster(title=text, lines=(), link="x"), tmp_path / "x.png")
            drawn.add(Image.open(tmp_path / "x.png").crop((0, 0, 1748, 330)).tobytes())
        assert len(drawn) == 2, letter


def test_a_vector_picture_says_the_words_and_holds_the_code(tmp_path: Path) -> None:
    write(POSTER, tmp_path / "x.svg")
    root = ElementTree.fromstring((tmp_path / "x.svg").read_text(encoding="utf-8"))  # noqa: S314 - made just now
    words = " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Phường An Hoà Đông" in words and "Tổ dân phố 3" in words and LINK in words
    assert root.get("width") == "148mm" and next(root.iter("{http://www.w3.org/2000/svg}path")) is not None


def test_a_document_is_written_and_other_kinds_are_refused(tmp_path: Path) -> None:
    write(POSTER, tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(ValueError, match="docx"):
        write(POSTER, tmp_path / "x.docx")

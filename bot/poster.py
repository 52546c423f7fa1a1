"""A poster to print: a QR code to a chat, whose it is and how it is used; as PNG, PDF or SVG by the file's name."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

DPI = 300
MILLIMETRES_PER_INCH = 25.4
# Width and height in millimetres.
SIZES = {"a5": (148, 210), "a4": (210, 297)}
KINDS = (".png", ".pdf", ".svg")
# Shares of the width.
MARGIN, QR, TITLE, LINE, SMALL = 0.08, 0.62, 0.062, 0.042, 0.026
_FONT = "NotoSans[wdth,wght].ttf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What stands on it: `title`, then `lines`; the QR code leads to `link`, which is also written small below it."""

    title: str
    lines: tuple[str, ...]
    link: str


def write(poster: Poster, file: Path, size: str = "a5") -> None:
    """Write it; the file's name says as what. ValueError for an unknown kind of file, OSError from the disk."""
    kind = file.suffix.lower()
    if kind not in KINDS:
        raise ValueError(kind)
    if kind == ".svg":
        file.write_text(_svg(poster, size), encoding="utf-8")
        return
    _picture(poster, size).save(file, kind.removeprefix(".").upper(), resolution=DPI, dpi=(DPI, DPI))


def _picture(poster: Poster, size: str) -> Image.Image:
    width, height = (round(side / MILLIMETRES_PER_INCH * DPI) for side in SIZES[size])
    page = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(page)
    top = round(width * MARGIN)
    for text, share, weight in _above(poster):
        top = _centred(draw, text, width, top, share, weight)
    code = _code(poster.link, round(width * QR))
    top += round(width * LINE)
    page.paste(code, ((width - code.width) // 2, top))
    _centred(draw, poster.link, width, top + code.height + round(width * LINE), SMALL, "Regular")
    return page


def _above(poster: Poster) -> list[tuple[str, float, str]]:
    return [(poster.title, TITLE, "Bold"), *((line, LINE, "Regular") for line in poster.lines)]


def _code(link: str, side: int) -> Image.Image:
    """The QR code, its quiet zone included, with a quarter of it to spare for stains and creases."""
    drawn = io.BytesIO()
    made = segno.make_qr(link, error="q")
    made.save(drawn, kind="png", scale=max(1, side // made.symbol_size()[0]))
    drawn.seek(0)
    return Image.open(drawn).convert("RGB").resize((side, side), Image.Resampling.NEAREST)


def _centred(draw: ImageDraw.ImageDraw, text: str, width: int, top: int, share: float, weight: str) -> int:
    """Write a text in the middle, in as many lines as it takes; where the next one begins."""
    font = _font(round(width * share), weight)
    for line in _broken(text, font, width * (1 - 2 * MARGIN)):
        draw.text((width / 2, top), line, font=font, fill="black", anchor="ma")
        top += round(width * share * 1.35)
    return top + round(width * share * 0.35)


def _broken(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    """A text in lines that fit; a word that is too long alone (a link) is cut."""
    lines = [""]
    for word in text.split():
        whole = f"{lines[-1]} {word}".strip()
        if font.getlength(whole) <= room:
            lines[-1] = whole
            continue
        lines.append("") if lines[-1] else None
        for letter in word:
            if font.getlength(lines[-1] + letter) > room:
                lines.append("")
            lines[-1] += letter
    return lines


def _font(height: int, weight: str) -> ImageFont.FreeTypeFont:
    """Noto Sans, which has every Vietnamese letter and comes with this program: a slim server has no fonts."""
    data = resources.files("fontpkg_noto_sans").joinpath("files", _FONT).read_bytes()
    font = ImageFont.truetype(io.BytesIO(data), height)
    font.set_variation_by_name(weight)
    return font


def _svg(poster: Poster, size: str) -> str:
    width, height = SIZES[size]
    side, top = width * QR, width * MARGIN
    parts: list[str] = []
    for text, share, weight in _above(poster):
        lines = _broken(text, _font(100, weight), 100 / share * (1 - 2 * MARGIN))
        top = _svg_lines(parts, lines, width, top, share, weight)
    top += width * LINE
    made = segno.make_qr(poster.link, error="q")
    scale = side / made.symbol_size()[0]
    inline = made.svg_inline(scale=scale)
    parts.append(f'<g transform="translate({(width - side) / 2:.2f} {top:.2f})">{inline}</g>')
    _svg_lines(parts, [poster.link], width, top + side + width * LINE, SMALL, "Regular")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
    )
    return f'{head}<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'


def _svg_lines(parts: list[str], lines: Sequence[str], width: float, top: float, share: float, weight: str) -> float:
    for line in lines:
        top += width * share * 1.35
        style = f'font-family="Noto Sans, sans-serif" font-size="{width * share:.2f}" font-weight="{weight.lower()}"'
        parts.append(f'<text x="{width / 2}" y="{top:.2f}" text-anchor="middle" {style}>{escape(line)}</text>')
    return top + width * share * 0.35

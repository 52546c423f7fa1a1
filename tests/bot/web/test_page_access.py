"""The page for everybody: 320 px, keyboard only, screen reader, contrast, large letters, a slow line."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from bot.web.files import FOLDER
from handlers.engine.reply import Choice, Reply
from storage.database import Database
from tests.bot.web.ground import EchoBot, echoing, picture
from tests.bot.web.test_page_chat import opened, write
from tests.browser import phone

FIRST_PAINT_MAX_BYTES = 100_000
TARGET_MIN_PIXELS = 48
LONG = "Xin Ông/Bà cho biết thêm: " + "hẻm45LêLợi" * 12 + " https://danban.example.vn/" + "x" * 80
MANY = tuple(Choice(id=str(number), label=f"Lựa chọn thứ {number} có tên rất dài để thử") for number in range(6))


@pytest.fixture
async def bot(sqlite: Database, server: TestServer) -> AsyncIterator[EchoBot]:
    """A bot of many words and six buttons."""
    async with echoing(sqlite) as running:
        running.answer = lambda event: [Reply(text=LONG, choices=MANY, menu="m1", case_id=1)]  # type: ignore[method-assign]
        yield running


@pytest.mark.browser
@pytest.mark.parametrize("larger", [False, True])
@pytest.mark.parametrize("width", [320, 390])
async def test_nothing_is_wider_than_the_phone(
    server: TestServer, bot: EchoBot, tmp_path: Path, width: int, larger: bool
) -> None:
    file = tmp_path / "anh.jpg"
    file.write_bytes(picture(size=(300, 200)))
    async with phone(viewport={"width": width, "height": 568}) as context:
        page = await opened(context, server)
        if larger:
            await page.locator("#larger").click()
        await expect(page.locator("#record")).to_be_visible()
        await write(page, "đ" * 300)
        await expect(page.locator("#messages .choice")).to_have_count(6)
        await page.locator(".reply").click()
        await page.locator("#files").set_input_files([file, file, file])
        await page.locator("#menu-button").click()
        # Not compared with innerWidth: on a phone that grows with a page that is too wide.
        wide = "(most) => document.documentElement.scrollWidth > most || scroller.scrollWidth > scroller.clientWidth"
        assert not await page.evaluate(wide, width)
        for name in ("#send", "#menu-button"):
            box = await page.locator(name).bounding_box()
            assert box is not None and box["x"] + box["width"] <= width and box["y"] + box["height"] <= 568


SMALL_TARGETS = """
(least) => Array.from(document.querySelectorAll('button, a[href], textarea, input:not([type=file])'))
  .filter((one) => one.offsetParent && !one.matches('.skip, .hidden, .code, .words a'))
  .map((one) => [one.id || one.textContent, one.getBoundingClientRect()])
  .filter(([name, box]) => Math.round(box.width) < least || Math.round(box.height) < least)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)
"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390])
async def test_everything_to_press_is_as_large_as_a_finger(server: TestServer, bot: EchoBot, width: int) -> None:
    async with phone(viewport={"width": width, "height": 844}) as context:
        page = await opened(context, server)
        assert await page.evaluate(SMALL_TARGETS, TARGET_MIN_PIXELS) == []
        await write(page, "chào")
        await page.locator(".reply").click()
        await page.locator("#menu-button").click()
        assert await page.evaluate(SMALL_TARGETS, TARGET_MIN_PIXELS) == []


UNNAMED = """
() => Array.from(document.querySelectorAll('button, a[href], textarea, input, img, [role=log]')).filter((one) => {
  const label = one.id && document.querySelector(`label[for=${one.id}]`);
  const name = one.getAttribute('aria-label') || one.getAttribute('alt') || one.title || (label || one).textContent
    || (one.querySelector('img') || one).alt || '';
  return !name.trim();
}).map((one) => one.outerHTML)
"""


@pytest.mark.browser
async def test_everything_has_a_name_for_a_screen_reader(server: TestServer, bot: EchoBot, tmp_path: Path) -> None:
    file = tmp_path / "anh.jpg"
    file.write_bytes(picture())
    async with phone() as context:
        page = await opened(context, server)
        await page.locator("#files").set_input_files([file])
        await write(page, "chào")
        await expect(page.locator("#messages .choice")).to_have_count(6)
        assert await page.evaluate(UNNAMED) == []
        ids = await page.evaluate("() => Array.from(document.querySelectorAll('[id]'), (one) => one.id)")
        assert len(ids) == len(set(ids))
        assert await page.locator("html").get_attribute("lang") == "vi"
        assert await page.locator("[role=log]").get_attribute("aria-live") == "polite"
        assert await page.locator("h1").count() == 1


@pytest.mark.browser
async def test_the_whole_way_goes_by_keyboard(server: TestServer, bot: EchoBot) -> None:
    desk: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "has_touch": False, "is_mobile": False}
    async with phone(**desk) as context:
        page = await opened(context, server)
        await page.keyboard.press("Tab")
        await expect(page.locator(".skip")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.type("dòng một")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("dòng hai")
        await page.keyboard.press("Enter")
        await expect(page.locator("#messages .choice")).to_have_count(6)
        await expect(page.locator("#text")).to_be_focused()
        for _ in range(2):
            await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#messages .mine")).to_have_count(2)
        await page.locator("#menu-button").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#menu button").first).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#menu-button")).to_be_focused()
    assert [one.text or one.choice for one in bot.heard][:1] == ["dòng một\ndòng hai"]


@pytest.mark.browser
async def test_a_phones_enter_is_a_new_line_and_so_is_a_letter_being_composed(server: TestServer, bot: EchoBot) -> None:
    async with phone() as context:
        page = await opened(context, server)
        await page.locator("#text").focus()
        await page.keyboard.type("một")
        await page.keyboard.press("Enter")
        await page.keyboard.type("hai")
        assert await page.locator("#text").input_value() == "một\nhai"
    assert bot.heard == []


@pytest.mark.browser
async def test_larger_letters_are_remembered(server: TestServer, bot: EchoBot) -> None:
    size = "() => parseFloat(getComputedStyle(document.getElementById('text')).fontSize)"
    async with phone() as context:
        page = await opened(context, server)
        normal = await page.evaluate(size)
        await page.locator("#larger").click()
        await page.reload()
        await expect(page.locator("#larger")).to_have_attribute("aria-pressed", "true")
        assert normal >= 17
        assert await page.evaluate(size) >= normal * 1.2


@pytest.mark.browser
async def test_without_javascript_the_page_says_what_to_do(server: TestServer) -> None:
    async with phone(java_script_enabled=False) as context:
        page = await context.new_page()
        await page.goto(str(server.make_url("/?lang=vi")))
        await expect(page.locator("noscript, .is-bad").last).to_contain_text("JavaScript")


async def test_the_first_paint_is_small_and_asks_no_other_house(server: TestServer) -> None:
    async with ClientSession() as http:
        page = await (await http.get(server.make_url("/"))).read()
        found = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page))
        parts = [await (await http.get(server.make_url(path.decode()))).read() for path in found]
    assert len(found) >= 6
    assert len(page) + sum(map(len, parts)) < FIRST_PAINT_MAX_BYTES
    assert not re.search(rb'(?:href|src)="(?:https?:)?//', page)


# --- contrast, computed from the palette (WCAG 2.2, 1.4.3 and 1.4.11) ---

WORDS, SHAPES = 4.5, 3.0
PAIRS = [
    ("ink", "page", WORDS), ("ink", "paper", WORDS), ("soft", "page", WORDS), ("soft", "paper", WORDS),
    ("on-brand", "brand", WORDS), ("on-mine", "mine", WORDS), ("strong", "paper", WORDS),
    ("on-strong", "strong", WORDS),
    ("link", "paper", WORDS), ("link", "page", WORDS), ("on-warn", "warn", WORDS), ("bad", "paper", WORDS),
    ("bad", "page", WORDS), ("paper", "bad", WORDS), ("control", "paper", SHAPES), ("strong", "page", SHAPES),
    ("focus", "page", SHAPES), ("focus", "paper", SHAPES),
]  # fmt: skip


def palettes() -> dict[str, dict[str, str]]:
    """The two palettes out of the style sheet, as name → #rrggbb."""
    blocks = re.findall(r":root \{(.*?)\}", (FOLDER / "chat.css").read_text(encoding="utf-8"), re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks)
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_pair_of_colours_can_be_told_apart(name: str, front: str, back: str, least: float) -> None:
    palette = palettes()[name]
    lighter, darker = sorted((luminance(palette[front]), luminance(palette[back])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least

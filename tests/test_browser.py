"""The browser the pages are tested with: a real one, of a phone's size."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext

from tests.browser import PHONE, NoChromium, find_chromium

PAGE = """<!doctype html><meta name="viewport" content="width=device-width"><title>Dân Bàn</title>
<h1 style="font: 24px sans-serif">Chào Ông/Bà ở phường Ngô Quyền</h1>"""


@pytest.mark.browser
async def test_a_page_of_this_machine_opens_on_a_phone_sized_screen(phone: BrowserContext, tmp_path: Path) -> None:
    async def front(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    site = web.Application()
    site.router.add_get("/", front)
    async with TestServer(site) as server:
        page = await phone.new_page()
        await page.goto(str(server.make_url("/")))
        assert await page.title() == "Dân Bàn"
        assert await page.evaluate("[innerWidth, innerHeight]") == [PHONE["width"], PHONE["height"]]
        picture = await page.screenshot(path=tmp_path / "page.png")
        assert picture.startswith(b"\x89PNG")


def test_a_missing_browser_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(NoChromium, match="apt install chromium"):
        find_chromium()

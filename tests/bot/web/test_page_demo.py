"""The demonstration played in a real Chromium on the whole house: from a complaint to the digest."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.app import build
from bot.settings import Settings
from bot.ward_file import read_ward
from storage import wards
from storage.database import Database
from tests.browser import phone

pytestmark = pytest.mark.browser

SAMPLE = Path("bot/sample/ward.toml")
DESK = {"viewport": {"width": 1440, "height": 900}, "has_touch": False, "is_mobile": False}


@pytest.fixture
async def house(sqlite: Database, tmp_path: Path) -> AsyncIterator[str]:
    """The whole house with the sample ward, on a loopback port; its address."""
    async with sqlite.transaction() as tx:
        await wards.write(tx, read_ward(SAMPLE))
    settings = Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": sqlite.url, "HTTP_PORT": "0", "DEMO": "1"})
    stop, started = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(build(settings, sqlite).serve(stop, started.set_result))
    yield f"http://127.0.0.1:{await asyncio.wait_for(started, 30)}"
    stop.set()
    await asyncio.wait_for(serving, 30)


async def test_the_whole_job_plays_by_itself_and_starts_over_with_somebody_new(house: str) -> None:
    async with phone(**DESK) as context:
        page = await context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
        await page.goto(f"{house}/demo?pace=0.05&lang=vi")
        await page.locator("#play").click()
        await expect(page.locator("#story")).to_contain_text("Vậy là trọn công việc", timeout=60_000)
        resident = page.frame_locator("#frame-resident")
        code = await resident.locator(".code", has_text=re.compile(r"^PA-\d\d-00001$")).first.inner_text()
        await expect(page.frame_locator("#frame-unit").locator("#messages")).to_contain_text(code)
        # The ward's group hears of figures, never of a case.
        ward = page.frame_locator("#frame-ward").locator("#messages")
        await expect(ward.locator(".message")).to_have_count(1)
        await expect(ward).not_to_contain_text(code)
        await page.reload()
        await expect(resident.locator("#messages")).to_contain_text(code)
        await page.locator("#again").click()
        await expect(page.locator("#pause")).to_be_visible()
        await expect(resident.locator("#messages")).not_to_contain_text(code)


async def test_playing_can_be_paused_and_gone_on_with(house: str) -> None:
    async with phone(**DESK) as context:
        page = await context.new_page()
        await page.goto(f"{house}/demo?pace=0.5&lang=vi")
        await page.locator("#play").click()
        await page.locator("#pause").click()
        await expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
        told = await page.locator("#story").inner_text()
        await page.wait_for_timeout(3000)
        assert await page.locator("#story").inner_text() == told
        await page.locator("#pause").click()
        await expect(page.locator("#story")).not_to_have_text(told, timeout=20_000)


async def test_the_phones_stand_below_each_other_on_a_narrow_screen(house: str) -> None:
    async with phone() as context:
        page = await context.new_page()
        await page.goto(f"{house}/demo")
        assert not await page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
        boxes = [await page.locator(f"#frame-{who}").bounding_box() for who in ("resident", "unit", "ward")]
        tops = [box["y"] for box in boxes if box]
        assert len(tops) == 3 and tops == sorted(tops) and tops[1] - tops[0] > 400

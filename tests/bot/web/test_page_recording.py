"""Recording on the page, in a real Chromium whose microphone beeps: whoever speaks and presses Send is heard."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from storage import attachments
from storage.database import Database
from tests.bot.web.ground import EchoBot, echoing
from tests.bot.web.test_page_chat import opened
from tests.browser import phone

pytestmark = pytest.mark.browser


@pytest.fixture
async def bot(sqlite: Database, server: TestServer) -> AsyncIterator[EchoBot]:
    """A bot that hears."""
    async with echoing(sqlite) as running:
        yield running


async def test_sending_ends_the_recording_and_takes_it_along(
    server: TestServer, bot: EchoBot, sqlite: Database
) -> None:
    async with phone(permissions=["microphone"]) as context:
        page = await opened(context, server)
        await page.locator("#record").click()
        await expect(page.locator("#record")).to_have_attribute("aria-pressed", "true")
        await expect(page.locator("#record")).to_contain_text("0:02")
        await page.locator("#send").click()
        await expect(page.locator("#messages audio")).to_be_visible()
        await expect(page.locator("#record")).to_have_attribute("aria-pressed", "false")
    assert [len(one.attachments) for one in bot.heard] == [1]
    async with sqlite.reading() as tx:
        (kept,) = await attachments.by_ids(tx, bot.heard[0].attachments)
    assert kept.file.kind == "voice" and kept.file.seconds >= 1


async def test_pressing_twice_while_the_phone_asks_opens_the_microphone_once(server: TestServer, bot: EchoBot) -> None:
    async with phone(permissions=["microphone"]) as context:
        page = await opened(context, server)
        await page.evaluate("""() => {
          const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          window.opened = [];
          navigator.mediaDevices.getUserMedia = (what) => asked(what).then((one) => { opened.push(one); return one; });
          record.click();
          record.click();
        }""")
        await expect(page.locator("#record")).to_have_attribute("aria-pressed", "true")
        await page.locator("#record").click()
        await expect(page.locator("#record")).to_have_attribute("aria-pressed", "false")
        live = "() => opened.map((one) => one.getTracks().filter((track) => track.readyState === 'live').length)"
        assert await page.evaluate(live) == [0]

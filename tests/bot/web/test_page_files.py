"""Recordings and documents in a real Chromium the size of a phone: made, sent, played, saved."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext, Page, expect

from storage.database import Database
from tests import file_samples as samples
from tests.bot.web.ground import EchoBot, echoing
from tests.browser import phone

pytestmark = pytest.mark.browser


@pytest.fixture
async def bot(sqlite: Database, server: TestServer) -> AsyncIterator[EchoBot]:
    """A bot that answers every message."""
    async with echoing(sqlite) as running:
        yield running


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    """A phone."""
    async with phone() as opened:
        yield opened


async def opened(context: BrowserContext, server: TestServer, path: str = "/?lang=vi") -> Page:
    """The page, open; nothing it says on the console is an error."""
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
    await page.goto(str(server.make_url(path)))
    await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    return page


async def test_a_voice_is_recorded_sent_and_played(context: BrowserContext, server: TestServer, bot: EchoBot) -> None:
    await context.grant_permissions(["microphone"])
    page = await opened(context, server)
    await page.locator("#record").click()
    await expect(page.locator("#record")).to_contain_text("Dừng 0:0")
    await page.wait_for_timeout(1200)
    await page.locator("#record").click()
    await expect(page.locator("#extras li")).to_contain_text("🎤 Ghi âm 0:0")
    await expect(page.locator("#record")).to_have_text("Ghi âm")
    await page.locator("#send").click()
    player = page.locator("#messages audio").first
    await expect(player).to_have_count(1)
    loaded = (
        "player => new Promise((done, failed) => { player.oncanplay = done; player.onerror = failed; player.load(); })"
    )
    await player.evaluate(f"player => {{ player.preload = 'auto'; return ({loaded})(player); }}")


async def test_a_document_is_chosen_in_the_menu_and_stands_there_to_be_saved(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await page.locator("#menu-button").click()
    async with page.expect_file_chooser() as chooser:
        await page.locator("#document").click()
    await expect(page.locator("#menu")).to_be_hidden()
    await (await chooser.value).set_files(
        {"name": "Nguyễn Văn A.pdf", "mimeType": "application/pdf", "buffer": samples.PDF}
    )
    await expect(page.locator("#extras li")).to_contain_text("📄 Tài liệu")
    await page.locator("#send").click()
    link = page.locator("#messages a.document").first
    await expect(link).to_have_attribute("download", "")
    async with page.expect_download() as saved:
        await link.click()
    assert (await saved.value).suggested_filename.endswith(".pdf")
    assert "Nguyễn" not in (await saved.value).suggested_filename

"""A card that changes where it stands, on the page in a real Chromium."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext, expect
from sqlalchemy import select

from storage import webchat
from storage.database import Database
from tests.bot.web.ground import EchoBot, clock, echoing
from tests.bot.web.test_page_chat import COMPLAINT, opened, write
from tests.browser import phone

pytestmark = pytest.mark.browser


@pytest.fixture
async def bot(sqlite: Database, server: TestServer) -> AsyncIterator[EchoBot]:
    """A bot that asks "Gửi or Sửa?" after every message."""
    async with echoing(sqlite) as running:
        yield running


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    """A phone."""
    async with phone() as opened_phone:
        yield opened_phone


async def test_a_changed_card_changes_on_the_open_page_and_after_the_line_was_away(
    context: BrowserContext, server: TestServer, bot: EchoBot, sqlite: Database
) -> None:
    page = await opened(context, server)
    await write(page, COMPLAINT)
    last = page.locator(".message.theirs").last
    await expect(last.get_by_role("button", name="Gửi")).to_be_visible()
    number, chat = int(await last.get_attribute("data-id") or 0), await chat_of(sqlite)
    await change(sqlite, chat, number, "📌 đang xử lý", [("/traloi 1", "Trả lời")])
    card = page.locator(f'[data-id="{number}"]')
    await expect(card).to_contain_text("📌 đang xử lý")
    await expect(card.get_by_role("button", name="Gửi")).to_have_count(0)
    await context.set_offline(True)
    await change(sqlite, chat, number, "✅ đã trả lời", [])
    await context.set_offline(False)
    await expect(card).to_contain_text("✅ đã trả lời")


async def chat_of(sqlite: Database) -> str:
    async with sqlite.reading() as tx:
        return str(await tx.scalar(select(webchat.web_message.c.chat).limit(1)))


async def change(sqlite: Database, chat: str, number: int, text: str, choices: list[tuple[str, str]]) -> None:
    async with sqlite.transaction() as tx:
        assert await webchat.edit_from_bot(tx, chat, number, text=text, choices=choices, now=clock())

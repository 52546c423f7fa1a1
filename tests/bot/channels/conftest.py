"""Telegram's stand-in, and the house beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.telegram_house import CHIEF, FORUM, GROUP, OFFICIAL, House, house
from tests.fakes.telegram.server import TelegramServer


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=0.02) as opened:
        opened.people.group(GROUP, {str(CHIEF): "creator", str(OFFICIAL): "member"}, type="group")
        opened.people.group(FORUM, {str(CHIEF): "creator"}, topics=[12, 13])
        yield opened


@pytest.fixture
async def home(server: TelegramServer, ready_sqlite_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, server, ready_sqlite_url) as opened:
        yield opened

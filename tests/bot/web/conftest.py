"""What the web's tests stand on: a ward on SQLite, the web side serving it, and visitors."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from storage.database import Database
from tests.bot.web.ground import TestSettings, serving, small_ward, visitor


@pytest.fixture
def settings(tmp_path: Path) -> TestSettings:
    """Small limits, a folder of the test's own."""
    return TestSettings(data_dir=tmp_path)


@pytest.fixture
async def ward_id(sqlite: Database) -> int:
    """The small ward, on SQLite."""
    return await small_ward(sqlite)


@pytest.fixture
async def server(sqlite: Database, ward_id: int, settings: TestSettings) -> AsyncIterator[TestServer]:
    """The web side of the small ward."""
    async with serving(sqlite, settings) as running:
        yield running


@pytest.fixture
async def client(server: TestServer) -> AsyncIterator[TestClient[Any, Any]]:
    """A visitor who has opened the page."""
    async with visitor(server) as browser:
        yield browser


@pytest.fixture
async def stranger(server: TestServer) -> AsyncIterator[TestClient[Any, Any]]:
    """Another visitor."""
    async with visitor(server) as browser:
        yield browser

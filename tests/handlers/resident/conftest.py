"""A ward whose units have their rooms, played on SQLite and on PostgreSQL."""

import pytest

from storage.database import Database
from tests.handlers.driver import Talk
from tests.handlers.resident.ground import LAMPS_ROOM, RECEPTION_ROOM


@pytest.fixture
async def talk(database: Database) -> Talk:
    """Conversations with two units in their rooms."""
    talk = await Talk.begin(database)
    await talk.group(LAMPS_ROOM, "KT")
    await talk.group(RECEPTION_ROOM, "VP")
    return talk

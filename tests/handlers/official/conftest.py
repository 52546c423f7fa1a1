"""The ground of the desk's tests: a ward with two officials of one office in their group, one of another, a leader."""

import pytest

from domain.people import Role
from storage.database import Database
from tests.handlers.driver import Talk

ROOM = "room-kt"


@pytest.fixture
async def talk(database: Database) -> Talk:
    """Lan and Minh handle roads and lamps and have a group; Hoa is of another office; Sáu leads."""
    talk = await Talk.begin(database)
    await talk.official("lan", "KT")
    await talk.official("minh", "KT")
    await talk.official("hoa", "VX")
    await talk.official("sau", None, Role.LEADER, name="Sáu")
    await talk.group(ROOM, "KT")
    return talk

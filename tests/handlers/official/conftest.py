"""The ground of the desk's tests: a ward with two officials of one office in their group, one of another, a leader."""

import pytest

from domain.case import Act, Case
from domain.people import Role
from storage import case_events
from storage.database import Database
from tests.handlers.driver import Message, Talk

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


def card_of(talk: Talk, case: Case, chat: str = ROOM) -> Message:
    """The card of a case, as it stands in the group."""
    return next(one for one in talk.in_chat(chat) if case.code in one.text)


async def acts(talk: Talk, case: Case) -> list[Act]:
    """What has been done to a case, oldest first."""
    async with talk.database.reading() as tx:
        return [done.act for done in await case_events.history(tx, case)]

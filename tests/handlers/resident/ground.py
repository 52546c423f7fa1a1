"""The ground of the residents' tests: a ward with a room for each unit, and residents who agreed already."""

from sqlalchemy import select

from handlers.resident.start import CONSENT_VERSION
from storage import case_events, cases, people
from storage.base import metadata
from storage.case_events import CaseEvent
from tests.handlers.driver import Message, Talk

LAMPS_ROOM, RECEPTION_ROOM = "room-kt", "room-vp"
LAMP = "Đèn đường trước nhà số 12 Lê Lợi hỏng, tối lắm"


async def agreed(talk: Talk, who: str = "ba") -> None:
    """Somebody who agreed to the wording in force and has nothing more to be asked."""
    person = await talk.person(who)
    async with talk.database.transaction() as tx:
        await people.set_consent(tx, person, version=CONSENT_VERSION, now=talk.now)
        await people.set_residential_group(tx, person, None)


def said(messages: list[Message], chat: str = "ba") -> str:
    """Everything that was said in one chat, as one text."""
    return "\n\n".join(message.text for message in messages if message.chat == chat)


async def count(talk: Talk, who: str = "ba") -> int:
    """How many cases somebody has."""
    person = await talk.person(who)
    async with talk.database.reading() as tx:
        return len(await cases.of_resident(tx, person, limit=50))


async def history(talk: Talk, code: str) -> list[CaseEvent]:
    """A case's history, notes and all."""
    case = await talk.case(code)
    async with talk.database.reading() as tx:
        return await case_events.history(tx, case)


async def rows_with(talk: Talk, marker: str) -> list[str]:
    """The tables that hold a word in any of their rows."""
    found = []
    async with talk.database.reading() as tx:
        for table in metadata.sorted_tables:
            rows = (await tx.execute(select(table))).all()
            if any(marker in str(tuple(row)) for row in rows):
                found.append(table.name)
    return found

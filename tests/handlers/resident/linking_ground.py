"""The ground of the linking tests: Ba on Telegram and on Zalo, as two people and as one."""

import re

from actions.handle_case import Desk, answer
from domain.people import Official, Person
from storage import audit, people
from tests.actions.ground import known
from tests.handlers.driver import ACCOUNT, CHANNEL, Message, Talk
from tests.handlers.resident.ground import agreed, said

TELEGRAM, ZALO, WEB = "telegram", "zalo_oa", "web"
NOT_ME, BOTH_MINE = "Không phải tôi", "Đúng, cả hai là của tôi"
JOIN, DO_NOT = "Tôi tự lấy mã, liên kết", "Không liên kết"
LAMP, DRAIN = "Đèn đường hỏng", "Cống tắc ở hẻm 5"


def on(talk: Talk, channel: str) -> Talk:
    """The same talk, on another channel."""
    talk.channel = channel
    return talk


async def code_of(talk: Talk, who: str = "ba", channel: str = TELEGRAM) -> str:
    found = re.search(r"^[A-Z2-9]{4}-[A-Z2-9]{4}$", said(await on(talk, channel).say("/lienket", who=who), who), re.M)
    assert found
    return found[0]


async def joined(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    await on(talk, TELEGRAM).tap(BOTH_MINE, who="ba")


async def sees(talk: Talk, channel: str, who: str) -> set[str]:
    """What somebody's list of cases shows."""
    text = said(await on(talk, channel).say("/hoso", who=who), who)
    return {words for words in (LAMP, DRAIN) if words in text}


async def at(talk: Talk, channel: str, who: str) -> Person:
    async with talk.database.reading() as tx:
        found = await people.find(tx, channel=channel, account=ACCOUNT, address=who)
        assert found is not None
        return found.person


async def answered(talk: Talk, code: str) -> list[Message]:
    """The unit answers a case; what is told because of it, to anybody but the unit's room."""
    await on(talk, CHANNEL).official("lan", "KT")
    official = (await known(talk, "lan")).official
    assert isinstance(official, Official)
    async with talk.database.transaction() as tx:
        await answer(tx, talk.ward, Desk(official=official), code, text="Đã thay bóng.", now=talk.now)
    return [one for one in await talk.deliver() if "Đã thay bóng." in one.text and not one.chat.startswith("room")]


async def acts(talk: Talk, person_id: int) -> list[str]:
    async with talk.database.reading() as tx:
        return [row.act for row in await audit.of(tx, ward_id=talk.ward.id, subject=f"person {person_id}")]


async def two_bas(talk: Talk) -> Talk:
    """Ba has a case on Telegram and another on Zalo; to the ward these are two people."""
    await on(talk, TELEGRAM).submitted(LAMP, who="ba")
    await agreed(talk)
    await on(talk, ZALO).submitted(DRAIN, who="ba.z")
    await agreed(talk, "ba.z")
    return talk

"""Calls by a paid template: one for all that waits for somebody, none for nothing, none lost while Zalo is away."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.zalo_line import MaybeSent, NotSent
from bot.channels.zalo_oa_calling import CallTemplate, call_held
from bot.channels.zalo_oa_client import Answer
from bot.channels.zalo_oa_tokens import NoToken
from domain.notices import Priority
from storage import cases, held, outbox
from storage.base import Account
from storage.database import Database
from storage.outbox import Address
from tests.handlers.driver import ACCOUNT, Talk
from tests.handlers.resident.linking_ground import ZALO, two_bas

TEMPLATE = CallTemplate(id="334455", fields={"ma": "code"})
WHERE = Address(channel=ZALO, account=ACCOUNT, chat="ba.z")


def answer(error: int) -> Answer:
    return Answer(error=error, message="", data=None, left=None, raw=b"")


class Zalo:
    """What Zalo says, call by call; in the end it takes them."""

    def __init__(self, *said: Answer | BaseException) -> None:
        self.said, self.taken = list(said), 0

    async def send(self, body: dict[str, Any]) -> Answer:
        said = self.said.pop(0) if self.said else answer(0)
        if isinstance(said, BaseException):
            raise said
        self.taken += not said.error
        return said


@pytest.fixture
async def talk(sqlite: Database) -> Talk:
    """Two messages about a case of Ba's are held on Zalo."""
    begun = await two_bas(await Talk.begin(sqlite))
    async with sqlite.transaction() as tx:
        rows = (await tx.execute(select(cases.cases.c.id).order_by(cases.cases.c.id))).scalars().all()
        for case_id in (rows[-1], rows[-1]):
            await outbox.put(
                tx, WHERE, {"reply": {"text": "x"}}, language="vi", priority=Priority.NOTICE, now=begun.now,
                ward_id=begun.ward.id, case_id=case_id,
            )  # fmt: skip
        for sending in (await outbox.owed_to(tx, WHERE))[-2:]:
            await held.hold_waiting(tx, sending, why="closed", now=begun.now)
    return begun


async def look(talk: Talk, zalo: Zalo, *, later: timedelta = timedelta()) -> int:
    on = Account(ZALO, ACCOUNT)
    return await call_held(zalo.send, TEMPLATE, talk.database, on, now=talk.now + later)


@pytest.mark.parametrize("away", [NotSent("refused"), NoToken("none"), answer(-32), answer(-216), answer(-211)])
async def test_who_surely_was_not_called_is_called_another_time_once(talk: Talk, away: Answer | BaseException) -> None:
    zalo = Zalo(away)
    assert await look(talk, zalo) == 0 and zalo.taken == 0
    assert await look(talk, zalo) == 1
    for later in (timedelta(minutes=5), timedelta(days=2)):
        assert await look(talk, zalo, later=later) == 0
    assert zalo.taken == 1


@pytest.mark.parametrize("end", [MaybeSent("cut"), answer(-201), answer(-218)])
async def test_who_may_have_been_called_or_never_can_be_is_not_called_again(
    talk: Talk, end: Answer | BaseException
) -> None:
    zalo = Zalo(end)
    assert await look(talk, zalo) == 1 and await look(talk, zalo) == 0 and zalo.taken == 0


async def test_a_process_that_is_stopped_in_a_call_does_not_make_it_twice(talk: Talk) -> None:
    zalo = Zalo(asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await look(talk, zalo)
    assert await look(talk, zalo) == 0 and zalo.taken == 0

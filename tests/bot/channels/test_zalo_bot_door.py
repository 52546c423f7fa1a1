"""Where Zalo calls in: events are stored before they are acknowledged, and nobody else gets anything out of it."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from actions.watch_quota import watch_people
from bot.channels import zalo_bot_door
from bot.channels.zalo_bot_door import SECRET_HEADER, ZaloBotDoor
from bot.channels.zalo_bot_intake import ZaloBotIntake
from bot.channels.zalo_bot_update import NAME
from bot.clock import Clock
from bot.metrics import REGISTRY
from bot.web.webhooks import UPDATE_MAX_BYTES
from domain.people import Role
from handlers.texts.notices import render
from storage import inbox, outbox
from storage.base import Account
from storage.database import Database
from storage.outbox import Address
from tests.bot.zalo_bot_house import SECRET
from tests.fakes.zalo_bot.world import event
from tests.handlers.driver import NOW, Talk

PATH = "/webhook/zalo-bot/145"
GOOD = json.dumps(event("text", "a1b2", group=None, text="Chào", message_id="m1")).encode()
OURS = {SECRET_HEADER: SECRET, "User-Agent": "Java/1.8.0_192"}


Client = TestClient[web.Request, web.Application]


class Away(ZaloBotIntake):
    """An intake whose database is away the first `times`."""

    times = 0

    async def store(self, raw: dict[str, object]) -> None:
        if self.times > 0:
            self.times -= 1
            raise ConnectionError
        await super().store(raw)


@pytest.fixture
def intake(sqlite: Database) -> Away:
    return Away("145", sqlite, Clock())


@pytest.fixture
async def client(intake: Away, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(zalo_bot_door, "WAITS_SECONDS", (0.0, 0.01))
    app = web.Application()
    app.add_routes(ZaloBotDoor(account="145", secret=SECRET, take=intake.take).routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def stored(database: Database) -> int:
    async with database.reading() as tx:
        return await inbox.waiting(tx)


def counted(end: str) -> float:
    return REGISTRY.get_sample_value("danban_webhook_calls_total", {"channel": NAME, "end": end}) or 0.0


@pytest.mark.parametrize(
    ("body", "headers", "status", "end"),
    [
        (GOOD, OURS, 200, "stored"), (GOOD, {}, 403, "forged"), (GOOD, {SECRET_HEADER: "wrong"}, 403, "forged"),
        (b"", {}, 200, "probe"), (b"{", OURS, 400, "broken"), (b"[]", OURS, 400, "broken"),
        (b"x" * (UPDATE_MAX_BYTES + 1), OURS, 413, "too_large"), (GOOD, {SECRET_HEADER: "é"}, 403, "forged"),
    ],
)  # fmt: skip
async def test_only_an_event_with_the_secret_is_stored(
    client: Client,
    sqlite: Database,
    body: bytes,
    headers: dict[str, str],
    status: int,
    end: str,
) -> None:
    before = counted(end)
    answer = await client.post(PATH, data=io.BytesIO(body) if body else None, headers=headers)
    assert answer.status == status and counted(end) == before + 1
    assert await stored(sqlite) == (1 if body == GOOD and status == 200 else 0)


async def test_a_database_that_is_away_for_a_moment_is_waited_for(
    client: Client, intake: Away, sqlite: Database
) -> None:
    intake.times = 2
    assert (await client.post(PATH, data=GOOD, headers=OURS)).status == 200
    intake.times, before = 3, counted("away")
    answer = await client.post(PATH, data=GOOD, headers=OURS)
    assert answer.status == 503 and answer.headers["Retry-After"] and counted("away") == before + 1
    assert await stored(sqlite) == 1


async def test_many_at_once_and_repeats_are_stored_once_each(client: Client, sqlite: Database) -> None:
    bodies = [json.dumps(event("text", f"u{n}", group=None, text="x", message_id=f"m{n}")) for n in range(20)] * 2
    answers = await asyncio.gather(*(client.post(PATH, data=body.encode(), headers=OURS) for body in bodies))
    assert {one.status for one in answers} == {200} and await stored(sqlite) == 20


async def test_admins_are_told_of_the_people_once_at_each_step(sqlite: Database) -> None:
    talk = await Talk.begin(sqlite)
    await talk.official("quan", None, Role.ADMIN)
    async with sqlite.transaction() as tx:
        for count in (39, 40, 41, 49, 50, 51):
            await watch_people(tx, Account(NAME, "145"), count=count, most=50, now=NOW)
        await watch_people(tx, Account(NAME, "145"), count=500, most=0, now=NOW)
        owed = await outbox.owed_to(tx, Address(channel=talk.channel, account="bot", chat="quan"))
    said = [render(one.body, "vi", case_id=None).text for one in owed]
    assert len(said) == 2 and "40/50" in said[0] and "50 người" in said[1]

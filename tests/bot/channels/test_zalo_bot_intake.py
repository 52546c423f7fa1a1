"""Nothing that reached us is lost, nothing is taken twice, and the poller ends with its call."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.channels.zalo_bot_api import ZaloBotApi
from bot.channels.zalo_bot_intake import ZaloBotIntake
from bot.channels.zalo_bot_poller import ZaloBotPoller
from bot.clock import Clock
from storage import inbox
from storage.database import Database
from tests.fakes.zalo_bot.server import ZaloBotServer
from tests.fakes.zalo_bot.world import Fault, event

USER = "a1b2c3d4e5f60718293a"


@pytest.fixture
async def server() -> AsyncIterator[ZaloBotServer]:
    async with ZaloBotServer(scale=0.02) as opened:
        yield opened


async def stored(database: Database) -> list[str]:
    async with database.reading() as tx:
        rows = await tx.execute(select(inbox.inbox.c.update_id).order_by(inbox.inbox.c.id))
        return list(rows.scalars())


async def test_an_event_is_stored_once_however_often_it_comes(database: Database) -> None:
    intake = ZaloBotIntake("145", database, Clock())
    bare = event("text", USER, group=None, text="Đèn \x00 hỏng \ud83d", message_id="m1")
    for given in (bare, {"ok": True, "result": bare}, bare):
        assert await intake.take(json.dumps(given).encode())
    assert await stored(database) == ["m1"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff\xfe", b'{"ok":true}', b"[" * 100_000])
async def test_what_is_no_event_is_refused_and_nothing_breaks(sqlite: Database, body: bytes) -> None:
    assert not await ZaloBotIntake("145", sqlite, Clock()).take(body)
    assert await stored(sqlite) == []


async def test_an_empty_body_is_zalo_trying_the_address(sqlite: Database) -> None:
    assert await ZaloBotIntake("145", sqlite, Clock()).take(b" ")
    assert await stored(sqlite) == []


class Moody(ZaloBotIntake):
    """An intake whose database is away a few times."""

    away = 2

    async def store(self, raw: dict[str, object]) -> None:
        if self.away:
            self.away -= 1
            raise ConnectionError
        await super().store(raw)


async def test_polling_loses_nothing_over_a_bad_line_and_a_database_that_is_away(
    server: ZaloBotServer, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo_bot_poller.RETRY_SECONDS", 0.01)
    server.world.faults += [Fault(kind, "getUpdates") for kind in ("500", "cut_before", "403", "408", "429")]
    monkeypatch.setattr("bot.channels.zalo_bot_poller.QUOTA_SECONDS", 0.01)
    sent = [server.write(USER, f"Tin {number}") for number in range(5)]
    api, stop = ZaloBotApi(token=server.world.token, url=server.url), asyncio.Event()
    polling = asyncio.create_task(ZaloBotPoller(api, Moody("145", sqlite, Clock())).run(stop))
    async with asyncio.timeout(60):
        while await stored(sqlite) != sent:  # noqa: ASYNC110  # the database has no event for it
            await asyncio.sleep(0.02)
        stop.set()
        await polling
    assert server.world.handed_out == sent
    await api.close()


async def test_a_poller_broken_off_in_a_call_keeps_what_the_call_brings(
    server: ZaloBotServer, sqlite: Database
) -> None:
    server.world.scale = 0.2
    api = ZaloBotApi(token=server.world.token, url=server.url)
    polling = asyncio.create_task(ZaloBotPoller(api, ZaloBotIntake("145", sqlite, Clock())).run(asyncio.Event()))
    async with asyncio.timeout(60):
        while not server.calls("getUpdates"):  # noqa: ASYNC110  # the stand-in has no event for it
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        polling.cancel()
        await asyncio.sleep(0.05)
        sent = server.write(USER, "Vào phút cuối")
        with pytest.raises(asyncio.CancelledError):
            await polling
    assert await stored(sqlite) == [sent]
    await api.close()

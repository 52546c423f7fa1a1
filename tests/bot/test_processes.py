"""Several real processes share the work on PostgreSQL: started in any mix, killed at will, and the work goes on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Clock
from storage.database import Database
from tests.bot.processes import answered, ask, processes, settings_of, started, until
from tests.fakes.telegram.server import TelegramServer
from tests.handlers.driver import Talk, sample_ward

RESIDENT = 4201
TICK = {"TICK_SECONDS": "1"}


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=0.02) as opened:
        yield opened


async def test_whoever_is_killed_the_others_go_on(server: TelegramServer, postgres_url: str, tmp_path: Path) -> None:
    async with processes(tmp_path, postgres_url, server, **settings_of("polling")) as home:
        # All at once on an empty database: they migrate it and import the sample ward one after the other.
        await started(home, "web+scheduler", "inbox-1", "inbox-2", "outbox-1", "outbox-2")
        assert ask(postgres_url, "SELECT count(*) FROM ward") == 1
        await answered(server, RESIDENT)
        home.kill("inbox-1")
        home.kill("outbox-1")
        await answered(server, RESIDENT + 1)
        await started(home, "inbox-1")
        home.kill("inbox-2")
        home.kill("web+scheduler")
        await answered(server, RESIDENT + 2)
        assert ask(postgres_url, "SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0
        assert not any("Traceback" in home.log(name) for name in ("web+scheduler", "inbox-1", "outbox-2"))


async def test_webhooks_are_taken_in_by_a_process_that_does_nothing_else(
    server: TelegramServer, postgres_url: str, tmp_path: Path
) -> None:
    async with processes(tmp_path, postgres_url, server, **settings_of("webhook")) as home:
        await started(home, "web", "inbox")
        server.people.write(RESIDENT, "/start")
        await until(lambda: ask(postgres_url, "SELECT count(*) FROM inbox WHERE state = 'done'"))
        assert server.texts(RESIDENT) == []
        await started(home, "outbox+scheduler")
        await until(lambda: server.texts(RESIDENT))


async def test_two_schedulers_post_a_digest_once(
    server: TelegramServer, ready_postgres_url: str, tmp_path: Path
) -> None:
    now = Clock().now()
    hour = (now - timedelta(minutes=5)).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    ward = replace(sample_ward(), digest_weekday=hour.weekday(), digest_at=hour.time().replace(microsecond=0))
    database = Database.open(ready_postgres_url)
    talk = await Talk.begin(database, ward=ward)
    talk.now = now - timedelta(days=1)
    await talk.official("lan", "KT")
    await talk.group("room-ward")
    await talk.submitted()
    await database.close()
    async with processes(tmp_path, ready_postgres_url, server, **settings_of("polling"), **TICK) as home:
        await started(home, "scheduler-1", "scheduler-2")
        await until(lambda: ask(ready_postgres_url, "SELECT count(*) FROM slot WHERE job = 'digest'"))
        home.kill("scheduler-1")
        await asyncio.sleep(2.5)
        assert ask(ready_postgres_url, "SELECT count(*) FROM outbox WHERE key LIKE 'digest:%'") == 1

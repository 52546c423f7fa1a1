"""Several real processes share the work on PostgreSQL: started in any mix, killed at will, and the work goes on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, CookieJar

from bot.clock import Clock
from domain.ward import Ward
from storage.database import Database
from tests.bot.processes import PATIENCE_SECONDS, answered, ask, processes, settings_of, started, until
from tests.bot.web.ground import OURS
from tests.fakes.telegram.server import TelegramServer
from tests.faults.ground import free_port
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
    await with_a_case(ready_postgres_url, ward, at=now - timedelta(days=1))
    async with processes(tmp_path, ready_postgres_url, server, **settings_of("polling"), **TICK) as home:
        await started(home, "scheduler-1", "scheduler-2")
        await until(lambda: ask(ready_postgres_url, "SELECT count(*) FROM slot WHERE job = 'digest'"))
        home.kill("scheduler-1")
        # Another ward's digest is due now: once that one is out, the other scheduler has been round since.
        await with_a_case(ready_postgres_url, replace(ward, code="BTR"), at=now - timedelta(days=1))
        await until(lambda: ask(ready_postgres_url, f"{DIGESTS} AND chat = 'room-BTR'"))
        assert ask(ready_postgres_url, DIGESTS) == 2


DIGESTS = "SELECT count(*) FROM outbox WHERE key LIKE 'digest:%'"


async def with_a_case(url: str, ward: Ward, *, at: datetime) -> None:
    """A ward with its group, an official and a case."""
    database = Database.open(url)
    talk = await Talk.begin(database, ward=ward)
    talk.now = at
    await talk.official(f"lan-{ward.code}", "KT")
    await talk.group(f"room-{ward.code}")
    await talk.submitted(who=f"ba-{ward.code}")
    await database.close()


async def test_a_page_hears_what_another_process_sends(
    server: TelegramServer, ready_postgres_url: str, tmp_path: Path
) -> None:
    settings = settings_of("webhook")
    here, port = settings["PUBLIC_URL"], str(free_port())
    async with (
        processes(tmp_path, ready_postgres_url, server, **settings) as home,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as client,
    ):
        await started(home, "web-1")
        await started(home, "web+inbox+outbox-2", HTTP_PORT=port)
        await client.get(f"{here}/")
        async with client.get(f"{here}/api/events") as page:
            body = {"text": "/trogiup", "client_id": "id-000001"}
            there = f"http://127.0.0.1:{port}/api/messages"
            async with client.post(there, json=body, headers=OURS) as posted:
                assert posted.status == HTTPStatus.OK, await posted.text()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (line := await page.content.readline()) and b'"author": "bot"' not in line:
                    pass
            assert "/batdau" in line.decode()

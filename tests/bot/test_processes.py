"""Several real processes share the work on PostgreSQL: started in any mix, killed at will, and the work goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.bot.processes import PATIENCE_SECONDS, Processes, ask, processes
from tests.bot.telegram_house import SECRET
from tests.fakes.telegram.server import TelegramServer
from tests.faults.ground import free_port

RESIDENT = 4201


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=0.02) as opened:
        yield opened


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():  # noqa: ASYNC110  # other processes have no event for us
            await asyncio.sleep(0.02)


async def answered(server: TelegramServer, user: int) -> None:
    """Somebody new writes, and is answered."""
    server.people.write(user, "/start")
    await until(lambda: any("đồng ý" in text for text in server.texts(user)))


async def started(home: Processes, *names: str) -> None:
    """Wait for processes without keeping the stand-in from answering them."""
    await asyncio.to_thread(home.start, *names)


async def test_whoever_is_killed_the_others_go_on(server: TelegramServer, postgres_url: str, tmp_path: Path) -> None:
    async with processes(tmp_path, postgres_url, server, HTTP_PORT="0") as home:
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
    port = str(free_port())
    settings = {
        "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET, "HTTP_PORT": port,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    async with processes(tmp_path, postgres_url, server, **settings) as home:
        await started(home, "web", "inbox")
        server.people.write(RESIDENT, "/start")
        await until(lambda: ask(postgres_url, "SELECT count(*) FROM inbox WHERE state = 'done'"))
        assert server.texts(RESIDENT) == []
        await started(home, "outbox+scheduler")
        await until(lambda: server.texts(RESIDENT))

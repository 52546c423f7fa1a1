"""Stopping within STOP_SECONDS whatever is in flight, and losing nothing by it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, CookieJar

from tests.bot.processes import Processes, answered, ask, processes, settings_of, started, until
from tests.bot.web.ground import OURS
from tests.cut import cuttable
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer

FIRST, SECOND = 4201, 4202
STOP_SECONDS = 3
# Whatever happens it is to be gone within 10 s. Two cores are shared here with other tests and their databases: what
# needs 1 s of them to end may get it only after several.
GONE_SECONDS = 10
SLOW_MACHINE_SECONDS = 5
HANGS_SECONDS = 120.0


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=1.0) as opened:
        yield opened


async def stopped_in_time(home: Processes) -> None:
    home.ask_to_stop("all")
    async with asyncio.timeout(GONE_SECONDS + SLOW_MACHINE_SECONDS):
        await until(lambda: home.ended("all") is not None)


async def test_it_stops_with_everything_in_flight_and_the_next_start_goes_on(
    server: TelegramServer, ready_postgres_url: str, tmp_path: Path
) -> None:
    settings = settings_of("webhook") | {"TELEGRAM_MODE": "polling", "STOP_SECONDS": str(STOP_SECONDS)}
    url = settings["PUBLIC_URL"]
    async with (
        processes(tmp_path, ready_postgres_url, server, **settings) as home,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as client,
    ):
        await started(home, "all")
        await answered(server, FIRST)
        await client.get(f"{url}/")
        line = await client.get(f"{url}/api/events")
        assert line.status == 200
        posting = asyncio.Task(posted_slowly(client, url))
        server.faults.ordered.append(Fault("hang", "sendMessage", seconds=HANGS_SECONDS))
        server.people.write(SECOND, "/start")
        await until(lambda: ask(ready_postgres_url, "SELECT count(*) FROM outbox WHERE state = 'sending'"))
        await stopped_in_time(home)
        assert home.ended("all") == 0, home.log("all")
        await posting
        line.close()
        # What was being sent may have arrived: it is sent once more, and not only when its lease has run out.
        await started(home, "all")
        await until(lambda: server.texts(SECOND))
        await until(lambda: not ask(ready_postgres_url, "SELECT count(*) FROM outbox WHERE state <> 'sent'"))


async def posted_slowly(client: ClientSession, url: str) -> None:
    """Begin a message and never end it, until the server hangs up."""
    forever = asyncio.Event()

    async def half() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        await forever.wait()

    try:
        async with client.post(f"{url}/api/messages", data=half(), headers=OURS):
            pass
    except ClientError:
        return


async def test_it_stops_when_the_database_says_nothing_any_more(
    server: TelegramServer, postgres_url: str, tmp_path: Path
) -> None:
    async with cuttable(postgres_url) as line:
        settings = settings_of("polling") | {"STOP_SECONDS": str(STOP_SECONDS)}
        async with processes(tmp_path, line.url, server, **settings) as home:
            await started(home, "all")
            line.freeze()
            server.people.write(SECOND, "/start")
            await asyncio.sleep(1.0)
            await stopped_in_time(home)
            assert "Traceback" not in home.log("all")

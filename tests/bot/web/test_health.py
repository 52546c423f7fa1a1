"""What machines that watch are told: whether the work gets done, and figures; to whom, and nothing of anybody."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from bot import pulse, readiness
from bot.depths import Exposition
from bot.preflight import PreflightError
from bot.readiness import Checks
from bot.settings import Settings
from bot.watching import watched
from bot.web.health import Watch
from storage import inbox, migrations, zalo_accounts
from storage.base import Account
from storage.database import Database
from tests.bot.channels.conftest import server  # noqa: F401  # the stand-in as a fixture
from tests.bot.telegram_house import RESIDENT, House, house, known, reported
from tests.bot.test_start import PATIENCE_SECONDS, running, status
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
WEB, BOT = Account("web", "web"), Account("telegram", "77")
TOKEN = "a-token-of-sixteen-letters"
Client = TestClient[web.Request, web.Application]


@dataclass
class Limits:
    data_dir: Path
    ready_backlog_seconds: int = 60
    ready_disk_bytes: int = 1
    zalo_oa_quiet_hours: int = 24


def a_watch(database: Database, limits: Limits, *accounts: Account, token: str | None = None) -> Watch:
    checks = Checks(database, limits, lambda: NOW, channels={WEB: None}, accounts=accounts)
    return Watch(checks=checks, exposition=Exposition(database, lambda: NOW), token=token)


async def test_an_account_whose_webhook_is_silent_is_a_warning_and_no_reason_to_be_restarted(
    sqlite: Database, tmp_path: Path
) -> None:
    watch = a_watch(sqlite, Limits(tmp_path), Account("zalo_oa", "12"), Account("zalo_oa", "13"))
    async with sqlite.transaction() as tx:
        await zalo_accounts.heard(tx, "12", now=NOW - timedelta(hours=25))
        await zalo_accounts.heard(tx, "13", now=NOW - timedelta(hours=23))
    found = (await watch.checks.look()).as_json()
    assert found["warnings"] == {"account zalo_oa 12": "no event since 2026-11-20T02:00Z"}
    assert not any("no event" in said for said in found["checks"].values())


async def asked(watch: Watch) -> dict[str, str]:
    return (await watch.checks.look()).checks


async def arrive(database: Database, *, at: datetime) -> None:
    async with database.transaction() as tx:
        await inbox.put(tx, channel="web", account="web", update_id=str(at), lane="chat-of-hai", raw={}, now=at)


@pytest.fixture(autouse=True)
def fresh_pulses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_pulses", {})


async def test_all_is_well(database: Database, tmp_path: Path) -> None:
    found = await asked(a_watch(database, Limits(tmp_path)))
    assert found == dict.fromkeys(("database", "migrations", "inbox", "outbox", "disk"), "ok")


async def test_what_waits_too_long_is_told_and_what_waits_a_little_is_not(sqlite: Database, tmp_path: Path) -> None:
    await arrive(sqlite, at=NOW - timedelta(seconds=59))
    assert (await asked(a_watch(sqlite, Limits(tmp_path))))["inbox"] == "ok"
    late = await asked(a_watch(sqlite, Limits(tmp_path, ready_backlog_seconds=30)))
    assert late["inbox"] == "the oldest has been due for 59 s"


async def test_a_full_disk_is_told(sqlite: Database, tmp_path: Path) -> None:
    assert "bytes free" in (await asked(a_watch(sqlite, Limits(tmp_path, ready_disk_bytes=2**62))))["disk"]


async def test_an_older_schema_is_told(sqlite: Database, tmp_path: Path) -> None:
    await migrations.downgrade(sqlite, "20261121_telegram")
    found = await asked(a_watch(sqlite, Limits(tmp_path)))
    assert found["migrations"] == "at 20261121_telegram; run: danban migrate"


async def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    away = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'none' / 'none.db'}")
    watch = a_watch(away, Limits(tmp_path))
    assert (await asked(watch))["database"] != "ok"
    assert b"danban_database_up 0.0" in await watch.exposition.text()
    await away.close()


async def test_an_account_is_well_once_its_platform_answered_and_as_long_as_it_does(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "KEPT_SECONDS", -1.0)
    channels: dict[Account, object] = {WEB: None}
    checks = Checks(sqlite, Limits(tmp_path), lambda: NOW, channels=channels, accounts=[BOT])

    async def said() -> str:
        return (await checks.look()).checks["account telegram 77"]

    pulse.failed(BOT, "InvalidToken")
    assert await said() == "its platform has not answered yet (InvalidToken)"
    channels[BOT] = None
    with pulse.asking(BOT):
        assert await said() == "ok"
        pulse.heard(BOT)
        monkeypatch.setattr(pulse, "SILENCE_SECONDS", -1.0)
        assert await said() == "no answer for 0 s"
        pulse.failed(BOT, "status 502")
        assert await said() == "failing for 0 s (status 502)"
    assert await said() == "ok", "whoever does not ask, or is called, may rightly hear nothing"
    pulse.failed(BOT, "TimedOut")
    assert await said() == "failing for 0 s (TimedOut)", "but what fails for long is told"
    pulse.heard(BOT)
    assert await said() == "ok"


async def test_whoever_asks_at_the_same_time_is_told_after_one_look(sqlite: Database, tmp_path: Path) -> None:
    watch = a_watch(sqlite, Limits(tmp_path))
    first, *others = await asyncio.gather(*(watch.checks.look() for _ in range(50)))
    assert all(other is first for other in others)


@pytest.fixture
async def client(sqlite: Database, tmp_path: Path) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(a_watch(sqlite, Limits(tmp_path), token=TOKEN).routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def test_figures_are_for_whoever_shows_the_token(client: Client) -> None:
    assert (await client.get("/metrics")).status == 401
    assert (await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"})).status == 401
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status == 200 and "danban_database_up 1.0" in await answer.text()
    assert (await client.get("/readyz")).status == 200


async def test_without_a_token_the_pages_address_has_no_figures_and_the_other_has(
    sqlite: Database, tmp_path: Path
) -> None:
    watch = a_watch(sqlite, Limits(tmp_path))
    assert {route.path for route in watch.routes()} == {"/readyz"}
    assert {route.path for route in watch.own_routes()} == {"/readyz", "/metrics"}
    settings = Settings.load({"METRICS_PORT": "0"})
    async with watched(watch, settings) as port:
        assert await status(f"http://127.0.0.1:{port}/metrics") == 200
    async with watched(watch, Settings.load({})) as none:
        assert none is None


async def test_a_taken_port_is_told_by_its_own_name(sqlite: Database, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings.load({"METRICS_PORT": str(taken.getsockname()[1])})
        with pytest.raises(PreflightError, match="METRICS_PORT: cổng"):
            async with watched(a_watch(sqlite, Limits(tmp_path)), settings):
                pass


async def test_figures_hold_what_happened_and_no_chat_no_name_no_words(
    server: TelegramServer,  # noqa: F811  # the fixture
    ready_sqlite_url: str,
    tmp_path: Path,
) -> None:
    async with house(tmp_path, server, ready_sqlite_url, METRICS_TOKEN=TOKEN) as home:
        before = await _figures(home)
        await known(home)
        server.faults.ordered.append(Fault(kind="500", method="sendMessage"))
        code = await reported(home)
        await home.settle()
        text = (await home.app.watch.exposition.text()).decode()
    after = _parsed(text)
    for sample in (
        'danban_turn_seconds_count{channel="telegram"}',
        'danban_sends_total{channel="telegram",outcome="sent"}',
    ):
        assert after[sample] >= before.get(sample, 0) + 3
    failed = [name for name in after if name.startswith("danban_sends_total") and 'outcome="sent"' not in name]
    assert sum(after[one] - before.get(one, 0) for one in failed) == 1
    assert "danban_lanes_busy 0.0" in text and "danban_build_info{" in text
    assert not [word for word in (str(RESIDENT), code, "Lê Lợi", server.bot.token) if word in text]


async def _figures(home: House) -> dict[str, float]:
    return _parsed((await home.app.watch.exposition.text()).decode())


def _parsed(text: str) -> dict[str, float]:
    return {found[1]: float(found[2]) for found in re.finditer(r"^(danban\S*) (\S+)$", text, re.MULTILINE)}


async def test_the_house_says_ready_and_figures_on_their_own_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with ClientSession() as caller:
        with running(tmp_path, METRICS_PORT=str(port)) as (_process, url):
            async with asyncio.timeout(PATIENCE_SECONDS):
                for path, wanted in (
                    (f"{url}/readyz", 200), (f"{url}/metrics", 404), (f"http://127.0.0.1:{port}/readyz", 200),
                ):  # fmt: skip
                    async with caller.get(path) as answer:
                        assert answer.status == wanted, (path, await answer.text())
                await _until_ticked(caller, port)


async def _until_ticked(caller: ClientSession, port: int) -> None:
    while True:
        async with caller.get(f"http://127.0.0.1:{port}/metrics") as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            if _parsed(await answer.text()).get("danban_last_tick_timestamp_seconds", 0) > 0:
                return
        await asyncio.sleep(0.1)

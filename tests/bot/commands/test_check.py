"""`danban check` says what to mend in the running work."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.commands.check import check
from bot.sample import seed
from bot.settings import Settings
from storage import inbox, outbox
from storage.database import Database
from storage.outbox import Address
from tests.storage.claiming import take_one

LONG = timedelta(hours=2)


@pytest.fixture
async def settings(sqlite: Database, ready_sqlite_url: str, tmp_path: Path) -> Settings:
    async with sqlite.transaction() as tx:
        await seed(tx, now=Clock().now())
    return Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": ready_sqlite_url})


async def test_all_is_well(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert await check(None, settings) == 0  # type: ignore[arg-type]  # no arguments are looked at
    said = capsys.readouterr().out
    assert "✗" not in said and "danban inbox" not in said


async def test_what_waits_too_long_and_what_was_set_aside_is_told(
    settings: Settings, sqlite: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = Clock().now() - LONG
    async with sqlite.transaction() as tx:
        for number in range(3):
            await inbox.put(
                tx, channel="zalo", account="1", update_id=str(number), lane=str(number), raw={}, now=long_ago
            )
        taken = await take_one(tx, accounts=await _all(), now=long_ago)
        assert taken is not None
        await inbox.fail(tx, taken, error="KeyError()", now=long_ago, attempts_max=1, wait=LONG)
        address = Address(channel="zalo", account="1", chat="a")
        await outbox.put(tx, address, {"reply": ""}, language="vi", priority=0, now=long_ago)
    assert await check(None, settings) == 1  # type: ignore[arg-type]  # no arguments are looked at
    said = capsys.readouterr().out
    assert "✗ 2 tin đến đang chờ" in said and "✗ 1 tin chưa gửi được" in said and "! 1 tin bị để riêng" in said


async def _all() -> tuple[inbox.Account, ...]:
    return (inbox.Account("zalo", "1"),)


async def test_a_full_disk_is_told(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full = Settings.load({"DATA_DIR": str(tmp_path), "READY_DISK_BYTES": "1 GiB"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.commands.check_running.free_bytes", lambda _folder: 5 * 2**20)
        assert await check(None, full) == 1  # type: ignore[arg-type]  # no arguments are looked at
    assert "chỉ còn 5 MiB" in capsys.readouterr().out

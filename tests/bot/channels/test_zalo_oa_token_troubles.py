"""The tokens of a Zalo Official Account through crashes, full disks, broken calls and a clock that is put back."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.zalo_oa_tokens import LEASE, BeingRenewed
from storage import zalo_accounts
from tests.bot.channels.zalo_tokens_ground import Ground, ground, shared, zalo
from tests.bot.processes import until
from tests.fakes.zalo_oa.server import Fault
from tests.fakes.zalo_oa.world import HOUR

__all__ = ["ground", "shared", "zalo"]


async def test_who_died_while_asking_keeps_the_others_waiting_no_longer_than_the_lease(ground: Ground) -> None:
    world = ground.zalo.world
    async with ground.database.transaction() as tx:
        now = ground.clock.now()
        assert await zalo_accounts.lease(tx, world.app_id, generation=0, now=now, until=now + LEASE)
    with pytest.raises(BeingRenewed):
        await ground.process().access()
    world.offset += LEASE.total_seconds() + 1
    assert await ground.good(await ground.process().access())


async def test_a_crash_between_zalos_answer_and_the_commit_loses_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_anything: object, **_more: object) -> bool:
        raise OSError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr("storage.zalo_accounts.renew", crash)
        with pytest.raises(OSError, match="away"):
            await ground.process().access()
    (file,) = (ground.folder / "zalo-oa").glob("*.answer")
    pair = ground.zalo.world.pair
    assert pair is not None and pair.refresh not in file.read_text() and file.stat().st_mode & 0o077 == 0
    # Another process, later: the seed is spent, so this can only come from the file.
    tokens = ground.process()
    await tokens.keep_fresh()
    assert await ground.good(await tokens.access())
    assert ground.zalo.world.refreshes == 1 and not file.exists() and not ground.zalo.world.refusals


async def test_whoever_is_broken_off_while_zalo_answers_loses_no_pair(ground: Ground) -> None:
    tokens = ground.process()
    await tokens.access()
    ground.zalo.world.offset += 20 * HOUR
    ground.zalo.faults.append(Fault("hang", "/access_token", seconds=0.3))
    keeping = asyncio.create_task(tokens.keep_fresh())
    await until(lambda: ground.zalo.world.refreshes == 2)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    await tokens.close()
    assert await ground.good(await ground.process().access()) and not ground.zalo.world.refusals


async def test_a_disk_without_room_spends_no_token_and_raises_the_alarm(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = ground.process()
    token = await tokens.access()
    ground.zalo.world.offset += 20 * HOUR
    with monkeypatch.context() as patch:
        patch.setattr("bot.channels.zalo_oa_answer.write_durably", _full)
        await tokens.keep_fresh()
        await tokens.keep_fresh()
        assert ground.alarms == [2] and await tokens.access() == token and ground.zalo.world.refreshes == 1
    await tokens.keep_fresh()
    assert await ground.good(await tokens.access()) and ground.zalo.world.refreshes == 2


async def test_a_disk_that_fills_up_while_zalo_answers_loses_no_pair(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_anything: object, **_more: object) -> bool:
        raise OSError("the database is away")

    async def there_was() -> bool:
        return True

    tokens = ground.process()
    monkeypatch.setattr("bot.channels.zalo_oa_answer.write_durably", _full)
    monkeypatch.setattr(tokens._answer, "has_room", there_was)
    with monkeypatch.context() as patch:
        patch.setattr("storage.zalo_accounts.renew", crash)
        with pytest.raises(OSError, match="away"):
            await tokens.access()
    assert await ground.good(await tokens.access()) and ground.zalo.world.refreshes == 1


def _full(_path: Path, _data: bytes) -> None:
    raise OSError(28, "no space left on device")


async def test_a_clock_that_was_ahead_and_is_put_back_leaves_nobody_without_a_token(ground: Ground) -> None:
    tokens, world = ground.process(), ground.zalo.world
    ground.clock.ahead = timedelta(days=3)
    token = await tokens.access()
    ground.clock.ahead = timedelta(0)
    world.offset += 26 * HOUR
    assert await tokens.access() == token and not await ground.good(token)
    assert await ground.good(await tokens.after_refusal(token))


async def test_a_pair_of_a_clock_that_was_ahead_is_renewed_before_zalo_refuses_it(ground: Ground) -> None:
    tokens = ground.process()
    ground.clock.ahead = timedelta(days=3)
    await tokens.access()
    ground.clock.ahead = timedelta(0)
    await tokens.keep_fresh()
    assert ground.zalo.world.refreshes == 2 and await ground.good(await tokens.access())
    await tokens.keep_fresh()
    assert ground.zalo.world.refreshes == 2


async def test_a_lease_of_a_clock_that_was_ahead_keeps_nobody_waiting(shared: Ground) -> None:
    world, now = shared.zalo.world, shared.clock.now()
    async with shared.database.transaction() as tx:
        until = now + timedelta(days=3)
        assert await zalo_accounts.lease(tx, world.app_id, generation=0, now=until - LEASE, until=until)
    assert await shared.good(await shared.process().access())

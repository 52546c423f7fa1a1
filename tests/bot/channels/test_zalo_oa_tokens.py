"""The tokens of a Zalo Official Account: refreshed early and once, never lost, and an alarm when it cannot be done."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.zalo_line import NotSent
from bot.channels.zalo_oa_client import ZaloClient
from bot.channels.zalo_oa_tokens import LEASE, Application, BeingRenewed, NoToken, Tokens
from bot.clock import Clock
from bot.sealing import Seal
from storage import zalo_accounts
from storage.database import Database
from tests.fakes.zalo_oa.oauth import consent, s256
from tests.fakes.zalo_oa.server import Fault, ZaloOaServer
from tests.fakes.zalo_oa.world import HOUR, World

KEY = bytes(range(32))


class WorldClock(Clock):
    """Tells the stand-in's time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        """The stand-in's now."""
        return datetime.fromtimestamp(self._world.now(), UTC)


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        yield opened


class Ground:
    """Makes Tokens as several processes would have them, on one database and one disk."""

    def __init__(self, zalo: ZaloOaServer, database: Database, folder: Path) -> None:
        self.zalo, self.database, self.folder = zalo, database, folder
        self.alarms: list[int] = []
        self.client = ZaloClient(answer_seconds=2)
        self.seed = zalo.world.new_pair().refresh

    def process(self, *, key: bytes = KEY, seed: str | None = None) -> Tokens:
        async def alarm(failures: int) -> None:
            self.alarms.append(failures)

        world = self.zalo.world
        application = Application(
            app_id=world.app_id, secret=world.app_secret, oauth_url=self.zalo.url, seed=seed or self.seed
        )
        return Tokens(
            application, self.client, self.database, Seal(key, "zalo-oa"), WorldClock(world), folder=self.folder,
            alarm=alarm,
        )  # fmt: skip

    async def good(self, token: str) -> bool:
        answer = await self.client.get(f"{self.zalo.url}/v2.0/oa/getoa", token=token)
        return answer.error == 0


@pytest.fixture
async def ground(zalo: ZaloOaServer, sqlite: Database, tmp_path: Path) -> AsyncIterator[Ground]:
    made = Ground(zalo, sqlite, tmp_path)
    yield made
    await made.client.close()


@pytest.fixture
async def shared(zalo: ZaloOaServer, database: Database, tmp_path: Path) -> AsyncIterator[Ground]:
    """The same on both kinds of database."""
    made = Ground(zalo, database, tmp_path)
    yield made
    await made.client.close()


async def test_the_seed_is_used_once_and_the_pair_is_kept_sealed(ground: Ground) -> None:
    token = await ground.process().access()
    assert await ground.good(token)
    assert await ground.process().access() == token and ground.zalo.world.refreshes == 1
    async with ground.database.reading() as tx:
        row = (await tx.execute(select(zalo_accounts.zalo_account))).one()
    pair = ground.zalo.world.pair
    assert pair is not None
    assert token not in str(row) and pair.refresh not in str(row) and ground.seed not in str(row)
    assert not list((ground.folder / "zalo-oa").glob("*.answer"))


async def test_it_is_refreshed_when_less_than_seven_hours_are_left_and_not_before(ground: Ground) -> None:
    tokens = ground.process()
    await tokens.keep_fresh()
    ground.zalo.world.offset += 17.9 * HOUR
    await tokens.keep_fresh()
    assert ground.zalo.world.refreshes == 1
    ground.zalo.world.offset += 0.2 * HOUR
    await tokens.keep_fresh()
    assert ground.zalo.world.refreshes == 2 and await ground.good(await tokens.access())


async def test_one_that_has_run_out_is_refreshed_before_it_is_used(ground: Ground) -> None:
    tokens = ground.process()
    await tokens.access()
    ground.zalo.world.offset += 26 * HOUR
    assert await ground.good(await tokens.access())


async def test_of_many_processes_at_once_one_refreshes(shared: Ground) -> None:
    processes = [shared.process() for _ in range(5)]
    await asyncio.gather(*(one.keep_fresh() for one in processes), return_exceptions=True)
    shared.zalo.world.offset += 20 * HOUR
    await asyncio.gather(*(one.keep_fresh() for one in processes))
    assert shared.zalo.world.refreshes == 2 and not shared.zalo.world.refusals and not shared.alarms
    for one in processes:
        await one.keep_fresh()
        assert await shared.good(await one.access())


async def test_who_died_while_asking_keeps_the_others_waiting_no_longer_than_the_lease(ground: Ground) -> None:
    world = ground.zalo.world
    async with ground.database.transaction() as tx:
        now = WorldClock(world).now()
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


async def test_an_answer_on_disk_that_has_been_overtaken_is_put_away(ground: Ground) -> None:
    tokens = ground.process()
    token = await tokens.access()
    seal = Seal(KEY, "zalo-oa")
    old = seal.close(json.dumps({"access_token": "old", "refresh_token": "old"}).encode())
    file = ground.folder / "zalo-oa" / f"{ground.zalo.world.app_id}.answer"
    file.write_text(json.dumps({"generation": 0, "seed": None, "at": 0.0, "sealed": old}))
    await tokens.keep_fresh()
    assert not file.exists() and await ground.process().access() == token


async def test_two_failures_in_a_row_raise_the_alarm_and_a_success_ends_it(ground: Ground) -> None:
    tokens = ground.process()
    await tokens.access()
    ground.zalo.world.offset += 20 * HOUR
    stolen = ground.zalo.world.pair
    assert stolen is not None
    ground.zalo.world.spent.add(stolen.refresh)
    await tokens.keep_fresh()
    assert not ground.alarms
    await tokens.keep_fresh()
    assert ground.alarms == [2]
    ground.zalo.world.spent.clear()
    await tokens.keep_fresh()
    async with ground.database.reading() as tx:
        assert (await zalo_accounts.load(tx, ground.zalo.world.app_id)).failures == 0


async def test_no_connection_is_no_failure_and_uses_nothing_up(ground: Ground, unused_tcp_port: int) -> None:
    world = ground.zalo.world
    application = Application(
        app_id=world.app_id, secret=world.app_secret, oauth_url=f"http://127.0.0.1:{unused_tcp_port}", seed=ground.seed
    )
    away = ground.process()
    away._app = application
    with pytest.raises(NoToken):
        await away.access()
    assert not ground.alarms and await ground.good(await ground.process().access())


async def test_a_line_that_breaks_after_zalo_has_answered_ends_in_an_alarm_and_not_in_silence(ground: Ground) -> None:
    tokens = ground.process()
    await tokens.access()
    ground.zalo.world.offset += 20 * HOUR
    ground.zalo.faults.append(Fault("cut_after", "/access_token"))
    await tokens.keep_fresh()
    await tokens.keep_fresh()
    assert ground.alarms == [2] and ground.zalo.world.refusals[-14020] == 1


async def test_a_refused_token_is_renewed_once_and_a_young_one_is_not(ground: Ground) -> None:
    tokens, other = ground.process(), ground.process()
    token = await tokens.access()
    with pytest.raises(NoToken):
        await tokens.after_refusal(token)
    ground.zalo.world.offset += 2 * HOUR
    renewed = await tokens.after_refusal(token)
    assert renewed != token and await other.after_refusal(token) == renewed
    assert ground.zalo.world.refreshes == 2


async def test_another_seed_in_the_settings_begins_anew(ground: Ground) -> None:
    first = await ground.process().access()
    fresh = ground.zalo.world.new_pair().refresh
    second = await ground.process(seed=fresh).access()
    assert second != first and await ground.good(second)


async def test_a_database_sealed_with_another_key_is_not_believed(ground: Ground) -> None:
    await ground.process().access()
    with pytest.raises(NoToken):
        await ground.process(key=bytes(32)).access()


async def test_a_manager_authorises_by_a_code_and_only_for_our_account(
    ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    tokens, world = ground.process(), ground.zalo.world

    async def ours(token: str) -> bool:
        return await ground.good(token)

    async def foreign(_token: str) -> bool:
        return False

    verifier = "v" * 43

    def code() -> str:
        query = {"app_id": world.app_id, "redirect_uri": "http://x", "code_challenge": s256(verifier)}
        return consent(world, query).partition("code=")[2].partition("&")[0]

    with pytest.raises(NoToken):
        await tokens.exchange(code(), verifier, foreign)
    caplog.clear()
    with pytest.raises(NoToken):
        await tokens.exchange(code(), "w" * 43, ours)
    assert [one.message for one in caplog.records] == ["zalo oa: not authorised, Zalo says -14010 to the code"]
    await tokens.exchange(code(), verifier, ours)
    assert await ground.good(await ground.process().access())
    world.offset += 19 * HOUR
    await tokens.keep_fresh()
    assert await ground.good(await tokens.access()) and world.refreshes == 1


def test_a_lease_outlives_the_patience_for_an_answer() -> None:
    from bot.channels import zalo_oa_tokens

    assert timedelta(seconds=zalo_oa_tokens.PATIENCE_SECONDS) < zalo_oa_tokens.LEASE / 2


async def test_a_refused_connection_is_surely_not_sent(ground: Ground, unused_tcp_port: int) -> None:
    with pytest.raises(NotSent):
        await ground.client.post(f"http://127.0.0.1:{unused_tcp_port}/", {}, token="x")

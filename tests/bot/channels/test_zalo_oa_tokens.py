"""The tokens of a Zalo Official Account: refreshed early and once, never lost, and an alarm when it cannot be done."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.channels.zalo_line import NotSent
from bot.channels.zalo_oa_tokens import Application, NoToken
from bot.sealing import Seal
from storage import zalo_accounts
from tests.bot.channels.zalo_tokens_ground import KEY, Ground, ground, shared, zalo
from tests.fakes.zalo_oa.oauth import consent, s256
from tests.fakes.zalo_oa.server import Fault
from tests.fakes.zalo_oa.world import HOUR

__all__ = ["ground", "shared", "zalo"]


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

    async def overtaken(token: str) -> bool:
        async with ground.database.transaction() as tx:
            known = await zalo_accounts.load(tx, world.app_id)
            assert known.tokens is not None and known.expires_at is not None
            assert await zalo_accounts.renew(
                tx, world.app_id, generation=known.generation, tokens=known.tokens, expires_at=known.expires_at,
                seed=None,
            )  # fmt: skip
        return await ground.good(token)

    await tokens.exchange(code(), verifier, overtaken)
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

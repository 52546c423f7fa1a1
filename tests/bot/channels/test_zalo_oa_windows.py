"""Whoever has not written for a week cannot be told: it waits, the unit knows, and it goes out first of all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from actions.tell_held import tell_held
from bot.channels.zalo_oa_account import ZaloOaAccount
from bot.clock import Clock
from storage import wards
from storage.outbox import outbox
from storage.people import contact_point
from tests.bot.channels.test_zalo_oa_walk import reported
from tests.bot.telegram_house import GROUP, OFFICIAL, group_bound, office_taken
from tests.bot.zalo_house import RESIDENT, ZaloHouse, zalo_house
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_oa.server import Fault, ZaloOaServer
from tests.fakes.zalo_oa.world import DAY, HOUR


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        yield opened


async def silent_for(here: ZaloHouse, seconds: float) -> None:
    """The resident has not written for so long, on both sides."""
    person = here.zalo.world.person(RESIDENT)
    assert person.last_contact is not None
    person.last_contact -= seconds
    async with here.home.database.transaction() as tx:
        earlier = Clock().now() - timedelta(seconds=seconds)
        await tx.execute(update(contact_point).where(contact_point.c.address == RESIDENT).values(last_seen_at=earlier))


async def answered(here: ZaloHouse, code: str, words: str) -> None:
    card = await here.home.hears(GROUP, code)
    await here.at_rest()
    here.home.people.write(OFFICIAL, words, chat=GROUP, reply_to=card["message_id"])
    await here.home.press(OFFICIAL, words, ":send", chat=GROUP)


async def ticked(here: ZaloHouse) -> int:
    """One tick of the job that looks after what is held."""
    async with here.home.database.transaction() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        return await tell_held(tx, ward, now=Clock().now())


async def called_once(here: ZaloHouse, code: str, nobody_there: int) -> None:
    """The resident is called by the ward's template as soon as Zalo takes it, and not a second time."""
    account = next(one for one in here.home.app.accounts if isinstance(one, ZaloOaAccount))
    rules = account.upkeep._rules
    here.zalo.faults.append(Fault("-32", "/message/template"))
    await account.upkeep.once()
    account.upkeep._rules = replace(rules, api_url=f"http://127.0.0.1:{nobody_there}")
    await account.upkeep.once()
    assert not here.zalo.world.templates and not here.zalo.faults
    account.upkeep._rules = rules
    await account.upkeep.once()
    await account.upkeep.once()
    (template,) = here.zalo.world.templates
    assert template["template_data"] == {"ma": code, "phuong": "phường An Hòa Đông"}
    assert (template["user_id"], template["template_id"]) == (RESIDENT, "334455")


async def states(here: ZaloHouse) -> list[str]:
    async with here.home.database.reading() as tx:
        rows = await tx.execute(select(outbox.c.state).where(outbox.c.chat == RESIDENT).order_by(outbox.c.id))
        return list(rows.scalars())


async def until_state(here: ZaloHouse, state: str) -> None:
    for _ in range(400):
        if state in await states(here):
            return
        await asyncio.sleep(0.03)
    raise AssertionError(await states(here))


async def begun(here: ZaloHouse) -> str:
    await office_taken(here.home)
    await group_bound(here.home)
    code = await reported(here)
    await here.home.hears(GROUP, code)
    return code


async def test_an_answer_after_a_week_waits_for_the_resident_and_the_unit_knows(
    zalo: ZaloOaServer,
    server: TelegramServer,
    ready_url: str,
    tmp_path: Path,
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    unused_tcp_port = unused_tcp_port_factory()
    template = {"ZALO_OA_TEMPLATE_ID": "334455", "ZALO_OA_TEMPLATE_FIELDS": "ma=code phuong=ward"}
    async with zalo_house(tmp_path, zalo, server, ready_url, unused_tcp_port, **template) as here:
        code = await begun(here)
        await silent_for(here, 8 * DAY)
        await answered(here, code, "Đã thay bóng đèn")
        await until_state(here, "held")
        assert not zalo.world.refusals  # nobody asked Zalo for what it would refuse
        await ticked(here)
        assert code in str(await here.home.hears(GROUP, "Chưa báo được cho người dân"))
        await called_once(here, code, unused_tcp_port_factory())
        here.home.people.write(OFFICIAL, f"/xem {code}")
        assert "Chưa báo được" in str(await here.home.hears(OFFICIAL, "Đã thay bóng đèn"))
        said = len(zalo.world.sent(RESIDENT))
        here.people.write(RESIDENT, "/hoso")
        await here.hears(RESIDENT, "Hồ sơ của Ông/Bà", after=said)
        texts = zalo.texts(RESIDENT)[said:]
        assert "Đã thay bóng đèn" in texts[0], texts
        assert "held" not in await states(here)
        await ticked(here)
        await here.until(lambda: not any("Chưa báo được" in text for text in here.home.server.texts(GROUP)))
        assert await ticked(here) == 0


async def test_between_two_days_and_a_week_it_is_told_and_billed_unless_the_ward_says_no(
    zalo: ZaloOaServer, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        code = await begun(here)
        await silent_for(here, 3 * DAY)
        await answered(here, code, "Đã thay bóng đèn")
        assert (await here.hears(RESIDENT, "Đã thay bóng đèn")).billed
    more = {"ZALO_OA_BILLED_OK": "0", "ZALO_OA_FREE_HOURS": "24"}
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "seal.key").write_bytes((tmp_path / "seal.key").read_bytes())
    async with zalo_house(folder, zalo, server, ready_sqlite_url, unused_tcp_port, **more) as here:
        await silent_for(here, 30 * HOUR)
        here.home.people.write(OFFICIAL, f"/dong {code}")
        await until_state(here, "held")


async def test_when_zalo_counts_otherwise_its_word_holds_and_nothing_is_lost(
    zalo: ZaloOaServer, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        code = await begun(here)
        zalo.faults.append(Fault("-230", "/message/cs"))
        await answered(here, code, "Đã thay bóng đèn")
        await until_state(here, "held")
        # They write within the same minute, in which nobody looks whether something is held: the tick does.
        here.people.write(RESIDENT, "cảm ơn")
        for _ in range(200):
            await ticked(here)
            if any("Đã thay bóng đèn" in text for text in zalo.texts(RESIDENT)):
                break
            await asyncio.sleep(0.03)
        assert sum("Đã thay bóng đèn" in text for text in zalo.texts(RESIDENT)) == 1


async def told_in_doubt(here: ZaloHouse, code: str) -> None:
    """The line breaks after the answer has left; wait until nobody tries any more."""
    here.zalo.faults.append(Fault("cut_after", "/message/cs"))
    await answered(here, code, "Đã thay bóng đèn")
    await here.until(lambda: not here.zalo.faults)
    await here.at_rest()


def heard(here: ZaloHouse) -> list[bool]:
    """The answers the resident has got: for each, whether it was billed."""
    return [one.billed for one in here.zalo.world.sent(RESIDENT) if "Đã thay bóng đèn" in one.body.get("text", "")]


async def test_what_is_billed_is_not_sent_again_in_doubt_and_the_unit_knows_that_nobody_knows(
    zalo: ZaloOaServer,
    server: TelegramServer,
    ready_url: str,
    tmp_path: Path,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.sending_ends.RETRY_SECONDS", 0.05)
    template = {"ZALO_OA_TEMPLATE_ID": "334455", "ZALO_OA_TEMPLATE_FIELDS": "ma=code phuong=ward"}
    async with zalo_house(tmp_path, zalo, server, ready_url, unused_tcp_port, **template) as here:
        code = await begun(here)
        await silent_for(here, 3 * DAY)
        await told_in_doubt(here, code)
        assert heard(here) == [True] and "held" in await states(here)
        await ticked(here)
        await here.home.hears(GROUP, "Chưa chắc tin mới nhất")
        here.home.people.write(OFFICIAL, f"/xem {code}")
        await here.home.hears(OFFICIAL, "Chưa chắc tin mới nhất")
        # Nor is anybody called by a paid template for what may have arrived.
        account = next(one for one in here.home.app.accounts if isinstance(one, ZaloOaAccount))
        await account.upkeep.once()
        assert not zalo.world.templates
        # As soon as it costs nothing it is sent once more.
        here.people.write(RESIDENT, "/hoso")
        await here.until(lambda: len(heard(here)) == 2)
        await here.at_rest()
        await ticked(here)
        await here.home.until(lambda: not any("Chưa chắc" in text for text in here.home.server.texts(GROUP)))
        assert heard(here) == [True, False] and "held" not in await states(here)


async def test_what_is_free_is_sent_once_more_in_doubt(
    zalo: ZaloOaServer,
    server: TelegramServer,
    ready_sqlite_url: str,
    tmp_path: Path,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.sending_ends.RETRY_SECONDS", 0.05)
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        code = await begun(here)
        await told_in_doubt(here, code)
        assert heard(here) == [False, False]
        assert not {"held", "unknown"} & set(await states(here))


@pytest.mark.parametrize("told_by_zalo", [True, False])
async def test_who_unfollows_and_follows_again_gets_what_was_said_meanwhile(
    zalo: ZaloOaServer,
    server: TelegramServer,
    ready_sqlite_url: str,
    tmp_path: Path,
    unused_tcp_port: int,
    told_by_zalo: bool,
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port) as here:
        code = await begun(here)
        # Should the event not come, a refusal says it as well.
        zalo.webhook.enabled = told_by_zalo
        here.people.unfollow(RESIDENT)
        zalo.webhook.enabled = True
        await answered(here, code, "Đã thay bóng đèn")
        await until_state(here, "held")
        await ticked(here)
        await here.home.hears(GROUP, "Chưa báo được cho người dân")
        said = len(zalo.world.sent(RESIDENT))
        here.people.follow(RESIDENT)
        await here.hears(RESIDENT, "Đã thay bóng đèn", after=said)
        await here.at_rest()
        assert "Đã thay bóng đèn" in zalo.texts(RESIDENT)[said]
        assert sum("Đã thay bóng đèn" in text for text in zalo.texts(RESIDENT)) == 1

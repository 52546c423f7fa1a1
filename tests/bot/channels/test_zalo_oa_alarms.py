"""What goes wrong with Zalo reaches the administrators as a message, on a channel that works, and is mended by it."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.channels.zalo_oa_account import ZaloOaAccount
from domain.people import Role
from storage import zalo_accounts
from storage.zalo_accounts import ZaloAccount
from tests.bot.channels.test_telegram_walk import invited
from tests.bot.channels.zalo_tokens_ground import WorldClock
from tests.bot.zalo_house import RESIDENT, ZaloHouse, zalo_house
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import DAY, HOUR

ADMIN = 7703
MINUTE = 60.0
LINK = re.compile(r"http\S+/v4/oa/permission\S+")


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        yield opened


@pytest.fixture
async def here(
    request: pytest.FixtureRequest,
    zalo: ZaloOaServer,
    server: TelegramServer,
    ready_sqlite_url: str,
    tmp_path: Path,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[ZaloHouse]:
    """A house by Zalo's clock, an administrator on Telegram, a resident on Zalo who has been greeted."""
    monkeypatch.setattr("bot.sending_ends.RETRY_SECONDS", 0.2)
    monkeypatch.setattr("bot.sending_ends.PAUSE_SECONDS_MAX", 0.2)
    clock, more = WorldClock(zalo.world), getattr(request, "param", {})
    async with zalo_house(tmp_path, zalo, server, ready_sqlite_url, unused_tcp_port, clock=clock, **more) as opened:
        opened.home.people.write(ADMIN, f"/start thamgia_{await invited(opened.home, role=Role.ADMIN)}")
        await opened.home.hears(ADMIN, "✅")
        opened.people.write(RESIDENT, "xin chào")
        await opened.hears(RESIDENT, "đồng ý")
        await opened.at_rest()
        yield opened


def account_of(here: ZaloHouse) -> ZaloOaAccount:
    return next(one for one in here.home.app.accounts if isinstance(one, ZaloOaAccount))


async def known(here: ZaloHouse) -> ZaloAccount:
    async with here.home.database.reading() as tx:
        return await zalo_accounts.load(tx, here.zalo.world.app_id)


def today(here: ZaloHouse) -> date:
    return datetime.fromtimestamp(here.zalo.world.now(), UTC).date()


def alarms(here: ZaloHouse) -> list[str]:
    return [text for text in here.home.server.texts(ADMIN) if text.startswith(("⚠️", "⛔"))]


async def opened_by_a_manager(link: str) -> tuple[int, str]:
    """Follow a link as a browser does whose owner agrees at Zalo; how the page they come back to answers."""
    async with aiohttp.ClientSession() as browser, browser.get(link) as page:
        return page.status, await page.text()


async def test_a_permission_that_was_taken_away_is_told_with_a_link_that_gives_it_back(here: ZaloHouse) -> None:
    here.zalo.world.offset += 2 * MINUTE
    here.zalo.world.new_pair()  # somebody else had one made: both of ours are dead
    before = len(here.zalo.world.sent(RESIDENT))
    here.people.write(RESIDENT, "1")
    told = str((await here.home.hears(ADMIN, "không còn cho tôi thay mặt"))["text"])
    assert (await known(here)).failures >= 2
    assert len(here.zalo.world.sent(RESIDENT)) == before
    found = LINK.search(told)
    assert found and "Phường An Hòa Đông".casefold() in told.casefold()
    # A link whose end was cut off, or of a stranger's making, changes nothing.
    status, page = await opened_by_a_manager(re.sub(r"state=[^&]{9}", "state=", found[0]))
    assert status == 400 and "danban zalo login" in page
    status, page = await opened_by_a_manager(found[0])
    assert status == 200 and "Đã kết nối" in page
    await here.hears(RESIDENT, "tổ dân phố", after=before)
    await here.at_rest()
    assert (await known(here)).failures == 0 and len(alarms(here)) == 1
    # And the next refresh goes by itself.
    refreshes = here.zalo.world.refreshes
    here.zalo.world.offset += 19 * HOUR
    await account_of(here).upkeep.once()
    assert here.zalo.world.refreshes == refreshes + 1 and len(alarms(here)) == 1


async def test_a_webhook_that_was_switched_off_is_told_and_its_messages_answered_from_the_history(
    here: ZaloHouse,
) -> None:
    while (await known(here)).caught_up_at is None:  # noqa: ASYNC110  # the upkeep's first look
        await asyncio.sleep(0.01)
    here.zalo.webhook.enabled = False
    here.zalo.world.offset += 3 * MINUTE
    before = len(here.zalo.world.sent(RESIDENT))
    here.people.write(RESIDENT, "1")
    assert here.zalo.webhook.lost
    here.zalo.world.offset += 20 * MINUTE
    await account_of(here).upkeep.once()
    await here.home.hears(ADMIN, "Zalo không chuyển cho tôi 1 tin")
    await here.hears(RESIDENT, "tổ dân phố", after=before)
    # Once a day is enough (be it that this is run shortly before midnight); the next day it is told again.
    days = {today(here)}
    for offset in (20 * MINUTE, DAY):
        here.people.write(RESIDENT, "bỏ qua")
        here.zalo.world.offset += offset
        days.add(today(here))
        await account_of(here).upkeep.once()
        await here.home.until(lambda: len(alarms(here)) == len(days))
    await here.at_rest()
    assert len(alarms(here)) == len(days)


@pytest.mark.parametrize("here", [{"ZALO_OA_MONTHLY_MESSAGES": "5"}], indirect=True)
async def test_a_month_that_comes_to_its_end_is_told_in_time_and_receives_on(here: ZaloHouse) -> None:
    zalo = here.zalo
    for number in range(2, 5):
        here.people.write(RESIDENT, "xin chào")
        await here.until(lambda number=number: len(zalo.world.sent(RESIDENT)) == number)
    await here.home.hears(ADMIN, "đã dùng 4/5")
    here.people.write(RESIDENT, "xin chào")
    here.people.write(RESIDENT, "xin chào")
    await here.home.hears(ADMIN, "đã hết 5 tin")
    await here.until(lambda: len(zalo.webhook.done) == 6)
    assert len(zalo.world.sent(RESIDENT)) == 5 and len(alarms(here)) == 2
    assert {one.status for one in zalo.webhook.done} == {200}

"""Residents and units on different channels, and one resident on two: told once, and by the other when one fails."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import held
from storage.outbox import outbox
from tests.bot.channels.test_telegram_walk import reported as reported_on_telegram
from tests.bot.channels.test_zalo_oa_groups import GROUP as ZALO_GROUP
from tests.bot.channels.test_zalo_oa_groups import OFFICIAL as ZALO_OFFICIAL
from tests.bot.channels.test_zalo_oa_groups import unit_in_its_group
from tests.bot.channels.test_zalo_oa_walk import reported
from tests.bot.channels.test_zalo_oa_windows import answered, silent_for
from tests.bot.telegram_house import GROUP, RESIDENT, group_bound, office_taken
from tests.bot.zalo_house import RESIDENT as ON_ZALO
from tests.bot.zalo_house import ZaloHouse, zalo_house
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import DAY

CODE = re.compile(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}")
DONE, AGAIN = "Đã thay bóng đèn", "Đã nắn lại cột đèn"


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        yield opened


async def ends(here: ZaloHouse, words: str) -> list[tuple[str, str]]:
    """Where a notice with these words was owed, and what became of it there."""
    async with here.home.database.reading() as tx:
        rows = await tx.execute(
            select(outbox.c.channel, outbox.c.state, outbox.c.body).where(outbox.c.case_id.is_not(None))
        )
        return [(row.channel, row.state) for row in rows if row.body.get("notice") and words in str(row.body)]


async def test_one_resident_on_zalo_and_telegram_is_told_once_whatever_fails(
    zalo: ZaloOaServer, server: TelegramServer, ready_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_url, unused_tcp_port) as here:
        await office_taken(here.home)
        await group_bound(here.home)
        code = await reported(here)
        await joined(here)
        here.home.people.write(RESIDENT, "/hoso")
        await here.home.hears(RESIDENT, code)
        await told_by_telegram_when_zalo_is_closed(here, code)
        await told_by_zalo_when_telegram_is_blocked(here, code)


async def joined(here: ZaloHouse) -> None:
    here.people.write(ON_ZALO, "/lienket")
    code = CODE.search((await here.hears(ON_ZALO, "dùng một lần")).body["text"])
    assert code
    here.home.people.write(RESIDENT, code[0])
    await here.home.press(RESIDENT, "ĐỌC ĐƯỢC", ":yes")
    asked = await here.hears(ON_ZALO, "vừa nhập mã")
    yes = [one["payload"] for one in asked.body["attachment"]["payload"]["buttons"] if " co " in one["payload"]]
    here.people.tap(ON_ZALO, yes[0])
    await here.hears(ON_ZALO, "✅ Đã liên kết với Telegram")
    await here.home.hears(RESIDENT, "liên kết với Zalo")


async def chosen(here: ZaloHouse, channel: str) -> None:
    """They want to be told there."""
    here.people.write(ON_ZALO, "/lienket tin")
    asked = await here.hears(ON_ZALO, "nhận tin về hồ sơ ở đâu")
    buttons = {one["title"]: one["payload"] for one in asked.body["attachment"]["payload"]["buttons"]}
    here.people.tap(ON_ZALO, next(payload for title, payload in buttons.items() if channel in title))
    await here.hears(ON_ZALO, f"nhận tin ở: {channel}")


async def told_by_telegram_when_zalo_is_closed(here: ZaloHouse, code: str) -> None:
    """They want to be told on Zalo, where they have not written for a week."""
    await chosen(here, "Zalo")
    await silent_for(here, 8 * DAY)
    await answered(here, code, DONE)
    await here.home.hears(RESIDENT, DONE)
    await here.at_rest()
    assert sorted(await ends(here, DONE)) == [("telegram", "sent"), ("zalo_oa", "elsewhere")]
    assert sum(DONE in text for text in here.home.server.texts(RESIDENT)) == 1
    assert not any(DONE in text for text in here.zalo.texts(ON_ZALO))
    async with here.home.database.reading() as tx:
        assert not (await tx.execute(select(held.held_message))).all()


async def told_by_zalo_when_telegram_is_blocked(here: ZaloHouse, code: str) -> None:
    """They want to be told on Telegram, and then block the bot there without its being told."""
    await chosen(here, "Telegram")
    here.people.write(ON_ZALO, f"/molai {code} đèn lại tắt")
    await here.home.hears(GROUP, "đèn lại tắt")
    await here.at_rest()
    here.home.people.bot_state(RESIDENT, "blocked", tell=False)
    await answered(here, code, AGAIN)
    await here.hears(ON_ZALO, AGAIN)
    await here.at_rest()
    assert sorted(await ends(here, AGAIN)) == [("telegram", "refused"), ("zalo_oa", "sent")]
    assert sum(AGAIN in text for text in here.zalo.texts(ON_ZALO)) == 1


async def test_a_resident_on_telegram_is_answered_from_the_units_group_on_zalo(
    zalo: ZaloOaServer, server: TelegramServer, ready_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with zalo_house(tmp_path, zalo, server, ready_url, unused_tcp_port) as here:
        await unit_in_its_group(here)
        code = await reported_on_telegram(here.home)
        card = await here.hears(ZALO_GROUP, code)
        assert str(RESIDENT) not in str(card.body)
        here.people.write_in_group(ZALO_OFFICIAL, ZALO_GROUP, f"/nhan {code}")
        await here.home.hears(RESIDENT, "nhận")
        await here.at_rest()
        here.people.write_in_group(ZALO_OFFICIAL, ZALO_GROUP, f"{DONE} chiều nay.", quote=card.id)
        await here.hears(ZALO_GROUP, DONE)
        here.people.write_in_group(ZALO_OFFICIAL, ZALO_GROUP, "1")
        await here.home.press(RESIDENT, DONE, f"/danhgia {code}")
        await here.home.press(RESIDENT, "thế nào?", ":5")
        await here.home.press(RESIDENT, "vì sao", ":skip")
        await here.home.hears(RESIDENT, "Cảm ơn Ông/Bà đã đánh giá")
        assert not zalo.world.refusals

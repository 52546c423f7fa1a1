"""After an outage nobody has to write again; a webhook that brings nothing is noticed; whose tokens these are."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import build
from bot.channels.zalo_oa_account import GETOA_PATH, ZaloOaAccount
from bot.channels.zalo_oa_calling import CallTemplate
from bot.channels.zalo_oa_history import HistoryUnread
from bot.clock import Clock
from bot.sample import seed
from bot.settings import Settings
from domain.people import Role
from handlers.engine.event import Event, Place
from handlers.texts.notices import render
from storage import inbox, outbox, zalo_accounts
from storage.database import Database
from storage.outbox import Address
from tests.bot.channels.zalo_tokens_ground import WorldClock
from tests.bot.zalo_house import RESIDENT, zalo_settings
from tests.fakes.zalo_oa.asking import ASKING
from tests.fakes.zalo_oa.server import Fault, ZaloOaServer
from tests.fakes.zalo_oa.world import HOUR
from tests.handlers.driver import Talk

MINUTE = 60.0


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        yield opened


@pytest.fixture
async def account(zalo: ZaloOaServer, sqlite: Database, tmp_path: Path) -> AsyncIterator[ZaloOaAccount]:
    """An account of a house that does not run: only what a test asks of it happens."""
    clock = WorldClock(zalo.world)
    async with sqlite.transaction() as tx:
        await seed(tx, now=clock.now())
    settings = Settings.load(zalo_settings(zalo, 8080) | {"DATA_DIR": str(tmp_path), "DATABASE_URL": sqlite.url})
    (found,) = build(settings, sqlite, clock).accounts
    assert isinstance(found, ZaloOaAccount)
    await found.intake.settle()
    yield found
    await found.close()


async def stored(database: Database) -> list[Any]:
    async with database.reading() as tx:
        return list((await tx.execute(select(inbox.inbox.c.raw).order_by(inbox.inbox.c.id))).scalars())


async def came(account: ZaloOaAccount, zalo: ZaloOaServer, **event: Any) -> None:
    """The webhook brings an event."""
    common = {"app_id": zalo.world.app_id, "timestamp": str(int(zalo.world.now() * 1000))}
    body, headers = zalo.webhook.signed(event | common)
    await account.intake.receive(body, headers["X-ZEvent-Signature"])


async def brought(account: ZaloOaAccount, zalo: ZaloOaServer, message_id: str, text: str) -> None:
    """The webhook brings a resident's message."""
    await came(account, zalo, event_name="user_send_text", sender={"id": RESIDENT}, recipient={"id": zalo.world.oa_id},
               message={"msg_id": message_id, "text": text})  # fmt: skip


async def caught_up_at(account: ZaloOaAccount, database: Database) -> datetime | None:
    async with database.reading() as tx:
        return (await zalo_accounts.load(tx, account.on.account)).caught_up_at


async def test_what_was_written_while_nobody_listened_is_read_back_once_and_in_order(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    zalo.people.write(RESIDENT, "từ trước khi cài đặt")
    zalo.world.offset += HOUR
    await account.upkeep.once()
    assert not await stored(sqlite)  # that is between them and whoever answered them then
    zalo.world.offset += HOUR
    zalo.people.write(RESIDENT, "một")
    zalo.people.photo(RESIDENT, b"\xff\xd8")
    zalo.people.place(RESIDENT, "10.5", "106.5", text="Chợ")
    for number in range(25):
        zalo.people.write("777", f"tin {number}")
    zalo.world.offset += 10 * MINUTE
    await account.upkeep.once()
    zalo.world.offset += HOUR
    await account.upkeep.once()
    found = await stored(sqlite)
    theirs = [one for one in found if one["sender"]["id"] == RESIDENT]
    others = [one["message"]["text"] for one in found if one["sender"]["id"] == "777"]
    assert [one["event_name"] for one in theirs] == ["user_send_text", "user_send_image", "user_send_location"]
    assert others == [f"tin {number}" for number in range(25)]
    event = account.channel.parse(theirs[2], Clock().now())
    assert isinstance(event, Event) and event.place == Place(latitude=10.5, longitude=106.5, label="Chợ")
    assert not zalo.world.refusals


async def test_what_the_webhook_brought_is_not_brought_again_and_what_it_did_not_raises_the_alarm(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    await account.upkeep.once()
    zalo.world.offset += 30 * MINUTE
    by_webhook = zalo.people.write(RESIDENT, "đã đến")
    await came(account, zalo, event_name="user_send_text", sender={"id": RESIDENT}, recipient={"id": zalo.world.oa_id},
               message={"msg_id": by_webhook, "text": "đã đến"})  # fmt: skip
    zalo.people.write(RESIDENT, "bị lỡ")
    zalo.world.offset += 10 * MINUTE
    await account.upkeep.once()
    assert [one["message"]["text"] for one in await stored(sqlite)] == ["đã đến", "bị lỡ"]


async def test_a_history_that_names_messages_otherwise_is_not_believed(
    account: ZaloOaAccount,
    zalo: ZaloOaServer,
    sqlite: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    talk = await Talk.begin(sqlite)
    await talk.official("quan", None, Role.ADMIN)
    await account.upkeep.once()
    before = await caught_up_at(account, sqlite)
    zalo.world.offset += 30 * MINUTE
    zalo.people.write(RESIDENT, "đã đến")
    await came(account, zalo, event_name="user_send_text", sender={"id": RESIDENT}, recipient={"id": zalo.world.oa_id},
               message={"msg_id": "another id for the same", "text": "đã đến"})  # fmt: skip
    zalo.world.offset += 10 * MINUTE
    await account.upkeep.once()
    assert len(await stored(sqlite)) == 1 and "names messages otherwise" in caplog.text
    async with sqlite.reading() as tx:
        (owed,) = await outbox.owed_to(tx, Address(channel=talk.channel, account="bot", chat="quan"))
    assert "chưa có ai trả lời" in render(owed.body, "vi", case_id=None).text
    assert await caught_up_at(account, sqlite) == before
    await brought(account, zalo, zalo.people.write(RESIDENT, "cùng một mã"), "cùng một mã")
    zalo.world.offset += 20 * MINUTE
    await account.upkeep.once()  # now it is known what to believe, and the same time is read again
    assert [one["message"]["text"] for one in await stored(sqlite)] == ["đã đến", "cùng một mã", "đã đến"]
    assert await caught_up_at(account, sqlite) != before


async def test_a_missed_message_is_found_though_the_next_one_has_only_just_come(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    await account.upkeep.once()
    zalo.world.offset += 3 * MINUTE
    zalo.people.write(RESIDENT, "bị lỡ")
    zalo.world.offset += 10 * MINUTE
    await brought(account, zalo, zalo.people.write(RESIDENT, "đã đến"), "đã đến")
    zalo.world.offset += 2 * MINUTE
    await account.upkeep.once()
    assert [one["message"]["text"] for one in await stored(sqlite)] == ["đã đến", "bị lỡ"]


async def test_what_the_history_never_holds_does_not_speak_against_it(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    await account.upkeep.once()
    zalo.world.offset += MINUTE
    private = {"sender": {"id": RESIDENT}, "recipient": {"id": zalo.world.oa_id}}
    await came(account, zalo, event_name="user_send_group_text", sender={"id": RESIDENT}, recipient={"id": "55"},
               message={"msg_id": "in a group", "text": "nói chuyện"})  # fmt: skip
    await came(account, zalo, event_name="user_click_chatnow", **private)
    await came(account, zalo, event_name="user_submit_info", info={"name": "Lan"}, **private)
    await came(account, zalo, event_name="follow", oa_id=zalo.world.oa_id, follower={"id": RESIDENT})
    await came(account, zalo, event_name="user_send_text", sender="strange", oa_id=zalo.world.oa_id)
    zalo.world.offset += MINUTE
    zalo.people.write(RESIDENT, "bị lỡ")
    zalo.world.offset += 15 * MINUTE
    await account.upkeep.once()
    found = await stored(sqlite)
    assert len(found) == 6 and found[-1]["message"]["text"] == "bị lỡ"


async def test_a_history_that_is_refused_is_asked_for_again(account: ZaloOaAccount, zalo: ZaloOaServer) -> None:
    await account.upkeep.once()
    zalo.world.offset += HOUR
    zalo.faults.append(Fault("-224", "/listrecentchat"))
    with pytest.raises(HistoryUnread):
        await account.upkeep.once()
    await account.upkeep.once()


async def test_whose_tokens_these_are_is_learnt_once_and_another_account_is_refused(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    await account.upkeep.once()
    async with sqlite.reading() as tx:
        known = await zalo_accounts.load(tx, zalo.world.app_id)
        assert (known.oa_id, await account.name(tx)) == (zalo.world.oa_id, zalo.world.name)
    zalo.world.oa_id = "another"
    assert not await account.is_ours(await account.tokens.access())


async def test_the_accounts_id_is_known_by_either_of_its_names_and_nothing_else_stands_for_it(
    account: ZaloOaAccount, sqlite: Database, zalo: ZaloOaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said in ({}, {"name": "UBND"}, [], None, {"oa_id": ""}):
        monkeypatch.setitem(ASKING, GETOA_PATH, lambda _world, _params, said=said: said)
        assert not await account.is_ours(await account.tokens.access())
    monkeypatch.setitem(ASKING, GETOA_PATH, lambda world, _params: {"oa_id": int(world.oa_id)})
    assert await account.is_ours(await account.tokens.access())
    monkeypatch.setitem(ASKING, GETOA_PATH, lambda world, _params: {"oaid": world.oa_id})
    assert await account.is_ours(await account.tokens.access())
    async with sqlite.reading() as tx:
        assert (await zalo_accounts.load(tx, zalo.world.app_id)).oa_id == zalo.world.oa_id


async def test_a_template_is_read_from_the_settings() -> None:
    found = CallTemplate.from_settings("123", "ma=code  phuong=ward x=nothing y")
    assert found is not None and found.fields == {"ma": "code", "phuong": "ward"}
    assert CallTemplate.from_settings(None, "ma=code") is None


async def test_many_writers_are_all_read_within_the_limit_and_none_twice(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    async def pass_by(seconds: float) -> None:
        zalo.world.offset += seconds

    account.upkeep.pace.sleep, zalo.world.minute_clock, zalo.world.per_minute = pass_by, zalo.world.now, 100
    await account.upkeep.once()
    zalo.world.offset += 30 * MINUTE
    for number in range(150):
        zalo.people.write(f"{1000 + number}", f"tin {number}")
    zalo.world.offset += 10 * MINUTE
    zalo.faults.append(Fault("-224", "/conversation", after=100))
    with pytest.raises(HistoryUnread):
        await account.upkeep.once()
    zalo.people.write("1149", "thêm")  # was read already: there is more now
    zalo.world.offset += 10 * MINUTE
    await account.upkeep.once()
    found = {one["message"]["text"] for one in await stored(sqlite)}
    assert found == {f"tin {number}" for number in range(150)} | {"thêm"} and zalo.world.excess == 0
    asked = [one for one in zalo.calls if one.path.endswith("/conversation")]
    assert len(asked) == 150 + 1 + 1  # the one that was refused, and the one with more

"""The month's messages of a Zalo Official Account: counted, warned of, paused when used up, charged ones apart."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.app import build
from bot.channels.base import Delivery, Held, Outcome, RetryLater, Sent, Spent
from bot.channels.zalo_allowance import PAUSE_SECONDS_MAX, month_of
from bot.channels.zalo_oa_account import ZaloOaAccount
from bot.channels.zalo_oa_answer import FOLDER
from bot.channels.zalo_oa_check import look_inside
from bot.outbox import OutboxLimits, OutboxWorker
from bot.settings import Settings
from domain.people import Role
from handlers.engine.reply import Reply
from handlers.texts.notices import render
from storage import outbox, people, quotas
from storage.database import Database
from storage.outbox import Address
from storage.people import contact_point
from storage.quotas import Quota
from tests.bot.channels.zalo_tokens_ground import WorldClock
from tests.bot.zalo_house import RESIDENT, zalo_settings
from tests.fakes.zalo_oa.server import Fault, ZaloOaServer
from tests.fakes.zalo_oa.world import DAY, HOUR
from tests.handlers.driver import Talk

GROUP = "g1"


class Sender:
    """An account with five messages a month, and an administrator to be told."""

    def __init__(self, account: ZaloOaAccount, settings: Settings, zalo: ZaloOaServer, talk: Talk) -> None:
        self.account, self.settings, self.zalo, self.talk = account, settings, zalo, talk
        self.clock = WorldClock(zalo.world)

    async def send(self, chat: str = RESIDENT, *, doubted: bool = False) -> Outcome:
        """Send one message; `doubted` if that may have been done already."""
        return await self.account.channel.send(
            Delivery(id=1, chat=chat, reply=Reply(text="chào"), now=self.clock.now(), doubted=doubted)
        )

    async def month(self) -> Quota:
        """How the month stands."""
        async with self.talk.database.reading() as tx:
            found = await quotas.load(tx, self.account.on, month_of(self.clock.now()))
        return replace(found, paused_until=None)

    async def told(self) -> list[str]:
        """What the administrator was told."""
        async with self.talk.database.reading() as tx:
            owed = await outbox.owed_to(tx, Address(channel=self.talk.channel, account="bot", chat="quan"))
        return [render(one.body, "vi", case_id=None).text for one in owed]


@pytest.fixture
async def sender(sqlite: Database, tmp_path: Path) -> AsyncIterator[Sender]:
    async with ZaloOaServer(scale=0.001) as zalo:
        zalo.people.write(RESIDENT, "xin chào")
        zalo.people.group(GROUP, [RESIDENT])
        talk = await Talk.begin(sqlite)
        await talk.official("quan", None, Role.ADMIN)
        more = {"DATA_DIR": str(tmp_path), "DATABASE_URL": sqlite.url, "ZALO_OA_MONTHLY_MESSAGES": "5"}
        settings = Settings.load(zalo_settings(zalo, 8080) | more)
        (account,) = build(settings, sqlite, WorldClock(zalo.world)).accounts
        assert isinstance(account, ZaloOaAccount)
        yield Sender(account, settings, zalo, talk)
        await account.close()


async def test_the_months_messages_are_kept_and_the_admins_warned_once_each(sender: Sender) -> None:
    outcomes = [await sender.send() for _ in range(7)]
    assert [isinstance(one, Sent) for one in outcomes] == [True] * 5 + [False] * 2
    # What goes to a group is not counted.
    assert isinstance(await sender.send(f"group:{GROUP}"), Sent)
    assert len(sender.zalo.world.sent(RESIDENT)) == 5 and await sender.month() == Quota(used=5)
    near, gone = await sender.told()
    assert "Zalo Official Account: đã dùng 4/5" in near and "Zalo Bot" not in near
    assert "ZALO_OA_MONTHLY_MESSAGES" in gone
    (found,) = [
        one for one in await look_inside(sender.settings, sender.talk.database, sender.clock.now()) if "5/5" in one[1]
    ]
    assert found[0] == "doubtful"


async def test_an_event_that_was_put_aside_is_told_by_the_check(sender: Sender, tmp_path: Path) -> None:
    async def said() -> list[str]:
        remarks = await look_inside(sender.settings, sender.talk.database, sender.clock.now())
        return [one[1] for one in remarks if one[0] == "bad" and ".broken" in one[1]]

    assert await said() == []
    spool = tmp_path / FOLDER / sender.account.on.account / "spool"
    spool.mkdir(parents=True)
    (spool / "1.broken").touch()
    (told,) = await said()
    assert "1 tin" in told and str(spool.parent) in told


async def test_a_quota_zalo_says_is_used_up_pauses_people_for_an_hour_and_is_told_at_once(sender: Sender) -> None:
    sender.zalo.faults.append(Fault("-211", "/message/cs"))
    assert await sender.send() == Spent(reason="Zalo says -211", seconds=PAUSE_SECONDS_MAX)
    asked = len(sender.zalo.calls)
    assert isinstance(await sender.send(), RetryLater) and len(sender.zalo.calls) == asked
    assert isinstance(await sender.send(f"group:{GROUP}"), Sent)
    (told,) = await sender.told()
    assert "hết" in told
    sender.zalo.world.offset += 2 * HOUR
    assert isinstance(await sender.send(), Sent)
    assert await sender.month() == Quota(used=1)


async def test_what_was_surely_not_sent_is_given_back_and_what_is_charged_is_counted_apart(sender: Sender) -> None:
    sender.zalo.faults.append(Fault("-201", "/message/cs"))
    await sender.send()
    assert (await sender.month()).used == 0
    async with sender.talk.database.transaction() as tx:
        ward_id = sender.talk.ward.id
        where = {"channel": "zalo_oa", "account": sender.account.on.account, "address": RESIDENT}
        await people.add(tx, ward_id=ward_id, name="", language="vi", now=sender.clock.now(), **where)
    sender.zalo.world.offset += 3 * DAY
    assert isinstance(await sender.send(), Sent)
    assert await sender.month() == Quota(used=1, billed=1) and sender.zalo.world.sent(RESIDENT)[0].billed


async def test_the_last_of_the_month_is_not_taken_twice_for_what_may_have_arrived(sender: Sender) -> None:
    for _ in range(5):
        await sender.send()
    assert isinstance(await sender.send(doubted=True), Held)
    assert isinstance(await sender.send(), RetryLater)  # what was surely not sent waits for the next month
    assert isinstance(await sender.send(f"group:{GROUP}", doubted=True), Sent)
    assert len(sender.zalo.world.sent(RESIDENT)) == 5 and (await sender.month()).used == 5


async def test_a_pause_zalo_asked_for_is_waited_for_in_doubt_as_well(sender: Sender) -> None:
    sender.zalo.faults.append(Fault("-211", "/message/cs"))
    await sender.send()
    assert isinstance(await sender.send(doubted=True), RetryLater)
    sender.zalo.world.offset += 2 * HOUR
    assert isinstance(await sender.send(doubted=True), Sent)


async def test_the_check_says_where_no_administrator_can_be_told_outside_the_account(sender: Sender) -> None:
    async def said() -> list[str]:
        remarks = await look_inside(sender.settings, sender.talk.database, sender.clock.now())
        return [one[1] for one in remarks if one[0] == "doubtful" and "quản trị viên" in one[1]]

    assert await said() == []
    on = sender.account.on
    async with sender.talk.database.transaction() as tx:
        await tx.execute(
            update(contact_point)
            .where(contact_point.c.address == "quan")
            .values(channel=on.channel, account=on.account)
        )
    (told,) = await said()
    assert told.startswith(f"{sender.talk.ward.ward.code}:") and "danban invite --role admin" in told


async def owed_and_tried(sender: Sender, *chats: str) -> dict[str, str]:
    """Owe each of these chats a message and try to send it; what became of all messages, by chat."""
    database = sender.talk.database
    async with database.transaction() as tx:
        for chat in chats:
            at = Address(channel="zalo_oa", account=sender.account.on.account, chat=chat)
            reply = {"text": "chào", "choices": [], "attachments": [], "menu": "", "case_id": None}
            await outbox.put(tx, at, {"reply": reply}, language="vi", priority=0, now=sender.clock.now())
    worker = OutboxWorker(database, {sender.account.on: sender.account.channel}, sender.clock, limits=OutboxLimits())
    await worker.work_one()
    async with database.reading() as tx:
        rows = await tx.execute(select(outbox.outbox.c.chat, outbox.outbox.c.state).order_by(outbox.outbox.c.id))
        return {row.chat: row.state for row in rows if row.chat in chats}


@pytest.mark.parametrize("by", ["our count", "Zalo"])
async def test_groups_go_on_when_nothing_of_the_month_is_left_for_people(sender: Sender, by: str) -> None:
    sender.zalo.people.write("777", "xin chào")
    if by == "Zalo":
        sender.zalo.faults.append(Fault("-211", "/message/cs", times=2))
    else:
        for _ in range(5):
            await sender.send()
    assert await owed_and_tried(sender, RESIDENT, "777") == {RESIDENT: "waiting", "777": "waiting"}
    assert await owed_and_tried(sender, f"group:{GROUP}") == {f"group:{GROUP}": "sent"}

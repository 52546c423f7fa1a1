"""Where a group is on Telegram: under a new id, in a topic that is closed or gone, or at a bot of another ward."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from actions import manage_people
from bot.clock import Clock
from domain.people import GroupKind, Role
from storage import accounts, invites, wards
from storage.accounts import KnownAccount
from storage.base import Account
from storage.database import Database
from storage.outbox import Address
from tests.bot.channels.test_telegram_bots import SECOND, TML
from tests.bot.telegram_house import (
    CHIEF,
    FORUM,
    GROUP,
    OFFICIAL,
    UNIT,
    House,
    at_rest,
    group_bound,
    house,
    invited,
    known,
    office_taken,
    reported,
)
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.people import People
from tests.fakes.telegram.server import TelegramServer

MOVED, SECOND_GROUP = -1009, -1001007


async def bound(home: House, chat: str, account: str = "700001") -> bool:
    async with home.database.reading() as tx:
        return bool(await invites.groups_in(tx, Address(channel="telegram", account=account, chat=chat)))


def menu_of(home: House, chat: int) -> Callable[[], set[str] | None]:
    """The commands shown in a group, if it has a menu of its own."""
    commands = home.server.bot.commands
    return lambda: next(
        (
            {one["command"] for one in menu}
            for (scope, _), menu in commands.items()
            if json.loads(scope).get("chat_id") == chat
        ),
        None,
    )


async def test_a_group_with_a_new_id_gets_its_menu_anew(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram_account.MENU_SECONDS", 0.1)
    await group_bound(home)
    await home.until(menu_of(home, GROUP))
    home.people.upgrade(GROUP, MOVED)
    assert "nhan" in await home.until(menu_of(home, MOVED))


async def test_what_becomes_of_a_case_whose_card_stands_under_the_old_id_is_said_under_the_new_one(home: House) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    code = await reported(home)
    await home.hears(GROUP, code)
    await at_rest(home)
    home.people.upgrade(GROUP, MOVED, tell=False)
    home.people.write(OFFICIAL, f"/nhan {code}")
    told = await home.hears(MOVED, f"✅ {code}")
    await at_rest(home)
    # It is not a card, but it can be replied to like one.
    home.people.write(OFFICIAL, "Đã sửa xong rồi ạ", chat=MOVED, reply_to=told["message_id"])
    await home.hears(MOVED, "Đã sửa xong")


@pytest.mark.parametrize(
    ("what", "said"), [("deleted", "không còn gửi được tin"), ("closed", "không được phép gửi tin")]
)
async def test_the_unit_is_told_of_a_topic_that_is_gone_or_closed_and_no_case_is_lost(
    home: House, what: str, said: str
) -> None:
    await office_taken(home)
    await group_bound(home, FORUM, topic=12)
    await group_bound(home, FORUM, topic=13)
    await known(home)
    forum = home.server.world.chats[FORUM]
    if what == "deleted":
        forum.topics.discard(12)
    else:
        forum.closed_topics.add(12)
    code = await reported(home)
    # The unit is told where it still reads: in its other topic, which has the card already.
    assert (await home.hears(FORUM, said))["message_thread_id"] == 13
    await at_rest(home)
    cards = [one for one in home.server.sent(FORUM) if code in one["text"]]
    assert [one["message_thread_id"] for one in cards] == [13]
    # The other topic is another room and stays.
    assert await bound(home, f"{FORUM}:12") is (what == "closed") and await bound(home, f"{FORUM}:13")


async def test_a_case_of_a_unit_whose_two_groups_silence_the_bot_reaches_its_officials_once(home: House) -> None:
    await office_taken(home)
    home.people.group(SECOND_GROUP, {str(CHIEF): "creator"})
    for group in (GROUP, SECOND_GROUP):
        await group_bound(home, group)
    await known(home)
    for group in (GROUP, SECOND_GROUP):
        home.people.bot_state(group, "muted", tell=False)
    code = await reported(home)
    await home.hears(OFFICIAL, f"🆕 {code}")
    await at_rest(home)
    said = home.server.texts(OFFICIAL)
    assert sum(f"🆕 {code}" in text for text in said) == 1
    assert any("không được phép gửi tin" in text for text in said)


@pytest.mark.parametrize("told", [True, False])
async def test_a_case_whose_only_official_has_blocked_the_bot_goes_to_reception(home: House, told: bool) -> None:
    home.people.write(CHIEF, f"/start thamgia_{await invited(home, Role.RECEPTION, None)}")
    await home.hears(CHIEF, "✅")
    await office_taken(home)
    await known(home)
    home.people.bot_state(OFFICIAL, "blocked", tell=told)
    await home.settle()
    code = await reported(home)
    await home.hears(CHIEF, f"🆕 {code}")
    await at_rest(home)
    assert sum("🆕" in text for text in home.server.texts(CHIEF)) == 1


async def test_whoever_runs_a_group_binds_it_however_long_telegram_cannot_say_so(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.fetching.RETRY_SECONDS", 0.05)
    home.server.faults.ordered.append(Fault("500", "getChatMember", times=4))
    home.people.write(CHIEF, f"/thamgia {await invited(home, None)}", chat=GROUP)
    await home.hears(GROUP, "✅")
    assert not any("tệp" in text for text in home.server.texts(GROUP)) and not home.server.world.ephemeral


async def test_a_bot_of_one_ward_takes_no_group_of_another(
    server: TelegramServer, ready_sqlite_url: str, tmp_path: Path
) -> None:
    second = People(server.world, server.world.add_bot(SECOND, "TanMaiBot"))
    tokens = f"AHD={server.bot.token}, TML={SECOND}"
    async with house(tmp_path, server, ready_sqlite_url, TELEGRAM_TOKEN=tokens) as home:
        async with home.database.transaction() as tx:
            await wards.write(tx, TML)
            ward = await wards.load(tx, await wards.find(tx, "AHD") or 0)
            code = await manage_people.invite_group(
                tx, ward, kind=GroupKind.UNIT, unit_code=UNIT, now=Clock().now(), valid_for=timedelta(days=1)
            )
        second.write(CHIEF, f"/thamgia {code}", chat=GROUP)
        await home.until(lambda: any("của phường khác" in said for _chat, _who, said in server.world.ephemeral))
        assert not await bound(home, str(GROUP), "700002")
        # Nothing is used up: at the ward's own bot it works.
        server.people.write(CHIEF, f"/thamgia {code}", chat=GROUP)
        await home.hears(GROUP, "✅")
        assert await bound(home, str(GROUP))


async def test_no_link_leads_to_a_bot_that_is_in_use_no_more(
    server: TelegramServer, ready_sqlite_url: str, tmp_path: Path
) -> None:
    database = Database.open(ready_sqlite_url)
    async with database.transaction() as tx:
        gone = KnownAccount(on=Account("telegram", "111"), name="OldBot", ward_code="AHD")
        await accounts.remember(tx, gone, now=Clock().now())
    await database.close()
    async with house(tmp_path, server, ready_sqlite_url) as home:
        await known(home)
        async with home.database.reading() as tx:
            assert [one.name for one in await accounts.serving(tx, "AHD")] == [server.bot.username]

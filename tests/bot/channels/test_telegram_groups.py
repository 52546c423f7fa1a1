"""Groups on Telegram: who may act in them, topics, moves, losses and menus; and how updates come in."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from actions import manage_people
from bot.clock import Clock
from domain.people import GroupKind
from storage import cases, invites, outbox, people, wards
from storage.outbox import Address
from tests.bot.telegram_house import (
    CHIEF,
    FORUM,
    GROUP,
    OFFICIAL,
    RESIDENT,
    SECRET,
    House,
    group_bound,
    house,
    invited,
    known,
    office_taken,
    reported,
)
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer

# --- groups -----------------------------------------------------------------------------------------------------------


async def test_only_an_administrator_binds_a_group_and_strangers_do_nothing(home: House) -> None:
    home.people.write(OFFICIAL, f"/thamgia {await invited(home, None)}", chat=GROUP)
    await home.until(lambda: [receiver for _chat, receiver, _text in home.server.world.ephemeral] == [OFFICIAL])
    home.people.anonymous(GROUP, f"/thamgia {await invited(home, None)}")
    # Nobody can be named, so it is said to all.
    await home.hears(GROUP, "quản trị viên")
    async with home.database.reading() as tx:
        assert not await invites.groups_in(tx, Address(channel="telegram", account="700001", chat=str(GROUP)))


async def test_strangers_and_hidden_administrators_cannot_act_on_a_case(home: House) -> None:
    await group_bound(home)
    await known(home)
    code = await reported(home)
    card = await home.hears(GROUP, code)
    sent = len(home.server.sent(GROUP))
    home.people.write(CHIEF, f"/nhan {code}", chat=GROUP)
    home.people.anonymous(GROUP, "Đã sửa xong", reply_to=card["message_id"])
    await home.until(lambda: len(home.server.sent(GROUP)) == sent + 1 and home.server.world.ephemeral)
    home.people.tap(CHIEF, f"/nhan {code}", message_id=card["message_id"], chat=GROUP)
    await home.until(lambda: home.server.world.tap_answers or len(home.server.world.ephemeral) == 2)
    async with home.database.reading() as tx:
        assert (await tx.execute(select(cases.cases.c.status))).scalar_one() == "received"


CHANNEL = {"id": -1009999, "type": "channel", "title": "Tin tức"}
OTHER_BOT = {"id": 99, "is_bot": True, "first_name": "Bot", "username": "otherbot"}


@pytest.mark.parametrize(
    "writer",
    [{"from": OTHER_BOT}, {"sender_chat": CHANNEL}, {"via_bot": OTHER_BOT}],
    ids=["another bot", "a channel", "words of another bot"],
)
async def test_what_bots_and_channels_write_in_a_units_group_is_no_command(home: House, writer: dict[str, Any]) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    code = await reported(home)
    await home.hears(GROUP, code)
    await home.settle()
    sent = len(home.server.sent(GROUP))
    home.people.send(OFFICIAL, {"text": f"/nhan {code}"} | writer, chat=GROUP)
    # Handled after it, in the same lane.
    home.people.write(OFFICIAL, f"/ghichu {code} Đã xem", chat=GROUP)
    await home.until(lambda: len(home.server.sent(GROUP)) > sent)
    async with home.database.reading() as tx:
        assert (await tx.execute(select(cases.cases.c.status))).scalar_one() == "received"
    assert not home.server.world.ephemeral


async def test_a_topic_of_a_forum_gets_its_cards_and_answers_there(home: House) -> None:
    await office_taken(home)
    await group_bound(home, FORUM, topic=12)
    await known(home)
    code = await reported(home)
    card = await home.hears(FORUM, code)
    assert card["message_thread_id"] == 12
    home.people.write(OFFICIAL, f"/nhan {code}", chat=FORUM, topic=12)
    await home.until(lambda: home.server.sent(FORUM)[-1]["message_id"] > card["message_id"])
    assert {one.get("message_thread_id") for one in home.server.sent(FORUM)} == {12}


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_becomes_a_supergroup_goes_on_as_before(home: House, told: bool) -> None:
    await group_bound(home)
    await known(home)
    home.people.upgrade(GROUP, -1009, tell=told)
    code = await reported(home)
    card = await home.hears(-1009, code)
    await office_taken(home)
    home.people.write(OFFICIAL, "Đã sửa xong rồi ạ", chat=-1009, reply_to=card["message_id"])
    await home.press(OFFICIAL, "Đã sửa xong", ":send", chat=-1009)
    await home.hears(RESIDENT, "Đã sửa xong")


@pytest.mark.parametrize("told", [True, False])
async def test_the_unit_is_told_when_the_bot_is_removed_and_no_case_is_lost(home: House, told: bool) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    home.people.bot_state(GROUP, "kicked", tell=told)
    code = await reported(home)
    await home.hears(OFFICIAL, code)
    await home.hears(OFFICIAL, "không còn gửi được tin vào nhóm")
    async with home.database.reading() as tx:
        assert not await invites.groups_in(tx, Address(channel="telegram", account="700001", chat=str(GROUP)))


async def test_a_group_that_silences_the_bot_stays_bound_and_its_card_goes_to_the_officials(home: House) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    home.people.bot_state(GROUP, "muted", tell=False)
    code = await reported(home)
    await home.hears(OFFICIAL, code)
    await home.hears(OFFICIAL, "không được phép gửi tin")
    async with home.database.reading() as tx:
        assert await invites.groups_in(tx, Address(channel="telegram", account="700001", chat=str(GROUP)))


async def test_a_resident_who_blocks_the_bot_is_known_to_be_unreachable_until_they_write_again(home: House) -> None:
    await known(home)
    home.people.bot_state(RESIDENT, "blocked")

    async def unreachable() -> bool:
        async with home.database.reading() as tx:
            row = (
                await tx.execute(select(people.contact_point).where(people.contact_point.c.address == str(RESIDENT)))
            ).one()
        return row.unreachable_at is not None

    async with asyncio.timeout(60):
        while not await unreachable():  # noqa: ASYNC110  # the database has no event for it
            await asyncio.sleep(0.05)
    home.people.write(RESIDENT, "/hoso")
    sent = len(home.server.sent(RESIDENT))
    await home.until(lambda: len(home.server.sent(RESIDENT)) > sent)
    assert not await unreachable()


# --- menus ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Menus are looked after as often as one likes."""
    monkeypatch.setattr("bot.channels.telegram_account.MENU_SECONDS", 0.1)


@pytest.mark.usefixtures("often")
async def test_residents_and_units_see_their_own_commands(home: House) -> None:
    await group_bound(home)
    private = '{"type": "all_private_chats"}'
    commands = home.server.bot.commands
    await home.until(lambda: (private, "en") in commands)
    assert "phananh" in {one["command"] for one in commands[private, ""]}
    assert "report" in {one["command"] for one in commands[private, "en"]}
    desk = await home.until(lambda: next((menu for (scope, _), menu in commands.items() if str(GROUP) in scope), None))
    names = {one["command"] for one in desk}
    assert {"nhan", "traloi", "viec"} <= names and "phananh" not in names
    admins = commands['{"type": "all_chat_administrators"}', ""]
    assert {one["command"] for one in admins} == {"thamgia", "trogiup"}


@pytest.mark.usefixtures("often")
async def test_the_wards_group_sees_only_what_everybody_may_read(home: House) -> None:
    async with home.database.transaction() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        now, kind = Clock().now(), GroupKind.WARD
        code = await manage_people.invite_group(
            tx, ward, kind=kind, unit_code=None, now=now, valid_for=timedelta(days=1)
        )
    home.people.write(CHIEF, f"/thamgia {code}", chat=GROUP)
    await home.hears(GROUP, "✅")
    commands = home.server.bot.commands
    menu = await home.until(lambda: next((menu for (scope, _), menu in commands.items() if str(GROUP) in scope), None))
    names = {one["command"] for one in menu}
    assert {"kehoach", "trogiup"} <= names and not names & {"nhan", "viec", "traloi", "phananh"}
    home.people.write(OFFICIAL, "/trogiup", chat=GROUP)
    said = await home.hears(GROUP, "/kehoach")
    assert "/nhan" not in said["text"]


# --- intake -----------------------------------------------------------------------------------------------------------


async def test_a_long_answer_goes_on_where_it_stopped_and_a_reply_to_any_piece_counts(home: House) -> None:
    await known(home)
    address = Address(channel="telegram", account="700001", chat=str(RESIDENT))
    code = await reported(home)
    pieces = [f"Đoạn {number}. " + "chữ " * 900 for number in range(3)]
    home.server.faults.ordered += [Fault("429", "nothing")]
    async with home.database.transaction() as tx:
        case_id = (await tx.execute(select(cases.cases.c.id))).scalar_one()
        body = {
            "reply": {"text": "\n\n".join(pieces), "choices": [], "attachments": [], "menu": "", "case_id": case_id}
        }
        await outbox.put(tx, address, body, language="vi", priority=1, now=Clock().now(), case_id=case_id)
    await home.hears(RESIDENT, "Đoạn 0")
    home.server.faults.ordered.append(Fault("429", "sendMessage", retry_after=1))
    await home.hears(RESIDENT, "Đoạn 2")
    said = [text[:6] for text in home.server.texts(RESIDENT) if text.startswith("Đoạn")]
    assert said == ["Đoạn 0", "Đoạn 1", "Đoạn 2"]
    first = next(one for one in home.server.sent(RESIDENT) if one["text"].startswith("Đoạn 0"))
    home.people.write(RESIDENT, "vẫn chưa sáng", reply_to=first["message_id"])
    await home.hears(RESIDENT, f"vào {code}")


async def test_the_webhook_lets_nobody_in_without_the_secret_and_waits_for_the_database(
    server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {
        "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET, "HTTP_PORT": str(unused_tcp_port),
        "PUBLIC_URL": f"http://127.0.0.1:{unused_tcp_port}",
    }  # fmt: skip
    async with house(tmp_path, server, ready_sqlite_url, **more) as home, aiohttp.ClientSession() as client:
        await home.until(lambda: server.bot.queue.webhook)
        url = server.bot.queue.webhook.url  # type: ignore[union-attr]  # waited for

        async def post(body: bytes | io.BytesIO, secret: str = SECRET) -> tuple[int, str | None]:
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            async with client.post(url, data=body, headers=headers) as response:
                return response.status, response.headers.get("Retry-After")

        update = b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}}'
        assert (await post(update, "wrong"))[0] == 403
        assert (await post(io.BytesIO(b"x" * (1 << 21))))[0] == 413
        assert (await post(b"[]"))[0] == 400
        assert (await post(update))[0] == 200
        assert (await post(b'{"update_id": 2, "message": "of a shape nobody foresaw"}'))[0] == 200

        async def away(*_: object, **__: object) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr("storage.inbox.put", away)
        assert await post(update) == (503, "5")
        monkeypatch.undo()
        assert (await post(update))[0] == 200

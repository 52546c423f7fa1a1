"""The web chat's messages and rooms, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.people import Role
from storage import webchat, webreading
from storage.database import Database
from storage.webchat import Draft
from tests.bot.web.ground import appoint, small_ward

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


async def write(database: Database, text: str, client_id: str, chat: str = "c", **draft: object) -> webchat.WebMessage:
    async with database.transaction() as tx:
        message, _new = await webchat.add_from_person(
            tx,
            Draft(client_id=client_id, text=text, **draft),
            chat=chat,
            sender="s",
            sender_name="",
            now=NOW,  # type: ignore[arg-type]
        )
    return message


async def say(database: Database, text: str, outbox_id: int, chat: str = "c") -> int:
    async with database.transaction() as tx:
        return await webchat.add_from_bot(
            tx, chat=chat, outbox_id=outbox_id, text=text, choices=[("m1:yes", "Gửi")], attachments=[], menu="m1",
            about_case=True, now=NOW,
        )  # fmt: skip


async def test_a_repeated_client_id_changes_nothing(database: Database) -> None:
    first = await write(database, "một", "id-00001")
    async with database.transaction() as tx:
        again, is_new = await webchat.add_from_person(
            tx, Draft(client_id="id-00001", text="khác"), chat="c", sender="s", sender_name="", now=NOW
        )
    assert (again, is_new) == (first, False)


async def test_the_same_client_id_in_another_chat_is_another_message(database: Database) -> None:
    first = await write(database, "một", "id-00001")
    other = await write(database, "hai", "id-00001", chat="d")
    assert first.id != other.id


async def test_a_message_owed_is_written_once_however_often_it_is_sent(database: Database) -> None:
    assert await say(database, "chào", 7) == await say(database, "chào", 7)
    async with database.reading() as tx:
        assert len(await webreading.after(tx, "c", 0, 10)) == 1


async def test_messages_come_in_order_and_only_those_of_the_chat(database: Database) -> None:
    first = await write(database, "một", "id-00001")
    await write(database, "nơi khác", "id-00002", chat="d")
    await say(database, "hai", 1)
    async with database.reading() as tx:
        assert [one.text for one in await webreading.after(tx, "c", 0, 10)] == ["một", "hai"]
        assert [one.text for one in await webreading.after(tx, "c", first.id, 10)] == ["hai"]


async def test_the_last_page_ends_with_the_newest_and_the_one_before_goes_on(database: Database) -> None:
    ids = [(await write(database, str(number), f"id-0000{number}")).id for number in range(5)]
    async with database.reading() as tx:
        assert [one.id for one in await webreading.before(tx, "c", None, 2)] == ids[3:]
        assert [one.id for one in await webreading.before(tx, "c", ids[3], 2)] == ids[1:3]


async def test_buttons_come_back_as_they_were_written(database: Database) -> None:
    await say(database, "Đúng chưa?", 1)
    async with database.reading() as tx:
        message = (await webreading.after(tx, "c", 0, 10))[0]
    assert message.choices == (("m1:yes", "Gửi"),)
    assert (message.menu, message.about_case, message.author) == ("m1", True, "bot")


async def test_a_reply_quotes_a_message_of_its_own_chat_only(database: Database) -> None:
    quoted = await say(database, "Thẻ hồ sơ", 1)
    foreign = await say(database, "Bí mật", 2, chat="d")
    assert (await write(database, "vâng", "id-00001", reply_to=quoted)).quote == "Thẻ hồ sơ"
    stranger = await write(database, "vâng", "id-00002", reply_to=foreign)
    assert (stranger.reply_to, stranger.quote) == (None, "")


async def test_removed_words_are_gone_from_the_message_and_from_quotes_of_it(database: Database) -> None:
    kept = await write(database, "ông A nhận tiền", "id-00001", place={"lat": 1.0, "lon": 2.0})
    await write(database, "đúng vậy", "id-00002", reply_to=kept.id)
    async with database.transaction() as tx:
        assert await webchat.remove_text(tx, "c", client_id="id-00001", now=NOW)
    async with database.reading() as tx:
        first, second = await webreading.after(tx, "c", 0, 10)
        assert await webreading.removed_since(tx, "c", NOW - timedelta(seconds=1)) == [kept.id]
    assert (first.text, first.place, first.removed, second.quote) == ("", None, True, "")


async def test_nothing_is_removed_from_another_chat(database: Database) -> None:
    kept = await write(database, "một", "id-00001")
    async with database.transaction() as tx:
        assert not await webchat.remove_text(tx, "d", message_id=kept.id, now=NOW)
        with pytest.raises(ValueError, match="named"):
            await webchat.remove_text(tx, "c", now=NOW)


async def test_a_lower_number_never_shows_after_a_higher_one(database: Database) -> None:
    # A browser asks for what came after the last number it saw: what shows late with a lower one would be lost.
    started, looked = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with database.transaction() as tx:
            await webchat.add_from_person(
                tx, Draft(client_id="id-slow1", text="chậm"), chat="c", sender="s", sender_name="", now=NOW
            )
            started.set()
            await looked.wait()

    async def fast() -> None:
        await started.wait()
        await say(database, "nhanh", 1)

    seen: list[int] = []

    async def look() -> None:
        async with database.reading() as tx:
            seen.extend([one.id for one in await webreading.after(tx, "c", seen[-1] if seen else 0, 10)])

    both = asyncio.gather(slow(), fast())
    await started.wait()
    for _ in range(20):
        await look()
    looked.set()
    while not both.done():
        await look()
    await both
    await look()
    assert len(seen) == 2


async def test_a_room_is_found_by_its_chat_and_by_its_key(database: Database) -> None:
    ward_id = await small_ward(database)
    creator = await appoint(database, ward_id, "v", Role.LEADER, None)
    async with database.transaction() as tx:
        chat, key = await webchat.create_room(tx, "Phòng Kinh tế", creator, NOW, ward_id=ward_id)
        by_chat, by_key = await webchat.room_at(tx, chat), await webchat.room_by_key(tx, key)
        assert await webchat.room_by_key(tx, chat) is None
    assert by_chat == by_key
    assert by_chat is not None and (by_chat.ward_id, by_chat.created_by) == (ward_id, creator)
    assert chat.startswith("room-") and len(key) >= 20

"""The web chat as a channel."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.base import Delivery, NotEdited, Sent
from bot.channels.webchat import WebChat
from handlers.engine.event import Place
from handlers.engine.reply import Choice, Reply
from storage import webchat, webreading
from storage.database import Database

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
RAW: dict[str, Any] = {
    "client_id": "3f0c", "chat": "room-1", "sender": "v", "sender_name": "Lan", "in_group": True, "is_admin": True,
    "text": "chào", "choice": None, "attachments": [3, 4], "place": {"lat": 10.5, "lon": 106.5}, "reply_to": 41,
    "message_id": 57, "language": "vi", "ward": "AHD",
}  # fmt: skip


async def test_an_update_becomes_an_event_with_everything_in_it(sqlite: Database) -> None:
    event = WebChat(sqlite).parse(RAW, NOW)
    assert event is not None
    assert (event.chat, event.sender, event.in_group, event.sender_is_admin) == ("room-1", "v", True, True)
    assert (event.text, event.attachments, event.place) == ("chào", (3, 4), Place(latitude=10.5, longitude=106.5))
    assert (event.reply_to, event.message_id, event.language, event.at) == ("41", "57", "vi", NOW)
    assert event.ward_code == "AHD"


async def test_a_pressed_command_is_the_same_as_a_typed_one(sqlite: Database) -> None:
    event = WebChat(sqlite).parse(RAW | {"text": "", "choice": "/hoso PA-26-00001"}, NOW)
    assert event is not None and (event.text, event.choice) == ("/hoso PA-26-00001", None)


async def test_a_pressed_choice_keeps_its_payload(sqlite: Database) -> None:
    event = WebChat(sqlite).parse(RAW | {"text": "", "choice": "m1:yes"}, NOW)
    assert event is not None and (event.text, event.choice) == ("", "m1:yes")


async def test_nothing_at_all_is_no_event(sqlite: Database) -> None:
    raw = RAW | {"text": "", "attachments": [], "place": None}
    assert WebChat(sqlite).parse(raw, NOW) is None


async def test_sending_twice_writes_once_and_says_the_same_id(database: Database) -> None:
    channel = WebChat(database)
    choices = (Choice(id="yes", label="Gửi"), Choice(id="/hoso", label="Hồ sơ"))
    reply = Reply(text="Đúng chưa?", choices=choices, menu="m1", case_id=5)
    first = await channel.send(Delivery(id=9, chat="c", reply=reply, now=NOW))
    again = await channel.send(Delivery(id=9, chat="c", reply=reply, now=NOW))
    async with database.reading() as tx:
        found = await webreading.after(tx, "c", 0, 10)
    assert [Sent(message_id=str(one.id)) for one in found] == [first] == [again]
    assert found[0].choices == (("m1:yes", "Gửi"), ("/hoso", "Hồ sơ")) and found[0].about_case


async def test_a_change_is_made_where_the_message_stands_any_number_of_times(database: Database) -> None:
    channel = WebChat(database)
    sent = await channel.send(Delivery(id=9, chat="c", reply=Reply(text="mới"), now=NOW))
    assert isinstance(sent, Sent)
    reply = Reply(text="đã nhận", choices=(Choice(id="/traloi 1", label="Trả lời"),))
    change = Delivery(id=10, chat="c", reply=reply, now=NOW, edits=sent.message_id)
    assert [await channel.send(change), await channel.send(change)] == [sent, sent]
    async with database.reading() as tx:
        found = await webreading.after(tx, "c", 0, 10)
    assert [(one.text, one.choices) for one in found] == [("đã nhận", (("/traloi 1", "Trả lời"),))]


async def test_what_was_taken_away_or_stands_elsewhere_is_not_changed(sqlite: Database) -> None:
    channel = WebChat(sqlite)
    sent = await channel.send(Delivery(id=9, chat="c", reply=Reply(text="mới"), now=NOW))
    assert isinstance(sent, Sent)
    change = Delivery(id=10, chat="elsewhere", reply=Reply(text="x"), now=NOW, edits=sent.message_id)
    assert isinstance(await channel.send(change), NotEdited)
    async with sqlite.transaction() as tx:
        await webchat.remove_text(tx, "c", message_id=int(sent.message_id), now=NOW)
    assert isinstance(await channel.send(replace(change, chat="c")), NotEdited)


async def test_sending_wakes_who_waits_in_that_chat(sqlite: Database) -> None:
    sleeper = sqlite.wakes.sleeper(webchat.topic("c"))
    await WebChat(sqlite).send(Delivery(id=1, chat="c", reply=Reply(text="chào"), now=NOW))
    assert sleeper.is_set()

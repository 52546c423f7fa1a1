"""What a button sends means the same when it is typed, on whatever channel; what a file comes with is words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels import telegram_reading, zalo_bot_reading, zalo_oa_reading
from bot.channels.telegram_update import Identity as OnTelegram
from bot.channels.webchat import WebChat
from bot.channels.zalo_bot_update import Identity as OnZaloBot
from bot.channels.zalo_oa_layout import parts_of
from handlers.engine.event import Event
from handlers.engine.menu import as_pressed
from handlers.engine.reply import Choice, Reply, payload
from storage.database import Database
from tests.fakes.zalo_bot.world import event as on_zalo_bot

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def telegram(text: str, _database: Database | None = None) -> Any:
    lan = {"id": 42, "is_bot": False, "first_name": "Lan"}
    said = {"message_id": 7, "date": 1, "chat": {"id": 42, "type": "private"}, "from": lan, "text": text}
    return telegram_reading.read({"update_id": 9, "message": said}, OnTelegram(account="7", username="b"), AT)


def web(text: str, database: Database) -> Any:
    raw = {
        "client_id": "3f0c", "chat": "c", "sender": "v", "sender_name": "", "in_group": False, "is_admin": False,
        "text": text, "choice": None, "attachments": [], "place": None, "reply_to": None, "message_id": 5,
        "language": "vi", "ward": "AHD",
    }  # fmt: skip
    return WebChat(database).parse(raw, AT)


def zalo_bot(text: str, _database: Database | None = None) -> Any:
    raw = on_zalo_bot("text", "a1b2c3d4e5f60718293a", group=None, message_id="m1", text=text)
    return zalo_bot_reading.read(raw, OnZaloBot(account="145", names=()), frozenset(), AT)


def zalo_oa(text: str, _database: Database | None = None) -> Any:
    raw = {
        "app_id": "1", "event_name": "user_send_text", "sender": {"id": "8"}, "recipient": {"id": "5"},
        "message": {"msg_id": "b8", "text": text}, "timestamp": "1751100041636",
    }  # fmt: skip
    return zalo_oa_reading.read(raw, "1", AT)


@pytest.mark.parametrize("said_on", [telegram, web, zalo_bot, zalo_oa])
async def test_a_payload_is_the_press_on_every_channel(said_on: Any, sqlite: Database) -> None:
    found = said_on("m1f:send", sqlite)
    assert isinstance(found, Event)
    pressed = as_pressed(found)
    assert (pressed.choice, pressed.text) == ("m1f:send", "")
    words = said_on("lúc m1f:send", sqlite)
    assert as_pressed(words) == words


def test_a_button_of_the_official_account_is_known_again_however_many_menus_there_were() -> None:
    choice = Choice(id="send", label="✅ Gửi")
    for number in (1, 9, 10, 15, 16, 171, 4096):
        menu = f"m{number:x}"
        (part,) = parts_of(Reply(text="Gửi chưa?", choices=(choice,), menu=menu), "vi", in_group=False)
        ((_title, said),) = part.buttons
        assert zalo_oa(said).choice == payload(menu, choice)

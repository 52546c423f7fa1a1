"""Every kind of update, read: what it becomes, and who it can never be."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.base import ChatNews, Loss
from bot.channels.telegram_intake import as_update
from bot.channels.telegram_reading import read
from bot.channels.telegram_update import OURS, Identity, album, lane, needs_fetching, remote_file
from bot.storable import storable
from domain.files import FileKind
from handlers.engine.event import Event, Place

ME = Identity(account="700001", username="DanBanBot")
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
LAN = {"id": 42, "is_bot": False, "first_name": "Lan", "last_name": "Nguyễn Thị", "language_code": "vi"}
BOT = {"id": 700001, "is_bot": True, "first_name": "Dân Bàn", "username": "DanBanBot"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Lan"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Tổ hạ tầng"}
CARD = {"message_id": 5, "date": 1, "chat": GROUP, "from": BOT, "text": "🆕 PA-26-00001"}


def message(chat: dict[str, Any] = PRIVATE, sender: dict[str, Any] = LAN, **content: Any) -> dict[str, Any]:
    return {"update_id": 9, "message": {"message_id": 7, "date": 1, "chat": chat, "from": sender} | content}


def event(raw: dict[str, Any]) -> Event:
    found = read(raw, ME, AT)
    assert isinstance(found, Event)
    return found


def test_a_private_text_knows_its_sender_and_its_chat() -> None:
    found = event(message(text="Đèn hỏng"))
    assert (found.chat, found.sender, found.sender_name) == ("42", "42", "Nguyễn Thị Lan")
    assert (found.text, found.message_id, found.language, found.in_group) == ("Đèn hỏng", "7", "vi", False)


@pytest.mark.parametrize(
    ("content", "text", "place", "not_taken"),
    [
        ({"location": {"latitude": 10.5, "longitude": 106.5}}, "", Place(latitude=10.5, longitude=106.5), None),
        (
            {"venue": {"location": {"latitude": 1, "longitude": 2}, "title": "Chợ", "address": "12 Lê Lợi"}},
            "", Place(latitude=1, longitude=2, label="Chợ, 12 Lê Lợi"), None,
        ),
        ({"contact": {"phone_number": "+8490", "first_name": "Ba"}}, "☎ Ba: +8490", None, None),
        ({"voice": {"file_id": "v"}}, "", None, "file_failed"),
        ({"video": {"file_id": "v"}, "caption": "cống", OURS: {}}, "cống", None, "file_failed"),
        ({"paid_media": {"star_count": 5}}, "", None, "not_handed_out"),
        ({"story": {"id": 1}}, "", None, "not_handed_out"),
        ({"text": "cống tắc", "forward_origin": {"type": "hidden_user"}}, "↪️ cống tắc", None, None),
        ({"text": "/xem PA-26-00001", "forward_origin": {"type": "user"}}, "↪️ /xem PA-26-00001", None, None),
        ({"text": "/nhan PA-26-00001", "via_bot": {"id": 9}}, "↪️ /nhan PA-26-00001", None, None),
        ({"photo": [{"file_id": "p"}], OURS: {}}, "", None, "file_failed"),
    ],
)  # fmt: skip
def test_a_message_is_taken_or_says_what_is_missing(
    content: dict[str, Any], text: str, place: Place | None, not_taken: str | None
) -> None:
    found = event(message(**content))
    assert (found.text, found.place, found.not_taken) == (text, place, not_taken)


@pytest.mark.parametrize("content", [{"sticker": {}}, {"poll": {}}, {"game": {}}, {"something_of_2031": {}}])
def test_what_cannot_be_read_is_answered_in_private_and_left_alone_in_a_group(content: dict[str, Any]) -> None:
    assert event(message(**content)).unsupported
    assert read(message(GROUP, **content), ME, AT) is None
    assert event(message(GROUP, reply_to_message=CARD, **content)).unsupported


@pytest.mark.parametrize("kind", ["new_chat_members", "pinned_message", "forum_topic_created", "left_chat_member"])
def test_nobody_waits_for_an_answer_to_a_service_message(kind: str) -> None:
    assert read(message(**{kind: {}}), ME, AT) is None


def test_what_was_fetched_comes_with_the_message() -> None:
    raw = message(photo=[{"file_id": "p"}], caption="ổ gà") | {OURS: {"attachments": [3], "not_taken": None}}
    found = event(raw)
    assert (found.attachments, found.text, found.not_taken) == ((3,), "ổ gà", None)


def test_a_tap_is_the_choice_of_whoever_tapped() -> None:
    other = LAN | {"id": 8}
    tap = {"update_id": 1, "callback_query": {"id": "t", "from": other, "message": CARD, "data": "m1:send"}}
    found = event(tap)
    assert (found.sender, found.choice, found.chat, found.in_group) == ("8", "m1:send", "-1001", True)
    command = event({"update_id": 1, "callback_query": {"id": "t", "from": other, "message": CARD, "data": "/viec 2"}})
    assert (command.text, command.choice) == ("/viec 2", None)


def test_a_tap_on_a_message_too_old_to_be_shown_is_still_a_tap() -> None:
    old = {"message_id": 5, "date": 0, "chat": GROUP}
    found = event({"update_id": 1, "callback_query": {"id": "t", "from": LAN, "message": old, "data": "m1:send"}})
    assert (found.choice, found.message_id) == ("m1:send", "5")


def test_a_changed_message_is_told_and_a_wandering_place_is_not() -> None:
    edited = {"update_id": 1, "edited_message": message(text="sửa")["message"]}
    found = event(edited)
    assert (found.edited, found.text, found.message_id, found.not_taken) == (True, "sửa", "7", None)
    assert not event(message(text="mới")).edited
    swapped = {"update_id": 1, "edited_message": message(photo=[{"file_id": "p"}])["message"]}
    assert event(swapped).not_taken == "file_changed"
    wandering = {"update_id": 1, "edited_message": message(location={"latitude": 1, "longitude": 2})["message"]}
    assert read(wandering, ME, AT) is None


# --- groups ---------------------------------------------------------------------------------------------------------


def test_a_command_with_our_name_is_ours_and_with_another_name_is_not() -> None:
    assert event(message(GROUP, text="/viec@danbanbot due")).text == "/viec due"
    assert read(message(GROUP, text="/viec@otherbot"), ME, AT) is None


def test_adding_the_bot_by_a_link_is_the_command_in_it() -> None:
    assert event(message(GROUP, text="/start@DanBanBot thamgia_ABC-DE")).text == "/thamgia ABC-DE"
    # Whoever made the link must not close a case by the hand of who adds the bot.
    assert event(message(GROUP, text="/start@DanBanBot dong_PA-26-00012")).text == "/start dong_PA-26-00012"
    assert event(message(text="/start w_AHD")).text == "/start w_AHD"


def test_only_an_answer_to_us_is_a_reply() -> None:
    assert event(message(GROUP, text="đã sửa", reply_to_message=CARD)).reply_to == "5"
    assert event(message(GROUP, text="ừ", reply_to_message=CARD | {"from": LAN})).reply_to is None
    began = CARD | {"forum_topic_created": {"name": "Hạ tầng"}}
    assert event(message(GROUP, text="ừ", reply_to_message=began)).reply_to is None


def test_a_topic_of_a_forum_is_a_room_of_its_own_in_the_lane_of_its_chat() -> None:
    raw = message(GROUP | {"is_forum": True}, text="/viec", is_topic_message=True, message_thread_id=12)
    assert event(raw).chat == "-1001:12"
    assert lane("700001", raw) == lane("700001", message(GROUP, text="x"))
    thread = message(GROUP, text="/viec", message_thread_id=12)
    assert event(thread).chat == "-1001"


def test_an_anonymous_administrator_is_nobody_in_particular() -> None:
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    raw = message(GROUP, hidden, sender_chat=GROUP, text="/thamgia ABC") | {OURS: {"is_admin": True}}
    found = event(raw)
    assert found.sender == "anonymous:-1001" and not found.sender_is_admin and found.sender_name == ""
    assert not needs_fetching(raw, ME)


def test_channels_and_other_bots_are_not_listened_to() -> None:
    channel = {"id": -1009, "type": "channel", "title": "Tin"}
    assert read(message(GROUP, LAN, sender_chat=channel, text="/nhan PA-26-00001"), ME, AT) is None
    assert read(message(GROUP, {"id": 9, "is_bot": True, "first_name": "B"}, text="/nhan"), ME, AT) is None
    assert (
        read({"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "chat": channel, "text": "x"}}, ME, AT)
        is None
    )


# --- chats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "loss"),
    [
        ({"status": "kicked"}, Loss.GONE),
        ({"status": "left"}, Loss.GONE),
        ({"status": "restricted", "can_send_messages": False}, Loss.MUTED),
        ({"status": "restricted", "can_send_messages": True}, None),
        ({"status": "restricted", "can_send_messages": True, "is_member": False}, Loss.GONE),
        ({"status": "member"}, None),
    ],
)
def test_our_own_standing_is_news_of_the_chat(member: dict[str, Any], loss: Loss | None) -> None:
    raw = {"update_id": 1, "my_chat_member": {"chat": GROUP, "from": LAN, "date": 1, "new_chat_member": member}}
    assert read(raw, ME, AT) == ChatNews(channel="telegram", account="700001", chat="-1001", loss=loss)


def test_both_messages_of_a_move_say_the_same() -> None:
    old, new = {"id": -5, "type": "group", "title": "x"}, {"id": -1005, "type": "supergroup", "title": "x"}
    moved = ChatNews(channel="telegram", account="700001", chat="-5", new_chat="-1005")
    assert read(message(old, migrate_to_chat_id=-1005), ME, AT) == moved
    assert read(message(new, migrate_from_chat_id=-5), ME, AT) == moved


# --- what is fetched --------------------------------------------------------------------------------------------------

SIZES = [{"file_id": "s", "file_size": 10}, {"file_id": "l", "file_size": 5000}, {"file_id": "m", "file_size": 900}]


def test_the_largest_size_that_may_be_taken_is_fetched() -> None:
    largest = remote_file(message(photo=SIZES), ME, photo_bytes_max=10_000)
    fitting = remote_file(message(photo=SIZES), ME, photo_bytes_max=1000)
    assert largest is not None and largest.file_id == "l"
    assert fitting is not None and fitting.file_id == "m"


def test_in_a_group_only_photos_meant_for_us_are_fetched() -> None:
    assert not needs_fetching(message(GROUP, photo=SIZES), ME)
    assert needs_fetching(message(GROUP, photo=SIZES, reply_to_message=CARD), ME)
    assert needs_fetching(message(GROUP, photo=SIZES, caption="/traloi PA-26-00001 xong"), ME)
    assert needs_fetching(message(GROUP, text="/thamgia ABC"), ME)
    assert not needs_fetching(message(text="/thamgia ABC"), ME)


@pytest.mark.parametrize(
    ("content", "kind", "seconds"),
    [
        ({"voice": {"file_id": "f", "duration": 32, "file_size": 9}}, FileKind.VOICE, 32),
        ({"audio": {"file_id": "f", "duration": 5}}, FileKind.VOICE, 5),
        ({"video_note": {"file_id": "f", "duration": 7}}, FileKind.VIDEO, 7),
        ({"document": {"file_id": "f", "mime_type": "application/pdf"}}, FileKind.DOCUMENT, 0),
        ({"document": {"file_id": "f", "mime_type": "image/png"}}, FileKind.PHOTO, 0),
        (
            {"document": {"file_id": "f", "mime_type": "video/mp4"}, "animation": {"file_id": "f", "duration": 2}},
            FileKind.VIDEO, 2,
        ),
    ],
)  # fmt: skip
def test_every_kind_of_file_is_fetched(content: dict[str, Any], kind: FileKind, seconds: int) -> None:
    found = remote_file(message(**content), ME, photo_bytes_max=1000)
    assert found is not None and (found.file_id, found.kind, found.seconds) == ("f", kind, seconds)
    assert not needs_fetching(message(GROUP, **content), ME)


def test_an_album_has_a_name() -> None:
    assert album(message(photo=SIZES, media_group_id="13")) == "13"
    assert album(message(text="x")) is None


# --- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": "x"}', b"\xff", b"[" * 100_000])
def test_what_is_no_update_is_none(body: bytes) -> None:
    assert as_update(body) is None


def test_letters_no_database_takes_are_left_out() -> None:
    assert as_update(b'{"update_id": 1, "message": {"text": "a\\u0000b\\ud800c"}}') == {
        "update_id": 1, "message": {"text": "ab?c"},
    }  # fmt: skip
    assert storable({"a": ["👍", 1, None]}) == {"a": ["👍", 1, None]}

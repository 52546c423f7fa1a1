"""Raw events of Zalo as events: what people send, what is not for us, and whose it is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.base import ChatNews, Loss
from bot.channels.zalo_oa_event import OURS, account_of, as_event, file_urls, is_taken, lane, update_id
from bot.channels.zalo_oa_reading import read
from handlers.engine.event import Event, Place

APP, OA, USER, GROUP = "1234", "579745863508352884", "8309000000000000001", "f414c8f76fa586fbdfb4"
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def raw(name: str, message: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    event = {
        "app_id": APP, "event_name": name, "sender": {"id": USER}, "recipient": {"id": OA},
        "timestamp": "1751100041636", "user_id_by_app": "55", **more,
    }  # fmt: skip
    return event | ({"message": {"msg_id": "b8de7d84fa1b3043690c"} | message} if message is not None else {})


def sent(kind: str, payload: dict[str, Any], text: str | None = None, **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"attachments": [{"type": kind, "payload": payload}]}
    return raw(f"user_send_{kind}", message | ({} if text is None else {"text": text}), **more)


def event(one: dict[str, Any]) -> Event:
    found = read(one, APP, NOW)
    assert isinstance(found, Event)
    return found


def test_a_text_is_what_was_written_by_whom_and_where() -> None:
    found = event(raw("user_send_text", {"text": "đèn đường hỏng"}))
    assert (found.text, found.chat, found.sender, found.in_group) == ("đèn đường hỏng", USER, USER, False)
    assert (found.channel, found.account, found.message_id) == ("zalo_oa", APP, "b8de7d84fa1b3043690c")


def test_a_location_has_its_coordinates_as_texts_and_its_name_beside_them() -> None:
    point = {"coordinates": {"latitude": "10.7923119", "longitude": "106.7820651"}}
    found = event(sent("location", point, "Cơm Coffee New Sky"))
    assert found.place == Place(latitude=10.7923119, longitude=106.7820651, label="Cơm Coffee New Sky")
    assert found.text == ""


@pytest.mark.parametrize(
    ("said", "choice", "text"),
    [
        ("✅ Gửi #m3:send", "m3:send", ""),
        ("✅ Gửi #ma:send", "ma:send", ""),
        ("Gửi #m10f:send", "m10f:send", ""),
        ("Chưa xong, mở lại #ma:again PA-26-00012", "ma:again PA-26-00012", ""),
        ("Nhận #/nhan PA-26-00012", None, "/nhan PA-26-00012"),
        ("Số nhà 12 #3 Lê Lợi", None, "Số nhà 12 #3 Lê Lợi"),
        ("xem #/ roi", None, "xem #/ roi"),
        ("m3:send", None, "m3:send"),
    ],
)
def test_a_tapped_button_is_its_choice_and_everything_else_is_words(said: str, choice: str | None, text: str) -> None:
    found = event(raw("user_send_text", {"text": said}))
    assert (found.choice, found.text) == (choice, text)


def test_a_photo_is_to_be_fetched_and_is_there_afterwards() -> None:
    photo = sent("image", {"url": "https://photo-stal-1.zdn.vn/a.jpg", "thumbnail": "x"}, "trước nhà")
    assert file_urls(photo) == ("https://photo-stal-1.zdn.vn/a.jpg",)
    found = event(photo | {OURS: {"attachments": [7], "not_taken": None}})
    assert (found.attachments, found.text, found.not_taken) == ((7,), "trước nhà", None)
    assert event(photo).not_taken == "file_failed"


@pytest.mark.parametrize("kind", ["audio", "video", "file"])
def test_files_of_every_kind_are_fetched_and_missed_when_they_do_not_come(kind: str) -> None:
    held = sent(kind, {"url": "https://f1.zdn.vn/1"})
    assert file_urls(held) == ("https://f1.zdn.vn/1",)
    assert event(held).not_taken == "file_failed"


@pytest.mark.parametrize("kind", ["sticker", "gif", "something_new"])
def test_what_cannot_be_read_in_private_is_answered_all_the_same(kind: str) -> None:
    assert event(sent(kind, {"url": "https://x.zdn.vn"})).unsupported in {"sticker", "message"}


def test_a_link_and_a_visiting_card_are_words() -> None:
    link = event(sent("link", {"url": "https://maps.app.goo.gl/x", "description": "Chợ"}, "chỗ này"))
    assert link.text == "chỗ này\nChợ https://maps.app.goo.gl/x"
    card = event(sent("business_card", {"description": '{"phone":"0901234567"}', "url": ""}))
    assert card.text == "☎ 0901234567"


def test_what_is_filled_into_zalos_form_is_not_kept_and_answered_with_a_sentence() -> None:
    found = event(raw("user_submit_info", info={"name": "Nguyễn Văn A", "phone": "0901234567"}))
    assert found.is_empty and found.not_taken == "form"


def test_a_file_in_a_group_is_missed_only_if_it_was_for_us() -> None:
    photo = {"attachments": [{"payload": {"url": "https://f1.zdn.vn/1"}}]}
    held = raw("user_send_group_image", photo, recipient={"id": GROUP})
    assert read(held | {OURS: {"for_us": False}}, APP, NOW) is None
    assert event(held | {OURS: {"for_us": True}}).not_taken == "file_failed"
    assert event(held | {OURS: {"for_us": True, "attachments": [7]}}).attachments == (7,)


def test_following_begins_a_conversation_and_unfollowing_loses_the_chat() -> None:
    follow = {"app_id": APP, "event_name": "follow", "oa_id": OA, "follower": {"id": USER}, "timestamp": "1"}
    assert (event(follow).text, event(follow).chat) == ("/start", USER)
    assert read(follow | {"event_name": "unfollow"}, APP, NOW) == ChatNews(
        channel="zalo_oa", account=APP, chat=USER, loss=Loss.GONE
    )


@pytest.mark.parametrize("name", ["oa_send_text", "user_seen_message", "user_received_message", "create_group", "x"])
def test_echoes_receipts_and_what_nobody_did_are_not_for_us(name: str) -> None:
    assert not is_taken(raw(name, {"text": "x"})) and read(raw(name, {"text": "x"}), APP, NOW) is None


def test_a_group_is_a_chat_of_its_own_and_only_a_quote_of_ours_is_a_reply() -> None:
    said = raw("user_send_group_text", {"text": "xong rồi", "quote_msg_id": "abc"}, recipient={"id": GROUP})
    found = event(said)
    assert (found.chat, found.sender, found.in_group, found.reply_to) == (f"group:{GROUP}", USER, True, None)
    assert event(said | {OURS: {"quotes_us": True}}).reply_to == "abc"
    assert read(raw("user_send_group_sticker", {}, recipient={"id": GROUP}), APP, NOW) is None


def test_a_quote_in_private_is_a_reply() -> None:
    assert event(raw("user_send_text", {"text": "x", "quote_msg_id": "abc"})).reply_to == "abc"


def test_a_redelivery_is_known_by_its_message_and_a_deed_by_who_and_when() -> None:
    assert update_id(raw("user_send_text", {"text": "x"})) == "b8de7d84fa1b3043690c"
    follow = {"event_name": "follow", "oa_id": OA, "follower": {"id": USER}, "timestamp": "17"}
    assert update_id(follow) == f"follow:{USER}:17"
    assert len(update_id(raw("user_send_text", {"msg_id": "x" * 500}))) <= 80


def test_events_of_one_chat_share_a_lane() -> None:
    assert lane(APP, raw("user_send_text", {"text": "x"})) == lane(APP, sent("image", {})) == f"zalo_oa:{APP}:{USER}"
    assert lane(APP, raw("user_send_group_text", {}, recipient={"id": GROUP})) == f"zalo_oa:{APP}:group:{GROUP}"


def test_whose_an_event_is_is_said_in_one_of_two_places() -> None:
    assert account_of(raw("user_send_text", {})) == OA
    assert account_of({"event_name": "follow", "oa_id": "9", "follower": {"id": USER}}) == "9"
    assert account_of(raw("user_send_group_text", {}, recipient={"id": GROUP})) is None


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"event_name": 5}', b"\xff", b"[" * 100000])
def test_nonsense_is_no_event(body: bytes) -> None:
    assert as_event(body) is None

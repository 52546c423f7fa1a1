"""Raw events of a Zalo Bot become events of ours, in both of Zalo's forms; whatever is unknown is answered."""

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.zalo_bot_mention import meant_for_us
from bot.channels.zalo_bot_reading import read
from bot.channels.zalo_bot_update import Identity, lane, needs_fetching, unwrapped, update_id
from handlers.book import BOOK
from handlers.engine.event import Event
from tests.fakes.zalo_bot.world import event

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
USER, GROUP = "a1b2c3d4e5f60718293a", "ffffc3d4e5f60718293a"
ME = Identity(account="145", names=("Bot Phường An Hoà Đông", "bot.danban"))
COMMANDS = BOOK.said_in_groups


def read_event(kind: str, group: str | None = None, **said: Any) -> Event | None:
    return read(event(kind, USER, group=group, message_id="m1", **said), ME, COMMANDS, AT)


def heard(text: str) -> Event:
    found = read_event("text", GROUP, text=text)
    assert found is not None
    return found


def test_words_in_private_are_the_persons() -> None:
    found = read_event("text", text="Đèn hỏng")
    assert found is not None and not found.in_group and found.chat == found.sender == USER
    assert (found.text, found.message_id, found.sender_name, found.one_message) == (
        "Đèn hỏng",
        "m1",
        "Người 293a",
        True,
    )


def test_both_envelopes_hold_the_same_event() -> None:
    bare = event("text", USER, group=None, text="x")
    assert unwrapped({"ok": True, "result": bare}) == unwrapped(bare) == bare


@pytest.mark.parametrize("given", [None, [], "x", 7, {}, {"ok": True}, {"ok": True, "result": []}, {"event_name": 7}])
def test_what_is_no_event_is_told_from_one(given: Any) -> None:
    assert unwrapped(given) is None


@pytest.mark.parametrize("name", ["photo_url", "photo"])
def test_a_picture_is_fetched_by_either_name(name: str) -> None:
    raw = event("image", USER, group=None, caption="Đèn này", **{name: "https://x.zdn.vn/a.jpg"})
    assert needs_fetching(raw)
    found = read(raw | {"danban": {"attachments": [7], "not_taken": None}}, ME, COMMANDS, AT)
    assert found is not None and found.attachments == (7,) and found.text == "Đèn này" and found.not_taken is None


@pytest.mark.parametrize(
    ("kind", "reason"), [("voice", "file_failed"), ("unsupported", "hidden"), ("image", "file_failed")]
)
def test_what_cannot_be_taken_says_why(kind: str, reason: str) -> None:
    found = read_event(kind)
    assert found is not None and found.is_empty and found.not_taken == reason


def test_a_sticker_and_something_new_are_answered_in_private_only() -> None:
    assert [getattr(read_event(kind), "unsupported", None) for kind in ("sticker", "dance")] == ["sticker", "message"]
    assert read_event("sticker", GROUP) is None


@pytest.mark.parametrize(
    "raw",
    [
        {"event_name": "x", "message": None}, {"event_name": "x", "message": []},
        {"event_name": "x", "message": {"chat": [], "from": 7, "message_id": ["y"] * 99}},
    ],
)  # fmt: skip
def test_an_unknown_shape_has_an_id_and_a_lane_of_its_own(raw: dict[str, Any]) -> None:
    assert 0 < len(update_id(raw)) <= 80 and ":unknown:" in lane("145", raw)
    assert not needs_fetching(raw)
    with pytest.raises(KeyError):
        read(raw, ME, COMMANDS, AT)
    json.dumps(raw)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("@Bot Phường An Hoà Đông nhan PA-26-00012", "/nhan PA-26-00012"),
        ("@bot phường an hoà đông: Nhận PA 26 12", "/nhan PA 26 12"),
        ("@Bot Phường An Hoà Đông trả lời PA-26-00012 Đã thay bóng", "/traloi PA-26-00012 Đã thay bóng"),
        ("@Bot Phường An Hoà Đông /viec", "/viec"),
        ("@Bot Phường An Hoà Đông /việc mo 2", "/viec mo 2"),
        ("nhận PA-26-00012 @Bot Phường An Hoà Đông", "/nhan PA-26-00012"),
        ("@Bot Phường An Hoà Đông 2", "2"),
        ("@Bot Phường An Hoà Đông", "/trogiup"),
        ("@Bot Phường An Hoà Đông Đã thay bóng đèn hôm nay", "Đã thay bóng đèn hôm nay"),
        ("@bot.danban tham gia ABCD-EFGH", "/thamgia ABCD-EFGH"),
    ],
)  # fmt: skip
def test_a_mention_is_taken_off_and_a_command_needs_no_slash(said: str, meant: str) -> None:
    for form in (said, unicodedata.normalize("NFD", said)):
        assert heard(form).text.replace("/việc", "/viec") == meant
    assert heard(said).addressed


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("@Bot Tên Mới nhận PA-26-00012", "/nhan PA-26-00012"), ("@Bot Tên Mới 1.", "1."),
        ("@Bot Tên Mới /viec", "/viec"), ("@Bot", "/trogiup"),
    ],
)  # fmt: skip
def test_a_name_nobody_told_us_is_passed_over(said: str, meant: str) -> None:
    assert meant_for_us(said, (), COMMANDS) == (meant, True)


def test_a_reply_without_a_mention_is_a_command_only_with_a_case() -> None:
    assert heard("nhận PA-26-00012").text == "/nhan PA-26-00012"
    assert heard("nhận giúp tôi việc này").text == "nhận giúp tôi việc này"


def test_in_private_nothing_is_taken_for_a_command() -> None:
    found = read_event("text", text="nhận PA-26-00012")
    assert found is not None and found.text == "nhận PA-26-00012"

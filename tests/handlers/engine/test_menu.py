"""A number, a label, a synonym, a tap and a typed payload are the same answer."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.texts import fold
from handlers.engine.event import Event
from handlers.engine.menu import Menu, StaleChoice, as_pressed
from handlers.engine.reply import Choice, Reply, payload

MENU = Menu(
    token="m3",
    choices=(
        Choice(id="send", label="✅ Gửi", also=("gửi đi", "ok")),
        Choice(id="edit", label="Sửa"),
        Choice(id="/hoso PA-26-00001", label="Hồ sơ của tôi"),
    ),
)


def event(text: str = "", choice: str | None = None) -> Event:
    return Event(
        channel="web",
        account="web",
        chat="c",
        sender="c",
        at=datetime(2026, 11, 21, tzinfo=UTC),
        text=text,
        choice=choice,
    )


@pytest.mark.parametrize(
    "typed", ["1", "1.", " 1) ", "số 1", "So 1", "gửi", "GUI", "Gửi", "ok", "OK!", "gui di", "gu\u031b\u0309i"]
)
def test_what_is_typed_means_the_first_choice(typed: str) -> None:
    assert MENU.pick(event(typed), fold) == "send"


@pytest.mark.parametrize(
    ("typed", "choice"), [("số một", "send"), ("Số hai", "edit"), ("chọn mo\u0302\u0323t", "send")]
)
def test_a_number_may_be_spelt_out(typed: str, choice: str) -> None:
    assert MENU.pick(event(typed), fold) == choice


def test_a_number_that_is_one_bare_word_may_be_a_name_and_is_asked_for_apart() -> None:
    assert MENU.pick(event("Hai"), fold) is None
    assert MENU.spelt(event("Hai"), fold) == "edit" and MENU.spelt(event("bốn"), fold) is None
    assert MENU.spelt(event("một cái đèn"), fold) is None


@pytest.mark.parametrize("typed", ["0", "4", "99", "113", "gửi cho tôi xem", "", "   ", "đèn hỏng 1 tuần"])
def test_other_words_mean_no_choice(typed: str) -> None:
    assert MENU.pick(event(typed), fold) is None


def test_a_label_typed_without_diacritics_is_the_choice() -> None:
    assert MENU.pick(event("ho so cua toi"), fold) == "/hoso PA-26-00001"


def test_a_tap_is_the_choice() -> None:
    assert MENU.pick(event(choice=payload("m3", MENU.choices[1])), fold) == "edit"


def test_a_command_button_carries_the_command_itself() -> None:
    assert payload("m3", MENU.choices[2]) == "/hoso PA-26-00001"


@pytest.mark.parametrize("tapped", ["m2:send", "m3:gone", "send", ""])
def test_a_tap_on_an_overtaken_button_is_noticed(tapped: str) -> None:
    with pytest.raises(StaleChoice):
        MENU.pick(event(choice=tapped), fold)


def test_a_menu_survives_its_json() -> None:
    assert Menu.from_json(MENU.to_json()) == MENU


def test_a_reply_survives_its_json() -> None:
    reply = Reply(text="Xin chào", choices=(Choice(id="a", label="A"),), attachments=(1, 2), menu="m1", case_id=7)
    assert Reply.from_json(reply.to_json()) == reply


def test_a_choice_too_long_for_a_button_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="too long"):
        Choice(id="x" * 49, label="x")


@pytest.mark.parametrize("typed", ["m3:send", " M3:send\n"])
def test_a_payload_that_is_typed_is_the_press(typed: str) -> None:
    pressed = as_pressed(event(typed))
    assert (pressed.choice, pressed.text) == ("m3:send", "")
    assert MENU.pick(pressed, fold) == "send"


@pytest.mark.parametrize("typed", ["m2:send", "m3:gone", "m3.1f:send", "m3a:send"])
def test_a_payload_of_another_menu_or_of_nothing_shown_is_an_overtaken_button(typed: str) -> None:
    with pytest.raises(StaleChoice):
        MENU.pick(as_pressed(event(typed)), fold)


@pytest.mark.parametrize("typed", ["m3: send", "m3:", "số m3:send", "m3:gửi", "lúc 7:30", "m3", ":send", "↪️ m3:send"])
def test_words_that_hold_one_are_words(typed: str) -> None:
    assert as_pressed(event(typed)) == event(typed)


def test_a_payload_below_a_photo_or_put_into_an_earlier_message_is_no_press() -> None:
    for one in (replace(event("m3:send"), attachments=(1,)), replace(event("m3:send"), edited=True)):
        assert as_pressed(one) == one

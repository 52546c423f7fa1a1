"""A form set aside comes back, and a state survives its JSON."""

from handlers.engine.conversation import Conversation
from handlers.engine.menu import Menu
from handlers.engine.reply import Choice


def test_a_form_begun_within_another_sets_that_one_aside() -> None:
    within = Conversation().begin("report", {"text": "đèn hỏng"}).begin("welcome", {})
    assert within.filling is not None and within.filling.form == "welcome"
    assert [one.data for one in within.parked] == [{"text": "đèn hỏng"}]


def test_a_form_set_aside_comes_back_at_the_end() -> None:
    back = Conversation().begin("report", {"text": "đèn hỏng"}).begin("welcome", {}).end()
    assert back.filling is not None and back.filling.form == "report"
    assert back.parked == ()


def test_beginning_the_same_form_anew_does_not_set_itself_aside() -> None:
    again = Conversation().begin("report", {"text": "cũ"}).begin("report", {"text": "mới"})
    assert again.parked == ()
    assert again.filling is not None and again.filling.data == {"text": "mới"}


def test_a_conversation_survives_its_json() -> None:
    menu = Menu(token="m1", choices=(Choice(id="a", label="A", also=("b",)),))
    whole = Conversation(menu=menu, menus=4).begin("report", {"text": "x"}).begin("welcome", {"consent": "agree"})
    assert Conversation.from_json(whole.to_json()) == whole


def test_a_state_of_another_version_begins_anew() -> None:
    assert Conversation.from_json({"v": 99, "anything": True}) == Conversation()
    assert Conversation.from_json(None) == Conversation()

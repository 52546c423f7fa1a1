"""On platforms that count messages everything said in a turn goes out as one, with one list."""

from dataclasses import replace

from handlers.engine.conversation import Conversation
from handlers.engine.joining import in_one
from handlers.engine.menu import Menu
from handlers.engine.reply import Choice, Reply

ANSWER, SEND, EDIT = (
    Choice(id="/traloi PA-26-1", label="Trả lời"),
    Choice(id="send", label="Gửi"),
    Choice(id="e", label="Sửa"),
)
STANDING = Conversation(menu=Menu(token="m2", choices=(SEND,)), menus=2)


def test_texts_are_joined_and_the_last_list_keeps_its_numbers() -> None:
    first = Reply(text="Chưa gửi", choices=(ANSWER, EDIT), menu="m1", attachments=(1,), case_id=7)
    (said,), moved = in_one([first, Reply(text="Gửi?", choices=(SEND,), menu="m2", attachments=(1, 2))], STANDING)
    assert said.text == "Chưa gửi\n\nGửi?" and said.attachments == (1, 2) and said.case_id == 7
    assert said.choices == (SEND, ANSWER) and said.menu == "m2"
    assert moved == replace(STANDING, menu=Menu(token="m2", choices=(SEND, ANSWER)))


def test_a_list_said_before_something_without_one_stays() -> None:
    (said,), moved = in_one([Reply(text="A", choices=(SEND,), menu="m2"), Reply(text="B")], STANDING)
    assert said.choices == (SEND,) and moved == STANDING


def test_a_list_that_has_been_put_away_moves_nothing() -> None:
    gone = Conversation(menu=None, menus=2)
    (said,), moved = in_one([Reply(text="A", choices=(ANSWER,), menu="m1"), Reply(text="B")], gone)
    assert said.choices == (ANSWER,) and moved == gone


def test_without_any_list_there_is_none() -> None:
    (said,), moved = in_one([Reply(text="A"), Reply(text="B")], Conversation())
    assert said == Reply(text="A\n\nB") and moved == Conversation()


def test_what_is_for_one_person_only_stays_apart() -> None:
    replies = (Reply(text="A"), Reply(text="B", only_for="ba", aloud="C"))
    assert in_one(replies, STANDING) == (replies, STANDING)

"""Where nothing can be pressed, choices are a list: numbers in private, typed commands with their code in groups."""

from bot.channels.numbered import texts_of
from bot.channels.splitting import units
from handlers.engine.reply import Choice, Reply

YES, CARD = Choice(id="yes", label="Gửi"), Choice(id="/nhan PA-26-00012", label="Nhận việc")


def test_choices_are_numbered_below_the_words() -> None:
    (said,) = texts_of(Reply(text="Gửi chưa?", choices=(YES, CARD)), "vi", limit=2000)
    assert said.startswith("Gửi chưa?\n\n1. Gửi\n2. Nhận việc\n👉 Trả lời bằng số")


def test_in_a_group_a_command_is_shown_as_it_is_typed() -> None:
    (said,) = texts_of(Reply(text="Thẻ", choices=(CARD,)), "vi", limit=2000, mention="@Bot Dân Bàn ")
    assert "@Bot Dân Bàn nhan PA-26-00012" in said and "1." not in said
    (plain,) = texts_of(Reply(text="Thẻ", choices=(CARD,)), "vi", limit=2000, mention="")
    assert "Nhận việc: /nhan PA-26-00012" in plain


def test_in_a_group_the_choices_of_a_form_keep_the_numbers_of_their_places() -> None:
    (said,) = texts_of(Reply(text="Gửi chưa?", choices=(CARD, YES)), "vi", limit=2000, mention="@Bot ")
    assert "2. Gửi" in said and "@Bot 1" in said


def test_a_long_text_is_cut_and_its_list_stays_whole_in_the_last_piece() -> None:
    reply = Reply(text="Một câu dài. " * 400, choices=tuple(Choice(id=f"c{n}", label=f"Việc {n}") for n in range(8)))
    pieces = texts_of(reply, "vi", limit=2000)
    assert all(units(piece) <= 2000 for piece in pieces)
    assert all(f"{n}. Việc {n - 1}" in pieces[-1] for n in range(1, 9))


def test_words_without_choices_and_nothing_at_all() -> None:
    assert texts_of(Reply(text="Chào"), "en", limit=2000) == ["Chào"]
    assert texts_of(Reply(text=""), "en", limit=2000) == []

"""Replies laid out for Telegram: nothing is too long, nothing is lost, and buttons fit a phone."""

from bot.channels.telegram_layout import ROW_LETTERS, Part, parts_of, rows_of
from handlers.engine.reply import Choice, Reply


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=f"c{number}", label=label) for number, label in enumerate(labels))


def test_a_short_text_is_one_message_with_its_buttons() -> None:
    (part,) = parts_of(Reply(text="Chào", choices=choices("Gửi"), menu="m1"))
    assert part.text == "Chào" and part.rows[0][0].payload == "m1:c0"


def test_one_photo_carries_a_short_text_as_its_caption() -> None:
    (part,) = parts_of(Reply(text="Chào", attachments=(1,), choices=choices("Gửi")))
    assert part.photos == (1,) and part.text == "Chào" and part.rows


def test_several_photos_are_an_album_and_the_buttons_come_last() -> None:
    album, text = parts_of(Reply(text="Chào", attachments=(1, 2), choices=choices("Gửi")))
    assert album == Part(photos=(1, 2)) and text.text == "Chào" and text.rows


def test_eleven_photos_are_an_album_and_a_photo() -> None:
    parts = parts_of(Reply(text="x", attachments=tuple(range(11))))
    assert [len(part.photos) for part in parts] == [10, 1, 0]


def test_a_long_text_under_one_photo_follows_it() -> None:
    parts = parts_of(Reply(text="Câu. " * 400, attachments=(1,)))
    assert [bool(part.photos) for part in parts] == [True, False]


def test_photos_without_words_are_sent_all_the_same() -> None:
    assert parts_of(Reply(text="", attachments=(1, 2))) == (Part(photos=(1, 2)),)
    assert parts_of(Reply(text="")) == ()


def test_long_labels_stand_below_each_other_and_short_ones_side_by_side() -> None:
    rows = rows_of(Reply(text="x", choices=choices("Gửi", "Sửa", "Phòng Kinh tế, Hạ tầng và Đô thị", "1", "2")))
    assert [[one.label for one in row] for row in rows] == [
        ["Gửi", "Sửa"], ["Phòng Kinh tế, Hạ tầng và Đô thị"], ["1", "2"],
    ]  # fmt: skip
    assert ROW_LETTERS >= 20

"""Replies laid out for Telegram: nothing is too long, nothing is lost, and buttons fit a phone."""

from bot.channels.telegram_layout import ROW_LETTERS, Part, SentAs, rows_of
from bot.channels.telegram_layout import parts_of as laid_out
from handlers.engine.reply import Choice, Reply


def parts_of(reply: Reply, **kinds: SentAs) -> tuple[Part, ...]:
    """The parts of a reply; files are photos unless `f<id>` says otherwise."""
    return laid_out(reply, {one: kinds.get(f"f{one}", SentAs.PHOTO) for one in reply.attachments})


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=f"c{number}", label=label) for number, label in enumerate(labels))


def test_a_short_text_is_one_message_with_its_buttons() -> None:
    (part,) = parts_of(Reply(text="Chào", choices=choices("Gửi"), menu="m1"))
    assert part.text == "Chào" and part.rows[0][0].payload == "m1:c0"


def test_one_photo_carries_a_short_text_as_its_caption() -> None:
    (part,) = parts_of(Reply(text="Chào", attachments=(1,), choices=choices("Gửi")))
    assert part.files == (1,) and part.text == "Chào" and part.rows


def test_several_photos_are_an_album_and_the_buttons_come_last() -> None:
    album, text = parts_of(Reply(text="Chào", attachments=(1, 2), choices=choices("Gửi")))
    assert album == Part(files=(1, 2)) and text.text == "Chào" and text.rows


def test_eleven_photos_are_an_album_and_a_photo() -> None:
    parts = parts_of(Reply(text="x", attachments=tuple(range(11))))
    assert [len(part.files) for part in parts] == [10, 1, 0]


def test_a_long_text_under_one_photo_follows_it() -> None:
    parts = parts_of(Reply(text="Câu. " * 400, attachments=(1,)))
    assert [bool(part.files) for part in parts] == [True, False]


def test_photos_without_words_are_sent_all_the_same() -> None:
    assert parts_of(Reply(text="", attachments=(1, 2))) == (Part(files=(1, 2)),)
    assert parts_of(Reply(text="")) == ()


def test_what_may_not_stand_in_one_album_is_sent_in_sensible_parts() -> None:
    kinds = {"f1": SentAs.VOICE, "f2": SentAs.VIDEO, "f4": SentAs.DOCUMENT, "f5": SentAs.DOCUMENT, "f6": SentAs.VOICE}
    parts = parts_of(Reply(text="Chào", attachments=(1, 2, 3, 4, 5, 6), choices=choices("Gửi")), **kinds)
    assert [part.files for part in parts] == [(2, 3), (4, 5), (1,), (6,), ()]
    assert parts[-1].text == "Chào" and parts[-1].rows and not any(part.text for part in parts[:-1])


def test_a_recording_carries_the_words_and_the_buttons() -> None:
    (part,) = parts_of(Reply(text="Chào", attachments=(1,), choices=choices("Gửi")), f1=SentAs.VOICE)
    assert part.files == (1,) and part.text and part.rows


def test_a_file_that_is_gone_from_the_books_keeps_nothing_back() -> None:
    assert laid_out(Reply(text="Chào", attachments=(1,)), {}) == (Part(text="Chào"),)


def test_long_labels_stand_below_each_other_and_short_ones_side_by_side() -> None:
    rows = rows_of(Reply(text="x", choices=choices("Gửi", "Sửa", "Phòng Kinh tế, Hạ tầng và Đô thị", "1", "2")))
    assert [[one.label for one in row] for row in rows] == [
        ["Gửi", "Sửa"], ["Phòng Kinh tế, Hạ tầng và Đô thị"], ["1", "2"],
    ]  # fmt: skip
    assert ROW_LETTERS >= 20

"""How a reply looks on a Zalo Official Account: long texts, buttons, numbered lists, and the way back of a tap."""

from datetime import UTC, datetime

from hypothesis import given, strategies
from zalo_sdk.oa import ZaloAttachment, ZaloMessageBody

from bot.channels.splitting import units
from bot.channels.zalo_oa_layout import Part, message_json, parts_of
from bot.channels.zalo_oa_reading import read
from domain.files import FileKind
from handlers.engine.event import Event
from handlers.engine.reply import Choice, Reply
from storage.attachments import Attachment, Contact, StoredFile
from tests.fakes.zalo_oa.sending import check_message
from tests.fakes.zalo_oa.world import World


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(id=f"c{number}", label=f"Lựa chọn {number}") for number in range(1, count + 1))


def stored(number: int) -> Attachment:
    file = StoredFile(
        kind=FileKind.PHOTO, sha256="", mime="image/jpeg", size=1, width=1, height=1, seconds=0, stored_as=""
    )  # fmt: skip
    return Attachment(
        id=number, token="", file=file, uploaded_by=Contact(channel="zalo_oa", account="1", address="2"), case_id=None,
        case_ward_id=None, case_unit_id=None, case_resident_id=None, visible_to_resident=True,
    )  # fmt: skip


def test_five_choices_are_buttons_and_six_are_a_numbered_list() -> None:
    (five,) = parts_of(Reply(text="?", choices=choices(5), menu="m1"), "vi", in_group=False)
    assert [title for title, _payload in five.buttons] == [f"Lựa chọn {n}" for n in range(1, 6)] and five.text == "?"
    (six,) = parts_of(Reply(text="?", choices=choices(6), menu="m1"), "vi", in_group=False)
    assert not six.buttons and "6. Lựa chọn 6" in six.text


def test_the_way_out_of_a_long_list_stays_a_button() -> None:
    reply = Reply(text="?", choices=(*choices(8), Choice(id="cancel", label="Thôi")), menu="m1")
    (part,) = parts_of(reply, "vi", in_group=False)
    assert part.buttons == (("Thôi", "Thôi #m1:cancel"),) and "9. Thôi" in part.text


def test_our_messages_are_what_an_independent_client_writes_for_the_same() -> None:
    button = {"title": "Thôi", "type": "oa.query.show", "payload": "Thôi #m1:cancel"}
    asked = ZaloMessageBody(
        text="?", attachment=ZaloAttachment("template", {"buttons": [button]}), quote_message_id="7"
    )
    reply = Reply(text="?", choices=(Choice(id="cancel", label="Thôi"),), menu="m1")
    (part,) = parts_of(reply, "vi", in_group=False)
    assert message_json(part, uploaded=None, quote="7") == asked.toDict()
    media = {"template_type": "media", "elements": [{"media_type": "image", "attachment_id": "up"}]}
    picture = ZaloMessageBody(attachment=ZaloAttachment("template", media))
    assert message_json(Part(file=stored(4)), uploaded="up", quote=None) == picture.toDict()


def test_a_group_has_no_buttons() -> None:
    (part,) = parts_of(Reply(text="?", choices=(Choice(id="/nhan PA-26-00012", label="Nhận"),)), "vi", in_group=True)
    assert not part.buttons and "/nhan PA-26-00012" in part.text


def test_pictures_come_first_one_each_and_the_buttons_last() -> None:
    reply = Reply(text="x" * 3000, attachments=(4, 5), choices=choices(2), menu="m1")
    parts = parts_of(reply, "vi", in_group=False, files=[stored(4), stored(5)], in_words="📎 đường dẫn")
    assert [part.file and part.file.id for part in parts] == [4, 5, None, None]
    assert parts[-1].text.endswith("\n\n📎 đường dẫn")
    assert [bool(part.buttons) for part in parts] == [False, False, False, True]


@given(
    strategies.text(max_size=6000),
    strategies.lists(strategies.text(min_size=1, max_size=150).filter(str.strip), max_size=9),
    strategies.booleans(),
)
def test_whatever_is_said_zalo_takes_it_and_a_tap_finds_back(text: str, labels: list[str], in_group: bool) -> None:
    every = tuple(Choice(id=f"c{number}", label=label) for number, label in enumerate(labels))
    for part in parts_of(Reply(text=text or "x", choices=every, menu="m5"), "vi", in_group=in_group):
        assert units(part.text) <= 2000
        if part.text.strip():
            check_message(World(), message_json(part, uploaded=None, quote=None), buttons=not in_group)
        for number, (_title, payload) in enumerate(part.buttons):
            raw = {"event_name": "user_send_text", "sender": {"id": "1"}, "message": {"text": payload}}
            found = read(raw, "1", datetime(2026, 1, 1, tzinfo=UTC))
            assert isinstance(found, Event) and found.choice == f"m5:c{number}"

"""Cards on Telegram: changed where they stand, whatever they were sent as, and said anew when they are gone."""

import pytest

from tests.bot.telegram_house import (
    GROUP,
    LAMP,
    OFFICIAL,
    RESIDENT,
    House,
    group_bound,
    known,
    office_taken,
    picture,
    reported,
)
from tests.fakes.telegram.faults import Fault


def card(home: House, code: str, chat: int = GROUP) -> dict[str, object]:
    """The newest message in the group that has buttons for this case."""
    found = [one for one in home.server.sent(chat) if code in (one.get("text") or one.get("caption", ""))]
    return next(one for one in reversed(found) if "📂" in (one.get("text") or one.get("caption", "")))


def labels(message: dict[str, object]) -> list[str]:
    markup: dict[str, list[list[dict[str, str]]]] = message.get("reply_markup", {})  # type: ignore[assignment]
    return [button["text"] for row in markup.get("inline_keyboard", []) for button in row]


async def desk(home: House) -> None:
    await office_taken(home)
    await group_bound(home)
    await known(home)


async def test_the_card_and_the_residents_message_show_how_the_case_stands(home: House) -> None:
    await desk(home)
    code = await reported(home)
    shown = await home.hears(GROUP, f"🆕 {code}")
    home.people.press(OFFICIAL, "Nhận", chat=GROUP)
    taken = await home.hears(GROUP, f"📌 {code} · đang xử lý")
    assert taken["message_id"] == shown["message_id"] and "👤" in taken["text"]
    assert "Nhận" not in labels(taken) and "Trả lời" in labels(taken)
    received = await home.hears(RESIDENT, f"📌 {code}\n")
    home.people.write(OFFICIAL, f"/traloi {code} Đã sửa xong.")
    await home.press(OFFICIAL, "Đã sửa xong", ":send")
    answered = await home.hears(GROUP, f"✅ {code} · đã trả lời")
    assert answered["message_id"] == shown["message_id"] and "Kết thúc" in " ".join(labels(answered))
    home.people.write(OFFICIAL, f"/dong {code}")
    closed = await home.hears(GROUP, f"📁 {code} · đã kết thúc")
    assert closed["message_id"] == shown["message_id"] and "Trả lời" not in labels(closed)
    assert (await home.hears(RESIDENT, f"📁 {code}\n"))["message_id"] == received["message_id"]


@pytest.mark.parametrize("photos", [1, 2])
async def test_a_card_with_photos_is_changed_by_its_caption_or_below_its_album(home: House, photos: int) -> None:
    await desk(home)
    home.people.album(RESIDENT, [picture(colour) for colour in ("red", "green")[:photos]], caption=LAMP)
    await home.press(RESIDENT, "xem lại trước khi gửi", ":send")
    said = await home.hears(RESIDENT, "✅")
    code = next(word for word in said["text"].split() if word.startswith("PA-"))
    shown = await home.hears(GROUP, f"🆕 {code}")
    assert ("caption" in shown) == (photos == 1)
    home.people.write(OFFICIAL, f"/nhan {code}", chat=GROUP)
    taken = await home.hears(GROUP, f"📌 {code}")
    assert taken["message_id"] == shown["message_id"] and ("photo" in taken) == (photos == 1)


async def test_a_card_somebody_deleted_is_told_in_a_line_where_the_deed_was_not_seen(home: House) -> None:
    await desk(home)
    code = await reported(home)
    shown = await home.hears(GROUP, f"🆕 {code}")
    del home.server.world.messages[GROUP][shown["message_id"]]
    home.people.write(OFFICIAL, f"/nhan {code}")
    line = await home.hears(GROUP, f"✅ {code}")
    assert "đã nhận" in line["text"]


async def test_a_change_in_doubt_is_made_again_and_nothing_is_said_twice(home: House) -> None:
    await desk(home)
    code = await reported(home)
    shown = await home.hears(GROUP, f"🆕 {code}")
    home.server.faults.ordered.append(Fault("cut_after", "editMessageText", chat_id=GROUP))
    home.people.write(OFFICIAL, f"/nhan {code}", chat=GROUP)
    await home.hears(GROUP, f"📌 {code}")

    def made() -> int:
        return sum(str(one.params["chat_id"]) == str(GROUP) for one in home.server.calls("editMessageText"))

    await home.until(lambda: made() == 2)
    assert card(home, code)["message_id"] == shown["message_id"]
    await home.hears(GROUP, f"✅ {code}")
    assert sum(code in text for text in home.server.texts(GROUP)) == 2  # the card, and the line of who took it up


@pytest.mark.parametrize("why", ["IMAGE_PROCESS_FAILED", "not enough rights to send photos to the chat"])
@pytest.mark.parametrize("photos", [1, 2])
async def test_a_card_whose_photos_are_refused_has_its_words_still(home: House, photos: int, why: str) -> None:
    await desk(home)
    method = "sendPhoto" if photos == 1 else "sendMediaGroup"
    home.server.faults.ordered.append(Fault("400", method, chat_id=GROUP, description=f"Bad Request: {why}"))
    home.people.album(RESIDENT, [picture(colour) for colour in ("red", "green")[:photos]], caption=LAMP)
    await home.press(RESIDENT, "xem lại trước khi gửi", ":send")
    shown = await home.hears(GROUP, "🆕 PA-")
    assert f"📷 {photos} ảnh" in shown["text"] and "Nhận" in labels(shown)
    assert not any("nhóm" in text for text in home.server.texts(OFFICIAL)[1:])

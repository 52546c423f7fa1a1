"""What the unit's group hears of its resident: additions, a withdrawal, a rating, a reopening with the card again."""

from actions import follow_case
from domain.case import Case
from tests.handlers.driver import Message, Talk
from tests.handlers.official.conftest import ROOM


async def answered_case(talk: Talk) -> Case:
    case = await talk.submitted()
    await talk.say(f"/traloi {case.code} Đã sửa.", who="lan", chat=ROOM)
    await talk.tap("Gửi", who="lan", chat=ROOM)
    return case


async def heard(talk: Talk) -> list[Message]:
    return [message for message in await talk.deliver() if message.chat == ROOM]


async def test_what_the_resident_adds_comes_with_its_photos_and_the_buttons_to_answer(talk: Talk) -> None:
    case = await talk.submitted()
    ba, photo = await talk.person("ba"), await talk.photo("ba")
    async with talk.database.transaction() as tx:
        await follow_case.add(tx, talk.ward, ba, case.code, text="Số 14", files=(photo,), now=talk.now)
    (added,) = await heard(talk)
    assert added.text.splitlines()[:3] == [f"➕ {case.code}: người dân bổ sung:", "Số 14", "📷 1 ảnh"]
    assert added.attachments == (photo,)
    assert list(added.choices) == ["Trả lời", "Xem"]


async def test_a_rating_is_told_with_its_words(talk: Talk) -> None:
    case = await answered_case(talk)
    ba = await talk.person("ba")
    async with talk.database.transaction() as tx:
        await follow_case.rate(tx, talk.ward, ba, case.code, stars=4, words="Nhanh", now=talk.now)
    (rated,) = await heard(talk)
    assert rated.text == f"⭐⭐⭐⭐ {case.code}: người dân đánh giá 4/5. “Nhanh”"


async def test_a_reopening_is_never_silent_and_brings_the_card_back_to_be_taken_up(talk: Talk) -> None:
    case = await answered_case(talk)
    ba = await talk.person("ba")
    async with talk.database.transaction() as tx:
        await follow_case.reopen(tx, talk.ward, ba, case.code, reason="Vẫn tối", now=talk.now)
    why, card = await heard(talk)
    assert "Vẫn tối" in why.text
    assert card.text.startswith(f"🔁 {case.code} · người dân mở lại")
    await talk.tap("Nhận", who="minh", chat=ROOM, on=card)
    assert (await talk.case(case.code)).assignee_id == (await talk.person("minh")).id


async def test_a_withdrawn_case_is_told_and_cannot_be_answered(talk: Talk) -> None:
    case = await talk.submitted()
    ba = await talk.person("ba")
    async with talk.database.transaction() as tx:
        await follow_case.withdraw(tx, talk.ward, ba, case.code, now=talk.now)
    (told,) = await heard(talk)
    assert "người dân đã rút" in told.text
    (said,) = await talk.say("Mai sửa.", who="lan", chat=ROOM, reply_to=told)
    assert "“đã rút”" in said.text


async def test_an_english_resident_gets_the_official_words_in_an_english_frame(talk: Talk) -> None:
    talk.language = "en"
    case = await talk.submitted(who="john")
    talk.language = "vi"
    (look,) = await talk.say(f"/traloi {case.code} Fixed.", who="lan", chat=ROOM)
    await talk.tap("Gửi", who="lan", chat=ROOM)
    told = talk.last("john")
    assert "has answered you:\n\nFixed." in told.text
    assert told.text in look.text
    assert list(told.choices) == ["Rate the answer", "Not solved, reopen", "Add something"]

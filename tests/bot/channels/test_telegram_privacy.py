"""Groups on Telegram with privacy mode on: what officials type arrives because the open question asks for a reply."""

import pytest

from tests.bot.telegram_house import GROUP, OFFICIAL, RESIDENT, House, group_bound, known, office_taken, reported

REPLY = "trả lời (reply) chính tin này"


async def tapped(home: House, deed: str) -> tuple[str, int]:
    """A case whose card an official taps in the group; its code, and the id of the question that comes."""
    await office_taken(home)
    await group_bound(home)
    await known(home)
    code = await reported(home)
    await home.press(OFFICIAL, f"🆕 {code}", f"/{deed} {code}", chat=GROUP)
    return code, int((await home.hears(GROUP, REPLY))["message_id"])


async def test_the_stand_in_keeps_from_the_bot_what_people_say_to_each_other(home: House) -> None:
    arrived = home.server.bot.queue
    card = await group_card(home)
    before = len(arrived.alive())
    home.people.write(OFFICIAL, "Trưa nay ăn gì?", chat=GROUP)
    home.people.write(OFFICIAL, "/nhan@AnotherBot PA-26-00012", chat=GROUP)
    assert len(arrived.alive()) == before
    home.people.write(OFFICIAL, "Đã sửa", chat=GROUP, reply_to=card)
    await home.hears(GROUP, "Đã sửa")


async def group_card(home: House) -> int:
    await office_taken(home)
    await group_bound(home)
    await known(home)
    card = await home.hears(GROUP, await reported(home))
    await home.settle()
    return int(card["message_id"])


@pytest.mark.parametrize("deed", ["traloi", "hoithem"])
async def test_words_for_the_resident_are_written_as_a_reply_to_the_question(home: House, deed: str) -> None:
    code, question = await tapped(home, deed)
    home.people.write(OFFICIAL, "Tối nay sửa, bà ạ.", chat=GROUP)
    await home.settle()
    assert not any("Tối nay" in text for text in home.server.texts(GROUP))
    home.people.write(OFFICIAL, "Tối nay sửa, bà ạ.", chat=GROUP, reply_to=question)
    await home.press(OFFICIAL, "Tối nay sửa", ":edit", chat=GROUP)
    again = await home.until(lambda: [one for one in home.server.sent(GROUP) if REPLY in one.get("text", "")][1:])
    home.people.write(OFFICIAL, "Đêm nay sửa, bà ạ.", chat=GROUP, reply_to=again[0]["message_id"])
    await home.press(OFFICIAL, "Đêm nay sửa", ":send", chat=GROUP)
    assert code in (await home.hears(RESIDENT, "Đêm nay sửa"))["text"]


async def test_why_a_case_is_passed_on_is_written_as_a_reply_to_the_question(home: House) -> None:
    code, _first = await tapped(home, "chuyen")
    await home.press(OFFICIAL, code, ":VHXH", chat=GROUP)
    why = await home.until(lambda: [one for one in home.server.sent(GROUP) if REPLY in one.get("text", "")][1:])
    home.people.write(OFFICIAL, "Đèn này của nhà văn hoá.", chat=GROUP, reply_to=why[0]["message_id"])
    assert code in (await home.hears(RESIDENT, "Đèn này của nhà văn hoá"))["text"]

"""“0” and “quay lại” ask the question before again, “huỷ” gives up; a wrong answer shows the list again once."""

from domain.people import Role
from storage.database import Database
from tests.handlers.driver import Talk


async def passing_on(database: Database) -> Talk:
    """An official who has been asked for the reason, after the unit."""
    talk = await Talk.begin(database)
    await talk.official("can", "KT", Role.LEADER)
    case = await talk.submitted()
    await talk.say(f"/chuyen {case.code}", who="can")
    await talk.tap("Phòng Văn hoá - Xã hội", who="can")
    return talk


async def test_zero_and_quay_lai_ask_the_question_before_again(database: Database) -> None:
    talk = await passing_on(database)
    units = talk.in_chat("can")[-2]
    for typed in ("0", "Quay lại", "QUAY LAI"):
        (said,) = await talk.say(typed, who="can")
        assert said.text == units.text and list(said.choices) == list(units.choices)
        await talk.say("1", who="can")
    assert talk.last("can").text != units.text


async def test_before_the_first_question_there_is_none(sqlite: Database) -> None:
    talk = await passing_on(sqlite)
    await talk.say("0", who="can")
    (said,) = await talk.say("0", who="can")
    assert "câu hỏi đầu tiên" in said.text and said.choices


async def test_a_wrong_answer_shows_the_list_once_and_then_only_says_that_it_holds(sqlite: Database) -> None:
    talk = await passing_on(sqlite)
    await talk.say("quay lại", who="can")
    (first,) = await talk.say("đơn vị nào đó không có", who="can")
    (second,) = await talk.say("vẫn không có", who="can")
    assert first.choices and not second.choices and "Danh sách ở trên" in second.text
    (third,) = await talk.say("1", who="can")
    assert third.choices or third.text != second.text


async def test_huy_gives_up_and_without_a_question_begins_no_case(sqlite: Database) -> None:
    talk = await passing_on(sqlite)
    await talk.say("huỷ", who="can")
    await talk.submitted(who="ba")
    (said,) = await talk.say("Huỷ", who="ba")
    assert "PA-" not in said.text and not any("Gửi" in one for one in said.choices)


async def test_quay_lai_without_a_question_shows_what_can_be_done(sqlite: Database) -> None:
    talk = await Talk.begin(sqlite)
    await talk.submitted(who="ba")
    assert (await talk.say("quay lại", who="ba"))[-1].choices

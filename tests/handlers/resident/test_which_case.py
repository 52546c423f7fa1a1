"""Which case is this about? Nothing is attached silently: a reply or a code decides, or the person does."""

import pytest

from actions import handle_case
from actions.handle_case import Desk
from domain.case import Act, Case, Status
from domain.people import Official
from tests.actions.ground import known
from tests.handlers.driver import Message, Talk
from tests.handlers.resident.ground import LAMPS_ROOM, agreed, count, history, said


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Ba has agreed; Lan handles lamps."""
    await agreed(talk)
    await talk.official("lan", "KT")
    return talk


async def lan(talk: Talk) -> Desk:
    official = (await known(talk, "lan")).official
    assert isinstance(official, Official)
    return Desk(official=official)


async def answered(talk: Talk, case: Case, text: str = "Đã thay bóng.") -> Message:
    """Lan answers; what the resident got."""
    async with talk.database.transaction() as tx:
        await handle_case.answer(tx, talk.ward, await lan(talk), case.code, text=text, now=talk.now)
    await talk.deliver()
    return talk.last("ba")


async def asked(talk: Talk, case: Case) -> Message:
    """Lan asks for more; what the resident got."""
    async with talk.database.transaction() as tx:
        await handle_case.ask(tx, talk.ward, await lan(talk), case.code, question="Cột số mấy?", now=talk.now)
    await talk.deliver()
    return talk.last("ba")


async def test_a_message_from_somebody_with_an_open_case_is_asked_about(talk: Talk) -> None:
    case = await talk.submitted()
    (question,) = await talk.say("Vẫn tối lắm", who="ba")
    assert any(case.code in label for label in question.choices) and "Việc mới" in question.choices
    assert [done.act for done in await history(talk, case.code)] == [Act.SUBMIT]


@pytest.mark.parametrize("answer", ["1", "PA-26-00001", "pa 26 1", "về PA-26-00001 nhé"])
async def test_a_number_or_a_code_says_that_it_is_about_the_case(talk: Talk, answer: str) -> None:
    case = await talk.submitted()
    await talk.say("Vẫn tối lắm", who="ba")
    assert case.code in said(await talk.say(answer, who="ba"))
    assert (await history(talk, case.code))[-1].text == "Vẫn tối lắm"
    assert "Vẫn tối lắm" in talk.last(LAMPS_ROOM).text


@pytest.mark.parametrize("answer", ["2", "Việc mới", "viec moi", "moi", "MỚI"])
async def test_a_new_matter_becomes_a_case_of_its_own(talk: Talk, answer: str) -> None:
    await talk.submitted()
    await talk.say("Cống trước nhà tắc", who="ba", photos=1)
    await talk.say(answer, who="ba")
    await talk.say("gửi", who="ba")
    assert (await talk.case("PA-26-00002")).text == "Cống trước nhà tắc"


async def test_what_follows_before_the_answer_belongs_to_the_same_message(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Vẫn tối lắm", who="ba")
    await talk.say("Có ảnh đây", who="ba", photos=1)
    await talk.tap(f"Về {case.code}: “Đèn đường hỏng”", who="ba")
    assert (await history(talk, case.code))[-1].text == "Vẫn tối lắm\nCó ảnh đây"
    assert len(talk.last(LAMPS_ROOM).attachments) == 1


async def test_pieces_too_long_together_are_refused_and_the_first_stays(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("a" * 3000, who="ba")
    assert "4000" in said(await talk.say("b" * 3000, who="ba"))
    await talk.say("1", who="ba")
    assert (await history(talk, case.code))[-1].text == "a" * 3000


async def test_a_code_in_the_text_decides(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.submitted("Cống tắc")
    assert case.code in said(await talk.say(f"{case.code.lower()} vẫn tối", who="ba"))
    assert (await history(talk, case.code))[-1].act is Act.ADD


async def test_nothing_but_a_code_shows_the_case(talk: Talk) -> None:
    case = await talk.submitted()
    assert "📄 " + case.code in said(await talk.say("pa-26-1", who="ba"))


async def test_somebody_elses_code_is_nobodys(talk: Talk) -> None:
    case = await talk.submitted(who="tu")
    told = said(await talk.say(f"{case.code} sao rồi?", who="ba"))
    assert "Đèn đường" not in told
    assert [done.act for done in await history(talk, case.code)] == [Act.SUBMIT]


async def test_a_reply_to_the_bots_message_decides(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.submitted("Cống tắc")
    question = await asked(talk, case)
    await talk.say("Cột số 7", who="ba", reply_to=question, photos=1)
    assert (await talk.case(case.code)).status is Status.ACCEPTED
    assert "Cột số 7" in talk.last(LAMPS_ROOM).text


async def test_a_reply_decides_even_with_a_draft_in_hand_and_the_draft_stays(talk: Talk) -> None:
    case = await talk.submitted()
    question = await asked(talk, case)
    await talk.say("/phananh Cống trước nhà tắc", who="ba")
    await talk.say("Cột số 7", who="ba", reply_to=question)
    assert (await history(talk, case.code))[-1].text == "Cột số 7"
    await talk.say("gửi", who="ba")
    assert (await talk.case("PA-26-00002")).text == "Cống trước nhà tắc"


async def test_the_button_below_a_question_asks_for_the_answer_and_takes_it(talk: Talk) -> None:
    case = await talk.submitted()
    await asked(talk, case)
    await talk.tap("Trả lời", who="ba")
    await talk.say("Cột số 7", who="ba")
    assert (await talk.case(case.code)).status is Status.ACCEPTED


async def test_a_reply_to_an_answer_may_add(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Cảm ơn, sáng rồi", who="ba", reply_to=await answered(talk, case))
    await talk.tap(f"Bổ sung vào {case.code}", who="ba")
    assert (await talk.case(case.code)).status is Status.ANSWERED
    assert "Cảm ơn, sáng rồi" in talk.last(LAMPS_ROOM).text


async def test_a_reply_to_an_answer_may_reopen_with_its_photos(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Vẫn tối", who="ba", reply_to=await answered(talk, case), photos=1)
    await talk.tap("Chưa giải quyết, mở lại", who="ba")
    assert (await talk.case(case.code)).status is Status.RECEIVED
    assert "🔁" in talk.last(LAMPS_ROOM).text and len(talk.last(LAMPS_ROOM).attachments) == 1


async def test_a_reply_to_an_answer_may_be_a_new_matter(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Còn cái cống nữa", who="ba", reply_to=await answered(talk, case))
    await talk.tap("Việc mới", who="ba")
    await talk.tap("Gửi", who="ba")
    assert await count(talk) == 2


async def test_what_was_reopened_once_is_not_offered_again(talk: Talk) -> None:
    case = await talk.submitted()
    await answered(talk, case)
    await talk.say(f"/molai {case.code} Vẫn tối", who="ba")
    (question,) = await talk.say("Vẫn tối", who="ba", reply_to=await answered(talk, case))
    assert "Chưa giải quyết, mở lại" not in question.choices


async def test_a_reply_about_a_withdrawn_case_is_not_lost(talk: Talk) -> None:
    case = await talk.submitted()
    receipt = await asked(talk, case)
    await talk.say(f"/rut {case.code} ok", who="ba")
    (question,) = await talk.say("Cột số 7 vẫn hỏng", who="ba", reply_to=receipt)
    assert set(question.choices) == {"Việc mới", "Huỷ"}
    await talk.tap("Việc mới", who="ba")
    await talk.tap("Gửi", who="ba")
    assert (await talk.case("PA-26-00002")).text == "Cột số 7 vẫn hỏng"


async def test_danger_added_to_a_case_is_answered_first(talk: Talk) -> None:
    case = await talk.submitted()
    messages = await talk.say(f"{case.code} dây điện chập, cháy nhà rồi, có người mắc kẹt", who="ba")
    assert "114" in next(one for one in messages if one.chat == "ba").text
    assert (await history(talk, case.code))[-1].act is Act.ADD


async def test_giving_up_sends_nothing(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say("Vẫn tối lắm", who="ba")
    assert said(await talk.tap("Huỷ", who="ba"))
    assert len(await history(talk, case.code)) == 1 and await count(talk) == 1


async def test_an_older_case_is_named_by_its_code(talk: Talk) -> None:
    oldest = await talk.submitted("Việc cũ nhất")
    for number in range(5):
        await talk.submitted(f"Việc {number}")
    (question,) = await talk.say("Vẫn chưa xong", who="ba")
    assert oldest.code in question.text
    await talk.say(oldest.code, who="ba")
    assert (await history(talk, oldest.code))[-1].text == "Vẫn chưa xong"

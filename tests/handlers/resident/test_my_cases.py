"""My cases: the list, one card with its history, and withdrawing, adding, rating and reopening."""

import pytest

from actions import handle_case
from actions.handle_case import Desk
from domain.case import Act, Case, Status
from domain.people import Official
from handlers.engine.event import Place
from tests.actions.ground import known
from tests.handlers.driver import Talk
from tests.handlers.resident.ground import LAMPS_ROOM, agreed, history, said


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Ba has agreed; Lan handles lamps."""
    await agreed(talk)
    await talk.official("lan", "KT", name="Nguyễn Thị Lan")
    return talk


async def answer(talk: Talk, case: Case, text: str = "Đã thay bóng.") -> None:
    official = (await known(talk, "lan")).official
    assert isinstance(official, Official)
    async with talk.database.transaction() as tx:
        await handle_case.answer(tx, talk.ward, Desk(official=official), case.code, text=text, now=talk.now)
    await talk.deliver()


async def test_without_cases_the_way_to_one_is_told(talk: Talk) -> None:
    (reply,) = await talk.say("/hoso", who="ba")
    assert "/phananh" in reply.choices.values()


@pytest.mark.parametrize("words", ["/hoso", "/cases", "hồ sơ của tôi", "ho so", "Tra cứu hồ sơ"])
async def test_my_cases_are_listed_newest_first(talk: Talk, words: str) -> None:
    await talk.submitted("Cống tắc")
    await talk.submitted("Đèn hỏng")
    await talk.submitted("Của người khác", who="tu")
    (reply,) = await talk.say(words, who="ba")
    assert reply.text.index("Đèn hỏng") < reply.text.index("Cống tắc")
    assert "người khác" not in reply.text


async def test_a_long_list_is_paged(talk: Talk) -> None:
    for number in range(6):
        await talk.submitted(f"Việc số {number}")
    (first,) = await talk.say("/hoso", who="ba")
    assert "Việc số 0" not in first.text
    (second,) = await talk.tap("Xem hồ sơ cũ hơn", who="ba")
    assert "Việc số 0" in second.text


@pytest.mark.parametrize("page", ["9", "0", "²", "99999999999999999999999"])
async def test_a_page_that_does_not_exist_is_answered_too(talk: Talk, page: str) -> None:
    await talk.submitted("Cống tắc")
    assert said(await talk.say(f"/hoso {page}", who="ba"))


async def test_one_case_shows_what_was_said_and_done_but_no_note_and_no_name(talk: Talk) -> None:
    case = await talk.submitted(photos=1)
    await talk.say(f"/ghichu {case.code} Nhà này hay kiện", who="lan")
    await answer(talk, case)
    (card,) = await talk.say(f"/hoso {case.code}", who="ba")
    assert "Đèn đường hỏng" in card.text and "Đã thay bóng." in card.text
    assert "hay kiện" not in card.text and "Lan" not in card.text
    assert len(card.attachments) == 1


@pytest.mark.parametrize(
    "command", ["/hoso {}", "/bosung {} thêm", "/danhgia {} 5", "/molai {} vì", "/rut {} ok", "/xem {}"]
)
async def test_somebody_elses_case_is_as_unknown_as_none(talk: Talk, command: str) -> None:
    case = await talk.submitted(who="tu")
    theirs = said(await talk.say(command.format(case.code), who="ba"))
    nobodys = said(await talk.say(command.format("PA-26-09999"), who="ba"))
    assert theirs.replace(case.code, "?") == nobodys.replace("PA-26-09999", "?")
    assert [done.act for done in await history(talk, case.code)] == [Act.SUBMIT]


async def test_withdrawing_is_asked_once_and_the_unit_told(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say(f"/hoso {case.code}", who="ba")
    await talk.tap("Rút hồ sơ", who="ba")
    await talk.tap("Có, rút", who="ba")
    assert (await talk.case(case.code)).status is Status.WITHDRAWN
    assert case.code in talk.last(LAMPS_ROOM).text


async def test_withdrawing_can_be_thought_better_of(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say(f"/rut {case.code}", who="ba")
    await talk.say("không", who="ba")
    assert (await talk.case(case.code)).is_open


async def test_what_is_answered_is_not_withdrawn_and_not_even_asked_about(talk: Talk) -> None:
    case = await talk.submitted()
    await answer(talk, case)
    (told,) = await talk.say(f"/rut {case.code}", who="ba")
    assert "Có, rút" not in told.choices


async def test_photos_sent_with_the_command_are_added(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say(f"/bosung {case.code}", who="ba", photos=2)
    assert (await history(talk, case.code))[-1].act is Act.ADD
    assert len(talk.last(LAMPS_ROOM).attachments) == 2


async def test_rating_takes_five_steps_and_words(talk: Talk) -> None:
    case = await talk.submitted()
    await answer(talk, case)
    (question,) = await talk.tap("Đánh giá", who="ba")
    assert len(question.choices) == 5
    await talk.say("2 sao", who="ba")
    await talk.say("Chậm quá", who="ba")
    assert "Chậm quá" in talk.last(LAMPS_ROOM).text
    assert "Chưa xong, mở lại" in talk.last("ba").choices


@pytest.mark.parametrize(("typed", "words"), [("5 Tốt lắm", "Tốt lắm"), ("5", "")])
async def test_a_rating_typed_whole(talk: Talk, typed: str, words: str) -> None:
    case = await talk.submitted()
    await answer(talk, case)
    await talk.say(f"/danhgia {case.code} {typed}", who="ba")
    if not words:
        await talk.tap("Không, cảm ơn", who="ba")
    last = (await history(talk, case.code))[-1]
    assert (last.details["stars"], last.text) == (5, words)


@pytest.mark.parametrize("typed", ["Tốt lắm cảm ơn", "² sao", "9 điểm"])
async def test_words_without_a_number_are_kept_whole_and_the_stars_asked_for(talk: Talk, typed: str) -> None:
    case = await talk.submitted()
    await answer(talk, case)
    await talk.say(f"/danhgia {case.code} {typed}", who="ba")
    await talk.say("5", who="ba")
    assert (await history(talk, case.code))[-1].text == typed


async def test_reopening_works_once(talk: Talk) -> None:
    case = await talk.submitted()
    await answer(talk, case)
    await talk.tap("Chưa xong, mở lại", who="ba")
    await talk.say("Vẫn tối", who="ba", photos=1)
    assert (await talk.case(case.code)).status is Status.RECEIVED
    assert len(talk.last(LAMPS_ROOM).attachments) == 1
    await answer(talk, case, "Lần này sáng thật.")
    assert "/doithoai" in said(await talk.say(f"/molai {case.code} Vẫn tối", who="ba"))
    assert (await talk.case(case.code)).status is Status.ANSWERED


async def test_a_closed_case_can_be_rated_and_reopened_but_not_added_to(talk: Talk) -> None:
    case = await talk.submitted()
    await answer(talk, case)
    await talk.say(f"/dong {case.code}", who="lan")
    (card,) = await talk.say(f"/hoso {case.code}", who="ba")
    assert set(card.choices) == {"Đánh giá", "Chưa xong, mở lại"}


async def test_words_and_a_place_added_together_are_both_kept(talk: Talk) -> None:
    case = await talk.submitted()
    await talk.say(f"/bosung {case.code} gần trường", who="ba", place=Place(latitude=10.5, longitude=106.5))
    text = (await history(talk, case.code))[-1].text
    assert "gần trường" in text and "10.5" in text

"""A payload that is typed does what its button does, and nothing that its button would not do for whoever typed it."""

import pytest

from domain.case import Status
from storage.database import Database
from tests.handlers.driver import Talk

ROOM = "room"
LAMP = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay"


@pytest.fixture
async def talk(sqlite: Database) -> Talk:
    """A unit's group with two officials."""
    made = await Talk.begin(sqlite)
    await made.group(ROOM, "KT")
    for who in ("lan", "minh"):
        await made.official(who, "KT")
    return made


async def test_it_answers_the_open_question_and_stays_overtaken_afterwards(talk: Talk) -> None:
    await talk.say(LAMP, who="ba")
    asked = next(one for one in reversed(talk.in_chat("ba")) if "Đồng ý" in one.choices)
    typed = asked.choices["Đồng ý"]
    (group_question, *_rest) = await talk.say(typed.upper()[:1] + typed[1:], who="ba")
    assert "tổ dân phố" in group_question.text
    (stale, *_rest) = await talk.say(typed, who="ba")
    assert "không còn dùng" in stale.text
    # Nor does it become words of the report.
    await talk.tap("Bỏ qua", who="ba")
    assert typed not in "".join(one.text for one in talk.in_chat("ba"))


async def test_one_that_was_never_shown_does_nothing(talk: Talk) -> None:
    await talk.say(LAMP, who="ba")
    for invented in ("m63:send", "m1:send", "m2:yes", "m2.1:send"):
        (said, *_rest) = await talk.say(invented, who="ba")
        assert "không còn dùng" in said.text
    async with talk.database.reading() as tx:
        from storage import cases

        assert not (await tx.execute(cases.cases.select())).all()


async def test_anothers_in_a_group_stays_theirs(talk: Talk) -> None:
    first, second = await talk.submitted(), await talk.submitted("Cống tắc")
    cards = {case.code: next(one for one in talk.in_chat(ROOM) if case.code in one.text) for case in (first, second)}
    (of_lan,) = await talk.say("Mai sửa.", who="lan", chat=ROOM, reply_to=cards[first.code])
    (of_minh,) = await talk.say("Mai thông.", who="minh", chat=ROOM, reply_to=cards[second.code])
    (said, *_rest) = await talk.say(of_lan.choices["Gửi"], who="minh", chat=ROOM)
    assert "đồng nghiệp" in said.text and talk.in_chat("ba") == []
    # A stranger in the group has pressed nothing, and is nobody's menu's owner.
    await talk.say(of_lan.choices["Gửi"], who="stranger", chat=ROOM)
    assert {(await talk.case(one.code)).status for one in (first, second)} == {Status.RECEIVED}
    await talk.say(of_minh.choices["Gửi"], who="minh", chat=ROOM)
    assert (await talk.case(second.code)).status is Status.ANSWERED
    assert (await talk.case(first.code)).status is Status.RECEIVED

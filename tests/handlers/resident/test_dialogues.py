"""A resident and the dialogue session: when and where it is, and a question sent to it."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.hold_dialogue import DialoguePlan, announce
from domain.case import CaseKind
from domain.dialogue import DialogueSession
from domain.people import Role
from handlers.resident.start import CONSENT_VERSION
from storage import cases, conversations, people
from storage.database import Database
from tests.actions.ground import begin, known
from tests.handlers.driver import Talk

HELD_AT = datetime(2026, 12, 5, 1, 30, tzinfo=UTC)


@pytest.fixture
async def talk(database: Database) -> Talk:
    talk = await begin(database)
    talk.language = "en"
    await talk.official("sau", None, Role.LEADER)
    ba = await talk.person("ba")
    async with database.transaction() as tx:
        await people.set_consent(tx, ba, version=CONSENT_VERSION, now=talk.now)
    return talk


async def announced(talk: Talk, held_at: datetime = HELD_AT, title: str = "Đối thoại cuối năm") -> DialogueSession:
    leader = (await known(talk, "sau")).official
    assert leader is not None
    plan = DialoguePlan(title=title, held_at=held_at, place="Hội trường", topics=("Rác", "Đất đai"))
    async with talk.database.transaction() as tx:
        return await announce(tx, talk.ward, leader, plan, now=talk.now)


async def count(talk: Talk, who: str = "ba") -> int:
    person = (await known(talk, who)).person
    async with talk.database.reading() as tx:
        return len(await cases.of_resident(tx, person, limit=50))


async def test_without_a_session_the_law_and_what_to_do_now_are_told(talk: Talk) -> None:
    (reply,) = await talk.say("/doithoai", who="ba")
    assert "at least one a year" in reply.text
    assert "/phananh" in reply.choices.values()


async def test_the_next_session_is_shown_with_day_hour_place_topics_and_questions(talk: Talk) -> None:
    await announced(talk)
    (reply,) = await talk.say("/dialogue", who="ba")
    assert reply.text == (
        "🤝 Đối thoại cuối năm\n📅 08:30, Saturday, 05/12/2026\n📍 Hội trường\n📝 Topics:\n• Rác\n• Đất đai\n"
        "💬 No question yet: yours may be the first."
    )
    assert "Send a question" in reply.choices


async def test_of_several_sessions_the_next_comes_first_and_the_others_are_one_press_away(talk: Talk) -> None:
    await announced(talk, HELD_AT + timedelta(days=30), "Phiên sau")
    await announced(talk)
    (reply,) = await talk.say("doi thoai", who="ba")
    assert reply.text.startswith("🤝 Đối thoại cuối năm")
    (later,) = await talk.tap("04/01 – Phiên sau", who="ba")
    assert later.text.startswith("🤝 Phiên sau")


async def test_a_question_is_sent_in_three_presses_and_becomes_a_case_of_the_session(talk: Talk) -> None:
    session = await announced(talk)
    await talk.say("/doithoai", who="ba")
    await talk.tap("Send a question", who="ba")
    (card,) = await talk.say("Bao giờ sửa đèn đường tổ 3?", who="ba")
    assert "“" not in card.text.splitlines()[0]
    assert "Bao giờ sửa đèn đường tổ 3?" in card.text
    sent = await talk.tap("Send", who="ba")
    case = await talk.case("PA-26-00001")
    assert (case.kind, case.dialogue_id, talk.ward.unit_codes[case.unit_id]) == (CaseKind.QUESTION, session.id, "KT")
    (told,) = [message for message in sent if message.chat == "ba"]
    assert "PA-26-00001" in told.text
    assert "Phòng Kinh tế" in told.text
    (shown,) = await talk.say("/doithoai", who="ba")
    assert "1 question so far" in shown.text


async def test_a_question_typed_with_its_command_goes_to_the_next_session(talk: Talk) -> None:
    session = await announced(talk)
    (card,) = await talk.say("/cauhoi Năm nay có làm đường không?", who="ba")
    assert "Năm nay có làm đường không?" in card.text
    await talk.say("gửi", who="ba")
    assert (await talk.case("PA-26-00001")).dialogue_id == session.id


async def test_a_question_written_in_pieces_with_photos_is_one(talk: Talk) -> None:
    await announced(talk)
    await talk.say("/cauhoi Bao giờ sửa cống?", who="ba")
    (card,) = await talk.say("Cống ở ngõ 5", who="ba", photos=2)
    assert "Bao giờ sửa cống? Cống ở ngõ 5" in card.text
    assert "2 photos" in card.text
    await talk.tap("Send", who="ba")
    assert (await talk.case("PA-26-00001")).text == "Bao giờ sửa cống?\nCống ở ngõ 5"


async def test_a_newcomer_is_asked_for_consent_first_and_loses_nothing(talk: Talk) -> None:
    await announced(talk)
    first = await talk.say("/cauhoi Bao giờ sửa đèn đường?", who="tu")
    assert "Do you agree?" in first[-1].text
    await talk.tap("I agree", who="tu")
    (card,) = await talk.tap("Skip", who="tu")
    assert "Bao giờ sửa đèn đường?" in card.text
    await talk.tap("Send", who="tu")
    assert await count(talk, "tu") == 1


async def test_a_question_may_be_written_anew_or_given_up(talk: Talk) -> None:
    await announced(talk)
    await talk.say("/cauhoi Sai mất rồi", who="ba")
    (asked,) = await talk.tap("Change", who="ba")
    assert "What would you like to ask" in asked.text
    (card,) = await talk.say("Hỏi cho đúng", who="ba")
    assert "Sai mất rồi" not in card.text
    await talk.say("huỷ", who="ba")
    assert await count(talk) == 0


async def test_a_denunciation_is_not_kept_as_a_question(talk: Talk) -> None:
    await announced(talk)
    text = "Tôi tố cáo ông Nguyễn Văn Hùng cán bộ địa chính nhận hối lộ 50 triệu đồng của dân"
    await talk.say("/cauhoi", who="ba")
    replies = await talk.say(text, who="ba")
    assert "denunciation" in replies[0].text
    assert await count(talk) == 0
    async with talk.database.reading() as tx:
        kept = await conversations.load(tx, channel="test", account="bot", chat="ba", sender="ba")
    assert "hối lộ" not in str(kept)


async def test_a_formal_complaint_is_explained_and_may_still_be_a_question(talk: Talk) -> None:
    await announced(talk)
    text = "Tôi khiếu nại quyết định số 15/QĐ-UBND thu hồi đất của gia đình tôi"
    (explained,) = await talk.say(f"/cauhoi {text}", who="ba")
    assert "signature" in explained.text
    (card,) = await talk.tap("Send it as a question", who="ba")
    assert text in card.text
    await talk.tap("Send", who="ba")
    assert (await talk.case("PA-26-00001")).kind is CaseKind.QUESTION


async def test_danger_comes_first(talk: Talk) -> None:
    await announced(talk)
    replies = await talk.say("/cauhoi Nhà bên đang cháy, có người mắc kẹt, phường đâu?", who="ba")
    assert "114" in replies[0].text


async def test_a_question_too_long_is_refused_before_anything_is_sent(talk: Talk) -> None:
    await announced(talk)
    await talk.say("/cauhoi", who="ba")
    (reply,) = await talk.say("dài " * 2000, who="ba")
    assert "4000" in reply.text
    (reply,) = await talk.say("/cauhoi " + "dài " * 2000, who="ba")
    assert "4000" in reply.text


async def test_in_a_group_the_session_is_shown_and_questions_are_asked_for_in_private(talk: Talk) -> None:
    await talk.group("room-ward")
    await announced(talk)
    await talk.deliver()
    (reply,) = await talk.say("/doithoai", who="ba", chat="room-ward")
    assert "in private" in reply.text
    assert reply.choices == {}


async def test_a_session_that_is_over_or_unknown_is_said_so(talk: Talk) -> None:
    session = await announced(talk)
    talk.now = HELD_AT
    (reply,) = await talk.say(f"/cauhoi {session.id}", who="ba")
    assert "takes no more questions" in reply.text
    (reply,) = await talk.say("/doithoai 999", who="ba")
    assert "no dialogue session 999" in reply.text

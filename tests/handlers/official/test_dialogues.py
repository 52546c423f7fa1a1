"""Officials and dialogue sessions, as conversations: announcing, cancelling, reading what people ask."""

from datetime import UTC, datetime

import pytest

from actions.hold_dialogue import ask
from domain.dialogue import DialogueSession, DialogueStatus
from domain.people import Role
from storage import dialogues
from storage.database import Database
from tests.actions.ground import begin
from tests.handlers.driver import Talk


@pytest.fixture
async def talk(database: Database) -> Talk:
    """It is Tuesday 10 November 2026; Sáu leads, Lan handles cases."""
    talk = await begin(database)
    talk.language = "en"
    await talk.official("sau", None, Role.LEADER)
    await talk.official("lan", "KT")
    await talk.group("room-ward")
    return talk


async def sessions(talk: Talk) -> list[DialogueSession]:
    async with talk.database.reading() as tx:
        return (await dialogues.every(tx, talk.ward.id, limit=20))[0]


async def announce(talk: Talk, when: str = "8h30 ngày 5/12") -> DialogueSession:
    await talk.say("/doithoai_moi them", who="sau")
    for answer in ("Đối thoại cuối năm", when, "Hội trường UBND", "1. Rác\n2. Đất đai"):
        await talk.say(answer, who="sau")
    await talk.tap("Announce", who="sau")
    return (await sessions(talk))[0]


async def test_a_session_is_announced_step_by_step_and_the_group_reads_it(talk: Talk) -> None:
    (asked,) = await talk.say("/new_dialogue", who="sau")
    assert "What is the session called?" in asked.text
    await talk.say("Đối thoại cuối năm", who="sau")
    await talk.say("8h30 ngày 5/12", who="sau")
    await talk.say("Hội trường UBND", who="sau")
    (card,) = await talk.say("1. Rác\n2. Đất đai", who="sau")
    assert "08:30, Saturday, 05/12/2026" in card.text
    sent = {message.chat: message.text for message in await talk.tap("Announce", who="sau")}
    assert "1 group has been told" in sent["sau"]
    assert "05/12/2026" in sent["room-ward"]
    (session,) = await sessions(talk)
    assert session.held_at == datetime(2026, 12, 5, 1, 30, tzinfo=UTC)
    assert session.topics == ("Rác", "Đất đai")


async def test_day_and_hour_may_be_said_one_after_the_other(talk: Talk) -> None:
    await talk.say("/doithoai_moi", who="sau")
    await talk.say("Đối thoại", who="sau")
    (asked,) = await talk.say("thứ bảy 5/12", who="sau")
    assert "Saturday, 05/12/2026: at what hour?" in asked.text
    (asked,) = await talk.say("2h chiều", who="sau")
    assert "Where is it held?" in asked.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("hôm nào đó", "could not read a day"),
        ("8h 9/11", "That time is over"),
        ("8h 5/12/2062", "check the year"),
        ("8h thứ sáu 5/12", "05/12/2026 is a Saturday"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_and_asked_again(talk: Talk, typed: str, told: str) -> None:
    await talk.say("/doithoai_moi", who="sau")
    await talk.say("Đối thoại", who="sau")
    (reply,) = await talk.say(typed, who="sau")
    assert told in reply.text
    assert "On which day" in reply.text


async def test_under_seven_days_the_article_is_told_and_another_day_may_be_chosen(talk: Talk) -> None:
    await talk.say("/doithoai_moi", who="sau")
    await talk.say("Đối thoại", who="sau")
    (warned,) = await talk.say("8h thứ bảy", who="sau")
    assert "only 4 days away" in warned.text
    assert "Article 43" in warned.text
    (asked,) = await talk.tap("Choose another day", who="sau")
    assert "On which day" in asked.text
    (asked,) = await talk.say("8h 5/12", who="sau")
    assert "Where is it held?" in asked.text


async def test_under_seven_days_it_is_announced_only_after_an_explicit_yes(talk: Talk) -> None:
    await talk.say("/doithoai_moi", who="sau")
    await talk.say("Đối thoại", who="sau")
    await talk.say("8h thứ bảy", who="sau")
    (again,) = await talk.say("Hội trường", who="sau")
    assert "Please press one of these buttons." in again.text
    await talk.tap("Yes, this day all the same", who="sau")
    await talk.say("Hội trường", who="sau")
    await talk.tap("No topics set", who="sau")
    await talk.tap("Announce", who="sau")
    (session,) = await sessions(talk)
    assert session.held_at == datetime(2026, 11, 14, 1, tzinfo=UTC)


async def test_a_draft_left_lying_until_the_day_is_too_near_is_asked_about_again(talk: Talk) -> None:
    await talk.say("/doithoai_moi", who="sau")
    for answer in ("Đối thoại", "8h 20/11", "Hội trường", "Rác"):
        await talk.say(answer, who="sau")
    talk.now = datetime(2026, 11, 16, 2, tzinfo=UTC)
    (warned,) = await talk.tap("Announce", who="sau")
    assert "only 4 days away" in warned.text
    assert await sessions(talk) == []


async def test_every_part_may_be_changed_before_announcing(talk: Talk) -> None:
    await talk.say("/doithoai_moi", who="sau")
    for answer in ("Đối thoại", "8h 5/12", "Hội trường", "Rác"):
        await talk.say(answer, who="sau")
    await talk.tap("Change", who="sau")
    await talk.tap("The place", who="sau")
    (card,) = await talk.say("Nhà văn hoá tổ 3", who="sau")
    assert "Nhà văn hoá tổ 3" in card.text
    assert "Hội trường" not in card.text


async def test_giving_up_announces_nothing(talk: Talk) -> None:
    await talk.say("/doithoai_moi", who="sau")
    (reply,) = await talk.tap("Give up", who="sau")
    assert reply.text == "I announced nothing."
    assert await sessions(talk) == []


async def test_whoever_may_not_announce_is_told_who_may(talk: Talk) -> None:
    (reply,) = await talk.say("/doithoai_moi", who="lan")
    assert "reception, the editor, the leader" in reply.text
    (reply,) = await talk.say("/doithoai_moi", who="ba")
    assert "for ward officials" in reply.text


async def test_a_session_is_cancelled_with_a_reason_that_the_group_reads(talk: Talk) -> None:
    await announce(talk)
    (listed,) = await talk.say("/doithoai_moi", who="sau")
    assert "Đối thoại cuối năm" in listed.text
    await talk.tap("Cancel 1: Đối thoại cuối năm", who="sau")
    (sure,) = await talk.say("Bão số 9", who="sau")
    assert "Why: Bão số 9" in sure.text
    sent = {message.chat: message.text for message in await talk.tap("Yes, cancel it", who="sau")}
    assert "Bão số 9" in sent["room-ward"]
    assert (await sessions(talk))[0].status is DialogueStatus.CANCELLED


async def test_a_session_may_be_kept_after_all(talk: Talk) -> None:
    session = await announce(talk)
    await talk.say(f"/doithoai_huy {session.id} Bão", who="sau")
    await talk.tap("Keep the session", who="sau")
    assert (await sessions(talk))[0].status is DialogueStatus.ANNOUNCED


async def test_an_official_reads_what_people_ask_by_subject_and_code(talk: Talk) -> None:
    session = await announce(talk)
    for number in range(6):
        person = await talk.person(f"dan{number}")
        async with talk.database.transaction() as tx:
            text = "Bao giờ sửa đèn đường?" if number else "Xin hỏi một việc"
            await ask(tx, talk.ward, person, session.id, text=text, now=talk.now)
    await talk.deliver()
    (listed,) = await talk.say("/doithoai_ds", who="lan")
    assert "6 questions" in listed.text
    (shown,) = await talk.tap("05/12/2026 Đối thoại cuối năm", who="lan")
    assert "📂 Lighting: 5" in shown.text
    assert "📂 Other: 1" in shown.text
    assert "PA-26-00005" in shown.text
    assert "PA-26-00006" not in shown.text
    (more,) = await talk.tap("More ▶", who="lan")
    assert "PA-26-00006" in more.text


async def test_a_resident_does_not_read_the_desks_list(talk: Talk) -> None:
    (reply,) = await talk.say("/doithoai_ds", who="ba")
    assert "for ward officials" in reply.text


async def test_the_digest_is_shown_to_whoever_publishes_and_sent_to_nobody(talk: Talk) -> None:
    (reply,) = await talk.say("/bantin", who="sau")
    assert "nothing to tell" in reply.text
    await announce(talk)
    replies = await talk.say("/digest", who="sau")
    assert [message.chat for message in replies] == ["sau"]
    assert "on Monday at 07:30" in replies[0].text
    assert "Đối thoại cuối năm" in replies[0].text
    (reply,) = await talk.say("/bantin", who="lan")
    assert "the editor, the leader and the administrator" in reply.text

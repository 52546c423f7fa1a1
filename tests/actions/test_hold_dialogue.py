"""Dialogue sessions: who announces them and when, who is told, and what becomes of a question."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.hold_dialogue import DialoguePlan, announce, ask, cancel, mark_held
from domain.case import CaseKind
from domain.dialogue import QUESTIONS_PER_PERSON_MAX, DialogueSession, DialogueStatus
from domain.errors import DomainError
from domain.people import Role
from storage import audit, dialogues
from storage.database import Database
from tests.actions.ground import begin, known, owed
from tests.handlers.driver import Talk

HELD_AT = datetime(2026, 12, 5, 1, 30, tzinfo=UTC)
PLAN = DialoguePlan(title="Đối thoại cuối năm", held_at=HELD_AT, place="Hội trường", topics=("Rác", "Đất đai"))


@pytest.fixture
async def talk(database: Database) -> Talk:
    talk = await begin(database)
    await talk.group("room-ward")
    await talk.group("room-kt", "KT")
    await talk.official("sau", None, Role.LEADER)
    return talk


async def announced(talk: Talk, plan: DialoguePlan = PLAN, *, who: str = "sau") -> DialogueSession:
    official = (await known(talk, who)).official
    assert official is not None
    async with talk.database.transaction() as tx:
        return await announce(tx, talk.ward, official, plan, now=talk.now)


async def refused(talk: Talk, plan: DialoguePlan, *, who: str = "sau") -> str:
    with pytest.raises(DomainError) as error:
        await announced(talk, plan, who=who)
    return error.value.code


def on(held_at: datetime, *, short_notice: bool = False) -> DialoguePlan:
    return DialoguePlan(title="Đối thoại", held_at=held_at, place="Trụ sở", topics=(), short_notice=short_notice)


async def test_the_wards_groups_and_nobody_else_are_told(talk: Talk) -> None:
    session = await announced(talk)
    assert [(chat, kind) for chat, kind, _params in await owed(talk)] == [("room-ward", "dialogue_announced")]
    async with talk.database.reading() as tx:
        (entry,) = await audit.of(tx, ward_id=talk.ward.id, subject=f"dialogue {session.id}")
    assert (entry.act, entry.details["short_notice"]) == ("dialogue.announce", False)


@pytest.mark.parametrize(("role", "may"), [(Role.EDITOR, True), (Role.RECEPTION, True), (Role.MEMBER, False)])
async def test_reception_and_whoever_publishes_may_announce(talk: Talk, role: Role, may: bool) -> None:
    await talk.official("hoa", "VP", role)
    if may:
        assert (await announced(talk, who="hoa")).title == PLAN.title
    else:
        assert await refused(talk, PLAN, who="hoa") == "dialogue_not_yours"


async def test_under_seven_days_needs_a_word_and_is_written_down(talk: Talk) -> None:
    soon = talk.now + timedelta(days=6)
    assert await refused(talk, on(soon)) == "dialogue_short_notice"
    session = await announced(talk, on(soon, short_notice=True))
    async with talk.database.reading() as tx:
        (entry,) = await audit.of(tx, ward_id=talk.ward.id, subject=f"dialogue {session.id}")
    assert entry.details["short_notice"] is True


async def test_the_past_and_a_mistyped_year_are_refused_whatever_is_said(talk: Talk) -> None:
    assert await refused(talk, on(talk.now - timedelta(hours=1), short_notice=True)) == "dialogue_past"
    assert await refused(talk, on(talk.now + timedelta(days=800))) == "dialogue_far"


async def test_the_same_hour_is_not_announced_twice(talk: Talk) -> None:
    await announced(talk)
    assert await refused(talk, PLAN) == "dialogue_twice"


async def test_a_question_is_a_case_tied_to_its_session(talk: Talk) -> None:
    session = await announced(talk)
    resident = await talk.person("ba")
    async with talk.database.transaction() as tx:
        case = await ask(tx, talk.ward, resident, session.id, text="Bao giờ sửa đèn đường tổ 3?", now=talk.now)
        other = await ask(tx, talk.ward, resident, session.id, text="Xin hỏi một việc", now=talk.now)
        assert await dialogues.question_counts(tx, talk.ward.id, [session.id]) == {session.id: 2}
        assert await dialogues.askers(tx, session) == [
            dialogues.Asker(person_id=resident.id, codes=(case.code, other.code))
        ]
    assert (case.kind, case.dialogue_id) == (CaseKind.QUESTION, session.id)
    assert talk.ward.unit_codes[case.unit_id] == "KT"
    assert talk.ward.unit_codes[other.unit_id] == "VP"


async def test_one_person_cannot_fill_a_session_with_questions(talk: Talk) -> None:
    session = await announced(talk)
    resident = await talk.person("ba")
    async with talk.database.transaction() as tx:
        for number in range(QUESTIONS_PER_PERSON_MAX):
            await ask(tx, talk.ward, resident, session.id, text=f"Câu hỏi thứ {number}", now=talk.now)
        with pytest.raises(DomainError, match="dialogue_questions_enough"):
            await ask(tx, talk.ward, resident, session.id, text="Thêm một câu", now=talk.now)


async def test_no_question_comes_after_the_session_has_begun(talk: Talk) -> None:
    session = await announced(talk)
    resident = await talk.person("ba")
    async with talk.database.transaction() as tx:
        with pytest.raises(DomainError, match="dialogue_closed"):
            await ask(tx, talk.ward, resident, session.id, text="Muộn", now=HELD_AT)


async def test_a_session_of_another_ward_is_unknown(talk: Talk, database: Database) -> None:
    session = await announced(talk)
    elsewhere = await begin(database, "BEN")
    resident = await elsewhere.person("nam")
    async with database.transaction() as tx:
        with pytest.raises(DomainError, match="dialogue_unknown"):
            await ask(tx, elsewhere.ward, resident, session.id, text="Xin hỏi", now=talk.now)


async def test_cancelling_tells_the_groups_and_whoever_asked_and_keeps_the_questions(talk: Talk) -> None:
    session = await announced(talk)
    resident, leader = await talk.person("ba"), (await known(talk, "sau")).official
    assert leader is not None
    async with talk.database.transaction() as tx:
        case = await ask(tx, talk.ward, resident, session.id, text="Bao giờ sửa đèn đường?", now=talk.now)
        cancelled = await cancel(tx, talk.ward, leader, session.id, reason="Bão số 9", now=talk.now)
    assert (cancelled.status, cancelled.reason) == (DialogueStatus.CANCELLED, "Bão số 9")
    told = [(chat, params["codes"]) for chat, _kind, params in await owed(talk) if params.get("status") == "cancelled"]
    assert told == [("room-ward", []), ("ba", [case.code])]
    assert (await talk.case(case.code)).is_open


@pytest.mark.parametrize(("reason", "code"), [("  ", "dialogue_reason_missing"), ("Bão", "dialogue_not_open")])
async def test_cancelling_needs_a_reason_and_a_session_to_come(talk: Talk, reason: str, code: str) -> None:
    session = await announced(talk)
    leader = (await known(talk, "sau")).official
    assert leader is not None
    now = HELD_AT if code == "dialogue_not_open" else talk.now
    async with talk.database.transaction() as tx:
        with pytest.raises(DomainError, match=code):
            await cancel(tx, talk.ward, leader, session.id, reason=reason, now=now)


async def test_a_session_is_held_when_its_hour_has_come(talk: Talk) -> None:
    session = await announced(talk)
    async with talk.database.transaction() as tx:
        assert await mark_held(tx, talk.ward, now=HELD_AT - timedelta(seconds=1)) == 0
        assert await mark_held(tx, talk.ward, now=HELD_AT) == 1
        assert await mark_held(tx, talk.ward, now=HELD_AT) == 0
        assert (await dialogues.find(tx, talk.ward.id, session.id)).status is DialogueStatus.HELD
        assert await dialogues.upcoming(tx, talk.ward.id, now=talk.now, limit=5) == []

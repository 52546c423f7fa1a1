"""What officials may do to a case, who may not, and what two at once get."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from actions import follow_case, handle_case
from actions.handle_case import Desk
from domain.case import Act, Case, Status
from domain.errors import DomainError
from domain.people import Official, Role
from storage import attachments, case_events, people
from storage.database import Database, Transaction
from tests.handlers.driver import ACCOUNT, Talk


@pytest.fixture
async def talk(database: Database) -> Talk:
    talk = await Talk.begin(database)
    await talk.official("lan", "KT")
    await talk.official("minh", "KT")
    await talk.official("hoa", "VX")
    await talk.official("sau", None, Role.LEADER)
    return talk


async def desk(talk: Talk, who: str) -> Desk:
    async with talk.database.reading() as tx:
        known = await people.find(tx, channel=talk.channel, account=ACCOUNT, address=who)
    assert known is not None
    assert known.official is not None
    return Desk(official=known.official)


Work = Callable[[Transaction], Awaitable[Case]]


async def do(talk: Talk, work: Work) -> Case | str:
    """The case afterwards, or the code of the refusal (and then nothing has happened)."""
    try:
        async with talk.database.transaction() as tx:
            return await work(tx)
    except DomainError as error:
        return error.code


async def test_of_two_who_take_a_case_up_at_once_exactly_one_does(talk: Talk) -> None:
    case = await talk.submitted()
    lan, minh = await desk(talk, "lan"), await desk(talk, "minh")
    done = await asyncio.gather(
        *(
            do(talk, lambda tx, who=who: handle_case.accept(tx, talk.ward, who, case.code, now=talk.now))  # type: ignore[misc]
            for who in (lan, minh)
        )
    )
    assert sorted(type(one).__name__ for one in done) == ["Case", "str"]
    assert "case_changed_by" in done


async def test_of_two_who_pass_a_case_on_at_once_the_second_is_told_where_it_went(talk: Talk) -> None:
    case = await talk.submitted()
    lan, minh = await desk(talk, "lan"), await desk(talk, "minh")
    done = await asyncio.gather(
        *(
            do(
                talk,
                lambda tx, who=who, unit=unit: handle_case.transfer(  # type: ignore[misc]
                    tx, talk.ward, who, case.code, unit_code=unit, reason="lý do", now=talk.now
                ),
            )
            for who, unit in ((lan, "VX"), (minh, "VP"))
        )
    )
    assert "case_passed_on" in done


async def test_what_was_done_since_an_official_looked_is_refused_once_and_then_goes(talk: Talk) -> None:
    case = await talk.submitted()
    lan, minh = await desk(talk, "lan"), await desk(talk, "minh")

    def answer(who: Desk, seen: int) -> Work:
        return lambda tx: handle_case.answer(
            tx, talk.ward, who, case.code, text="Xong.", now=talk.now, seen_version=seen
        )

    first = await do(talk, answer(lan, case.version))
    assert isinstance(first, Case)
    assert await do(talk, answer(minh, case.version)) == "case_changed_by"
    second = await do(talk, answer(minh, first.version))
    assert isinstance(second, Case)
    assert second.answered_at == first.answered_at


async def test_ones_own_acts_and_notes_do_not_stand_in_ones_way(talk: Talk) -> None:
    case = await talk.submitted()
    lan, minh = await desk(talk, "lan"), await desk(talk, "minh")
    await do(talk, lambda tx: handle_case.accept(tx, talk.ward, lan, case.code, now=talk.now))
    await do(talk, lambda tx: handle_case.note(tx, talk.ward, minh, case.code, text="gọi rồi", now=talk.now))
    done = await do(
        talk,
        lambda tx: handle_case.answer(
            tx, talk.ward, lan, case.code, text="Xong.", now=talk.now, seen_version=case.version
        ),
    )
    assert isinstance(done, Case)


@pytest.mark.parametrize(
    ("who", "code"), [("lan", "KT"), ("hoa", "not_your_unit"), ("sau", "KT")], ids=["own unit", "other unit", "leader"]
)
async def test_only_the_unit_and_the_leader_may_act(talk: Talk, who: str, code: str) -> None:
    case = await talk.submitted()
    acting = await desk(talk, who)
    done = await do(talk, lambda tx: handle_case.accept(tx, talk.ward, acting, case.code, now=talk.now))
    assert (done if isinstance(done, str) else talk.ward.unit_codes[done.unit_id]) == code


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_a_role_without_a_unit_acts_on_no_case(role: Role) -> None:
    official = Official(id=1, person_id=1, ward_id=1, unit_id=None, unit_code=None, role=role, name="")
    assert not official.may_act_for(1)


async def test_empty_words_are_refused_but_photos_alone_are_an_answer(talk: Talk) -> None:
    case = await talk.submitted()
    lan = await desk(talk, "lan")
    now = talk.now
    assert await do(talk, lambda tx: handle_case.answer(tx, talk.ward, lan, case.code, text=" ", now=now)) == (
        "answer_empty"
    )
    assert await do(talk, lambda tx: handle_case.ask(tx, talk.ward, lan, case.code, question="", now=now)) == (
        "question_empty"
    )
    assert await do(talk, lambda tx: handle_case.note(tx, talk.ward, lan, case.code, text="", now=now)) == "note_empty"
    photo = await talk.photo("lan")
    done = await do(
        talk, lambda tx: handle_case.answer(tx, talk.ward, lan, case.code, text="", files=(photo,), now=now)
    )
    assert isinstance(done, Case)
    async with talk.database.reading() as tx:
        assert [one.id for one in await attachments.of_case(tx, case, resident_only=True)] == [photo]


@pytest.mark.parametrize(
    ("unit", "reason", "code"),
    [("XX", "lý do", "unit_unknown"), ("Phòng KT", "lý do", "same_unit"), ("VX", "  ", "reason_missing")],
)
async def test_passing_on_needs_another_unit_of_the_ward_and_a_reason(
    talk: Talk, unit: str, reason: str, code: str
) -> None:
    case = await talk.submitted()
    lan = await desk(talk, "lan")
    done = await do(
        talk,
        lambda tx: handle_case.transfer(tx, talk.ward, lan, case.code, unit_code=unit, reason=reason, now=talk.now),
    )
    assert done == code


async def test_passing_on_keeps_the_due_day_and_frees_the_case(talk: Talk) -> None:
    case = await talk.submitted()
    lan = await desk(talk, "lan")
    await do(talk, lambda tx: handle_case.accept(tx, talk.ward, lan, case.code, now=talk.now))
    done = await do(
        talk,
        lambda tx: handle_case.transfer(
            tx, talk.ward, lan, case.code, unit_code="VX", reason="của VX", now=talk.now + timedelta(days=5)
        ),
    )
    assert isinstance(done, Case)
    assert (done.due_on, done.assignee_id, done.status) == (case.due_on, None, Status.RECEIVED)


async def test_the_clock_runs_on_while_the_resident_is_asked_and_their_words_wake_the_case(talk: Talk) -> None:
    case = await talk.submitted()
    lan = await desk(talk, "lan")
    asked = await do(talk, lambda tx: handle_case.ask(tx, talk.ward, lan, case.code, question="Ở đâu?", now=talk.now))
    assert isinstance(asked, Case)
    assert (asked.status, asked.due_on) == (Status.WAITING, case.due_on)
    resident = await talk.person("ba")
    added = await do(talk, lambda tx: follow_case.add(tx, talk.ward, resident, case.code, text="Số 14", now=talk.now))
    assert isinstance(added, Case)
    assert (added.status, added.assignee_id) == (Status.ACCEPTED, lan.official.person_id)


async def test_a_history_says_which_version_each_act_made(talk: Talk) -> None:
    case = await talk.submitted()
    lan = await desk(talk, "lan")
    await do(talk, lambda tx: handle_case.note(tx, talk.ward, lan, case.code, text="gọi rồi", now=talk.now))
    await do(talk, lambda tx: handle_case.accept(tx, talk.ward, lan, case.code, now=talk.now))
    async with talk.database.reading() as tx:
        made = [(done.act, done.version) for done in await case_events.history(tx, case)]
    assert made == [(Act.SUBMIT, 1), (Act.NOTE, 1), (Act.ACCEPT, 2)]

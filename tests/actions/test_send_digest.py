"""The weekly digest: once per week and group whatever happens, in figures that are honest, without a name."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions.hold_dialogue import DialoguePlan, announce
from actions.send_digest import preview, send_digest
from domain.people import Role
from handlers.texts.digest import TEXT_MAX_CHARS, render_digest
from storage import opinions, plans
from storage.database import Database
from tests.actions.ground import answer, begin, known, owed, reopen, with_due_day, withdraw
from tests.handlers.driver import Talk
from tests.plans_ground import document, imported, item

MONDAY_AT_730 = datetime(2026, 11, 16, 0, 30, tzinfo=UTC)  # tells of 9 to 15 November


@pytest.fixture
async def talk(database: Database) -> Talk:
    talk = await begin(database)
    await talk.official("lan", "KT")
    await talk.official("sau", None, Role.LEADER)
    await talk.group("room-ward")
    return talk


async def send(talk: Talk, now: datetime = MONDAY_AT_730, again: str = "") -> int:
    async with talk.database.transaction() as tx:
        return await send_digest(tx, talk.ward, now=now, again=again)


async def digests(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    return [(chat, params) for chat, kind, params in await owed(talk) if kind == "digest"]


async def test_every_group_of_the_ward_gets_it_once_a_week(talk: Talk) -> None:
    await talk.group("room-ward-2")
    await talk.group("room-kt", "KT")
    await talk.submitted()
    assert await send(talk, MONDAY_AT_730 - timedelta(minutes=1)) == 0
    assert await send(talk) == 2
    assert await send(talk, MONDAY_AT_730 + timedelta(minutes=1)) == 0
    assert await send(talk, MONDAY_AT_730 + timedelta(days=1)) == 0
    assert [chat for chat, _params in await digests(talk)] == ["room-ward", "room-ward-2"]
    assert await send(talk, MONDAY_AT_730 + timedelta(weeks=1)) == 2


async def test_processes_that_start_at_once_send_it_once(talk: Talk) -> None:
    await talk.submitted()
    assert sorted(await asyncio.gather(*(send(talk) for _ in range(4)))) == [0, 0, 0, 1]
    assert len(await digests(talk)) == 1


async def test_a_crash_before_the_commit_leaves_the_week_to_be_sent(talk: Talk) -> None:
    await talk.submitted()
    with pytest.raises(RuntimeError):
        async with talk.database.transaction() as tx:
            assert await send_digest(tx, talk.ward, now=MONDAY_AT_730) == 1
            raise RuntimeError("the power failed")
    assert await digests(talk) == []
    assert await send(talk) == 1


async def test_a_group_bound_later_in_the_week_waits_for_the_next_one(talk: Talk) -> None:
    await talk.submitted()
    await send(talk)
    await talk.group("room-late")
    assert await send(talk, MONDAY_AT_730 + timedelta(hours=2)) == 0
    assert await send(talk, MONDAY_AT_730 + timedelta(weeks=1)) == 2


async def test_a_week_missed_for_too_long_is_left_out(talk: Talk) -> None:
    await talk.submitted()
    assert await send(talk, MONDAY_AT_730 + timedelta(days=3, hours=1)) == 0


async def test_with_nothing_to_say_nothing_is_sent_all_week(talk: Talk) -> None:
    assert await send(talk) == 0
    await talk.submitted()
    assert await send(talk, MONDAY_AT_730 + timedelta(minutes=5)) == 0


async def test_the_demonstration_may_have_it_again_without_touching_the_weeks_own(talk: Talk) -> None:
    await talk.submitted()
    assert await send(talk, talk.now, again="1") == 1
    assert await send(talk, talk.now, again="1") == 1  # owed already: nothing is added
    assert await send(talk, talk.now, again="2") == 1
    assert len(await digests(talk)) == 2
    assert (await digests(talk))[0][1]["received"] == 1
    assert await send(talk) == 1


async def test_the_figures_are_those_of_the_week(talk: Talk) -> None:
    one, two, left, open_ = [await talk.submitted(who=f"dan{number}") for number in range(4)]
    gone = await talk.submitted(who="gone")
    await with_due_day(talk, two, datetime(2026, 11, 11).date())
    await with_due_day(talk, left, datetime(2026, 11, 12).date())
    await answer(talk, one, now=talk.now + timedelta(days=1))
    await answer(talk, one, now=talk.now + timedelta(days=2))  # adds to its answer: not a second one
    await answer(talk, two, now=talk.now + timedelta(days=2))
    await withdraw(talk, gone, who="gone", now=talk.now)
    assert open_.is_open
    await send(talk)
    ((_chat, params),) = await digests(talk)
    figures = {name: params[name] for name in ("received", "answered", "open", "overdue", "on_time_percent")}
    # Both answers were in time: what counts is the day promised in the history, which nobody moved. One lies overdue.
    assert figures == {"received": 5, "answered": 2, "open": 2, "overdue": 1, "on_time_percent": 66}


async def test_what_was_before_or_after_the_week_is_not_in_its_figures(talk: Talk) -> None:
    before = await talk.submitted()
    talk.now += timedelta(days=7)
    await talk.submitted(who="tu")
    await answer(talk, before, now=talk.now)
    await send(talk, MONDAY_AT_730 + timedelta(weeks=1))
    ((_chat, params),) = await digests(talk)
    assert (params["received"], params["answered"], params["open"]) == (1, 1, 1)


async def test_an_answer_after_a_reopening_counts_again_and_by_its_own_day(talk: Talk) -> None:
    case = await talk.submitted()
    await answer(talk, case, now=talk.now + timedelta(days=1))
    again = await reopen(talk, case, who="ba", now=talk.now + timedelta(days=2))
    await answer(talk, again, now=talk.now + timedelta(days=30))
    async with talk.database.reading() as tx:
        first = await preview(tx, talk.ward, now=MONDAY_AT_730)
        second = await preview(tx, talk.ward, now=datetime(2026, 12, 14, 0, 30, tzinfo=UTC))
    assert first is not None
    assert (first["answered"], first["on_time_percent"]) == (1, 100)
    assert second is not None
    assert (second["answered"], second["on_time_percent"]) == (1, 0)


async def test_no_name_and_no_text_of_a_case_is_in_it(talk: Talk) -> None:
    await talk.submitted("Nhà bà Sáu số 7 đổ rác ra ngõ", who="ba")
    await send(talk)
    ((_chat, params),) = await digests(talk)
    told = json.dumps(params, ensure_ascii=False) + render_digest(params, "vi").text
    assert not [secret for secret in ("Sáu", "rác", "Trần Thị Ba", "PA-26", "Lê Lợi") if secret in told]


async def test_an_open_session_is_in_it_with_how_many_asked(talk: Talk) -> None:
    leader = (await known(talk, "sau")).official
    assert leader is not None
    held_at = datetime(2026, 12, 5, 1, tzinfo=UTC)
    plan = DialoguePlan(title="Đối thoại cuối năm", held_at=held_at, place="Hội trường", topics=("Rác",))
    async with talk.database.transaction() as tx:
        await announce(tx, talk.ward, leader, plan, now=talk.now)
    await send(talk)
    ((_chat, params),) = await digests(talk)
    text = render_digest(params, "en").text
    assert "Đối thoại cuối năm\n  08:00, Saturday, 05/12/2026, Hội trường" in text


async def test_titles_without_end_still_fit_a_message() -> None:
    params = {
        "ward": "Phường", "timezone": "Asia/Ho_Chi_Minh", "first_on": "2026-11-09", "last_on": "2026-11-15",
        "received": 1, "answered": 1, "open": 1, "overdue": 1, "on_time_percent": 50,
        "items": [[number, "Rất dài " * 100] for number in range(8)], "items_more": 3, "open_items": 30, "opinions": 7,
        "dialogues": [[1, "Tên dài " * 100, "2026-12-05T01:00:00+00:00", "Nơi xa " * 100, 2]] * 3,
    }  # fmt: skip
    assert len(render_digest(params, "vi").text) <= TEXT_MAX_CHARS


async def test_what_was_published_in_the_week_is_named_and_what_people_said_is_counted(talk: Talk) -> None:
    plan = document(item("1", "Sửa đèn đường tổ 3"), item("2", "Công khai ngân sách quý IV"))
    await imported(talk.database, talk.ward, plan, published=True, now=talk.now)
    person = await talk.person("ba")
    async with talk.database.transaction() as tx:
        shown = await plans.published_since(tx, talk.ward.id, talk.now - timedelta(days=1))
        await opinions.add(
            tx, ward_id=talk.ward.id, plan_item_id=shown[0].id, person_id=person.id, text="Rất mong", now=talk.now
        )
    await send(talk)
    ((_chat, params),) = await digests(talk)
    text = render_digest(params, "en").text
    assert "Sửa đèn đường tổ 3" in text
    assert "2 plan items are open to your opinion" in text
    assert "1 opinion in the week" in text
    assert "Rất mong" not in text


async def test_items_that_merely_stay_open_are_no_news(talk: Talk) -> None:
    await imported(talk.database, talk.ward, published=True, now=talk.now)
    assert await send(talk, MONDAY_AT_730 + timedelta(weeks=1)) == 0

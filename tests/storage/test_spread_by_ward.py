"""No query of a turn crosses wards: spread by ward, each reads one partition and finds what it found before."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
from sqlalchemy import func, select

from actions import send_digest, show_case, tell_held, watch_deadlines
from domain.people import Role
from domain.plans import PlanStatus
from storage import (
    case_events,
    cases,
    contacts,
    dialogues,
    linking,
    moving,
    offices,
    opinions,
    people,
    plan_drafts,
    plan_tables,
    plans,
    schema,
)
from storage.database import Database, Transaction
from storage.listening import listening
from tests.actions.ground import begin
from tests.handlers.driver import Talk
from tests.handlers.resident.ground import agreed
from tests.plans_ground import document, imported, item
from tests.spread import DIRECTORY, POST, SPREAD, Asked, parts_planned, parts_read, rows_read, spread

ROOM = "room-kt"


def test_every_table_has_its_place_when_wards_are_spread() -> None:
    every = set(schema.metadata.tables)
    assert every == SPREAD | DIRECTORY | POST
    assert len(SPREAD) + len(DIRECTORY) + len(POST) == len(every)
    for name in SPREAD:
        assert not schema.metadata.tables[name].c.ward_id.nullable, name


async def lived(talk: Talk) -> None:
    """A ward's life: a case from report to rating, a plan with an opinion, a dialogue with a question, a digest."""
    who = f"{talk.ward.ward.code.lower()}-"
    resident, official, leader, room = f"{who}ba", f"{who}lan", f"{who}sau", f"{who}{ROOM}"
    await talk.official(official, "KT")
    await talk.official(leader, None, Role.LEADER)
    await talk.group(room, "KT")
    await talk.group(f"{who}room-ward")
    await agreed(talk, resident)
    case = await talk.submitted("Ổ gà to trước chợ", who=resident, photos=1)
    for words in ("Đèn đường trước nhà số 12 Lê Lợi hỏng", "mới", "gửi", "/hoso", f"/hoso {case.code}"):
        await talk.say(words, who=resident)
    for words in ("/viec", f"/hoso {case.code}", f"/nhan {case.code}", f"/traloi {case.code} Đã sửa xong.", "gửi"):
        await talk.say(words, who=official, chat=room)
    for words in (f"/danhgia {case.code} 2", "Chậm quá"):
        await talk.say(words, who=resident)
    await imported(talk.database, talk.ward, published=True, now=talk.now)
    for words in ("/kehoach", "/kehoach 1", "💬 Góp ý", "Nên làm sớm", "gửi"):
        await talk.say(words, who=resident)
    for words in ("/doithoai_moi", "Đối thoại cuối năm", "8h30 ngày 5/12/2026", "Hội trường", "1. Rác", "thông báo"):
        await talk.say(words, who=leader)
    for words in ("/doithoai", "/cauhoi Bao giờ dọn rác?", "gửi"):
        await talk.say(words, who=resident)
    async with talk.database.transaction() as tx:
        await send_digest.send_digest(tx, talk.ward, now=talk.now, again="now")
        await sure_of(tx, talk)
        await looked_after(tx, talk)
    await changed(talk, who)


async def looked_after(tx: Transaction, talk: Talk) -> None:
    """What the desk and the clock do: reminders, the desk's lists and histories, a session's end."""
    for days in (9, 16, 70):
        await watch_deadlines.remind(tx, talk.ward, now=talk.now + timedelta(days=days))
    (case, *_more), _total = await cases.queue(tx, ward_id=talk.ward.id, unit_id=None, limit=5)
    await case_events.history(tx, case)
    await show_case.bring_up_to_date(tx, talk.ward, case, now=talk.now)
    assert await cases.among(tx, (talk.ward.id,), case.id) == case
    await people.name_of(tx, talk.ward.id, case.resident_id)
    (session,), _total = await dialogues.every(tx, talk.ward.id, limit=5)
    asked, _total = await dialogues.questions(tx, session, limit=5)
    assert [one.dialogue_id for one in asked] == [session.id]
    await dialogues.counts_by_category(tx, session)
    await dialogues.askers(tx, session)
    await dialogues.mark_held(tx, talk.ward.id, before=session.held_at)
    await dialogues.cancel(tx, session, reason="bão")
    await tell_held.tell_held(tx, talk.ward, now=talk.now)


async def changed(talk: Talk, who: str) -> None:
    """A corrected plan; an office given up; a language chosen; channels joined and parted; a move; a withdrawal."""
    await imported(talk.database, talk.ward, document(item("II.1", "Sửa đèn đường tổ 4", due="2026-12-16")))
    await talk.say("/rut PA-26-00002", who=f"{who}ba")
    first, second = await talk.person(f"{who}ba"), await talk.person(f"{who}tu")
    async with talk.database.transaction() as tx:
        (held, *_more), _total = await plans.published(tx, talk.ward.id, today=talk.now.date(), limit=5)
        await plans.neighbour(tx, held, PlanStatus.DRAFT)
        await opinions.of_item(tx, held, limit=5)
        await plan_drafts.refresh(tx, held, held.content)
        for draft in (await plans.with_status(tx, talk.ward.id, PlanStatus.DRAFT, limit=5))[0]:
            await plan_drafts.remove(tx, draft)
        one, *_others = await offices.of_ward(tx, ward_id=talk.ward.id, role=Role.LEADER)
        await offices.leave(tx, one, now=talk.now)
        await people.set_language(tx, second, "en")
        await people.set_name(tx, second, "Tư")
        await cases.elsewhere(tx, first, "PA-26-00009")
        await linking.take_over_consent(tx, person_id=first.id, into=second)
        await linking.residential_groups(tx, talk.ward.id, (first.id, second.id))
        await linking.join(tx, person_id=first.id, into=second)
        assert len(await cases.of_resident(tx, second, limit=9)) == 3
        there = [one.id for one in await contacts.of_person(tx, second.id) if one.home_person_id == first.id]
        await linking.part(tx, there, somebody=second, to=first.id)
        assert len(await cases.of_resident(tx, first, limit=9)) == 3
        await moving.move(tx, second, talk.ward.id)


async def sure_of(tx: Transaction, talk: Talk) -> None:
    """Make sure that everybody got where the story wants them."""
    for table, wanted in ((cases.cases, 3), (plan_tables.opinion, 1), (dialogues.dialogue, 1)):
        rows = select(func.count()).select_from(table).where(table.c.ward_id == talk.ward.id)
        assert await tx.scalar(rows) == wanted, (table.name, [one.text for one in talk.messages])
    rated = select(func.count()).where(cases.cases.c.ward_id == talk.ward.id, cases.cases.c.rating == 2)
    assert await tx.scalar(rated) == 1


@asynccontextmanager
async def every_shape(database: Database) -> AsyncIterator[list[Asked]]:
    """Every reading or changing statement sent meanwhile, each shape once."""
    found: dict[str, Asked] = {}

    def note(statement: str, values: Sequence[Any]) -> None:
        if statement.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"} and isinstance(values, tuple):
            found.setdefault(statement, Asked(statement=statement, values=values))

    every: list[Asked] = []
    with listening(database, note):
        yield every
    every += found.values()


async def test_what_a_turn_asks_names_its_ward_and_is_answered_by_one_partition(ready_postgres_url: str) -> None:
    database = Database.open(ready_postgres_url)
    for code in ("TML", "BTR"):
        await lived(await begin(database, code))
    talk = await begin(database)
    async with every_shape(database) as every:
        await lived(talk)
    await database.close()
    connection = await asyncpg.connect(ready_postgres_url.replace("+asyncpg", ""))
    try:
        await spread(connection)
        found = [one for one in every if len(await parts_planned(connection, one)) > 1]
        crossing = [one for one in found if not one.begins_before_the_ward]
        assert not crossing, "\n\n".join(one.statement for one in crossing)
        for one in every:
            if one.adds:
                continue
            assert len(await parts_read(connection, one)) <= 1, one.statement
            here = await rows_read(connection, one, apart=False)
            assert await rows_read(connection, one, apart=True) == here, one.statement
        for table in SPREAD:
            assert any(f" {table}" in one.statement for one in every), f"the ward's life does not reach {table}"
    finally:
        await connection.close()

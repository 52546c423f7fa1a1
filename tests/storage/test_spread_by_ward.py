"""No query of a turn crosses wards: spread by ward, each reads one partition and finds what it found before."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
from sqlalchemy import event, func, select

from actions import send_digest, watch_deadlines
from domain.people import Role
from storage import cases, dialogues, plan_tables, schema
from storage.database import Database, Transaction
from tests.handlers.driver import Talk, sample_ward
from tests.handlers.resident.ground import agreed
from tests.plans_ground import imported
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
        await watch_deadlines.remind(tx, talk.ward, now=talk.now)
        await sure_of(tx, talk)


async def sure_of(tx: Transaction, talk: Talk) -> None:
    """Make sure that everybody got where the story wants them."""
    for table, wanted in ((cases.cases, 3), (plan_tables.opinion, 1), (dialogues.dialogue, 1)):
        rows = select(func.count()).select_from(table).where(table.c.ward_id == talk.ward.id)
        assert await tx.scalar(rows) == wanted, (table.name, [one.text for one in talk.messages])
    rated = select(func.count()).where(cases.cases.c.ward_id == talk.ward.id, cases.cases.c.rating == 2)
    assert await tx.scalar(rated) == 1


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[list[Asked]]:
    """Every reading or changing statement sent meanwhile, each shape once."""
    found: dict[str, Asked] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"} and isinstance(values, tuple):
            found.setdefault(statement, Asked(statement=statement, values=values))

    every: list[Asked] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield every
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        every += found.values()


async def test_what_a_turn_asks_names_its_ward_and_is_answered_by_one_partition(ready_postgres_url: str) -> None:
    database = Database.open(ready_postgres_url)
    for code in ("TML", "BTR"):
        await lived(await Talk.begin(database, ward=replace(sample_ward(code))))
    talk = await Talk.begin(database, ward=sample_ward())
    async with listening(database) as every:
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

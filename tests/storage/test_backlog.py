"""What waits is counted by state, and late is only what nobody but us holds up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.dialects import sqlite as sqlite_dialect

from domain.notices import Priority
from storage import backlog, inbox, outbox
from storage.backlog import Deadlines
from storage.base import Account
from storage.cases import cases
from storage.database import Database
from storage.outbox import Address
from tests.actions.ground import with_due_day
from tests.handlers.driver import Talk
from tests.storage.claiming import claim_one, take_one

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
WEB, OTHER = Account("web", "web"), Account("telegram", "1")
MINUTE = timedelta(minutes=1)


async def arrive(database: Database, lane: str, *, at: datetime, on: Account = WEB, fetch: bool = False) -> None:
    async with database.transaction() as tx:
        await inbox.put(
            tx, channel=on.channel, account=on.account, update_id=f"{lane}{at}", lane=lane, raw={}, now=at, fetch=fetch
        )


async def owe(database: Database, chat: str, *, at: datetime, priority: int = Priority.REPLY) -> None:
    async with database.transaction() as tx:
        address = Address(channel="web", account="web", chat=chat)
        await outbox.put(tx, address, {"reply": ""}, language="vi", priority=priority, now=at)


async def oldest_turn(database: Database, *accounts: Account) -> datetime | None:
    async with database.reading() as tx:
        return await backlog.oldest_turn(tx, accounts=accounts or (WEB,), now=NOW)


async def oldest_reply(database: Database) -> datetime | None:
    async with database.reading() as tx:
        return await backlog.oldest_reply(tx, accounts=(WEB,), now=NOW)


async def test_depths_say_how_much_waits_in_which_state_and_since_when(database: Database) -> None:
    await arrive(database, "a", at=NOW - 3 * MINUTE)
    await arrive(database, "b", at=NOW - MINUTE)
    await arrive(database, "c", at=NOW, fetch=True)
    async with database.transaction() as tx:
        taken = await take_one(tx, accounts=(WEB,), now=NOW)
        assert taken is not None
        await inbox.fail(tx, taken, error="KeyError('x')", now=NOW, attempts_max=1, wait=MINUTE)
    await owe(database, "a", at=NOW - MINUTE)
    await owe(database, "b", at=NOW)
    async with database.transaction() as tx:
        await claim_one(tx, accounts=(WEB,), now=NOW, leased_until=NOW + MINUTE)
    async with database.reading() as tx:
        waiting = {(one.state, one.count, one.oldest_at) for one in await backlog.of_inbox(tx)}
        owed = {(one.state, one.count, one.oldest_at) for one in await backlog.of_outbox(tx)}
        assert await backlog.accounts(tx) == (WEB,)
    assert waiting == {("fetch", 1, NOW), ("new", 1, NOW - MINUTE), ("set_aside", 1, NOW - 3 * MINUTE)}
    assert owed == {("sending", 1, NOW - MINUTE), ("queued", 1, NOW)}


async def test_the_oldest_turn_is_the_head_of_a_lane_that_is_due_on_an_account_of_ours(database: Database) -> None:
    assert await oldest_turn(database) is None
    await arrive(database, "fetching", at=NOW - 9 * MINUTE, fetch=True)
    await arrive(database, "fetching", at=NOW - 8 * MINUTE)
    await arrive(database, "not ours", at=NOW - 7 * MINUTE, on=OTHER)
    await arrive(database, "later", at=NOW + MINUTE)
    assert await oldest_turn(database) is None
    await arrive(database, "late", at=NOW - 2 * MINUTE)
    await arrive(database, "also late", at=NOW - MINUTE)
    assert await oldest_turn(database) == NOW - 2 * MINUTE
    assert await oldest_turn(database, WEB, OTHER) == NOW - 7 * MINUTE


async def test_the_oldest_reply_passes_over_digests_retries_and_what_waits_behind_them(database: Database) -> None:
    await owe(database, "a", at=NOW - 9 * MINUTE, priority=Priority.DIGEST)
    await owe(database, "a", at=NOW - 8 * MINUTE)
    await owe(database, "b", at=NOW + MINUTE)
    await owe(database, "b", at=NOW - 7 * MINUTE)
    assert await oldest_reply(database) is None
    await owe(database, "c", at=NOW - 2 * MINUTE)
    assert await oldest_reply(database) == NOW - 2 * MINUTE


async def test_deadlines_are_counted_ward_by_ward_and_closed_cases_are_not(database: Database) -> None:
    talk, other = await Talk.begin(database), await Talk.begin(database)
    today = date(2026, 11, 24)
    for due_on in (date(2026, 11, 23), today, date(2026, 11, 26), date(2026, 11, 27)):
        await with_due_day(talk, await talk.submitted(), due_on)
    closed = await talk.submitted()
    await with_due_day(talk, closed, today)
    async with database.transaction() as tx:
        await tx.execute(update(cases).where(cases.c.id == closed.id).values(status="closed"))
    assert other.ward.ward.code == "AHD"
    async with database.reading() as tx:
        found = await backlog.deadlines(tx, today=today, soon=date(2026, 11, 26))
    assert found == [Deadlines(ward_code="AHD", due_soon=2, overdue=1)]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (backlog._by_state(inbox.inbox, inbox.NEW), "ix_inbox_new"),
        (backlog._by_state(inbox.inbox, inbox.SET_ASIDE), "ix_inbox_set_aside"),
        (backlog._oldest_turn((WEB,)), "ix_inbox_new"),
        (backlog._oldest_reply((WEB,)), "ix_outbox_queued"),
        (backlog._owed_by_state(), "ix_outbox_owed"),
        (backlog._accounts(), "ix_inbox_new"),
        (backlog._accounts(), "ix_outbox_owed"),
    ],
)
async def test_what_is_done_with_is_not_looked_at(sqlite: Database, statement: Any, index: str) -> None:
    worded = str(statement.compile(dialect=sqlite_dialect.dialect(), compile_kwargs={"render_postcompile": True}))
    async with sqlite.reading() as tx:
        rows = (await tx.execute(text("EXPLAIN QUERY PLAN " + worded.replace("?", "NULL")))).all()
    plan = [row.detail for row in rows]
    table = index.split("_")[1]
    looks = [step for step in plan if step.startswith((f"SCAN {table}", f"SEARCH {table}"))]
    small = ("ix_inbox_new", "ix_inbox_fetch", "ix_inbox_set_aside", "ix_outbox_queued", "ix_outbox_owed")
    assert any(index in step for step in looks), plan
    assert all(any(one in step for one in small) for step in looks), plan

"""One transaction an update: effects once, failures counted, floods slowed, the rest goes on."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from bot.channels.console import Console
from bot.inbox import InboxLimits, InboxWorker
from bot.sample import seed
from handlers.context import Book, Limits, Turn
from storage import inbox, outbox
from storage.database import Database
from tests.storage.claiming import take_one

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def a_book(free_text: Callable[[Turn], Awaitable[None]]) -> Book:
    async def never(turn: Turn, case_id: int) -> bool:
        return False

    async def no_code(turn: Turn) -> bool:
        return False

    return Book(commands=(), forms={}, free_text=free_text, reply_to_case=never, linking_code=no_code)


async def echo(turn: Turn) -> None:
    turn.say(f"echo {turn.event.text}")


def a_worker(database: Database, book: Book, clock: Clock, *, per_minute: int = 1000) -> InboxWorker:
    console = Console(lambda _text: None)
    return InboxWorker(
        database, {console.on: console}, book, clock,  # type: ignore[arg-type]  # a clock that stands still
        limits=InboxLimits(attempts_max=3, messages_per_minute=per_minute), conversation_limits=Limits(),
    )  # fmt: skip


async def ready(database: Database) -> None:
    async with database.transaction() as tx:
        await seed(tx, now=START)


async def arrive(database: Database, text: str, number: int, who: str = "me", now: datetime = START) -> None:
    raw = {"sender": who, "name": who, "text": text, "language": "vi", "ward": None}
    async with database.transaction() as tx:
        await inbox.put(
            tx, channel="console", account="console", update_id=f"{who}-{number}", lane=who, raw=raw, now=now
        )


async def owed(database: Database) -> list[str]:
    async with database.reading() as tx:
        rows = await tx.execute(outbox.outbox.select().order_by(outbox.outbox.c.id))
        return [row.body["reply"]["text"] if "reply" in row.body else row.body["notice"] for row in rows]


async def test_an_update_and_its_reply_are_one(database: Database, clock: Clock) -> None:
    await ready(database)
    await arrive(database, "một", 1)
    worker = a_worker(database, a_book(echo), clock)
    assert await worker.work_one()
    assert not await worker.work_one()
    assert await owed(database) == ["echo một"]


async def test_a_failing_update_leaves_nothing_behind_and_is_set_aside_with_a_sentence(
    database: Database, clock: Clock
) -> None:
    async def fail_on_bad(turn: Turn) -> None:
        turn.say("half done")
        if turn.event.text == "bad":
            raise RuntimeError("boom")

    await ready(database)
    await arrive(database, "bad", 1)
    await arrive(database, "good", 2)
    await arrive(database, "other lane", 1, who="somebody")
    worker = a_worker(database, a_book(fail_on_bad), clock)
    while await worker.work_one():
        pass
    assert await owed(database) == ["half done"], "the other lane went on, the failing one left nothing"
    for _ in range(5):
        clock.time += timedelta(seconds=30)
        while await worker.work_one():
            pass
    assert await owed(database) == ["half done", "message_set_aside", "half done"]
    async with database.reading() as tx:
        rows = (await tx.execute(inbox.inbox.select().where(inbox.inbox.c.state == inbox.SET_ASIDE))).all()
    assert [(row.attempts, "boom" in row.error) for row in rows] == [(3, True)]


async def test_a_flood_is_slowed_with_one_sentence_and_nothing_of_it_is_lost(database: Database, clock: Clock) -> None:
    await ready(database)
    for number in range(6):
        await arrive(database, f"tin {number}", number)
    worker = a_worker(database, a_book(echo), clock, per_minute=4)
    while await worker.work_one():
        pass
    assert await owed(database) == ["echo tin 0", "echo tin 1", "echo tin 2", "echo tin 3", "slow_down"]
    clock.time += timedelta(seconds=61)
    while await worker.work_one():
        pass
    assert (await owed(database))[5:] == ["echo tin 4", "echo tin 5"]


async def test_one_persons_flood_does_not_slow_another(database: Database, clock: Clock) -> None:
    await ready(database)
    for number in range(5):
        await arrive(database, f"tin {number}", number, who="fast")
    await arrive(database, "hello there", 1, who="calm")
    worker = a_worker(database, a_book(echo), clock, per_minute=2)
    while await worker.work_one():
        pass
    assert "echo hello there" in await owed(database)


async def test_an_update_that_cannot_be_read_is_set_aside_and_the_others_go_on(
    database: Database, clock: Clock
) -> None:
    await ready(database)
    async with database.transaction() as tx:
        await inbox.put(
            tx, channel="console", account="console", update_id="odd", lane="odd", raw={"odd": True}, now=START
        )
    await arrive(database, "hai", 2)
    worker = a_worker(database, a_book(echo), clock)
    for _ in range(4):
        while await worker.work_one():
            pass
        clock.time += timedelta(minutes=1)
    async with database.reading() as tx:
        states = {row.update_id: row.state for row in (await tx.execute(inbox.inbox.select())).all()}
    assert states.pop("odd") == inbox.SET_ASIDE
    assert set(states.values()) == {inbox.DONE}


async def test_an_update_that_the_database_refuses_is_counted_and_holds_up_nobody(
    database: Database, clock: Clock
) -> None:
    async def refused(turn: Turn) -> None:
        if turn.event.text == "bad":
            await turn.tx.scalar(text("SELECT name FROM no_such_table"))
        await echo(turn)

    worker = a_worker(database, a_book(refused), clock)
    await ready(database)
    await arrive(database, "bad", 1)
    await arrive(database, "good", 2, who="another")
    while await worker.work_one():
        pass
    async with database.reading() as tx:
        found = (await tx.execute(select(inbox.inbox).order_by(inbox.inbox.c.id))).all()
    assert [(row.state, row.attempts) for row in found] == [(inbox.NEW, 1), (inbox.DONE, 0)]


async def test_a_failure_is_not_counted_for_an_update_that_another_worker_has_done_meanwhile(
    database: Database, clock: Clock
) -> None:
    await ready(database)
    await arrive(database, "hello", 1)
    async with database.transaction() as tx:
        update = await take_one(tx, accounts=(Console(lambda _text: None).on,), now=START)
        assert update is not None
    assert await a_worker(database, a_book(echo), clock).work_one()
    async with database.transaction() as tx:
        gone = await inbox.fail(tx, update, error="late", now=START, attempts_max=1, wait=timedelta(0))
    assert not gone
    async with database.reading() as tx:
        assert (await tx.execute(select(inbox.inbox.c.state, inbox.inbox.c.error))).all() == [(inbox.DONE, None)]

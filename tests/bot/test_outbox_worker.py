"""A send has four ends: sent, refused for good, to be retried, in doubt."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import Delivery, InDoubt, NotEdited, Outcome, Refused, RetryLater, Sent
from bot.limits import NO_LIMITS, SendPlace
from bot.outbox import OutboxLimits, OutboxWorker
from domain.notices import Priority
from handlers.engine.event import Event
from handlers.engine.reply import Reply
from storage import outbox, sending_ends
from storage.base import Account
from storage.database import Database
from storage.outbox import Address
from tests.storage.claiming import claim_one

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    async def wait_until(self, instant: datetime) -> None:
        self.time = max(self.time, instant)


class Platform:
    """A channel that ends each sending as it is told, then well."""

    on = Account("web", "web")
    limits = NO_LIMITS

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.outcomes = list(outcomes)
        self.said: list[str] = []
        self.edited: list[str | None] = []

    def place(self, chat: str) -> SendPlace:
        return SendPlace(name=chat)

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        return (1,)

    def parse(self, raw: dict[str, object], received_at: datetime) -> Event | None:
        return None

    async def send(self, delivery: Delivery) -> Outcome:
        self.said.append(delivery.reply.text)
        self.edited.append(delivery.edits)
        outcome = self.outcomes.pop(0) if self.outcomes else Sent(message_id=f"m{len(self.said)}")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def owe(database: Database, text: str = "chào", priority: int = Priority.REPLY, chat: str = "a") -> None:
    async with database.transaction() as tx:
        await outbox.put(
            tx, Address(channel="web", account="web", chat=chat), {"reply": Reply(text=text).to_json()}, language="vi",
            priority=priority, now=START,
        )  # fmt: skip


async def work(database: Database, platform: Platform, clock: Clock) -> None:
    worker = OutboxWorker(
        database, {platform.on: platform}, clock,  # type: ignore[arg-type]  # a clock that stands still
        limits=OutboxLimits(attempts_max=3, lease_seconds=60),
    )  # fmt: skip
    while await worker.work_one():
        pass


async def states(database: Database) -> list[tuple[str, str | None]]:
    async with database.reading() as tx:
        rows = await tx.execute(outbox.outbox.select().order_by(outbox.outbox.c.id))
        return [(row.state, row.sent_as) for row in rows]


async def test_sent_keeps_the_platforms_message_id(database: Database) -> None:
    await owe(database)
    await work(database, Platform(Sent(message_id="77")), Clock())
    assert await states(database) == [("sent", "77")]


async def test_each_of_several_calls_that_end_together_comes_to_its_own_end(database: Database) -> None:
    for chat in ("a", "b", "c", "d"):
        await owe(database, chat=chat)
    ends = (Sent(message_id="1"), Refused(reason="blocked"), Sent(message_id="3"), InDoubt(reason="cut"))
    platform, clock = Platform(*ends), Clock()
    worker = OutboxWorker(
        database, {platform.on: platform}, clock,  # type: ignore[arg-type]  # a clock that stands still
        limits=OutboxLimits(attempts_max=3, lease_seconds=60),
    )  # fmt: skip
    assert await worker.work_one()
    assert await states(database) == [("sent", "1"), ("refused", None), ("sent", "3"), ("waiting", None)]


async def test_refused_for_good_is_not_tried_again(database: Database) -> None:
    await owe(database)
    platform, clock = Platform(Refused(reason="blocked")), Clock()
    await work(database, platform, clock)
    clock.time += timedelta(hours=1)
    await work(database, platform, clock)
    assert platform.said == ["chào"]
    assert (await states(database))[0][0] == "refused"


async def test_a_retry_waits_as_long_as_the_platform_said(database: Database) -> None:
    await owe(database)
    platform, clock = Platform(RetryLater(reason="429", seconds=37)), Clock()
    await work(database, platform, clock)
    clock.time += timedelta(seconds=36)
    await work(database, platform, clock)
    assert platform.said == ["chào"]
    clock.time += timedelta(seconds=2)
    await work(database, platform, clock)
    assert (await states(database)) == [("sent", "m2")]


async def test_what_was_in_hand_for_too_long_is_not_sent_any_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owe(database)
    platform, clock = Platform(), Clock()
    with monkeypatch.context() as late:
        late.setattr("bot.outbox.BEGIN_SHARE", 0.0)  # every moment is too late
        await work(database, platform, clock)
    assert platform.said == []
    clock.time += timedelta(seconds=10)
    await work(database, platform, clock)
    assert platform.said == ["chào"]
    assert await states(database) == [("sent", "m1")]


async def test_a_clock_that_is_put_back_keeps_nothing_waiting(database: Database) -> None:
    platform, clock = Platform(RetryLater(reason="500")), Clock()
    worker = OutboxWorker(
        database, {platform.on: platform}, clock,  # type: ignore[arg-type]  # a clock that is moved by hand
        limits=OutboxLimits(attempts_max=3, lease_seconds=60),
    )  # fmt: skip
    clock.time = START + timedelta(hours=1)
    await worker.work_one()  # it will look for what waits in a second, by this clock
    clock.time = START
    await owe(database)
    await work(database, platform, clock)  # another process meets trouble and puts the message off
    clock.time = START + timedelta(seconds=10)
    await worker.work_one()
    assert await states(database) == [("sent", "m2")]


async def test_retries_end(database: Database) -> None:
    await owe(database)
    platform, clock = Platform(*[RetryLater(reason="500")] * 9), Clock()
    for _ in range(9):
        await work(database, platform, clock)
        clock.time += timedelta(hours=1)
    assert len(platform.said) == 3
    assert (await states(database))[0][0] == "refused"


async def test_a_notice_in_doubt_is_sent_once_more_and_no_more(database: Database) -> None:
    await owe(database, priority=Priority.NOTICE)
    platform, clock = Platform(InDoubt(reason="cut"), InDoubt(reason="cut"), InDoubt(reason="cut")), Clock()
    for _ in range(5):
        await work(database, platform, clock)
        clock.time += timedelta(hours=1)
    assert len(platform.said) == 2
    assert (await states(database))[0][0] == "unknown"


async def test_a_digest_in_doubt_is_never_sent_again(database: Database) -> None:
    await owe(database, priority=Priority.DIGEST)
    platform, clock = Platform(InDoubt(reason="cut")), Clock()
    for _ in range(3):
        await work(database, platform, clock)
        clock.time += timedelta(hours=1)
    assert platform.said == ["chào"]
    assert (await states(database))[0][0] == "unknown"


@pytest.mark.parametrize(("priority", "said"), [(Priority.DIGEST, 0), (Priority.NOTICE, 1)])
async def test_what_a_dead_sender_left_is_taken_over_unless_it_is_a_digest(
    database: Database, priority: int, said: int
) -> None:
    await owe(database, priority=priority)
    async with database.transaction() as tx:
        await claim_one(tx, accounts=(Platform.on,), now=START, leased_until=START + timedelta(seconds=60))
    platform, clock = Platform(), Clock()
    clock.time += timedelta(seconds=61)
    await work(database, platform, clock)
    assert len(platform.said) == said
    assert (await states(database))[0][0] == ("sent" if said else "unknown")


async def card_and_change(database: Database, platform: "Platform", clock: Clock) -> None:
    """A card that stands as the platform says, and a change of it that is owed."""
    address = Address(channel="web", account="web", chat="a")
    card, changed = ({"reply": Reply(text=text).to_json(), "card": "case:1:1"} for text in ("thẻ", "đã nhận"))
    async with database.transaction() as tx:
        await outbox.put(tx, address, card, language="vi", priority=Priority.CARD, now=START)
    await work(database, platform, clock)
    async with database.transaction() as tx:
        instead = {"instead": {"reply": Reply(text="Lan đã nhận").to_json()}}
        await outbox.put(tx, address, changed | instead, language="vi", priority=Priority.CARD, now=START)


async def test_a_change_goes_to_the_message_that_stands_and_is_repeated_while_in_doubt(database: Database) -> None:
    platform, clock = Platform(Sent(message_id="m1"), InDoubt(reason="cut"), InDoubt(reason="cut")), Clock()
    await card_and_change(database, platform, clock)
    for _ in range(3):
        await work(database, platform, clock)
        clock.time += timedelta(hours=1)
    assert platform.said == ["thẻ", "đã nhận", "đã nhận", "đã nhận"] and platform.edited == [None, "m1", "m1", "m1"]
    assert [state for state, _ in await states(database)] == ["sent", "sent"]


async def test_a_change_whose_sender_died_is_made_by_the_next_however_often(database: Database) -> None:
    platform, clock = Platform(Sent(message_id="m1")), Clock()
    await card_and_change(database, platform, clock)
    for _ in range(3):  # killed while sending, three times over
        async with database.transaction() as tx:
            taken = await claim_one(
                tx, accounts=(Platform.on,), now=clock.time, leased_until=clock.time + timedelta(seconds=60)
            )
        assert taken is not None and taken.edits
        clock.time += timedelta(seconds=61)
    await work(database, platform, clock)
    assert platform.said == ["thẻ", "đã nhận"] and platform.edited == [None, "m1"]
    assert await states(database) == [("sent", "m1"), ("sent", "m2")]


@pytest.mark.parametrize("outcome", [NotEdited(reason="gone"), Refused(reason="malformed")])
async def test_what_cannot_be_changed_is_said_as_a_new_message(database: Database, outcome: Outcome) -> None:
    platform, clock = Platform(Sent(message_id="m1"), outcome), Clock()
    await card_and_change(database, platform, clock)
    await work(database, platform, clock)
    assert platform.said == ["thẻ", "đã nhận", "Lan đã nhận"] and platform.edited == [None, "m1", None]
    assert [state for state, _ in await states(database)] == ["sent", "sent"]


async def test_a_card_that_never_arrived_is_not_changed_but_the_news_is_told(database: Database) -> None:
    platform, clock = Platform(Refused(reason="malformed")), Clock()
    await card_and_change(database, platform, clock)
    await work(database, platform, clock)
    assert platform.said == ["thẻ", "Lan đã nhận"] and platform.edited == [None, None]


async def test_a_message_that_cannot_be_worded_does_not_hold_up_its_chat(database: Database) -> None:
    async with database.transaction() as tx:
        await outbox.put(
            tx,
            Address(channel="web", account="web", chat="a"),
            {"notice": "no such kind", "params": {}},
            language="vi",
            priority=Priority.REPLY,
            now=START,
        )
    await owe(database)
    platform = Platform()
    await work(database, platform, Clock())
    assert [state for state, _ in await states(database)] == ["refused", "sent"]


async def test_an_end_that_the_database_refuses_holds_up_no_other_message_and_is_not_sent_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(tx: object, sending: outbox.Sending, *, sent_as: str, now: datetime) -> None:
        if sending.body["reply"]["text"] == "độc":
            raise ValueError("too long for the column")
        await marked(tx, sending, sent_as=sent_as, now=now)  # type: ignore[arg-type]  # a transaction

    async def refuse_all(*_args: object, **_named: object) -> None:
        raise ValueError("one of them")

    marked = sending_ends.mark_sent
    monkeypatch.setattr(sending_ends, "mark_all_sent", refuse_all)
    monkeypatch.setattr(sending_ends, "mark_sent", refuse)
    monkeypatch.setattr("bot.outbox.AWAY_SECONDS", 0.01)
    await owe(database, "độc")
    await owe(database, "lành", chat="b")
    platform, stop, limits = Platform(), asyncio.Event(), OutboxLimits(attempts_max=3, lease_seconds=60)
    worker = OutboxWorker(database, {platform.on: platform}, Clock(), limits=limits)  # type: ignore[arg-type]  # stands still
    running = asyncio.create_task(worker.run(stop))
    async with asyncio.timeout(20):
        while {state for state, _sent_as in await states(database)} != {"unknown", "sent"}:  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.05)
        stop.set()
        await running
    assert sorted(platform.said) == ["lành", "độc"]

"""The outbox keeps a platform's limits: nothing exceeded, little unused, who waits goes first, pauses are obeyed."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from bot.channels.base import Delivery, InDoubt, Outcome, RetryLater, Sent, Troubled, Unreachable
from bot.limits import Limits, SendPlace, Window
from bot.outbox import OutboxLimits, OutboxWorker
from domain.notices import Priority
from handlers.engine.event import Event
from handlers.engine.reply import Reply
from storage import leases, outbox
from storage.base import Account
from storage.database import Database
from storage.outbox import Address
from tests.bot.test_outbox_worker import Clock

TELEGRAM = Limits(
    account=(Window(count=30, seconds=1),), chat=(Window(count=3, seconds=3),), group=(Window(count=20, seconds=60),)
)
STEP = timedelta(milliseconds=5)


class Platform:
    """A platform with limits, which notes when what arrived; `outcomes` are what it says to a chat next."""

    on = Account("telegram", "1")
    limits = TELEGRAM

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.arrived: list[tuple[datetime, str, str]] = []
        self.outcomes: dict[str, list[Outcome]] = defaultdict(list)

    def place(self, chat: str) -> SendPlace:
        return SendPlace(name=chat.partition(":")[0], is_group=chat.startswith("-"))

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        return tuple(int(size) for size in delivery.reply.text.split("+")) if "+" in delivery.reply.text else (1,)

    def parse(self, raw: dict[str, object], received_at: datetime) -> Event | None:
        return None

    async def send(self, delivery: Delivery) -> Outcome:
        if self.outcomes[delivery.chat]:
            return self.outcomes[delivery.chat].pop(0)
        units = (await self.pieces(delivery))[delivery.piece]
        self.arrived += [(self.clock.now(), delivery.chat, delivery.reply.text)] * units
        return Sent(message_id=f"m{len(self.arrived)}")

    def exceeds(self, count: int, seconds: float, chat: str = "") -> bool:
        """Whether more than `count` arrived within `seconds`, in all or in one chat."""
        times = [at for at, where, _text in self.arrived if not chat or where.partition(":")[0] == chat]
        return any(b - a < timedelta(seconds=seconds) for a, b in zip(times, times[count:], strict=False))

    def chats(self) -> list[str]:
        return [chat for _at, chat, _text in self.arrived]


class Sender:
    """One process: a platform, a worker, and time that passes as it is told."""

    def __init__(self, database: Database, clock: Clock | None = None, platform: Platform | None = None) -> None:
        self.database = database
        self.clock = clock or Clock()
        self.platform = platform or Platform(self.clock)
        self.worker = OutboxWorker(
            database, {self.platform.on: self.platform}, self.clock,  # type: ignore[arg-type]  # a clock that is moved
            limits=OutboxLimits(attempts_max=3, lease_seconds=60),
        )  # fmt: skip

    async def work(self, seconds: float, step: timedelta = STEP) -> None:
        """Let time pass."""
        until = self.clock.time + timedelta(seconds=seconds)
        while self.clock.time < until:
            while await self.worker.work_one():
                pass
            self.clock.time += step

    async def owe(self, *chats: str, text: str = "chào", priority: int = Priority.NOTICE) -> None:
        async with self.database.transaction() as tx:
            for chat in chats:
                await outbox.put(
                    tx, Address(channel="telegram", account="1", chat=chat), {"reply": Reply(text=text).to_json()},
                    language="vi", priority=priority, now=self.clock.time,
                )  # fmt: skip

    async def states(self) -> list[str]:
        async with self.database.reading() as tx:
            rows = await tx.execute(outbox.outbox.select().order_by(outbox.outbox.c.id))
            return [row.state for row in rows]


def people(count: int, first: int = 1000) -> list[str]:
    return [str(number) for number in range(first, first + count)]


async def test_a_digest_uses_what_is_allowed_and_exceeds_nothing(sqlite: Database) -> None:
    sender = Sender(sqlite)
    await sender.owe(*(f"-{chat}" for chat in people(120)), priority=Priority.DIGEST)
    await sender.work(3)
    arrived = len(sender.platform.arrived)
    assert not sender.platform.exceeds(30, 1.0)
    assert arrived >= 0.95 * 3 * 30


async def test_an_answer_goes_before_all_the_others_even_if_one_of_them_stands_before_it(sqlite: Database) -> None:
    sender = Sender(sqlite)
    await sender.owe(*people(200), priority=Priority.DIGEST)
    await sender.work(1.5)
    await sender.owe("1190", "7", text="trả lời", priority=Priority.REPLY)
    owed_at = sender.clock.time
    await sender.work(0.5)
    came = {chat: at for at, chat, text in sender.platform.arrived if text == "trả lời"}
    assert came.keys() == {"1190", "7"} and max(came.values()) - owed_at < timedelta(seconds=0.5)
    mine = [text for _at, chat, text in sender.platform.arrived if chat == "1190"]
    assert mine == ["chào", "trả lời"]
    assert not sender.platform.exceeds(30, 1.0)


async def test_a_chat_gets_a_small_burst_and_a_group_twenty_a_minute_topics_included(database: Database) -> None:
    sender = Sender(database)
    await sender.owe(*["7"] * 5)
    await sender.owe(*["-5", "-5:1"] * 12, priority=Priority.REPLY)
    await sender.work(2, timedelta(milliseconds=500))
    assert sender.platform.chats().count("7") == 3
    await sender.work(50, timedelta(seconds=1))
    assert sender.platform.chats().count("7") == 5
    in_group = [chat for chat in sender.platform.chats() if chat.startswith("-5")]
    assert len(in_group) == 20
    await sender.work(70, timedelta(seconds=1))
    assert len(sender.platform.arrived) == 5 + 24
    assert not sender.platform.exceeds(20, 60, "-5") and not sender.platform.exceeds(3, 3, "7")


async def test_each_piece_of_a_message_counts_and_is_sent_once(database: Database) -> None:
    sender = Sender(database)
    sender.platform.outcomes["-5"] = []
    await sender.owe("-5", text="10+10+1")
    await sender.work(30, timedelta(seconds=1))
    assert len(sender.platform.arrived) == 20
    sender.platform.outcomes["-5"] = [RetryLater(reason="500")]
    await sender.work(60, timedelta(seconds=1))
    assert len(sender.platform.arrived) == 21 and await sender.states() == ["sent"]
    assert not sender.platform.exceeds(20, 60, "-5")


async def test_a_restart_and_a_second_process_keep_the_same_windows(database: Database) -> None:
    first = Sender(database)
    await first.owe(*people(90))
    await first.work(0.5)
    second = Sender(database, first.clock, first.platform)
    for _ in range(40):
        await first.work(0.02)
        await second.work(0.02)
    assert not first.platform.exceeds(30, 1.0)
    assert len(first.platform.arrived) >= 40


async def test_what_a_dead_process_had_under_way_counts_until_its_leases_end(database: Database) -> None:
    sender = Sender(database)
    await sender.owe(*people(40))
    database.holder = 4
    sender.platform.outcomes = defaultdict(lambda: [InDoubt(reason="hangs")])
    # Claimed, and never heard of again.
    await _claim_all(sender)
    database.holder = 5
    sender.platform.outcomes = defaultdict(list)
    await sender.work(2, timedelta(milliseconds=100))
    before = len(sender.platform.arrived)
    async with database.transaction() as tx:
        assert await leases.end(tx, holders=[4], now=sender.clock.time) > 0
    await sender.work(4, timedelta(milliseconds=20))
    assert before < 40 and len(sender.platform.arrived) == 40


async def _claim_all(sender: Sender) -> None:
    """What a process claims that is killed before it sends."""

    class Killed(BaseException):
        pass

    async def killed(_delivery: Delivery) -> Outcome:
        raise Killed

    dead = Platform(sender.clock)
    dead.send = killed  # type: ignore[method-assign]  # it dies
    process = Sender(sender.database, sender.clock, dead)
    with pytest.raises(BaseExceptionGroup):
        await process.work(0.1)


async def test_too_many_requests_pauses_the_chat_that_wrote_much_and_nobody_else(database: Database) -> None:
    sender = Sender(database)
    sender.platform.outcomes["7"] = [Sent(message_id="1"), RetryLater(reason="429", seconds=20)]
    await sender.owe("7", "7")
    await sender.work(1, timedelta(milliseconds=100))
    await sender.owe("8", "9")
    await sender.work(15, timedelta(seconds=1))
    assert sender.platform.chats() == ["8", "9"]
    await sender.work(10, timedelta(seconds=1))
    assert sender.platform.chats() == ["8", "9", "7"]


async def test_too_many_requests_to_two_quiet_chats_means_the_account_in_every_process(database: Database) -> None:
    sender = Sender(database)
    for chat in ("7", "8"):
        sender.platform.outcomes[chat] = [RetryLater(reason="429", seconds=20)]
    await sender.owe("7")
    await sender.work(0.2, timedelta(milliseconds=50))
    await sender.owe("9")
    await sender.work(0.2, timedelta(milliseconds=50))
    assert sender.platform.chats() == ["9"]  # one refusal is one chat's
    await sender.owe("8", "10", "11")
    await sender.work(0.2, timedelta(milliseconds=50))
    before = len(sender.platform.arrived)
    await sender.owe("12")
    another = Sender(database, sender.clock, sender.platform)
    await another.work(15, timedelta(seconds=1))
    assert len(sender.platform.arrived) == before
    await another.work(10, timedelta(seconds=1))
    assert {"7", "8", "12"} <= set(sender.platform.chats())


async def test_an_outage_gives_nothing_up_however_long_it_is(sqlite: Database) -> None:
    sender = Sender(sqlite)
    for chat in ("7", "8", "9"):
        sender.platform.outcomes[chat] = [Unreachable(reason="no line")] * 10 + [Troubled(reason="502")] * 10
    await sender.owe("7", "8", "9")
    await sender.work(600, timedelta(seconds=5))
    asked = 3 * 20 - sum(len(left) for left in sender.platform.outcomes.values())
    # It was asked now and then, not all the time.
    assert asked < 600 / 10
    await sender.work(3600 * 12, timedelta(seconds=300))
    assert sorted(sender.platform.chats()) == ["7", "8", "9"] and set(await sender.states()) == {"sent"}


async def test_a_message_that_fails_while_others_leave_is_given_up(sqlite: Database) -> None:
    sender = Sender(sqlite)
    sender.platform.outcomes["7"] = [Troubled(reason="500")] * 100
    await sender.owe("7")
    for number in range(40):
        await sender.owe(str(1000 + number))
        await sender.work(20, timedelta(seconds=20))
    assert (await sender.states())[0] == "refused"
    assert len(sender.platform.arrived) == 40


async def test_a_digest_the_platform_had_trouble_with_is_in_doubt(database: Database) -> None:
    sender = Sender(database)
    sender.platform.outcomes["-5"] = [Troubled(reason="502")]
    await sender.owe("-5", priority=Priority.DIGEST)
    await sender.work(60, timedelta(seconds=5))
    assert await sender.states() == ["unknown"] and not sender.platform.arrived


async def test_a_chat_with_very_much_owed_holds_nobody_up(sqlite: Database) -> None:
    sender = Sender(sqlite)
    await sender.owe(*["7"] * 800)
    await sender.owe("8")
    await sender.work(0.3, timedelta(milliseconds=20))
    assert "8" in sender.platform.chats()

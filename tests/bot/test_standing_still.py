"""A process that stood still goes on with calls it had in hand: they count, and nobody makes them once more."""

import asyncio
from datetime import timedelta

import pytest

from bot.channels.base import Delivery, Outcome
from domain.notices import Priority
from storage import sending_limits
from storage.base import Account
from storage.database import Database, Transaction
from storage.sending_limits import Standing
from tests.bot.test_outbox_worker import Clock
from tests.bot.test_sending_limits import Platform, Sender, people


class Slow(Platform):
    """A platform to which "slow" messages leave only once they are let go."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.gate = asyncio.Event()

    async def send(self, delivery: Delivery) -> Outcome:
        if delivery.reply.text == "slow":
            await self.gate.wait()
        return await super().send(delivery)

    async def let_go(self, count: int) -> None:
        self.gate.set()
        await self.has(count)

    async def has(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.arrived) < count:  # noqa: ASYNC110  # the platform tells nobody
                await asyncio.sleep(0)


@pytest.mark.parametrize("ends", ["last", "before a round", "in a round"])
async def test_what_is_under_way_for_longer_than_its_lease_still_counts(
    database: Database, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that stood still has calls in hand that leave when it goes on; nobody sends them again, nor itself."""
    clock = Clock()
    slow = Slow(clock)
    sender, stop, lock = Sender(database, clock, slow), asyncio.Event(), sending_limits.lock

    async def lock_late(tx: Transaction, on: Account) -> Standing:
        await slow.let_go(12)
        return await lock(tx, on)

    await sender.owe(*people(12), text="slow", priority=Priority.REPLY)
    working = asyncio.create_task(sender.worker.run(stop))
    while await sender.states() != ["sending"] * 12:  # noqa: ASYNC110  # the database tells nobody
        await asyncio.sleep(0.01)
    clock.time += timedelta(seconds=61)
    if ends == "before a round":
        await slow.let_go(12)
    elif ends == "in a round":
        monkeypatch.setattr(sending_limits, "lock", lock_late)
    await sender.owe(*people(40, first=2000), priority=Priority.REPLY)
    await slow.has(18)
    slow.gate.set()
    stop.set()
    # It ends by itself: no call is believed to be under way that has ended.
    await asyncio.wait_for(working, timeout=20)
    assert not slow.exceeds(30, 1.0)
    assert [text for _at, _chat, text in slow.arrived].count("slow") == 12

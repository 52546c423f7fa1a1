"""A channel that is asked once more knows that it is: what costs money is its to hold back then."""

from datetime import timedelta

import pytest

from bot.channels.base import Delivery, Held, InDoubt, Outcome
from domain.notices import Priority
from storage.database import Database
from tests.bot.test_outbox_worker import START, Clock, Platform, owe, states, work
from tests.storage.claiming import claim_one


class Costly(Platform):
    """Charges for every message: one that may have arrived is held."""

    def __init__(self, *outcomes: Outcome) -> None:
        super().__init__(*outcomes)
        self.doubted: list[bool] = []

    async def send(self, delivery: Delivery) -> Outcome:
        self.doubted.append(delivery.doubted)
        return Held(reason="it would cost again") if delivery.doubted else await super().send(delivery)


@pytest.mark.parametrize("killed", [False, True])
async def test_whether_the_line_broke_or_its_sender_was_killed_the_channel_knows(
    database: Database, killed: bool
) -> None:
    await owe(database, priority=Priority.NOTICE)
    platform, clock = Costly(InDoubt(reason="cut")), Clock()
    if killed:
        async with database.transaction() as tx:
            await claim_one(tx, accounts=(Platform.on,), now=START, leased_until=START + timedelta(seconds=60))
    for _ in range(3):
        await work(database, platform, clock)
        clock.time += timedelta(hours=1)
    assert platform.doubted == ([True] if killed else [False, True])
    # It is no news of a case, which alone is worth being told late: nobody waits for it for ever.
    assert (await states(database))[0][0] == "unknown"

"""The calls of a minute are shared between people's messages and the upkeep, and together are never too many."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.zalo_oa_pace import CALLS_MAX, Pace, shares
from bot.clock import Clock

MINUTE = timedelta(minutes=1)


class Put(Clock):
    """A clock that is put on by whoever waits."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def test_both_shares_are_one_budget_whatever_it_is() -> None:
    for per_minute in range(2, 400):
        messages, upkeep = shares(per_minute)
        assert messages + upkeep == per_minute and messages >= upkeep >= 1 and upkeep <= CALLS_MAX
    assert shares(100) == (70, 30)


@pytest.mark.parametrize("per_minute", [2, 10, 30, 100])
async def test_the_upkeep_keeps_to_its_share_in_any_minute(per_minute: int) -> None:
    clock, calls = Put(), shares(per_minute)[1]
    pace = Pace(clock, calls=calls)
    pace.sleep = clock.sleep
    went: list[datetime] = []
    for _ in range(3 * calls + 1):
        await pace.wait()
        went.append(clock.now())
        clock.time += timedelta(milliseconds=100)
    assert max(sum(first <= one < first + MINUTE for one in went) for first in went) == calls

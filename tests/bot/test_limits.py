"""Strict windows: no stretch of time holds more than it may, whatever the line does, and little is left unused."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.limits import NO_LIMITS, Budget, Limits, RoundTrips, SendPlace, Window, free_at
from domain.notices import Priority
from storage.sending_limits import Use

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TELEGRAM = Limits(
    account=(Window(count=30, seconds=1),), chat=(Window(count=3, seconds=3),), group=(Window(count=20, seconds=60),)
)
SMALL = Window(count=3, seconds=3)
NONE = timedelta()


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def used(*seconds: float, units: int = 1) -> list[Use]:
    return [Use(place="a", units=units, counted_at=at(one)) for one in seconds]


def when(uses: Sequence[Use], *, now: float, units: int = 1, window: Window = SMALL) -> float:
    found = free_at([window], uses, units, now=at(now), margin=NONE)
    return (found - START).total_seconds()


def test_a_window_is_free_when_enough_of_what_fills_it_is_over() -> None:
    assert when(used(0, 1), now=2) == 2
    assert when(used(0, 1, 2), now=2) == 3
    assert when(used(0, 1, 2), now=2, units=2) == 4
    assert when(used(0, 1, 2), now=3.5) == 3.5


def test_what_is_under_way_is_waited_for_without_knowing_how_long() -> None:
    assert when(used(60, 60, 60), now=2) == pytest.approx(2.2)
    assert when(used(60, 0, 0), now=2) == 3


def test_an_album_counts_by_the_piece_and_a_larger_one_than_the_window_goes_alone() -> None:
    group = Window(count=20, seconds=60)
    assert when(used(0, units=10), now=1, units=10, window=group) == 1
    assert when(used(0, 5, units=10), now=6, units=1, window=group) == 60
    assert when([], now=1, units=10) == 1
    assert when(used(0), now=1, units=10) == 3


def test_groups_have_windows_of_their_own_besides_those_of_every_chat() -> None:
    assert TELEGRAM.windows(SendPlace(name="7")) == TELEGRAM.chat
    assert TELEGRAM.windows(SendPlace(name="-7", is_group=True)) == TELEGRAM.chat + TELEGRAM.group
    assert TELEGRAM.longest == timedelta(seconds=60.01)
    assert not NO_LIMITS.has_any


def test_what_nobody_waits_for_is_spread_and_an_answer_goes_at_once() -> None:
    budget = Budget(TELEGRAM, now=START, uses=[], paced_at=START)
    starts = []
    for _ in range(5):
        starts.append(budget.account_at(1, Priority.DIGEST))
        budget.take(Use(place="a", units=1, counted_at=at(60)), Priority.DIGEST)
    assert starts[0] > START and {b - a for a, b in pairwise(starts)} == {timedelta(seconds=1 / 33)}
    assert budget.account_at(1, Priority.REPLY) == START


def test_a_quota_is_not_paced() -> None:
    month = Limits(account=(Window(count=3000, seconds=30 * 86400),))
    budget = Budget(month, now=START, uses=[], paced_at=START)
    assert budget.account_at(1, Priority.DIGEST) == START


@pytest.mark.parametrize("seed", range(3))
def test_no_window_is_exceeded_by_when_calls_arrive_however_the_line_behaves(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  # chance, not secrecy
    window, shortest, trips = Window(count=30, seconds=1), draw.uniform(0, 0.1), RoundTrips(after=96)
    uses: list[Use] = []
    under_way: list[tuple[datetime, datetime, int]] = []
    arrivals: list[datetime] = []
    now = START
    while len(arrivals) < 600:
        for one in sorted(one for one in under_way if one[0] <= now):
            ended_at, started_at, index = one
            counted_at = trips.arrived_by(started_at=started_at, ended_at=ended_at)
            uses[index] = Use(place="", units=1, counted_at=counted_at)
        under_way = [one for one in under_way if one[0] > now]
        if free_at([window], uses[-80:], 1, now=now, margin=timedelta(milliseconds=10)) <= now:
            there, back = (shortest + draw.expovariate(1 / 0.003) for _ in range(2))
            arrivals.append(now + timedelta(seconds=there))
            under_way.append((now + timedelta(seconds=there + back), now, len(uses)))
            uses.append(Use(place="", units=1, counted_at=now + timedelta(seconds=60)))
        else:
            now += timedelta(milliseconds=1)
    arrivals.sort()
    assert all(b - a >= window.length for a, b in zip(arrivals, arrivals[30:], strict=False))
    # With 20 ms of the line's whims a call, 95 % of what is allowed is used.
    assert len(arrivals) / (arrivals[-1] - arrivals[0]).total_seconds() >= 0.95 * 30

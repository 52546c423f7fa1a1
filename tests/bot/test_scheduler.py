"""The scheduler: every job for every ward, nobody waits for somebody else's failure, and it stops when told."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.scheduler import JOBS, Ran, Scheduler
from storage.database import Database, Transaction
from storage.wards import StoredWard
from tests.actions.ground import begin, owed
from tests.handlers.driver import Talk

NOW = datetime(2026, 11, 16, 0, 30, tzinfo=UTC)


@dataclass(slots=True)
class StillClock:
    """A clock that stands."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Always the same."""
        return self.at


@dataclass(frozen=True, slots=True)
class Ticking:
    """Settings of a hurried scheduler."""

    tick_seconds: int = 0


@dataclass(slots=True)
class Recorder:
    """A job that writes down for which wards it ran, and fails for some."""

    failing: frozenset[str] = frozenset()
    ran: list[str] = field(default_factory=list)

    async def __call__(self, tx: Transaction, ward: StoredWard, *, now: datetime) -> int:
        """Run for one ward."""
        self.ran.append(ward.ward.code)
        if ward.ward.code in self.failing:
            raise ValueError("Bà Trần Thị Ba, 0912 345 678")
        return 1


@pytest.fixture
async def talk(database: Database) -> Talk:
    return await begin(database)


async def test_the_failure_of_one_ward_keeps_no_other_waiting_and_is_tried_again(
    talk: Talk, database: Database
) -> None:
    await begin(database, "BEN")
    first, second = Recorder(failing=frozenset({"AHD"})), Recorder()
    scheduler = Scheduler(database, Ticking(), StillClock(), jobs={"first": first, "second": second})
    ran = await scheduler.tick(NOW)
    assert ran[0] == Ran(job="first", ward_code="AHD", done=0, failed=True)
    assert [one.failed for one in ran[1:]] == [False, False, False]
    await scheduler.tick(NOW)
    assert first.ran == second.ran == ["AHD", "BEN", "AHD", "BEN"]


async def test_what_a_failure_carries_is_not_in_the_log(
    talk: Talk, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = Scheduler(database, Ticking(), StillClock(), jobs={"one": Recorder(failing=frozenset({"AHD"}))})
    with caplog.at_level(logging.DEBUG, "bot.scheduler"):
        await scheduler.tick(NOW)
    assert "one of ward AHD failed (ValueError at test_scheduler.py:" in caplog.text
    assert "Trần Thị Ba" not in caplog.text


async def test_what_a_failing_job_had_written_is_undone(talk: Talk, database: Database) -> None:
    await talk.submitted()
    await talk.group("room-ward")

    async def digest_and_crash(tx: Transaction, ward: StoredWard, *, now: datetime) -> int:
        assert await JOBS["digest"](tx, ward, now=now) == 1
        raise RuntimeError

    await Scheduler(database, Ticking(), StillClock(), jobs={"digest": digest_and_crash}).tick(NOW)
    assert [kind for _chat, kind, _params in await owed(talk)] == []


async def test_the_real_jobs_send_the_digest_and_the_reminders_once(talk: Talk, database: Database) -> None:
    case = await talk.submitted()
    await talk.group("room-ward")
    await talk.group("room-kt", "KT")
    scheduler = Scheduler(database, Ticking(), StillClock())
    friday_morning = datetime(2026, 11, 20, 1, tzinfo=UTC)
    for now in (NOW, NOW, friday_morning, friday_morning):
        assert not [one for one in await scheduler.tick(now) if one.failed]
    told = [(chat, kind, params.get("code")) for chat, kind, params in await owed(talk)]
    assert told == [("room-ward", "digest", None), ("room-kt", "case_due_soon", case.code)]


async def test_it_ticks_until_it_is_told_to_stop(talk: Talk, database: Database) -> None:
    stop = asyncio.Event()
    recorder = Recorder()

    async def third_time_stops(tx: Transaction, ward: StoredWard, *, now: datetime) -> int:
        if len(recorder.ran) == 3:
            stop.set()
        return await recorder(tx, ward, now=now)

    scheduler = Scheduler(database, Ticking(), StillClock(), jobs={"one": third_time_stops})
    await asyncio.wait_for(scheduler.run(stop), 10)
    assert len(recorder.ran) == 4


async def test_a_long_tick_is_cut_short_by_stopping(talk: Talk, database: Database) -> None:
    stop = asyncio.Event()
    scheduler = Scheduler(database, Ticking(tick_seconds=3600), StillClock(), jobs={})
    running = asyncio.create_task(scheduler.run(stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(running, 10)


async def test_a_database_that_is_away_is_waited_for(talk: Talk, database: Database) -> None:
    stop = asyncio.Event()

    class Away(StillClock):
        tries = 0

        def now(self) -> datetime:
            self.tries += 1
            if self.tries == 3:
                stop.set()
            raise ConnectionError

    away = Away()
    await asyncio.wait_for(Scheduler(database, Ticking(), away, jobs={}).run(stop), 10)
    assert away.tries == 3

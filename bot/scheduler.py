"""What is done by the clock: digests, reminders and sessions whose hour has come, ward by ward."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from actions import hold_dialogue, send_digest, tell_held, watch_deadlines
from bot import metrics
from storage import wards
from storage.database import Database, Transaction
from storage.wards import StoredWard

log = logging.getLogger(__name__)


class Job(Protocol):
    """One thing done for one ward in one transaction; how much there was to do. Safe to run at any time, anywhere."""

    async def __call__(self, tx: Transaction, ward: StoredWard, *, now: datetime) -> int:
        """Do what is due at `now`."""


# A new job is one line here. Each claims what it does (storage.slots), so that several processes may tick.
JOBS: dict[str, Job] = {
    "digest": send_digest.send_digest,
    "deadlines": watch_deadlines.remind,
    "dialogues": hold_dialogue.mark_held,
    "held": tell_held.tell_held,
}


# One thing done at every tick for the whole installation.
Chore = Callable[[datetime], Awaitable[None]]


class Ticking(Protocol):
    """What a scheduler wants to know of the settings."""

    @property
    def tick_seconds(self) -> int:
        """Seconds between two looks at what is due."""


class Telling(Protocol):
    """Whatever tells the time."""

    def now(self) -> datetime:
        """This instant, in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one job did for one ward at one tick: how much, or that it failed (and is tried at the next tick)."""

    job: str
    ward_code: str
    done: int
    failed: bool


class Scheduler:
    """Ticks until it is told to stop; what one ward or job cannot do keeps nobody else waiting."""

    def __init__(
        self,
        database: Database,
        settings: Ticking,
        clock: Telling,
        *,
        jobs: dict[str, Job] | None = None,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._tick_seconds = settings.tick_seconds
        self._jobs = JOBS if jobs is None else jobs
        self._chores = chores

    async def run(self, stop: asyncio.Event) -> None:
        """Tick every `tick_seconds` until `stop` is set; a database that is away is waited for."""
        while not stop.is_set():
            try:
                await self.tick(self._clock.now())
                for chore in self._chores:
                    await chore(self._clock.now())
            except Exception:
                log.exception("scheduler: the wards could not be read; trying again at the next tick")
            await _sleep(stop, self._tick_seconds)

    async def tick(self, now: datetime) -> list[Ran]:
        """Run every job of every ward once, each in a transaction of its own."""
        async with self._database.reading() as tx:
            known = await wards.codes(tx)
        metrics.TICKED_AT.set(now.timestamp())
        return [
            await self._run(name, job, ward_id, code, now=now)
            for ward_id, code, _name in known
            for name, job in self._jobs.items()
        ]

    async def _run(self, name: str, job: Job, ward_id: int, code: str, *, now: datetime) -> Ran:
        try:
            async with self._database.transaction() as tx:
                ward = await wards.load(tx, ward_id, self._database)
                done = await job(tx, ward, now=now)
        except Exception as error:
            # The kind of the error and nothing it carries: a database's error quotes rows, and rows are people's.
            log.error("scheduler: %s of ward %s failed (%s)", name, code, _kind(error))
            metrics.JOBS_FAILED.labels(name).inc()
            return Ran(job=name, ward_code=code, done=0, failed=True)
        if done:
            log.info("scheduler: %s of ward %s: %s", name, code, done)
        return Ran(job=name, ward_code=code, done=done, failed=False)


def _kind(error: BaseException) -> str:
    """The error's type and where it came up: what a maintainer needs, and nothing of what was in it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return

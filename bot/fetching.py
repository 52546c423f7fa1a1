"""The fetch worker: brings an update's files here before it is handled, outside of any transaction."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from bot import metrics
from bot.clock import Clock
from bot.working import Idle, work_until
from storage import attachments, fetching
from storage.attachments import Contact, StoredFile
from storage.base import Account
from storage.database import Database
from storage.fetching import Fetching

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
TRIES_MAX = 4
LEASE_SECONDS = 60
FAILED = "file_failed"


class FetchLater(Exception):
    """It could not be fetched now; `counted` as one of its tries, again after `seconds` (None: our own back-off)."""

    def __init__(self, reason: str, *, counted: bool = False, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.counted = counted
        self.seconds = seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Files that are on this machine's disk now, whose they are, and what else was found out (JSON)."""

    files: tuple[StoredFile, ...]
    owner: Contact
    found: dict[str, Any]


class Fetcher(Protocol):
    """One channel's way to files."""

    async def fetch(self, raw: dict[str, Any]) -> Fetched:
        """Fetch what an update needs. Raises FetchLater."""

    def write(self, raw: dict[str, Any], found: dict[str, Any], ids: list[int]) -> dict[str, Any]:
        """The update with what was found and the ids of its files in it."""


class FetchWorker:
    """Fetches; several workers share the updates by leases. In the end every update goes on, with files or without."""

    def __init__(
        self,
        database: Database,
        fetchers: Mapping[Account, Fetcher],
        clock: Clock,
        *,
        tries_max: int = TRIES_MAX,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._fetchers = fetchers
        self._clock = clock
        self._idle = Idle()
        self._tries_max = tries_max
        self._lease = timedelta(seconds=lease_seconds)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; a database that is away is waited for."""
        await work_until(stop, self._database, fetching.FETCH_TOPIC, self.work_one, idle=self._idle)

    async def work_one(self) -> bool:
        """Fetch for one update if one waits. True if there was one."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            job = await fetching.claim(tx, accounts=tuple(self._fetchers), now=now, leased_until=now + self._lease)
        if job is None:
            return False
        self._database.wakes.set(fetching.FETCH_TOPIC)  # somebody else shall look for more meanwhile
        fetcher = self._fetchers[job.update.on]
        try:
            fetched = await fetcher.fetch(job.update.raw)
        except FetchLater as later:
            await self._later(job, fetcher, later)
        except Exception as error:
            # An update of a shape nobody foresaw: the inbox worker sets it aside, with its sender told.
            log.error("fetching: update %s cannot be read (%s)", job.update.id, type(error).__name__)
            metrics.FETCHES.labels(job.update.channel, "unreadable").inc()
            await self._go_on_without(job, fetcher)
        else:
            metrics.FETCHES.labels(job.update.channel, "fetched").inc()
            await self._hand_on(job, fetcher, fetched)
        return True

    async def _hand_on(self, job: Fetching, fetcher: Fetcher, fetched: Fetched) -> None:
        now = self._clock.now()
        with contextlib.suppress(_Overtaken):
            async with self._database.transaction() as tx:
                ids = [
                    (await attachments.add(tx, file, uploaded_by=fetched.owner, ward_id=None, now=now)).id
                    for file in fetched.files
                ]
                if not await fetching.hand_on(tx, job.update.id, fetcher.write(job.update.raw, fetched.found, ids)):
                    raise _Overtaken

    async def _later(self, job: Fetching, fetcher: Fetcher, later: FetchLater) -> None:
        log.warning("fetching: update %s, try %s: %s", job.update.id, job.tries, later)
        if later.counted and job.tries >= self._tries_max:
            metrics.FETCHES.labels(job.update.channel, "given_up").inc()
            await self._go_on_without(job, fetcher)
            return
        metrics.FETCHES.labels(job.update.channel, "again").inc()
        seconds = RETRY_SECONDS * 2 ** (job.tries - 1) if later.seconds is None else later.seconds
        at = self._clock.now() + timedelta(seconds=seconds)
        async with self._database.transaction() as tx:
            await fetching.try_again(tx, job, at=at, counted=later.counted)

    async def _go_on_without(self, job: Fetching, fetcher: Fetcher) -> None:
        async with self._database.transaction() as tx:
            await fetching.hand_on(tx, job.update.id, fetcher.write(job.update.raw, {"not_taken": FAILED}, []))


class _Overtaken(Exception):
    """Another worker has handed this update on meanwhile (our lease ran out): what we stored is undone."""

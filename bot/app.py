"""Putting the house together: database, channels, workers, web pages; the one place that starts background work."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.accounts import Job, LiveAccount, live_accounts
from bot.channels.base import Channel
from bot.channels.webchat import WebChat
from bot.clock import Clock
from bot.demo import Demonstration
from bot.duties import EVERYTHING, Duty
from bot.inbox import InboxLimits, InboxWorker
from bot.outbox import OutboxLimits, OutboxWorker
from bot.preflight import PreflightError, listening_problem, seal_key
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.sweeping import Sweeping
from bot.watching import watching
from bot.web.app import web_app
from bot.web.health import Watch
from bot.web.site import DemoHooks
from domain.routing import guess_category
from domain.routing_danger import dangers
from domain.routing_kind import guess_kind
from handlers.book import BOOK
from handlers.context import Limits
from storage import accounts as known_accounts
from storage import wards
from storage.base import Account
from storage.database import Database
from storage.line import Line

log = logging.getLogger(__name__)

WARMING = "đèn đường hỏng"
# Lanes are shared among these, on PostgreSQL by row locks. SQLite has one writer, but transactions that stand in line
# for it share a commit, so that several cost less than one after the other.
WORKERS = {"sqlite": 2, "postgresql": 4}
# Of STOP_SECONDS, for what is in hand; the rest is for putting it down.
STOP_SHARE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything that runs in one process."""

    settings: Settings
    database: Database
    channels: dict[Account, Channel]
    inbox: InboxWorker
    outbox: OutboxWorker
    scheduler: Scheduler
    clock: Clock
    line: Line
    accounts: list[LiveAccount]
    duties: frozenset[Duty]
    watch: Watch

    async def serve(self, stop: asyncio.Event, started: Callable[[int], None]) -> None:
        """Serve until `stop` is set, then let what is in hand end, for STOP_SECONDS at most.

        `started` is told the port that is listened on, 0 for a process that serves no pages.
        """
        if Duty.INBOX in self.duties:
            await _warm_up(self.database)
            await self._forget_old_accounts()
        ready = asyncio.Event()
        serving = _serving(self._web(ready), self.settings, listening=Duty.WEB in self.duties)
        async with serving as runner, asyncio.TaskGroup() as tasks:
            # The line is hung up last: it tells the others that this process is still at work.
            line = tasks.create_task(self.line.run())
            try:
                await self._work(stop, ready, runner, lambda: started(_port(runner)))
            finally:
                line.cancel()
                for account in self.accounts:
                    await account.close()

    async def _forget_old_accounts(self) -> None:
        async with self.database.transaction() as tx:
            await known_accounts.forget_others(tx, {one.on for one in self.accounts})

    async def _work(
        self, stop: asyncio.Event, ready: asyncio.Event, runner: web.AppRunner, started: Callable[[], None]
    ) -> None:
        async with asyncio.TaskGroup() as tasks:
            working = [tasks.create_task(job(stop)) for job in self._jobs()]
            ready.set()
            started()
            await stop.wait()
            ready.clear()
            # Nobody sleeps on: the stop is to be noticed at once.
            self.database.wakes.set_all()
            working.append(tasks.create_task(runner.cleanup()))
            _done, late = await asyncio.wait(working, timeout=self.settings.stop_seconds * STOP_SHARE)
            for task in late:
                # What it was doing is in the database and is taken over by whoever comes next, as after a crash.
                task.cancel()
            if late:
                log.warning("app: %s pieces of work did not end in time and were broken off", len(late))

    def _jobs(self) -> list[Job]:
        """Everything this process keeps running."""
        jobs: list[Job] = []
        if Duty.INBOX in self.duties:
            jobs += [self.inbox.run] * WORKERS[self.database.engine.dialect.name]
        if Duty.OUTBOX in self.duties:
            jobs.append(self.outbox.run)
        if Duty.SCHEDULER in self.duties:
            jobs.append(self.scheduler.run)
        return jobs + [job for account in self.accounts for job in account.jobs(self.duties)]

    def _web(self, ready: asyncio.Event) -> web.Application:
        demonstration = Demonstration(self.database, self.scheduler, self.clock)
        hooks = DemoHooks(setup=demonstration.set_up, digest=demonstration.send_digest)
        return web_app(
            self.database, self.settings, key=seal_key(self.settings), clock=self.clock.now, ready=ready.is_set,
            demo_hooks=hooks if self.settings.demo else None,
            webhooks=[route for account in self.accounts for route in account.routes()],
            watch=self.watch,
        )  # fmt: skip


@asynccontextmanager
async def _serving(app: web.Application, settings: Settings, *, listening: bool) -> AsyncIterator[web.AppRunner]:
    """The pages, listened for if this process is to; raises PreflightError when the address cannot be had."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=settings.stop_seconds * STOP_SHARE / 2)
    await runner.setup()
    try:
        if listening:
            try:
                await web.TCPSite(runner, settings.http_host, settings.http_port).start()
            except OSError as error:
                # The port was free when preflight looked and is taken now.
                raise PreflightError(listening_problem(settings, error)) from error
        yield runner
    finally:
        await runner.cleanup()


def _port(runner: web.AppRunner) -> int:
    return int(runner.addresses[0][1]) if runner.addresses else 0


async def _warm_up(database: Database) -> None:
    """Build the word tables now: the first person to write should not wait for them."""
    async with database.reading() as tx:
        for ward_id, _code, _name in await wards.codes(tx):
            stored = await wards.load(tx, ward_id, database)
            guess_category(WARMING, stored.ward.categories)
    guess_kind(WARMING)
    dangers(WARMING)


def build(
    settings: Settings, database: Database, clock: Clock | None = None, *, duties: frozenset[Duty] = EVERYTHING
) -> App:
    """The house as these settings want it, or the part of it that has these duties."""
    clock = clock or Clock()
    web_chat = WebChat(database)
    channels: dict[Account, Channel] = {web_chat.on: web_chat}
    line = Line(database, clock.now)
    accounts = live_accounts(settings, database, line, channels, clock)
    return App(
        settings=settings,
        database=database,
        channels=channels,
        inbox=InboxWorker(
            database,
            channels,
            BOOK,
            clock,
            limits=inbox_limits(settings),
            conversation_limits=conversation_limits(settings),
        ),
        outbox=OutboxWorker(database, channels, clock, limits=outbox_limits(settings)),
        scheduler=Scheduler(
            database,
            settings,
            clock,
            chores=(Sweeping(database, settings.data_dir, set_aside_days=settings.set_aside_days).sweep,),
        ),
        clock=clock,
        line=line,
        accounts=accounts,
        duties=duties,
        watch=watching(settings, database, clock, channels, [one.on for one in accounts]),
    )


def inbox_limits(settings: Settings) -> InboxLimits:
    """What the settings say of the inbox."""
    return InboxLimits(attempts_max=settings.inbox_max_attempts, messages_per_minute=settings.messages_per_minute)


def outbox_limits(settings: Settings) -> OutboxLimits:
    """What the settings say of the outbox."""
    return OutboxLimits(
        attempts_max=settings.outbox_max_attempts, lease_seconds=settings.lease_seconds,
        at_once=settings.sends_at_once,
    )  # fmt: skip


def conversation_limits(settings: Settings) -> Limits:
    """What the settings say of a conversation."""
    return Limits(
        text_max_chars=settings.text_max_chars,
        files_per_case_max=settings.files_per_case_max,
        public_url=settings.public_url,
        link_minutes=settings.link_minutes,
        link_tries_per_hour=settings.link_tries_per_hour,
    )

"""Putting the house together: database, channels, workers, web pages; the one place that starts background work."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.channels.base import Channel
from bot.channels.telegram_account import TelegramAccount
from bot.channels.webchat import WebChat
from bot.clock import Clock
from bot.demo import Demonstration
from bot.inbox import InboxLimits, InboxWorker
from bot.outbox import OutboxLimits, OutboxWorker
from bot.preflight import PreflightError, listening_problem, seal_key
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.sweeping import Sweeping
from bot.web.app import web_app
from bot.web.site import DemoHooks
from domain.routing import guess_category
from domain.routing_danger import dangers
from domain.routing_kind import guess_kind
from handlers.book import BOOK
from handlers.context import Limits
from storage import fetching, inbox, outbox, sending, wards
from storage.base import Account
from storage.database import Database

log = logging.getLogger(__name__)

WARMING = "đèn đường hỏng"
# PostgreSQL shares lanes among these by row locks; SQLite has one writer, so one is all it can use.
WORKERS = {"sqlite": 1, "postgresql": 4}


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
    telegram: TelegramAccount | None

    async def serve(self, stop: asyncio.Event, started: Callable[[int], None]) -> None:
        """Serve until `stop` is set, then let what is in hand end. `started` is told the port that is listened on."""
        await _warm_up(self.database)
        ready = asyncio.Event()
        runner = web.AppRunner(self._web(ready), access_log=None, shutdown_timeout=self.settings.stop_seconds / 2)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self.settings.http_host, self.settings.http_port)
            try:
                await site.start()
            except OSError as error:
                # The port was free when preflight looked and is taken now.
                raise PreflightError(listening_problem(self.settings, error)) from error
            await self._take_over()
            async with asyncio.TaskGroup() as tasks:
                for _ in range(WORKERS[self.database.engine.dialect.name]):
                    tasks.create_task(self.inbox.run(stop))
                tasks.create_task(self.outbox.run(stop))
                tasks.create_task(self.scheduler.run(stop))
                listening = [tasks.create_task(job(stop)) for job in self.telegram.jobs()] if self.telegram else []
                ready.set()
                started(runner.addresses[0][1])
                await stop.wait()
                # Nobody sleeps on: the stop is to be noticed at once.
                for topic in (inbox.TOPIC, outbox.TOPIC, fetching.FETCH_TOPIC):
                    self.database.wakes.set(topic)
                ready.clear()
                await runner.cleanup()
                for task in listening:
                    task.cancel()
        finally:
            await runner.cleanup()
            if self.telegram is not None:
                await self.telegram.close()

    async def _take_over(self) -> None:
        """After a crash, send at once what was being sent: SQLite has one process, so nobody else holds a lease."""
        if self.database.engine.dialect.name == "sqlite":
            async with self.database.transaction() as tx:
                await sending.end_leases(tx, now=self.clock.now())

    def _web(self, ready: asyncio.Event) -> web.Application:
        demonstration = Demonstration(self.database, self.scheduler, self.clock)
        hooks = DemoHooks(setup=demonstration.set_up, digest=demonstration.send_digest)
        return web_app(
            self.database, self.settings, key=seal_key(self.settings), clock=self.clock.now, ready=ready.is_set,
            demo_hooks=hooks if self.settings.demo else None, door=self.telegram.door if self.telegram else None,
        )  # fmt: skip


async def _warm_up(database: Database) -> None:
    """Build the word tables now: the first person to write should not wait for them."""
    async with database.reading() as tx:
        for ward_id, _code, _name in await wards.codes(tx):
            stored = await wards.load(tx, ward_id, database)
            guess_category(WARMING, stored.ward.categories)
    guess_kind(WARMING)
    dangers(WARMING)


def build(settings: Settings, database: Database, clock: Clock | None = None) -> App:
    """The house as these settings want it."""
    clock = clock or Clock()
    web_chat = WebChat(database)
    channels: dict[Account, Channel] = {web_chat.on: web_chat}
    telegram = TelegramAccount(settings, database, channels, BOOK, clock) if settings.telegram_token else None
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
        telegram=telegram,
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
        photos_per_case_max=settings.photos_per_case_max,
        public_url=settings.public_url,
    )

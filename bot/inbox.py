"""The inbox worker: takes the updates that head their lanes and does each one's effects, whole, in a transaction."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import metrics
from bot.album import join_album
from bot.apology import apologise
from bot.channels.base import Channel, ChatNews
from bot.chat_news import heed
from bot.clock import Clock
from bot.logs import about
from bot.working import Idle, work_until
from domain.notices import Notice, NoticeKind, Priority
from handlers.context import Book, Limits
from handlers.dispatch import dispatch
from handlers.engine.event import Event
from handlers.i18n import DEFAULT_LANGUAGE
from storage import inbox, outbox
from storage.base import Account
from storage.database import Database, Transaction
from storage.inbox import Update
from storage.outbox import Address

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
PACE_WINDOW = timedelta(minutes=1)
# How many updates share a transaction at most. SQLite has one writer in any case. On PostgreSQL each turn locks what it
# changes (the counter of a ward's case numbers above all), and must not hold it through the turns of others.
AT_ONCE = {"sqlite": 8, "postgresql": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLimits:
    """How often an update is tried, and how fast one chat is listened to."""

    attempts_max: int = 5
    messages_per_minute: int = 20


class _FailedError(Exception):
    """An update that could not be handled, its cause being why; `event` is what was understood of it."""

    def __init__(self, update: Update, event: Event | None) -> None:
        super().__init__()
        self.update = update
        self.event = event


class InboxWorker:
    """Handles updates one after the other within a lane; several workers share the lanes by row locks."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[Account, Channel],
        book: Book,
        clock: Clock,
        *,
        limits: InboxLimits,
        conversation_limits: Limits,
    ) -> None:
        self._database = database
        self._channels = channels
        self._book = book
        self._clock = clock
        self._idle = Idle()
        self._limits = limits
        self._conversation_limits = conversation_limits

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; a database that is away is waited for."""
        await work_until(stop, self._database, inbox.TOPIC, self.work_one, idle=self._idle)

    async def work_one(self) -> bool:
        """Handle the updates that are due, some at a time, each with all its effects. True if there were any."""
        now = self._clock.now()
        failed: list[_FailedError] = []
        with metrics.Turns() as turns:
            try:
                async with self._database.transaction() as tx:
                    updates = await inbox.take(
                        tx, accounts=tuple(self._channels), now=now, heard_since=now - PACE_WINDOW,
                        heard_max=self._limits.messages_per_minute, most=AT_ONCE[tx.dialect],
                    )  # fmt: skip
                    if not updates:
                        return False
                    self._database.wakes.set(inbox.TOPIC)  # somebody else shall look for more meanwhile
                    for update in updates:
                        turns.begin(update.channel)
                        failed += await self._attempt(tx, update, now=now, alone=len(updates) == 1)
            except _FailedError as alone:
                failed.append(alone)
        for one in failed:
            await self._failed(one, now=now)
        return True

    async def _attempt(self, tx: Transaction, update: Update, *, now: datetime, alone: bool) -> list["_FailedError"]:
        """Handle one update. What went wrong with it is undone, and nothing else; one `alone` ends its transaction."""
        with about(update=update.id, channel=update.channel):
            if alone:
                await self._take_up(tx, update, now=now)
                return []
            try:
                async with tx.attempt():
                    await self._take_up(tx, update, now=now)
            except _FailedError as failed:
                return [failed]
        return []

    async def _take_up(self, tx: Transaction, update: Update, *, now: datetime) -> None:
        found: Event | ChatNews | None = None
        parts = await inbox.rest_of_album(tx, update)
        try:
            found = self._parsed(update, parts)
            if isinstance(found, Event) and await self._too_fast(tx, update, found, now=now):
                return
            await self._handle(tx, found, now=now)
            await inbox.finish(tx, update, now=now)
            await inbox.merge(tx, parts, now=now)
        except Exception as error:
            if tx.is_broken:
                raise  # the update has no part in it
            raise _FailedError(update, found if isinstance(found, Event) else None) from error

    def _parsed(self, update: Update, parts: Sequence[Update]) -> Event | ChatNews | None:
        channel = self._channels[update.on]
        found = channel.parse(update.raw, update.received_at)
        others = [channel.parse(part.raw, part.received_at) for part in parts]
        events = [one for one in (found, *others) if isinstance(one, Event)]
        return join_album(events) if len(events) > 1 else (events[0] if events else found)

    async def _handle(self, tx: Transaction, found: Event | ChatNews | None, *, now: datetime) -> None:
        if isinstance(found, Event):
            await dispatch(self._book, self._database, tx, found, now=now, limits=self._conversation_limits)
        elif found is not None:
            await heed(tx, found, now=now)

    async def _failed(self, failed: "_FailedError", *, now: datetime) -> None:
        """Count the failure, in a transaction of its own: what the update had done was undone with its own."""
        update, error = failed.update, failed.__cause__
        with about(update=update.id, channel=update.channel):
            # The error's words may quote what somebody wrote, so only its kind goes to the log.
            log.error("inbox: update %s failed (%s), attempt %s", update.id, type(error).__name__, update.attempts + 1)
            log.debug("inbox: update %s", update.id, exc_info=error)
            wait = timedelta(seconds=RETRY_SECONDS * 2**update.attempts)
            async with self._database.transaction() as tx:
                set_aside = await inbox.fail(
                    tx, update, error=repr(error), now=now, attempts_max=self._limits.attempts_max, wait=wait
                )
                if set_aside:
                    await self._tell(tx, update, failed.event, now=now)
        metrics.UPDATES_FAILED.labels(update.channel, "set_aside" if set_aside else "again").inc()

    async def _tell(self, tx: Transaction, update: Update, event: Event | None, *, now: datetime) -> None:
        """Tell whoever wrote it. If even that fails, it stays set aside: it must not come again for ever."""
        try:
            async with tx.attempt():
                await apologise(tx, update, event, now=now)
        except Exception as error:
            log.error("inbox: nobody could be told of update %s (%s)", update.id, type(error).__name__)
            log.debug("inbox: update %s", update.id, exc_info=error)

    async def _too_fast(self, tx: Transaction, update: Update, event: Event, *, now: datetime) -> bool:
        """Listen to one chat no faster than its limit; what is ahead of it waits its turn and is not lost."""
        if event.in_group or update.heard_at is None:
            return False
        await inbox.postpone(tx, update, due_at=update.heard_at + PACE_WINDOW)
        # Once for a whole flood: the flood's first update that had to wait names it.
        minute = int(now.timestamp() // PACE_WINDOW.total_seconds())
        await _owe(tx, event, Notice(kind=NoticeKind.SLOW_DOWN), key=f"slow:{update.lane}:{minute}", now=now)
        return True


async def _owe(tx: Transaction, event: Event, notice: Notice, *, key: str, now: datetime) -> None:
    address = Address(channel=event.channel, account=event.account, chat=event.chat)
    await outbox.put(
        tx, address, {"notice": notice.kind.value, "params": {}, "attachments": []},
        language=event.language or DEFAULT_LANGUAGE, priority=Priority.REPLY, now=now, key=key,
    )  # fmt: skip

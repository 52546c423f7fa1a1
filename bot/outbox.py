"""The outbox worker: claims what may leave now, words it, sends it, and marks which of the four ends it came to.

One loop for all accounts of a process. Each round is one transaction: it marks what ended and claims what the limits
let go next. Many calls are under way meanwhile, outside of any transaction: nobody waits for a platform's line.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import metrics
from bot.channels.base import (
    TOO_LATE,
    Channel,
    Delivery,
    InDoubt,
    Larger,
    NotEdited,
    Outcome,
    Refused,
    RetryLater,
    Sent,
    Unreachable,
)
from bot.clock import Clock
from bot.granting import AHEAD, Grant, Round, grant
from bot.limits import RoundTrips
from bot.logs import about
from bot.sending_ends import Ended, Ends
from bot.working import AWAY_SECONDS, IDLE_SECONDS
from handlers.texts.notices import render
from storage import outbox, sending, sending_ends, sending_limits, standing
from storage.base import Account
from storage.database import Database, Transaction
from storage.outbox import Sending
from storage.sending_limits import Standing

log = logging.getLogger(__name__)

# A call whose line broke may still arrive for so long.
STRAY = timedelta(seconds=5)
LOOK_AGAIN = timedelta(seconds=1)
# A database that is away takes no part at all; one that takes part and still refuses so often refuses one of the ends.
ROUNDS_FAILED_MAX = 5
# Of a lease: a call begins within so much of it, and ends within so much more.
BEGIN_SHARE, CALL_SHARE = 0.2, 0.7
# How many times as many answers as calls at once say how long the line is.
TRIPS_SHARE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLimits:
    """How often a message is tried, how long a sender may hold one, and how many calls one account makes at once."""

    attempts_max: int = 8
    lease_seconds: int = 60
    at_once: int = 32


class OutboxWorker:
    """Sends what is owed, in order within a chat, as fast as the platforms allow; processes share it by the rows."""

    def __init__(
        self, database: Database, channels: Mapping[Account, Channel], clock: Clock, *, limits: OutboxLimits
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._limits = limits
        # What is in hand, from its claim until its end is marked: until when each is ours, and its call counts.
        self._in_hand: dict[Account, dict[Grant, datetime]] = defaultdict(dict)
        # Of that, what ended since the last round began.
        self._ended: dict[Grant, Ended] = {}
        self._round_trips: dict[Account, RoundTrips] = {}
        # When something that waits is due, as far as this process knows.
        self._due_at: dict[Account, datetime] = {}
        self._rounds_failed = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set and what is under way has ended; a database that is away is waited for."""
        async with asyncio.TaskGroup() as calls:
            while not stop.is_set() or any(self._in_hand.values()):
                sleeper = self._database.wakes.sleeper(outbox.TOPIC)
                look_at = await self._try_round(calls, granting=not stop.is_set())
                if look_at is not None:
                    seconds = (look_at - self._clock.now()).total_seconds()
                    await self._database.wakes.wait_on(sleeper, min(max(seconds, 0.0), IDLE_SECONDS))
                elif stop.is_set() and len(self._ended) == sum(map(len, self._in_hand.values())):
                    return  # what ended cannot be marked: the leases tell the next process
                else:
                    await asyncio.sleep(AWAY_SECONDS)

    async def work_one(self) -> bool:
        """Send what may leave now, and wait for its end. True if there was anything."""
        async with asyncio.TaskGroup() as calls:
            looked = await self._round(calls, granting=True)
        if not self._ended:
            return any(this.set_apart for this in looked)
        async with asyncio.TaskGroup() as calls:
            await self._round(calls, granting=False)
        return True

    async def _try_round(self, calls: asyncio.TaskGroup, *, granting: bool) -> datetime | None:
        """One round; when to look again, or None if the database did not take part."""
        try:
            looked = await self._round(calls, granting=granting)
        except Exception as error:
            if not self._rounds_failed:
                log.error("outbox: the database did not take part (%s); trying again", type(error).__name__)
                log.debug("outbox: the error", exc_info=error)
            self._rounds_failed += 1
            return None
        self._rounds_failed = 0
        latest = self._clock.now() + LOOK_AGAIN
        return min((this.look_at for this in looked if this.look_at is not None), default=latest)

    async def _round(self, calls: asyncio.TaskGroup, *, granting: bool) -> list[Round]:
        ended = self._ended.copy()
        async with self._database.transaction() as tx:
            # In one order everywhere, as each account is locked in turn.
            looked = [await self._look(tx, on, _on(on, ended), granting=granting) for on in sorted(self._channels)]
        # Only now: a transaction that failed has marked nothing.
        for granted in ended:
            del self._ended[granted], self._in_hand[granted.sending.address.on][granted]
        for this in looked:
            in_hand = self._in_hand[this.channel.on]
            in_hand |= dict.fromkeys((*this.held_on, *this.grants), this.lease_until)
            for granted in this.grants:
                calls.create_task(self._call(granted, this))
        return looked

    async def _look(self, tx: Transaction, on: Account, ended: Mapping[Grant, Ended], *, granting: bool) -> Round:
        """Mark what ended on one account, and claim what it may send next."""
        channel = self._channels[on]
        kept = not channel.limits.is_ours
        was = await sending_limits.lock(tx, on) if kept or tx.dialect == "postgresql" else Standing()
        # Before anything else: whoever stands still from here on finds that it is late.
        claimed, now = time.monotonic(), self._clock.now()
        ends = Ends(channel=channel, standing=was, now=now, attempts_max=self._limits.attempts_max)
        await self._mark(tx, ends, list(ended.values()))
        this = Round(
            channel=channel, now=now, lease_until=now + timedelta(seconds=self._limits.lease_seconds),
            standing=ends.standing, at_once=self._limits.at_once, in_flight=len(self._in_hand[on]) - len(ended),
            claimed=claimed,
        )  # fmt: skip
        await self._hold_on(tx, this, ended)
        await self._wake_due(tx, on, now=now)
        if granting:
            await grant(tx, this)
        if kept and this.standing != was:
            await sending_limits.save(tx, on, this.standing)
        self._due_at[on] = min(at for at in (self._due_at[on], ends.due_at, this.due_at) if at is not None)
        this.look_again(self._due_at[on])
        return this

    async def _hold_on(self, tx: Transaction, this: Round, ended: Container[Grant]) -> None:
        """Hold what is in hand still when its lease is over: we stood still, and its call may leave just now.

        What ended since this round began is in hand too: only the next one marks it.
        """
        in_hand = self._in_hand[this.channel.on].items()
        this.held_on = [one for one, until in in_hand if until <= this.now and one not in ended]
        if not this.held_on:
            return
        if this.channel.limits.has_any:
            await sending_limits.count_on(tx, [one.sending.id for one in this.held_on], until=this.lease_until)
        await sending.hold_on(tx, [one.sending for one in this.held_on], until=this.lease_until)

    async def _mark(self, tx: Transaction, ends: Ends, ended: Sequence[Ended]) -> None:
        """Mark the ends; one that the database refuses time and again must not hold up all the others for ever."""
        if self._rounds_failed < ROUNDS_FAILED_MAX:
            await ends.mark_all(tx, ended)
            return
        for one in ended:
            try:
                async with tx.attempt():
                    await ends.mark(tx, one)
            except Exception as error:
                log.error("outbox: the end of message %s cannot be marked (%s)", one.sending.id, type(error).__name__)
                await sending_ends.mark_unknown(tx, one.sending, error="its end could not be marked")

    async def _wake_due(self, tx: Transaction, on: Account, *, now: datetime) -> None:
        # Further off than it ever is set: then the machine's clock has been put back.
        if now < self._due_at.get(on, now) <= now + LOOK_AGAIN:
            return
        due_at = await sending.wake_due(tx, on, now=now)
        # Another process may have put something off meanwhile.
        self._due_at[on] = min(due_at or now + LOOK_AGAIN, now + LOOK_AGAIN)
        limits = self._channels[on].limits
        if limits.has_any:
            await sending_limits.forget(tx, on, before=now - limits.longest)

    async def _call(self, granted: Grant, of: Round) -> None:
        """Make one call, and leave its end for the next round."""
        sending, on = granted.sending, granted.sending.address.on
        # Never longer than that, though somebody may have put the machine's clock back since.
        await self._clock.wait_until(min(granted.start_at, self._clock.now() + AHEAD))
        started_at = self._clock.now()
        if sending.attempts == 1 and not sending.pieces_sent:
            metrics.SEND_WAIT_SECONDS.labels(on.channel, sending.priority).observe(
                (started_at - sending.created_at).total_seconds()
            )
        with about(outbox=sending.id, channel=on.channel):
            pieces, outcome = await self._send(sending, now=started_at, claimed=of.claimed)
        self._ended[granted] = Ended(
            sending=sending, place=granted.place, pieces=pieces, outcome=outcome, claimed_at=of.now,
            arrived_by=self._arrived_by(on, outcome, started_at=started_at),
        )  # fmt: skip
        self._database.wakes.set(outbox.TOPIC)

    def _arrived_by(self, on: Account, outcome: Outcome, *, started_at: datetime) -> datetime | None:
        ended_at = self._clock.now()
        match outcome:
            case Unreachable() | Larger():
                return None
            case InDoubt():
                return ended_at + STRAY
            case _:
                trips = self._round_trips.setdefault(on, RoundTrips(after=TRIPS_SHARE * self._limits.at_once))
                return trips.arrived_by(started_at=started_at, ended_at=ended_at)

    async def _send(self, sending: Sending, *, now: datetime, claimed: float) -> tuple[tuple[int, ...], Outcome]:
        """Make the call for a message's next piece; all its pieces, and how it ended."""
        channel = self._channels[sending.address.on]
        try:
            delivery = Delivery(
                id=sending.id,
                chat=sending.address.chat,
                now=now,
                language=sending.language,
                reply=render(sending.body, sending.language, case_id=sending.case_id),
                piece=sending.pieces_sent,
                quote=sending.body.get("quote"),
                doubted=sending.doubts > 0,
                counted=sending.units,
                begin_by=claimed + self._limits.lease_seconds * BEGIN_SHARE,
            )
            pieces = (1,) if sending.edits else await channel.pieces(delivery)
        except Exception:
            log.exception("outbox: message %s cannot be worded", sending.id)
            return (), Refused(reason="cannot be worded")
        if sending.pieces_sent >= len(pieces):
            # A newer program may find fewer pieces than an older one began with.
            return pieces, Sent(message_id="") if sending.pieces_sent else Refused(reason="there is nothing in it")
        if pieces[sending.pieces_sent] > sending.units:
            return pieces, Larger(units=pieces[sending.pieces_sent])
        if delivery.is_late:
            return pieces, TOO_LATE
        with metrics.sending(channel.on.channel) as ended:
            return pieces, ended(await self._deliver(channel, sending, delivery))

    async def _deliver(self, channel: Channel, sending: Sending, delivery: Delivery) -> Outcome:
        if not sending.edits:
            return await self._ask(channel, delivery)
        edits = await self._stands_as(sending)
        if edits is None:
            return NotEdited(reason="nothing stands there to be changed")
        outcome = await self._ask(channel, replace(delivery, edits=edits))
        # A change that is refused, as a new message might not be: what is said instead is said.
        if isinstance(outcome, Refused) and outcome.loss is None:
            return NotEdited(reason=outcome.reason)
        return outcome

    async def _stands_as(self, sending: Sending) -> str | None:
        """The message that this one changes."""
        async with self._database.reading() as tx:
            return await standing.message_of(tx, sending)

    async def _ask(self, channel: Channel, delivery: Delivery) -> Outcome:
        try:
            async with asyncio.timeout(self._limits.lease_seconds * CALL_SHARE):
                return await channel.send(delivery)
        except TimeoutError:
            return InDoubt(reason="no answer in time")
        except Exception as error:
            log.exception("outbox: message %s failed in its channel", delivery.id)
            return RetryLater(reason=type(error).__name__)


def _on(on: Account, ended: Mapping[Grant, Ended]) -> dict[Grant, Ended]:
    return {granted: end for granted, end in ended.items() if granted.sending.address.on == on}

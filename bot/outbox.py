"""The outbox worker: claims a message, words it, sends it, and marks which of the four ends it came to."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import metrics
from bot.channels.base import (
    Channel,
    ChatNews,
    Delivery,
    Held,
    InDoubt,
    Loss,
    Moved,
    NotEdited,
    Outcome,
    Refused,
    RetryLater,
    Sent,
)
from bot.chat_news import heed
from bot.clock import Clock
from bot.logs import about
from bot.working import Idle, work_until
from domain.notices import Priority
from handlers.texts.notices import render
from storage import held, outbox, standing
from storage.base import Account
from storage.database import Database, Transaction
from storage.outbox import Address, Sending

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
RETRY_SECONDS_MAX = 600.0
DOUBTS_MAX = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLimits:
    """How often a message is tried, and how long a sender may hold one before another takes it over."""

    attempts_max: int = 8
    lease_seconds: int = 60


class OutboxWorker:
    """Sends what is owed, in order within a chat; several workers share the chats by leases."""

    def __init__(
        self, database: Database, channels: Mapping[Account, Channel], clock: Clock, *, limits: OutboxLimits
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._idle = Idle()
        self._limits = limits

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; a database that is away is waited for."""
        await work_until(stop, self._database, outbox.TOPIC, self.work_one, idle=self._idle)

    async def work_one(self) -> bool:
        """Send one message if one is due. True if there was one."""
        now = self._clock.now()
        lease = now + timedelta(seconds=self._limits.lease_seconds)
        async with self._database.transaction() as tx:
            sending = await outbox.claim(tx, accounts=tuple(self._channels), now=now, leased_until=lease)
            if sending is None:
                return False
            self._database.wakes.set(outbox.TOPIC)  # somebody else shall look for more meanwhile
            if sending.doubts and not _may_repeat(sending, sending.doubts):
                await outbox.mark_unknown(tx, sending.id, error="its sender stopped while sending")
                return True
        # No transaction is open while the platform is spoken to: nobody waits for its line.
        channel = sending.address.channel
        with about(outbox=sending.id, channel=channel), metrics.sending(channel) as ended:
            outcome = ended(await self._send(sending, now=now))
        async with self._database.transaction() as tx:
            await self._mark(tx, sending, outcome, now=self._clock.now())
        return True

    async def _send(self, sending: Sending, *, now: datetime) -> Outcome:
        channel = self._channels[sending.address.on]
        try:
            reply = render(sending.body, sending.language, case_id=sending.case_id)
        except Exception:
            log.exception("outbox: message %s cannot be worded", sending.id)
            return Refused(reason="cannot be worded")
        edits = await self._stands_as(sending)
        if sending.edits and edits is None:
            return NotEdited(reason="nothing stands there to be changed")
        delivery = Delivery(
            id=sending.id, chat=sending.address.chat, reply=reply, now=now, language=sending.language, edits=edits
        )
        try:
            async with asyncio.timeout(self._limits.lease_seconds * 0.8):
                outcome = await channel.send(delivery)
        except TimeoutError:
            return InDoubt(reason="no answer in time")
        except Exception as error:
            log.exception("outbox: message %s failed in its channel", sending.id)
            return RetryLater(reason=type(error).__name__)
        # A change that is refused, as a new message might not be: what is said instead is said.
        if sending.edits and isinstance(outcome, Refused) and outcome.loss is None:
            return NotEdited(reason=outcome.reason)
        return outcome

    async def _stands_as(self, sending: Sending) -> str | None:
        """The message that this one changes."""
        if not sending.edits:
            return None
        async with self._database.reading() as tx:
            return await standing.message_of(tx, sending)

    async def _mark(self, tx: Transaction, sending: Sending, outcome: Outcome, *, now: datetime) -> None:
        match outcome:
            case Sent() | NotEdited():
                await _mark_done(tx, sending, outcome, now=now)
            case Refused(reason=reason, loss=loss):
                log.warning("outbox: message %s refused for good", sending.id)
                if loss is not None:
                    # While this message is still owed, so that it finds its way round with the others.
                    await heed(tx, _news(sending.address, loss=loss), now=now)
                await outbox.mark_refused(tx, sending.id, error=reason)
            case Moved(chat=new_chat):
                await heed(tx, _news(sending.address, new_chat=new_chat), now=now)
                await outbox.retry_at(tx, sending.id, send_after=now, error="the chat has moved", counted=False)
            case Held(reason=reason):
                await held.hold(tx, sending, why=reason, now=now)
            case InDoubt(reason=reason):
                await self._doubted(tx, sending, reason, now=now)
            case RetryLater(reason=reason, seconds=seconds):
                await self._again(tx, sending, reason, seconds, now=now)

    async def _doubted(self, tx: Transaction, sending: Sending, reason: str, *, now: datetime) -> None:
        if _may_repeat(sending, sending.doubts + 1):
            await self._again(tx, sending, reason, None, now=now, doubts=sending.doubts + 1)
        else:
            await outbox.mark_unknown(tx, sending.id, error=reason)

    async def _again(
        self,
        tx: Transaction,
        sending: Sending,
        reason: str,
        seconds: float | None,
        *,
        now: datetime,
        doubts: int | None = None,
    ) -> None:
        if sending.attempts >= self._limits.attempts_max and seconds is None:
            why = f"given up after {sending.attempts} tries: {reason}"
            if sending.edits:
                await standing.say_instead(tx, sending, now=now, why=why)
            else:
                await outbox.mark_refused(tx, sending.id, error=why)
            return
        wait = min(RETRY_SECONDS * 2 ** (sending.attempts - 1), RETRY_SECONDS_MAX) if seconds is None else seconds
        await outbox.retry_at(
            tx, sending.id, send_after=now + timedelta(seconds=wait), error=reason, doubts=doubts,
            counted=seconds is None,
        )  # fmt: skip


async def _mark_done(tx: Transaction, sending: Sending, outcome: Sent | NotEdited, *, now: datetime) -> None:
    if isinstance(outcome, Sent):
        await outbox.mark_sent(tx, sending.id, sent_as=outcome.message_id, now=now)
    else:
        await standing.say_instead(tx, sending, now=now, why=outcome.reason)


def _news(address: Address, *, loss: Loss | None = None, new_chat: str | None = None) -> ChatNews:
    return ChatNews(channel=address.channel, account=address.account, chat=address.chat, loss=loss, new_chat=new_chat)


def _may_repeat(sending: Sending, doubts: int) -> bool:
    """A notice in doubt is sent once more, and only once; a digest is not; a change may be made any number of times."""
    return sending.edits or (sending.priority < Priority.DIGEST and doubts <= DOUBTS_MAX)

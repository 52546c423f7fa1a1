"""Marks how a call ended: which of the four ends a message came to, and what the call says of its chat and account."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from actions import follow_chat, reroute
from bot.channels.base import (
    Channel,
    ChatNews,
    Held,
    InDoubt,
    Larger,
    Loss,
    Moved,
    NotEdited,
    Outcome,
    Refused,
    RetryLater,
    Sent,
    Spent,
    Troubled,
    Unreachable,
)
from bot.chat_news import heed
from bot.limits import SendPlace
from domain.notices import Priority
from storage import held, outbox, sending_ends, sending_limits
from storage import standing as cards
from storage.database import Transaction
from storage.outbox import Address, Sending
from storage.sending_limits import Standing

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
RETRY_SECONDS_MAX = 600.0
PAUSE_SECONDS_MAX = 60.0
DOUBTS_MAX = 1
# Two chats refused for haste within so long, neither of which wrote much: then the account is meant.
TOGETHER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A call that ended; `pieces` are all calls the message takes.

    It came into our hands at `claimed_at`. The platform got it by `arrived_by`, if at all; None if it surely did not.
    """

    sending: Sending
    place: SendPlace
    pieces: tuple[int, ...]
    outcome: Outcome
    arrived_by: datetime | None
    claimed_at: datetime


@dataclass(slots=True, kw_only=True)
class Ends:
    """Marks the ends of calls of one account, which is locked; `standing` is how the account stands after them."""

    channel: Channel
    standing: Standing
    now: datetime
    attempts_max: int
    # When the first of what is tried again is due.
    due_at: datetime | None = None

    async def mark_all(self, tx: Transaction, ended: Sequence[Ended]) -> None:
        """Mark how several calls ended; those that plainly arrived, together."""
        sent = {one.sending.id: said for one in ended if (said := _plainly_sent(one)) is not None}
        if len(sent) > 1:
            self._no_trouble()
            if self.channel.limits.has_any:
                plain = [one for one in ended if one.sending.id in sent]
                await sending_limits.count_all(
                    tx, [(one.sending.id, one.claimed_at, one.arrived_by or self.now) for one in plain]
                )
            await sending_ends.mark_all_sent(tx, list(sent.items()), now=self.now)
            ended = [one for one in ended if one.sending.id not in sent]
        for one in ended:
            await self.mark(tx, one)

    async def mark(self, tx: Transaction, ended: Ended) -> None:
        """Mark one end."""
        if self.channel.limits.has_any:
            await sending_limits.count(tx, ended.sending.id, claimed_at=ended.claimed_at, arrived_by=ended.arrived_by)
        match ended.outcome:
            case Sent() | Refused() | Moved() | NotEdited() | Held() as said:
                # The platform took part, whatever it said.
                self._no_trouble()
                await self._answered(tx, ended, said)
            case Spent() as spent:
                await self._spent(tx, ended.sending, spent)
            case RetryLater() as later:
                await self._later(tx, ended, later)
            case Unreachable() | Troubled() | InDoubt() as trouble:
                await self._in_trouble(tx, ended.sending, trouble)
            case Larger(units=units):
                await sending_ends.mark_larger(tx, ended.sending, units=units)

    async def _answered(self, tx: Transaction, ended: Ended, said: Sent | Refused | Moved | NotEdited | Held) -> None:
        sending = ended.sending
        match said:
            case Sent():
                await self._sent(tx, ended, said)
            case Held(reason=reason):
                await self._held(tx, sending, reason)
            case NotEdited(reason=reason):
                await cards.say_instead(tx, sending, now=self.now, why=reason)
            case Refused(reason=reason, loss=loss):
                log.warning("outbox: message %s refused for good", sending.id)
                # While this message is still owed, so that it finds its way round before the others.
                if loss is None or await self._lost(tx, sending, loss, reason):
                    await sending_ends.mark_refused(tx, sending, error=reason)
                else:
                    # Else news would be over that should have been held: refused once more, it is followed up then.
                    await self._again(tx, sending, reason)
            case Moved(chat=new_chat):
                await self._heed(tx, _news(sending.address, new_chat=new_chat))
                await self._again(tx, sending, "the chat has moved", seconds=0.0, counted=False)

    async def _held(self, tx: Transaction, sending: Sending, reason: str) -> None:
        if await reroute.instead_of_holding(tx, sending, why=reason, now=self.now):
            return
        if sending.doubts and not await reroute.is_worth_keeping(tx, sending):
            # It may have arrived, and its time will be over.
            await sending_ends.mark_unknown(tx, sending, error=reason)
        else:
            await held.hold(tx, sending, why=reason, now=self.now)

    async def _spent(self, tx: Transaction, sending: Sending, spent: Spent) -> None:
        """News of a case finds another way or is held, so that its unit knows; what belongs to its moment waits."""
        if await reroute.instead_of_holding(tx, sending, why=spent.reason, now=self.now):
            return
        if await reroute.is_worth_keeping(tx, sending):
            await held.hold(tx, sending, why=held.SPENT, now=self.now)
        else:
            await self._again(tx, sending, spent.reason, seconds=spent.seconds, counted=False)

    async def _later(self, tx: Transaction, ended: Ended, later: RetryLater) -> None:
        if later.seconds is None:
            await self._again(tx, ended.sending, later.reason)
            return
        await self._too_fast(tx, ended, later.seconds)
        await self._again(tx, ended.sending, later.reason, seconds=later.seconds, counted=False)

    async def _in_trouble(self, tx: Transaction, sending: Sending, trouble: Unreachable | Troubled | InDoubt) -> None:
        match trouble:
            case Unreachable(reason=reason):
                await self._again(tx, sending, reason, seconds=self._trouble(), counted=False)
            case Troubled(reason=reason):
                await self._troubled(tx, sending, reason)
            case InDoubt(reason=reason):
                await self._in_doubt(tx, sending, reason)

    async def _sent(self, tx: Transaction, ended: Ended, sent: Sent) -> None:
        sending, following = ended.sending, ended.pieces[ended.sending.pieces_sent + 1 :]
        ids = (*sent.also, sent.message_id) if following else sent.also
        if ids:
            await outbox.note_part(tx, sending.id, sending.pieces_sent, ids)
        if following:
            await sending_ends.mark_piece(tx, sending, next_units=following[0])
        else:
            await sending_ends.mark_sent(tx, sending, sent_as=sent.message_id, now=self.now)

    async def _lost(self, tx: Transaction, sending: Sending, loss: Loss, why: str) -> bool:
        return await self._heed(tx, _news(sending.address, loss=loss), instead_of=sending, why=why)

    async def _heed(self, tx: Transaction, news: ChatNews, *, instead_of: Sending | None = None, why: str = "") -> bool:
        """Follow up what a refusal says of a chat; whether that could be done (PostgreSQL ends a deadlock, say)."""
        try:
            async with tx.attempt():
                if instead_of is not None:
                    await follow_chat.not_taken(tx, instead_of, why=why, now=self.now)
                await heed(tx, news, now=self.now)
        except Exception:
            # What was sent meanwhile is to be marked in any case.
            log.exception("outbox: what a refusal says of a chat could not be followed up")
            return False
        return True

    async def _troubled(self, tx: Transaction, sending: Sending, reason: str) -> None:
        # In an outage no message is to blame; one that fails while others leave is.
        counted = self.standing.troubles == 0
        seconds = self._trouble()
        if sending.priority >= Priority.DIGEST:
            await sending_ends.mark_unknown(tx, sending, error=reason)
        elif counted:
            await self._again(tx, sending, reason)
        else:
            await self._again(tx, sending, reason, seconds=max(seconds, _back_off(sending)), counted=False)

    async def _in_doubt(self, tx: Transaction, sending: Sending, reason: str) -> None:
        self._trouble()
        if may_repeat(sending, sending.doubts + 1):
            await self._again(tx, sending, reason, doubted=True)
        else:
            await sending_ends.mark_unknown(tx, sending, error=reason)

    async def _again(
        self, tx: Transaction, sending: Sending, reason: str, *, seconds: float | None = None,
        counted: bool = True, doubted: bool = False,
    ) -> None:  # fmt: skip
        if counted and sending.attempts >= self.attempts_max:
            why = f"given up after {sending.attempts} tries: {reason}"
            if sending.edits:
                await cards.say_instead(tx, sending, now=self.now, why=why)
            else:
                await sending_ends.mark_refused(tx, sending, error=why)
            return
        at = self.now + timedelta(seconds=_back_off(sending) if seconds is None else seconds)
        self.due_at = min(at, self.due_at or at)
        await sending_ends.mark_again(tx, sending, send_after=at, error=reason, counted=counted, doubted=doubted)

    def _no_trouble(self) -> None:
        if self.standing.troubles:
            self.standing = replace(self.standing, troubles=0)

    def _trouble(self) -> float:
        """Note that the platform did not take part; how many seconds to leave it alone.

        The first time may be chance, so that the account goes on; then it pauses, longer each time. What was under way
        when the pause began says nothing new.
        """
        standing = self.standing
        if standing.paused_until is not None and standing.paused_until > self.now:
            return max((standing.paused_until - self.now).total_seconds(), RETRY_SECONDS)
        seconds = min(RETRY_SECONDS * 2.0 ** min(standing.troubles, 10), PAUSE_SECONDS_MAX)
        until = self.now + timedelta(seconds=seconds) if standing.troubles else standing.paused_until
        self.standing = replace(standing, troubles=standing.troubles + 1, paused_until=until)
        return seconds

    async def _too_fast(self, tx: Transaction, ended: Ended, seconds: float) -> None:
        """Whom does "too many requests" mean? The platform does not say (docs/decisions/0008)."""
        place, standing = ended.place, self.standing
        if await self._is_half_full(tx, place):
            return
        together = standing.refused_at is not None and self.now - standing.refused_at <= TOGETHER
        if not together or standing.refused_place == place.name:
            self.standing = replace(standing, refused_place=place.name, refused_at=self.now)
            return
        until = self.now + timedelta(seconds=seconds)
        if standing.paused_until is None or standing.paused_until < until:
            self.standing = replace(standing, paused_until=until)
            log.warning("outbox: %s asks to pause for %g s", self.channel.on.channel, seconds)

    async def _is_half_full(self, tx: Transaction, place: SendPlace) -> bool:
        """Whether we have written so much to this chat lately that its own limit may be meant."""
        for window in self.channel.limits.windows(place):
            uses = await sending_limits.uses(tx, self.channel.on, since=self.now - window.length, places=[place.name])
            if 2 * sum(use.units for use in uses) >= window.count:
                return True
        return False


def _plainly_sent(ended: Ended) -> str | None:
    """The platform's id of a message that arrived with all its pieces in one call; None for any other end."""
    said = ended.outcome
    whole = isinstance(said, Sent) and not said.also and len(ended.pieces) <= 1
    return said.message_id if isinstance(said, Sent) and whole and not ended.sending.pieces_sent else None


def may_repeat(sending: Sending, doubts: int) -> bool:
    """A notice in doubt is sent once more, and only once; a digest is not; a change may be made any number of times."""
    return sending.edits or (sending.priority < Priority.DIGEST and doubts <= DOUBTS_MAX)


def _back_off(sending: Sending) -> float:
    return min(RETRY_SECONDS * 2.0 ** max(sending.attempts - 1, 0), RETRY_SECONDS_MAX)


def _news(address: Address, *, loss: Loss | None = None, new_chat: str | None = None) -> ChatNews:
    return ChatNews(channel=address.channel, account=address.account, chat=address.chat, loss=loss, new_chat=new_chat)

"""The month's messages of one account on Zalo: taken one by one before they are sent, and what a refusal means.

To a bot Zalo says 429 both when messages come too fast and when the month is used up, and never how long to wait. Our
own count tells them apart; where it cannot, the pauses grow to an hour, so that there is never a loop. To an Official
Account Zalo says plainly that its quota is used up (-211).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from actions.watch_quota import tell, watch_messages
from bot.channels.base import Delivery, Held, InDoubt, Outcome, RetryLater, Sent, Spent
from storage import quotas
from storage.base import Account
from storage.database import Database
from storage.quotas import Quota

# Whose month it is: Zalo counts in Việt Nam.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RATE_SECONDS = 30.0
PAUSE_SECONDS_MAX = 3600.0
# So many refusals in a row (more than half an hour of them) are no matter of speed any more.
REFUSALS_TOLD = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRefused(RetryLater):
    """The platform refuses for want of quota; `for_certain` if it cannot be a matter of speed."""

    for_certain: bool


class Allowance:
    """`most` messages a month for one account (0: no limit)."""

    def __init__(self, database: Database, on: Account, *, most: int) -> None:
        self._database = database
        self._on = on
        self._most = most

    async def spend(
        self, delivery: Delivery, call: Callable[[], Awaitable[Outcome]], *, billed: bool = False
    ) -> Outcome:
        """Make a call that takes one of the month's messages; given back when it was most likely not sent.

        What may have arrived already is not sent again when nothing of the month is left for it: it is held.
        """
        now = delivery.now
        short = await self._take(now)
        if short is not None:
            if delivery.doubted and short.paused_until is None:
                return Held(reason="it may have arrived, and the month has no message left for sending it again")
            return self._spent(delivery, "no message is left, or Zalo asked for a pause", _wait(short, now))
        outcome = await call()
        if isinstance(outcome, Sent):
            await self._accepted(now, billed=billed)
        elif not isinstance(outcome, InDoubt):
            await self._give_back(now)
        if isinstance(outcome, QuotaRefused):
            seconds = await self._refused(now, for_certain=outcome.for_certain)
            if not outcome.for_certain:
                return RetryLater(reason=outcome.reason, seconds=seconds)
            return self._spent(delivery, outcome.reason, seconds)
        return outcome

    def _spent(self, delivery: Delivery, reason: str, seconds: float) -> RetryLater:
        """What may have arrived already is waited with; anything else may find another way meanwhile."""
        how = RetryLater if delivery.doubted else Spent
        return how(reason=reason, seconds=seconds)

    async def _take(self, now: datetime) -> Quota | None:
        """Take one message. None if there was one, else how the month stands; its pause only as long as it lasts."""
        month = month_of(now)
        async with self._database.transaction() as tx:
            used = await quotas.take(tx, self._on, month, most=self._most, now=now)
            if used is None:
                known = await quotas.load(tx, self._on, month)
                over = known.paused_until is not None and known.paused_until <= now
                return replace(known, paused_until=None) if over else known
            await watch_messages(tx, self._on, used=used, most=self._most, month=month, now=now)
        return None

    async def _give_back(self, now: datetime) -> None:
        """What was taken has surely not been sent."""
        async with self._database.transaction() as tx:
            await quotas.give_back(tx, self._on, month_of(now))

    async def _accepted(self, now: datetime, *, billed: bool) -> None:
        """Zalo has taken a message, and charges for it if it is `billed`."""
        month = month_of(now)
        if billed:
            async with self._database.transaction() as tx:
                await quotas.charge(tx, self._on, month)
        async with self._database.reading() as tx:
            refused = (await quotas.load(tx, self._on, month)).refusals
        if refused:
            async with self._database.transaction() as tx:
                await quotas.resume(tx, self._on, month)

    async def _refused(self, now: datetime, *, for_certain: bool) -> float:
        """Zalo has refused for want of quota: leave the account alone; for how many seconds."""
        month = month_of(now)
        async with self._database.transaction() as tx:
            known = await quotas.load(tx, self._on, month)
            doubled = RATE_SECONDS * float(2 ** min(known.refusals, 10))
            seconds = PAUSE_SECONDS_MAX if for_certain else min(doubled, PAUSE_SECONDS_MAX)
            await quotas.pause(tx, self._on, month, until=now + timedelta(seconds=seconds))
            if for_certain or known.refusals + 1 >= REFUSALS_TOLD:
                await tell(tx, self._on, "refused", used=known.used, most=self._most, period=month, now=now)
        return seconds


def month_of(now: datetime) -> str:
    """The month a message sent now counts for."""
    return f"{now.astimezone(ZONE):%Y-%m}"


def _wait(short: Quota, now: datetime) -> float:
    if short.paused_until is not None:
        return (short.paused_until - now).total_seconds()
    # Used up: looked at again now and then, since the plan may be made larger.
    return PAUSE_SECONDS_MAX

"""The month's messages of one account on Zalo: taken one by one before they are sent, and what a refusal means.

To a bot Zalo says 429 both when messages come too fast and when the month is used up, and never how long to wait. Our
own count tells them apart; where it cannot, the pauses grow to an hour, so that there is never a loop. To an Official
Account Zalo says plainly that its quota is used up (-211).
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from actions.watch_quota import tell, watch_messages
from storage import quotas
from storage.base import Account
from storage.database import Database

# Whose month it is: Zalo counts in Việt Nam.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RATE_SECONDS = 30.0
PAUSE_SECONDS_MAX = 3600.0
# So many refusals in a row (more than half an hour of them) are no matter of speed any more.
REFUSALS_TOLD = 6


class Allowance:
    """`most` messages a month for one account (0: no limit)."""

    def __init__(self, database: Database, on: Account, *, most: int) -> None:
        self._database = database
        self._on = on
        self._most = most

    async def take(self, now: datetime) -> float | None:
        """Take one message. None if there was one, else the seconds to wait before asking again."""
        month = month_of(now)
        async with self._database.transaction() as tx:
            used = await quotas.take(tx, self._on, month, most=self._most, now=now)
            if used is None:
                known = await quotas.load(tx, self._on, month)
                return _wait(known.paused_until, now)
            await watch_messages(tx, self._on, used=used, most=self._most, month=month, now=now)
        return None

    async def give_back(self, now: datetime) -> None:
        """What was taken has surely not been sent."""
        async with self._database.transaction() as tx:
            await quotas.give_back(tx, self._on, month_of(now))

    async def accepted(self, now: datetime, *, billed: bool = False) -> None:
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

    async def refused(self, now: datetime, *, for_certain: bool = False) -> float:
        """Zalo has refused for want of quota: leave the account alone; for how many seconds.

        `for_certain` if it cannot be a matter of speed.
        """
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


def _wait(paused_until: datetime | None, now: datetime) -> float:
    if paused_until is not None and paused_until > now:
        return (paused_until - now).total_seconds()
    # Used up: looked at again now and then, since the plan may be made larger.
    return PAUSE_SECONDS_MAX

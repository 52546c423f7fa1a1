"""How fast one Official Account is looked after: most of what Zalo allows in a minute is left to people's answers."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock

# Of 100 a minute, which is the least a package has; more than that the upkeep never needs.
CALLS_MAX = 30
# Somewhat longer than Zalo's minute: a call arrives later than it is let go.
CALLS_WITHIN = timedelta(seconds=65)


def shares(per_minute: int) -> tuple[int, int]:
    """How many calls a minute are for messages, and how many for the upkeep: together what Zalo allows (2 or more),
    since it counts all calls of an application together."""
    upkeep = max(1, min(CALLS_MAX, per_minute // 3))
    return per_minute - upkeep, upkeep


class Pace:
    """At most `calls` calls in any stretch of CALLS_WITHIN, one after the other. `sleep` waits for seconds."""

    def __init__(self, clock: Clock, *, calls: int) -> None:
        self._clock = clock
        self._calls = calls
        self._let_go: deque[datetime] = deque(maxlen=calls)
        self.sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def wait(self) -> None:
        """Wait until one more call may be made."""
        if len(self._let_go) == self._calls:
            left = self._let_go[0] + CALLS_WITHIN - self._clock.now()
            if left > timedelta(0):
                # A clock that was put back must not keep us waiting for long.
                await self.sleep(min(left, CALLS_WITHIN).total_seconds())
        self._let_go.append(self._clock.now())

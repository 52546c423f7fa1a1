"""How fast one Official Account is looked after: most of what Zalo allows in a minute is left to people's answers."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock

# Zalo counts all calls of an application together, at least 100 a minute.
CALLS_MAX = 30
CALLS_WITHIN = timedelta(minutes=1)


class Pace:
    """At most CALLS_MAX calls in any stretch of CALLS_WITHIN, one after the other. `sleep` waits for seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._let_go: deque[datetime] = deque(maxlen=CALLS_MAX)
        self.sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def wait(self) -> None:
        """Wait until one more call may be made."""
        if len(self._let_go) == CALLS_MAX:
            left = self._let_go[0] + CALLS_WITHIN - self._clock.now()
            if left > timedelta(0):
                # A clock that was put back must not keep us waiting for long.
                await self.sleep(min(left, CALLS_WITHIN).total_seconds())
        self._let_go.append(self._clock.now())

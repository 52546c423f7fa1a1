"""The one clock of the product; everything else is given the time."""

import asyncio
from datetime import UTC, datetime


class Clock:
    """Tells the time in UTC."""

    def now(self) -> datetime:
        """This instant."""
        return datetime.now(UTC)  # noqa: TID251  # the one place that looks at the clock

    async def wait_until(self, instant: datetime) -> None:
        """Come back at an instant; at once if it is over."""
        seconds = (instant - self.now()).total_seconds()
        if seconds > 0:
            await asyncio.sleep(seconds)

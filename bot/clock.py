"""The one clock of the product; everything else is given the time."""

from datetime import UTC, datetime


class Clock:
    """Tells the time in UTC."""

    def now(self) -> datetime:
        """This instant."""
        return datetime.now(UTC)  # noqa: TID251  # the one place that looks at the clock

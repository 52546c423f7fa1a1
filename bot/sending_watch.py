"""What can be seen of sending from outside: how long messages wait, what holds them back, how they end."""

from collections import Counter, defaultdict
from typing import Protocol

from bot.limits import Scope
from storage.base import Account


class SendingWatch(Protocol):
    """Told as it happens; whoever exports figures is one. Must not wait or fail."""

    def left(self, on: Account, priority: int, seconds: float) -> None:
        """A message's first call was made so long after it was owed."""

    def held_back(self, on: Account, scope: Scope, seconds: float) -> None:
        """A limit keeps a message, or a whole account, waiting for so long."""

    def ended(self, on: Account, end: str, seconds: float) -> None:
        """A call came to this end (the outcome's name in lower case) after so long."""


class Tally:
    """Counts it all in memory, since the process started."""

    def __init__(self) -> None:
        self.ends: Counter[tuple[str, str]] = Counter()
        self.holds: Counter[tuple[str, Scope]] = Counter()
        self.held_seconds: defaultdict[tuple[str, Scope], float] = defaultdict(float)
        self.left_count: Counter[tuple[str, int]] = Counter()
        self.left_seconds: defaultdict[tuple[str, int], float] = defaultdict(float)

    def left(self, on: Account, priority: int, seconds: float) -> None:
        """Count one that left."""
        self.left_count[on.channel, priority] += 1
        self.left_seconds[on.channel, priority] += seconds

    def held_back(self, on: Account, scope: Scope, seconds: float) -> None:
        """Count one that is held back."""
        self.holds[on.channel, scope] += 1
        self.held_seconds[on.channel, scope] += seconds

    def ended(self, on: Account, end: str, seconds: float) -> None:
        """Count one call's end."""
        self.ends[on.channel, end] += 1

"""The platform's limits as strict sliding windows: whoever exceeds one is written down, whatever was answered."""

import time
from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Strictness:
    """At most so many messages: a second in all, a minute to a group, a second to a chat (three at once)."""

    per_second: int = 30
    group_per_minute: int = 20
    chat_per_second: int = 1

    def windows(self, *, group: bool) -> list[tuple[str, int, float]]:
        """(name, messages, seconds): at most so many within any stretch of so many seconds."""
        overall = ("overall", self.per_second, 1.0)
        if group:
            return [overall, ("group", self.group_per_minute, 60.0)]
        # A small burst: 3 at once, and over a quarter of a minute no more than a few above one a second.
        return [overall, ("chat burst", 3 * self.chat_per_second, 1.0), ("chat", 18 * self.chat_per_second, 15.0)]


@dataclass(frozen=True)
class Excess:
    """A window that held more than it may."""

    window: str
    key: str
    count: int


class Windows:
    """Counts messages by when they arrived; `excesses` is empty for a bot that keeps the limits."""

    def __init__(self, strictness: Strictness) -> None:
        self._strictness = strictness
        self._seen: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.excesses: list[Excess] = []
        # (chat, when) of every message, for those who measure.
        self.arrivals: list[tuple[int, float]] = []

    def count(self, *, bot: str, chat_id: int, at: float, messages: int = 1) -> None:
        """Count messages that were accepted for a chat (negative ids are groups).

        An album cannot be sent in smaller pieces: one that is more than a window holds may be alone in it.
        """
        self.arrivals += [(chat_id, time.time())] * messages
        for name, most, seconds in self._strictness.windows(group=chat_id < 0):
            key = bot if name == "overall" else f"{bot}/{chat_id}"
            seen = self._seen[name, key]
            while seen and seen[0] <= at - seconds:
                seen.popleft()
            alone = not seen
            seen.extend([at] * messages)
            if len(seen) > most and not alone:
                self.excesses.append(Excess(name, key, len(seen)))

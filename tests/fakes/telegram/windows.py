"""The platform's limits as strict sliding windows: whoever exceeds one is written down, whatever was answered."""

from collections import defaultdict, deque
from dataclasses import dataclass

# (name, messages, seconds): at most so many within any stretch of so many seconds.
OVERALL = ("overall", 30, 1.0)
PER_GROUP = ("group", 20, 60.0)
# One a second in a chat, with a small burst: 3 at once, 1 a second over a quarter of a minute.
PER_CHAT = (("chat burst", 3, 1.0), ("chat", 18, 15.0))


@dataclass(frozen=True)
class Excess:
    """A window that held more than it may."""

    window: str
    key: str
    count: int


class Windows:
    """Counts messages by when they arrived; `excesses` is empty for a bot that keeps the limits."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.excesses: list[Excess] = []

    def count(self, *, bot: str, chat_id: int, at: float, messages: int = 1) -> None:
        """Count messages that were accepted for a chat (negative ids are groups)."""
        windows = [(OVERALL, bot)]
        if chat_id < 0:
            windows.append((PER_GROUP, f"{bot}/{chat_id}"))
        else:
            windows += [(window, f"{bot}/{chat_id}") for window in PER_CHAT]
        for (name, most, seconds), key in windows:
            seen = self._seen[name, key]
            seen.extend([at] * messages)
            while seen and seen[0] <= at - seconds:
                seen.popleft()
            if len(seen) > most:
                self.excesses.append(Excess(name, key, len(seen)))

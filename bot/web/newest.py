"""Which chats have something new, asked once a second for all open lines of this process together."""

from collections import deque
from datetime import datetime, timedelta

from bot.web.site import Clock
from storage import webreading
from storage.database import Database

EVERY = timedelta(seconds=1)
# A transaction may commit a lower number after a higher one has been seen: what is this young is asked for again.
SETTLED_AFTER = timedelta(seconds=10)


class Newest:
    """What other processes wrote; this process' own messages wake their readers without it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._looked_at: datetime | None = None
        self._tips: deque[tuple[datetime, int]] = deque()
        self._chats: dict[str, int] = {}

    async def is_after(self, chat: str, message_id: int) -> bool:
        """Whether a chat has a message after this one, as far as the last look tells."""
        now = self._clock()
        if self._looked_at is None or now - self._looked_at >= EVERY:
            self._looked_at = now  # before waiting, so that one line looks and the others do not
            await self._look(now)
        return self._chats.get(chat, 0) > message_id

    async def _look(self, now: datetime) -> None:
        async with self._database.reading() as tx:
            if not self._tips:
                self._tips.append((now, await webreading.tip(tx)))
            while len(self._tips) > 1 and now - self._tips[1][0] >= SETTLED_AFTER:
                self._tips.popleft()
            self._chats = await webreading.newest(tx, self._tips[0][1])
        self._tips.append((now, max([self._tips[-1][1], *self._chats.values()])))

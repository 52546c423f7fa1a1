"""A house with nothing to do asks its database for each kind of work once a second, and no more."""

import asyncio
from collections import Counter
from pathlib import Path

from storage.listening import listening
from tests.bot.telegram_house import house
from tests.fakes.telegram.server import TelegramServer

SETTLING_SECONDS = 1.5
IDLE_SECONDS = 4.0


async def test_nothing_is_asked_more_often_than_once_a_second(ready_url: str, tmp_path: Path) -> None:
    asked: Counter[str] = Counter()

    def count(statement: str, _values: object) -> None:
        asked[statement] += 1

    async with TelegramServer(scale=0.02) as server, house(tmp_path, server, ready_url) as home:
        await home.until(lambda: home.database.holder is not None)
        await asyncio.sleep(SETTLING_SECONDS)
        with listening(home.database, count):
            await asyncio.sleep(IDLE_SECONDS)
    assert asked, "somebody looks"
    # One look at the outbox asks about each account by itself, and again before it is believed that nothing is due.
    times = 2 * len(home.app.channels)
    assert max(asked.values()) <= (IDLE_SECONDS + 1) * times, asked.most_common(3)
    assert max(n for statement, n in asked.items() if "FROM inbox" in statement) <= IDLE_SECONDS + 1

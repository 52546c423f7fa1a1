"""The whole house with a Zalo Bot's stand-in beside it, for tests that talk as people do."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app import App, build
from bot.clock import Clock
from bot.sample import seed
from bot.settings import Settings
from storage.database import Database
from tests.fakes.zalo_bot.server import ZaloBotServer

RESIDENT, OFFICIAL = "aaaa1111bbbb2222cccc", "dddd3333eeee4444ffff"
GROUP = "9999000088887777666a"
UNIT = "KTHTDT"
LAMP = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay"
PATIENCE_SECONDS = 60.0
SECRET = "a-secret-of-sixteen"
CODE = re.compile(r"PA-\d\d-\d{5}")


def zalo_settings(server: ZaloBotServer) -> dict[str, str]:
    """What the stand-in needs to be used."""
    return {
        "ZALO_BOT_TOKEN": server.world.token, "ZALO_BOT_API_URL": server.url,
        "ZALO_BOT_FILE_HOSTS": f"zdn.vn {server.url}", "STOP_SECONDS": "4",
    }  # fmt: skip


def settings_for(folder: Path, server: ZaloBotServer, url: str, **more: str) -> Settings:
    """Settings that use the stand-in."""
    ours = {"DATA_DIR": str(folder), "DATABASE_URL": url, "HTTP_PORT": "0", "MESSAGES_PER_MINUTE": "1000"}
    return Settings.load(ours | zalo_settings(server) | more)


class House:
    """A running house and its Zalo."""

    def __init__(self, app: App, database: Database, server: ZaloBotServer) -> None:
        self.app = app
        self.database = database
        self.server = server

    async def hears(self, chat: str, words: str, after: int = 0) -> str:
        """Wait for a message with these words in a chat, newer than the first `after`; its text."""

        def said() -> str | None:
            return next((text for text in reversed(self.server.texts(chat)[after:]) if words in text), None)

        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (found := said()) is None:  # noqa: ASYNC110  # the stand-in has no event for it
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"{words!r} was not said: {self.server.texts(chat)[after:]}") from None
        return found

    async def says(self, who: str, text: str, words: str, *, group: str | None = None) -> str:
        """Somebody writes, and reads the answer that has these words."""
        chat = group or who
        before = len(self.server.texts(chat))
        self.server.write(who, text, group=group)
        return await self.hears(chat, words, after=before)


def number(said: str, label: str) -> str:
    """The number that stands before a label in a list."""
    found = re.search(rf"^(\d+)\. .*{re.escape(label)}", said, re.MULTILINE)
    assert found, (label, said)
    return found[1]


@asynccontextmanager
async def house(folder: Path, server: ZaloBotServer, url: str, **more: str) -> AsyncIterator[House]:
    """The house, running, with the sample ward; stopped in the end."""
    database = Database.open(url)
    async with database.transaction() as tx:
        await seed(tx, now=Clock().now())
    app = build(settings_for(folder, server, url, **more), database)
    stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
    running: asyncio.Task[Any] = asyncio.create_task(app.serve(stop, port.set_result))
    await asyncio.wait({running, port}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield House(app, database, server)
    finally:
        stop.set()
        await running
        await database.close()

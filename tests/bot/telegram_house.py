"""The whole house with Telegram's stand-in beside it, for tests that talk as people do."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from actions import manage_people
from bot.app import App, build
from bot.clock import Clock
from bot.sample import seed
from bot.settings import Settings
from domain.people import GroupKind, Role
from storage import wards
from storage.database import Database
from storage.outbox import owed
from tests.fakes.telegram.server import TelegramServer

RESIDENT, OFFICIAL, CHIEF = 4201, 7701, 7702
GROUP, FORUM = -1001001, -1001003
UNIT = "KTHTDT"
LAMP = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay"
# Longer than anything takes on a busy machine: what comes is never waited for to the end.
PATIENCE_SECONDS = 60.0
SECRET = "a-secret-of-sixteen"


class House:
    """A running house and its Telegram."""

    def __init__(self, app: App, database: Database, server: TelegramServer) -> None:
        self.app = app
        self.database = database
        self.server = server
        self.people = server.people

    async def until(self, true: Callable[[], Any]) -> Any:
        """Wait until something holds; what it gave."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := true()):  # noqa: ASYNC110  # the stand-in has no event for everything
                await asyncio.sleep(0.01)
        return found

    async def hears(self, chat: int, words: str, after: int = 0) -> dict[str, Any]:
        """Wait for a message with these words in a chat, newer than the first `after`; the message."""

        def said() -> dict[str, Any] | None:
            found = [
                one for one in self.server.sent(chat)[after:] if words in (one.get("text") or one.get("caption", ""))
            ]
            return found[-1] if found else None

        try:
            found: dict[str, Any] = await self.until(said)
        except TimeoutError:
            raise AssertionError(f"{words!r} was not said: {self.server.texts(chat)}") from None
        return found

    async def press(self, user: int, words: str, choice: str, chat: int | None = None) -> None:
        """Wait for a message with these words, and press its button with this payload (or ending of one)."""
        where = chat if chat is not None else user

        def shown() -> tuple[int, str] | None:
            for message in reversed(self.server.sent(where)):
                rows = message.get("reply_markup", {}).get("inline_keyboard", [])
                data = [one["callback_data"] for row in rows for one in row if one["callback_data"].endswith(choice)]
                if data and words in (message.get("text") or message.get("caption", "")):
                    return message["message_id"], data[0]
            return None

        try:
            message_id, data = await self.until(shown)
        except TimeoutError:
            raise AssertionError(f"no {choice!r} under {words!r}: {self.server.sent(where)}") from None
        self.people.tap(user, data, message_id=message_id, chat=chat)

    async def settle(self) -> None:
        """Wait until everything that was said has been handled and answered."""
        await self.until(lambda: not self.server.bot.queue.alive())
        await asyncio.sleep(0.05)


def settings_for(folder: Path, server: TelegramServer, url: str, **more: str) -> Settings:
    """Settings that use the stand-in."""
    return Settings.load(
        {
            "DATA_DIR": str(folder), "DATABASE_URL": url, "HTTP_PORT": "0", "TELEGRAM_TOKEN": server.bot.token,
            "TELEGRAM_API_URL": server.url, "MESSAGES_PER_MINUTE": "1000", "STOP_SECONDS": "2",
            # People talk here as fast as they can.
            "TELEGRAM_CHAT_PER_SECOND": "1000", "TELEGRAM_CHAT_BURST": "100", "TELEGRAM_GROUP_PER_MINUTE": "1000",
            **more,
        }
    )  # fmt: skip


@asynccontextmanager
async def house(
    folder: Path, server: TelegramServer, url: str, *, clock: Clock | None = None, **more: str
) -> AsyncIterator[House]:
    """The house, running by a clock, with the sample ward; stopped in the end."""
    database = Database.open(url)
    async with database.transaction() as tx:
        await seed(tx, now=Clock().now())
    app = build(settings_for(folder, server, url, **more), database, clock)
    stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
    running = asyncio.create_task(app.serve(stop, port.set_result))
    await asyncio.wait({running, port}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield House(app, database, server)
    finally:
        stop.set()
        await running
        await database.close()


def picture(colour: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, "JPEG")
    return made.getvalue()


async def invited(home: House, role: Role | None, unit: str | None = UNIT) -> str:
    async with home.database.transaction() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        now, days = Clock().now(), timedelta(days=7)
        if role is not None:
            return await manage_people.invite_official(tx, ward, role=role, unit_code=unit, now=now, valid_for=days)
        kind = GroupKind.UNIT
        return await manage_people.invite_group(tx, ward, kind=kind, unit_code=unit, now=now, valid_for=days)


async def office_taken(home: House) -> None:
    home.people.write(OFFICIAL, f"/start thamgia_{await invited(home, Role.MEMBER)}")
    await home.hears(OFFICIAL, "✅")


async def group_bound(home: House, chat: int = GROUP, topic: int | None = None) -> None:
    home.people.write(CHIEF, f"/thamgia {await invited(home, None)}", chat=chat, topic=topic)
    await home.hears(chat, "✅")


async def known(home: House) -> None:
    """A resident who has agreed and been asked everything."""
    home.people.write(RESIDENT, "/start")
    await home.press(RESIDENT, "đồng ý không", ":agree")
    await home.press(RESIDENT, "tổ dân phố nào", ":skip")
    await home.hears(RESIDENT, "Cảm ơn")


async def reported(home: House) -> str:
    home.people.write(RESIDENT, LAMP)
    await home.press(RESIDENT, "xem lại trước khi gửi", ":send")
    said = await home.hears(RESIDENT, "✅")
    return next(word for word in said["text"].split() if word.startswith("PA-"))


async def at_rest(home: House) -> None:
    """Wait until what was sent is marked so: a reply to a card is known by its mark."""
    for _ in range(400):
        async with home.database.reading() as tx:
            if not await owed(tx):
                return
        await asyncio.sleep(0.03)
    raise AssertionError("something is still owed")

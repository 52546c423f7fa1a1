"""The whole house with Zalo's stand-in beside Telegram's, for tests in which residents are on Zalo."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.clock import Clock
from storage import outbox
from tests.bot.telegram_house import PATIENCE_SECONDS, House, house
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import Message

RESIDENT = "8309000000000000001"
LAMP = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay, tối om"


def zalo_settings(zalo: ZaloOaServer, port: int) -> dict[str, str]:
    """Settings that use the stand-in; its first refresh token is one of them."""
    pair = zalo.world.pair or zalo.world.new_pair()
    return {
        "HTTP_PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}", "ZALO_OA_APP_ID": zalo.world.app_id,
        "ZALO_OA_APP_SECRET": zalo.world.app_secret, "ZALO_OA_SECRET_KEY": zalo.world.oa_secret,
        "ZALO_OA_REFRESH_TOKEN": pair.refresh, "ZALO_OA_API_URL": zalo.url, "ZALO_OAUTH_URL": zalo.url,
        "ZALO_OA_FILE_HOSTS": zalo.url,
    }  # fmt: skip


class ZaloHouse:
    """A running house, its Telegram, and its Zalo."""

    def __init__(self, home: House, zalo: ZaloOaServer) -> None:
        self.home = home
        self.zalo = zalo
        self.people = zalo.people

    async def until(self, true: Callable[[], Any]) -> Any:
        """Wait until something holds; what it gave."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := true()):  # noqa: ASYNC110  # the stand-in has no event for everything
                await asyncio.sleep(0.01)
        return found

    async def hears(self, chat: str, words: str, after: int = 0) -> Message:
        """Wait for a message with these words in a chat, newer than the first `after`."""

        def said() -> Message | None:
            found = [one for one in self.zalo.world.sent(chat)[after:] if words in one.body.get("text", "")]
            return found[-1] if found else None

        try:
            found: Message = await self.until(said)
        except TimeoutError:
            raise AssertionError(f"{words!r} was not said: {self.zalo.texts(chat)}") from None
        return found

    async def at_rest(self) -> None:
        """Wait until all that was sent is known to have been: nobody answers a message faster than that."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                async with self.home.database.reading() as tx:
                    if not await outbox.owed(tx):
                        return
                await asyncio.sleep(0.02)

    async def press(self, user: str, words: str, ending: str) -> None:
        """Wait for a message with these words, and press its button whose payload has this ending."""

        def shown() -> str | None:
            for message in reversed(self.zalo.world.sent(user)):
                if words in message.body.get("text", ""):
                    buttons = message.body.get("attachment", {}).get("payload", {}).get("buttons", [])
                    return next((one["payload"] for one in buttons if one["payload"].endswith(ending)), None)
            return None

        try:
            payload = await self.until(shown)
        except TimeoutError:
            raise AssertionError(f"no {ending!r} under {words!r}: {self.zalo.texts(user)}") from None
        self.people.tap(user, payload)


@asynccontextmanager
async def zalo_house(
    folder: Path,
    zalo: ZaloOaServer,
    telegram: TelegramServer,
    url: str,
    port: int,
    *,
    clock: Clock | None = None,
    **more: str,
) -> AsyncIterator[ZaloHouse]:
    """The house, running, with both stand-ins; stopped in the end."""
    async with house(folder, telegram, url, clock=clock, **(zalo_settings(zalo, port) | more)) as home:
        zalo.webhook.url = f"http://127.0.0.1:{port}/webhook/zalo-oa/{zalo.world.app_id}"
        yield ZaloHouse(home, zalo)

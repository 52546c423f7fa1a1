"""Somebody at the ward's web chat of a running house, over HTTP as their browser does it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, CookieJar

from tests.bot.web.ground import OURS

PATIENCE_SECONDS = 60.0


class WebVisitor:
    """One browser with a chat of its own."""

    def __init__(self, browser: ClientSession) -> None:
        self._browser = browser
        # What was there when they last wrote is not the answer to it.
        self._read = 0

    async def _post(self, **message: str) -> None:
        body = {"client_id": str(uuid.uuid4())} | message
        async with self._browser.post("/api/messages", json=body, headers=OURS) as answer:
            answer.raise_for_status()
            self._read = (await answer.json())["message"]["id"]

    async def messages(self) -> list[dict[str, Any]]:
        """All that was said to them."""
        async with self._browser.get("/api/messages") as answer:
            return [one for one in (await answer.json())["messages"] if one["author"] == "bot"]

    async def hears(self, words: str) -> dict[str, Any]:
        """Wait for a message with these words, said since they last wrote."""
        found: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    found = [one for one in await self.messages() if one["id"] > self._read]
                    said = [one for one in found if words in one["text"]]
                    if said:
                        return said[-1]
                    await asyncio.sleep(0.03)
        except TimeoutError:
            raise AssertionError(f"{words!r} was not said: {[one['text'] for one in found]}") from None

    async def says(self, text: str, words: str) -> dict[str, Any]:
        """Write, and read the answer that has these words."""
        await self._post(text=text)
        return await self.hears(words)

    async def presses(self, shown: dict[str, Any], button: str, words: str) -> dict[str, Any]:
        """Press the button below a message with this in its label or payload; read the answer that has these words."""
        found = [(payload, label) for payload, label in shown["choices"] if button in label or button in payload]
        assert found, (button, shown["choices"])
        await self._post(text="", choice=found[0][0], label=found[0][1])
        return await self.hears(words)


@asynccontextmanager
async def visiting(port: int) -> AsyncIterator[WebVisitor]:
    """A browser that has opened the ward's page."""
    jar = CookieJar(unsafe=True)
    async with ClientSession(f"http://127.0.0.1:{port}", cookie_jar=jar) as browser:
        (await browser.get("/")).raise_for_status()
        yield WebVisitor(browser)

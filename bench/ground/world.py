"""The world outside the bot: a light Bot API, and people who write and wait for their answer."""

import asyncio
import itertools
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import ClientSession, TCPConnector, web

TOKEN = "700001:TEST-token-abcdefghijklmnopqrstuvwx"
SECRET = "a-secret-of-sixteen"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_CHAT = 4201
PATIENCE_SECONDS = 30.0
ME = {"id": 700001, "is_bot": True, "first_name": "Bench", "username": "BenchBot"}


@dataclass(slots=True)
class World:
    """One Bot API on loopback, as light as can be: it believes everything and keeps the time of each answer.

    `delay` is how long it takes to answer a sendMessage, in seconds: on loopback none, to Telegram some 20 ms and more.
    """

    delay: float = 0.0
    url: str = ""
    webhook: str = ""
    calls: int = 0
    waits: list[float] = field(default_factory=list)
    _waiting: dict[str, "asyncio.Future[str]"] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _runner: web.AppRunner | None = None
    _client: ClientSession | None = None

    async def __aenter__(self) -> "World":
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._client = ClientSession(connector=TCPConnector(limit=200))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._client is not None and self._runner is not None
        await self._client.close()
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method != "sendMessage":
            return _ok(ME if method == "getMe" else True)
        said = _fields(await request.text(), request.content_type)
        if self.delay:
            await asyncio.sleep(self.delay)
        self.calls += 1
        chat = str(said["chat_id"])
        waiting = self._waiting.pop(chat, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(said["text"])
        kind = "supergroup" if chat.startswith("-") else "private"
        return _ok({"message_id": next(self._numbers), "date": 1, "chat": {"id": int(chat), "type": kind}, "text": "."})

    async def store(self, update: dict[str, Any]) -> None:
        """Deliver one update as Telegram would."""
        assert self._client is not None
        async with self._client.post(self.webhook, json=update, headers={SECRET_HEADER: SECRET}) as answer:
            assert answer.status == 200, answer.status
            await answer.read()

    async def until_taken(self) -> None:
        """Wait until the bot takes updates: it asks Telegram who it is first."""
        for _ in range(200):
            try:
                await self.store({"update_id": 0, "unheard_of": {}})
            except AssertionError:
                await asyncio.sleep(0.05)
            else:
                return
        raise RuntimeError("the bot does not take updates")

    async def say(self, chat: int, text: str) -> str:
        """Write to the bot and wait for its answer; the answer."""
        waiting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[str(chat)] = waiting
        began = time.perf_counter()
        await self.store(self.update(chat, text))
        answer = await asyncio.wait_for(waiting, PATIENCE_SECONDS)
        self.waits.append(time.perf_counter() - began)
        return answer

    async def talk(self, at_once: int, texts: Sequence[str], rounds: int, *, people: int, first: int = 0) -> None:
        """Have the same conversation held, so many at once, so many times over.

        `people` take turns at it, the first of them being number `first`: nobody writes forty messages a second.
        """

        async def one(number: int) -> None:
            for turned in range(rounds):
                chat = FIRST_CHAT + first + (number + turned * at_once) % people
                for text in texts:
                    await self.say(chat, text)

        await asyncio.gather(*(one(number) for number in range(at_once)))

    def update(self, chat: int, text: str) -> dict[str, Any]:
        """A private text message."""
        number = next(self._numbers)
        who = {"id": chat, "first_name": "Lan", "language_code": "vi"}
        message: dict[str, Any] = {
            "message_id": number, "date": int(time.time()), "text": text,
            "from": {**who, "is_bot": False}, "chat": {"id": chat, "first_name": "Lan", "type": "private"},
        }  # fmt: skip
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        return {"update_id": number, "message": message}


def _ok(result: Any) -> web.Response:
    return web.Response(text=json.dumps({"ok": True, "result": result}), content_type="application/json")


def _fields(body: str, content_type: str) -> dict[str, Any]:
    if content_type == "application/json":
        return dict(json.loads(body))
    if content_type == "application/x-www-form-urlencoded":
        return {name: values[0] for name, values in parse_qs(body).items()}
    raise ValueError(f"a sendMessage as {content_type}")

"""The stand-in as an aiohttp application: /bot<token>/<method>, /file/bot<token>/<path>, and /sim/<what> for tests."""

import asyncio
import base64
import json
import random
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.telegram.asking import ASKING
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.faults import AFTER, BEFORE, Fault, Faults
from tests.fakes.telegram.methods import SENDING, Uploads
from tests.fakes.telegram.people import People
from tests.fakes.telegram.windows import Strictness
from tests.fakes.telegram.world import Bot, Call, Chat, Json, World

TOKEN = "700001:TEST-token-abcdefghijklmnopqrstuvwx"
UPLOAD_MAX_BYTES = 60 << 20
QUIET = frozenset({"getupdates"})


@dataclass(frozen=True)
class Line:
    """How long a request is on its way, each way: `shortest` seconds and a random part up to `jitter`."""

    shortest: float = 0.0
    jitter: float = 0.0

    def seconds(self) -> float:
        """Of one way."""
        return self.shortest + random.uniform(0, self.jitter)  # noqa: S311  # chance, not secrecy


class TelegramServer:
    """One server; use as `async with TelegramServer() as server`. `url` is what TELEGRAM_API_URL is set to."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "DanBanBot",
        scale: float = 1.0,
        port: int = 0,
        strictness: Strictness | None = None,
        line: Line | None = None,
        tap_seconds: float | None = None,
    ) -> None:
        self.world = World(scale=scale, strictness=strictness, tap_seconds=tap_seconds)
        self._line = line or Line()
        self.bot = self.world.add_bot(token, username)
        self.people = People(self.world, self.bot)
        self.faults = Faults()
        self.url = ""
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "TelegramServer":
        app = web.Application(client_max_size=UPLOAD_MAX_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{folder}/{name}", self._file)
        app.router.add_post("/sim/{what}", self._sim)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.bot.queue.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- what tests look at ---------------------------------------------------------------------------------------

    def sent(self, chat: int | None = None) -> list[Json]:
        """The bot's messages as they stand, of one chat or of all."""
        chats = [chat] if chat is not None else list(self.world.messages)
        every = [one for number in chats for one in self.world.messages[number].values()]
        return [one for one in every if one.get("from", {}).get("id") == self.bot.id]

    def texts(self, chat: int) -> list[str]:
        """What the bot said in a chat."""
        return [_words(one) for one in self.sent(chat)]

    def calls(self, method: str) -> list[Call]:
        """The calls of one method that took effect or were refused."""
        return [one for one in self.world.calls if one.method == method.lower()]

    # --- the API --------------------------------------------------------------------------------------------------

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        params, uploads = await _parameters(request)
        fault = self.faults.take(method, params)
        if fault is not None and fault.kind == BEFORE:
            return _cut(request)
        call = Call(method, params, time.time())
        try:
            bot = self.world.bots.get(request.match_info["token"])
            if bot is None:
                raise ApiError(401, "Unauthorized")
            if fault is not None and (error := fault.error()) is not None:
                raise error
            if fault is not None and fault.kind == "hang":
                await asyncio.sleep(fault.seconds)
            call.result = await self._call(bot, method, params, uploads)
            call.done_at = time.time()
            body, status = {"ok": True, "result": call.result}, 200
        except ApiError as error:
            call.error = body = error.body()
            status = error.code
        if method not in QUIET:
            self.world.calls.append(call)
        if fault is not None and fault.kind == AFTER:
            return _cut(request)
        headers = {"Retry-After": str(body["parameters"]["retry_after"])} if status == 429 else {}
        return web.json_response(body, status=status, headers=headers)

    async def _call(self, bot: Bot, method: str, params: Json, uploads: Uploads) -> Any:
        if method in SENDING:
            await asyncio.sleep(self._line.seconds())
            done = SENDING[method](self.world, bot, params, uploads)
            await asyncio.sleep(self._line.seconds())
            return done
        if method in ASKING:
            return await ASKING[method](self.world, bot, params)
        raise ApiError(404, "Not Found")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("file", {})
        if fault is not None and fault.kind in (BEFORE, AFTER):
            return _cut(request)
        if fault is not None and (error := fault.error()) is not None:
            return web.json_response(error.body(), status=error.code)
        data = self.world.files.get(request.match_info["name"].removesuffix(".jpg"))
        if request.match_info["token"] not in self.world.bots or data is None:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=data, content_type="application/octet-stream")

    # --- /sim -----------------------------------------------------------------------------------------------------

    async def _sim(self, request: web.Request) -> web.Response:
        """Whatever People can do, and: fault, sent, calls, queue, excesses, repeat."""
        given = await request.json() if request.can_read_body else {}
        what = request.match_info["what"]
        own = getattr(self, f"_sim_{what}", None)
        done = own(**given) if own else getattr(self.people, what)(**given)
        return web.json_response({"done": done})

    def _sim_fault(self, **fault: Any) -> None:
        self.faults.ordered.append(Fault(**fault))

    def _sim_sent(self, chat: int | None = None) -> list[Json]:
        return self.sent(chat)

    def _sim_queue(self) -> int:
        return len(self.bot.queue.alive())

    def _sim_excesses(self) -> list[str]:
        return [f"{one.window} {one.key.rpartition('/')[2]}: {one.count}" for one in self.world.windows.excesses]

    def _sim_arrivals(self, after: int = 0) -> list[tuple[int, float]]:
        return self.world.windows.arrivals[after:]

    def _sim_said(self) -> list[tuple[str, float]]:
        return [(str(one.params.get("text")), one.done_at) for one in self.calls("sendMessage") if one.error is None]

    def _sim_crowd(self, people: int, groups: int, first: int = 100_000) -> None:
        for number in range(first, first + people):
            self.world.private(number).started = True
        for number in range(first, first + groups):
            self.world.chats[-number] = Chat(id=-number, type="supergroup", title=f"Tổ {number}")

    def _sim_calls(self, method: str) -> list[Json]:
        return [{"params": one.params, "error": one.error} for one in self.calls(method)]

    def _sim_album(self, user: int, photos: list[str], caption: str) -> list[int]:
        return self.people.album(user, [base64.b64decode(photo) for photo in photos], caption=caption)

    def _sim_photo(self, user: int, data: str, caption: str = "") -> int:
        return self.people.photo(user, base64.b64decode(data), caption=caption)

    def _sim_button(self, chat: int, words: list[str], ending: str) -> tuple[int, str] | None:
        """The newest message in a chat with all these words and a button whose payload has this ending, and that."""
        for message in reversed(self.sent(chat)):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            found = [one["callback_data"] for row in rows for one in row if one["callback_data"].endswith(ending)]
            if found and all(word in _words(message) for word in words):
                return message["message_id"], found[0]
        return None

    def _sim_shows(self, chat: int, words: list[str]) -> bool:
        return any(all(word in _words(message) for word in words) for message in self.sent(chat))

    def _sim_taps(self) -> list[int]:
        return self.bot.queue.taps

    def _sim_statuses(self) -> dict[str, list[int]]:
        """What our webhook answered (0: nothing), and the refusals among it that did not say when to come again."""
        hook = self.bot.queue.webhook
        return {"all": [status for _id, status in hook.posted], "abrupt": hook.abrupt} if hook else {}

    def _sim_breaks(self, kind: str, times: int = 1) -> None:
        self.bot.queue.breaking.order(kind, times)

    def _sim_again(self, count: int) -> int:
        # In lanes of their own: they come beside what is new, in any order.
        return self.bot.queue.breaking.again(count, lambda update, lane: self.bot.queue.repeat(update, f"again{lane}"))

    def _sim_mend(self) -> int:
        """Forget the faults in store; how many calls could still have met one."""
        unmet = sum(one.times for one in self.faults.ordered)
        self.faults.ordered.clear()
        self.bot.queue.breaking.ordered.clear()
        return unmet

    def _sim_repeat(self, update: Json, lane: str = "again") -> None:
        self.bot.queue.repeat(update, lane)


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption", ""))


async def _parameters(request: web.Request) -> tuple[Json, Uploads]:
    """Parameters from the address, a JSON body, a form, or a form with files."""
    params: Json = dict(request.query)
    uploads: Uploads = {}
    if request.content_type == "application/json" and request.can_read_body:
        params |= json.loads(await request.text() or "{}")
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = value.file.read()
                params.setdefault(name, name)
            elif isinstance(value, str):
                params[name] = value
    return params, uploads


def _cut(request: web.Request) -> web.StreamResponse:
    """Close the line without a word."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()

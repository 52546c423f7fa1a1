"""The stand-in as an aiohttp application: /bot<token>/<method>, /media/<name>, and /sim/<what> for tests."""

import asyncio
import base64
import contextlib
import json
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from tests.fakes.breaking import HALF, UNHEARD, post_half
from tests.fakes.zalo_bot.methods import METHODS, post
from tests.fakes.zalo_bot.world import ApiError, Call, Fault, Json, World, event

TOKEN = "1459232241454765289:TEST-zalo-token-abcdef"
BODY_MAX_BYTES = 60 << 20


class ZaloBotServer:
    """One server; use as `async with ZaloBotServer() as server`. `url` is what ZALO_BOT_API_URL is set to."""

    def __init__(self, *, token: str = TOKEN, scale: float = 1.0, port: int = 0, monthly: int = 3000) -> None:
        self.world = World(token=token, scale=scale, monthly=monthly)
        self.url = ""
        self._port = port
        self._runner: web.AppRunner | None = None
        self._posting: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "ZaloBotServer":
        app = web.Application(client_max_size=BODY_MAX_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/media/{name}", self._media)
        app.router.add_post("/sim/{what}", self._sim)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._posting:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- what people do -------------------------------------------------------------------------------------------

    def write(self, user: str, text: str, *, group: str | None = None, message_id: str = "") -> str:
        """Somebody writes; in a group only what mentions the bot or replies to it is handed over. The message's id."""
        return self._happens(event("text", user, group=group, message_id=message_id, text=text))

    def photo(self, user: str, data: bytes, *, caption: str = "", documented: bool = False) -> str:
        """Somebody sends a photo; `documented` names its address as the documents do, not as the platform does."""
        said = {"photo" if documented else "photo_url": self._address("jpg", data), "message_type": "CHAT_PHOTO"}
        return self._happens(event("image", user, group=None, **said, **({"caption": caption} if caption else {})))

    def voice(self, user: str, data: bytes) -> str:
        """Somebody sends a recording."""
        return self._happens(
            event("voice", user, group=None, voice_url=self._address("aac", data), message_type="CHAT_VOICE")
        )

    def sticker(self, user: str) -> str:
        """Somebody sends a sticker."""
        return self._happens(event("sticker", user, group=None, sticker="abc", url="https://zalo-api.zadn.vn/s.png"))

    def unsupported(self, user: str) -> str:
        """Somebody sends a place, a file, a link: nothing of it is handed over."""
        return self._happens(event("unsupported", user, group=None))

    def _address(self, ending: str, data: bytes) -> str:
        name = f"{len(self.world.media)}.{ending}"
        self.world.media[name] = ("image/jpeg" if ending == "jpg" else "audio/aac", data)
        return f"{self.url}/media/{name}"

    def _happens(self, happened: Json) -> str:
        message = happened["message"]
        self.world.chats[message["chat"]["id"]] = message["chat"]["chat_type"]
        self.world.breaking.past.append((happened, ""))
        self.deliver(happened)
        return str(message["message_id"])

    def deliver(self, happened: Json) -> None:
        """Hand an event over (again): once, whatever becomes of it."""
        if self.world.webhook is None:
            self.world.waiting.put_nowait(happened)
            return
        # Both forms are seen: in an envelope as documented, and bare.
        wrapped = next(self.world.answers) % 2 == 0
        body = json.dumps({"ok": True, "result": happened} if wrapped else happened).encode()
        task = asyncio.get_running_loop().create_task(self._post(happened["message"]["message_id"], body))
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)

    async def _post(self, message_id: str, body: bytes) -> None:
        hook = self.world.webhook
        if hook is None:
            return
        breaks = self.world.breaking.take()
        if breaks == HALF:
            with contextlib.suppress(OSError):
                await post_half(hook.url, body, {"X-Bot-Api-Secret-Token": hook.secret})
            hook.posted.append((message_id, 0))
            return
        status = await post(hook, body)
        hook.posted.append((message_id, 0 if breaks == UNHEARD else status))

    # --- what tests look at ---------------------------------------------------------------------------------------

    def texts(self, chat: str) -> list[str]:
        """What the bot said in a chat."""
        return [one["text"] for one in self.world.sent if one["chat_id"] == chat]

    def calls(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [one for one in self.world.calls if one.method == method]

    # --- the API --------------------------------------------------------------------------------------------------

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        call = Call(method, await _parameters(request))
        self.world.calls.append(call)
        fault = self.world.take_fault(method)
        if fault is not None and fault.kind == "cut_before":
            return _cut(request)
        try:
            if request.match_info["token"] != self.world.token:
                raise ApiError(401, "Unauthorized")
            if fault is not None:
                await _meet(fault)
            if method not in METHODS:
                raise ApiError(404, "Not Found")
            result = await METHODS[method](self.world, call.params)
        except ApiError as error:
            call.error = error
            return self._refusal(error)
        if fault is not None and fault.kind == "cut_after":
            return _cut(request)
        return _answer({"ok": True} | ({} if result is None else {"result": result}), 200)

    def _refusal(self, error: ApiError) -> web.Response:
        """Not ok: with HTTP's own status or with 200, the number in this spelling or in that."""
        count = next(self.world.answers)
        spelling = "errorCode" if count % 2 else "error_code"
        body = {"ok": False, "description": error.said, spelling: error.code}
        return _answer(body, error.code if count % 3 == 0 and error.code != 408 else 200)

    async def _media(self, request: web.Request) -> web.Response:
        kind, data = self.world.media.get(request.match_info["name"], ("", b""))
        return web.Response(body=data, content_type=kind) if kind else web.Response(status=404)

    async def _sim(self, request: web.Request) -> web.Response:
        """What people do, and: fault, sent, texts, repeat; for tests in another process."""
        given = await request.json() if request.can_read_body else {}
        what = request.match_info["what"]
        if "data" in given:
            given["data"] = base64.b64decode(given["data"])
        own = getattr(self, f"_sim_{what}", None) or getattr(self, what)
        return web.json_response({"done": own(**given)})

    def _sim_fault(self, **fault: Any) -> None:
        self.world.faults.append(Fault(**fault))

    def _sim_breaks(self, kind: str, times: int = 1) -> None:
        self.world.breaking.order(kind, times)

    def _sim_again(self, count: int) -> int:
        return self.world.breaking.again(count, lambda happened, _line: self.deliver(happened))

    def _sim_mend(self) -> int:
        """Forget the faults in store; how many calls could still have met one."""
        unmet = sum(one.times for one in self.world.faults)
        self.world.faults.clear()
        self.world.breaking.ordered.clear()
        return unmet

    def _sim_queue(self) -> int:
        return self.world.waiting.qsize() + len(self._posting)

    def _sim_acknowledged(self) -> list[str]:
        if self.world.webhook is None:
            return []
        return [message_id for message_id, status in self.world.webhook.posted if status == 200]

    def _sim_group(self, chat: str) -> None:
        self.world.chats[chat] = "GROUP"

    def _sim_hooked(self) -> bool:
        return self.world.webhook is not None

    def _sim_sent(self) -> list[Json]:
        return self.world.sent

    def _sim_posted(self) -> list[tuple[str, int]]:
        return self.world.webhook.posted if self.world.webhook else []

    def _sim_handed_out(self) -> list[str]:
        return self.world.handed_out

    def _sim_count(self, method: str) -> int:
        return len(self.calls(method))

    def _sim_waiting(self) -> int:
        return self.world.waiting.qsize() + len(self._posting)


async def _meet(fault: Fault) -> None:
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    elif fault.kind.isdigit():
        raise ApiError(int(fault.kind), {"429": "Quota exceeded", "403": "Internal server error"}.get(fault.kind, "no"))


def _answer(body: Json, status: int) -> web.Response:
    # Zalo's edge names two servers: a client that cannot bear that is of no use here.
    headers = CIMultiDict([("Server", "ZServer"), ("Server", "cloud")])
    return web.json_response(body, status=status, headers=headers)


async def _parameters(request: web.Request) -> Json:
    """Parameters from the address, a JSON body, or a form."""
    params: Json = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        params |= json.loads(await request.text() or "{}") or {}
    elif request.can_read_body:
        params |= {name: str(value) for name, value in (await request.post()).items()}
    return {name: str(value) if isinstance(value, int) else value for name, value in params.items()}


def _cut(request: web.Request) -> web.StreamResponse:
    """Close the line without a word."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()

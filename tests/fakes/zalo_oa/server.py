"""The stand-in over HTTP: OpenAPI, OAuth, files, and /sim for tests in another process."""

import asyncio
import base64
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.zalo_oa import asking, oauth, sending
from tests.fakes.zalo_oa.delivery import Webhook
from tests.fakes.zalo_oa.people import People
from tests.fakes.zalo_oa.world import Json, World, ZaloError

POSTING = {
    "/v3.0/oa/message/cs": sending.send_to_person,
    "/v3.0/oa/group/message": sending.send_to_group,
    "/v3.0/oa/message/template": sending.send_template,
    "/v3.0/oa/quota/message": asking.quota,
}
UPLOADS = {"/v2.0/oa/upload/image": sending.upload_image, "/v2.0/oa/upload/file": sending.upload_file}


@dataclass
class Fault:
    """What happens to the next `times` calls whose path holds `path`, once `after` of them have gone by.

    `kind`: cut_before, cut_after, hang, an HTTP status from 500, or a number of Zalo's.
    """

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 30.0
    after: int = 0


@dataclass
class Call:
    """A call that arrived, and its end."""

    path: str
    body: Any
    error: int


class ZaloOaServer:
    """The whole stand-in on a port of its own. `scale` shortens the waits before a redelivery."""

    def __init__(self, *, scale: float = 1.0, port: int = 0, world: World | None = None) -> None:
        self.world = world or World()
        self.webhook = Webhook(self.world, scale=scale)
        self.people = People(self.world, self.webhook)
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.url = ""
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "ZaloOaServer":
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.add_routes(
            [
                web.get("/files/{name}", self._file),
                web.post("/sim/{what}", self._sim),
                web.post("/v4/oa/access_token", self._oauth),
                web.get("/v4/oa/permission", self._consent),
                web.route("*", "/{path:.*}", self._api),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = self.people.files_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- what tests look at ---------------------------------------------------------------------------------------

    def texts(self, chat: str) -> list[str]:
        """What we said in a chat."""
        return [one.body.get("text", "") for one in self.world.sent(chat)]

    def buttons(self, chat: str) -> list[Json]:
        """The buttons below our newest message that has some."""
        for one in reversed(self.world.sent(chat)):
            found = one.body.get("attachment", {}).get("payload", {}).get("buttons")
            if found:
                return list(found)
        return []

    # --- the API --------------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        path, body = request.path, None
        fault = self._fault(path)
        if fault is not None and fault.kind == "cut_before":
            return _cut(request)
        left, data = 0, None
        try:
            self.world.check_token(request.headers.get("access_token"))
            left = self.world.count_call()
            if fault is not None and fault.kind.lstrip("-").isdigit():
                if int(fault.kind) >= 500:
                    return web.Response(status=int(fault.kind), text="<html>502 Bad Gateway</html>")
                raise ZaloError(int(fault.kind), "ordered by a test")
            if fault is not None and fault.kind == "hang":
                await asyncio.sleep(fault.seconds)
            body = await _body(request)
            data = self._done(request.method, path, body, dict(request.query))
            answer: Json = {"data": data, "error": 0, "message": "Success"}
        except ZaloError as error:
            answer = error.body()
            self.world.refusals[error.code] += 1
        self.calls.append(Call(path, body, answer["error"]))
        if fault is not None and fault.kind == "cut_after":
            return _cut(request)
        return self._answered(
            answer, {"X-RateLimit-Limit": str(self.world.per_minute), "X-RateLimit-Remain": str(left)}
        )

    def _done(self, method: str, path: str, body: Any, query: dict[str, str]) -> Any:
        try:
            if method == "POST" and path in POSTING:
                return POSTING[path](self.world, body)
            if method == "POST" and path in UPLOADS:
                return UPLOADS[path](self.world, body)
            if method == "GET" and path in asking.ASKING:
                return asking.ASKING[path](self.world, query)
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # of another shape than this reads
            raise ZaloError(-201, "params is invalid") from error
        raise ZaloError(404, "empty api")

    async def _oauth(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault(request.path)
        if fault is not None and fault.kind == "cut_before":
            return _cut(request)
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            answer = oauth.access_token(self.world, request.headers.get("secret_key"), form)
        except ZaloError as error:
            self.world.refusals[error.code] += 1
            answer = {"error": error.code, "error_name": error.message, "error_description": error.message}
        self.calls.append(Call(request.path, sorted(form), int(answer.get("error", 0))))
        if fault is not None and fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "cut_after":
            return _cut(request)
        return self._answered(answer, {})

    async def _consent(self, request: web.Request) -> web.StreamResponse:
        try:
            raise web.HTTPFound(oauth.consent(self.world, dict(request.query)))
        except ZaloError as error:
            return self._answered(error.body(), {})

    def _answered(self, answer: Json, headers: dict[str, str]) -> web.Response:
        """HTTP 200 whatever it says, with the header `Server` twice, as Zalo's edge sends it."""
        response = web.json_response(answer, headers=headers)
        response.headers.add("Server", "ZServer")
        response.headers.add("Server", "ZServer")
        return response

    def _fault(self, path: str) -> Fault | None:
        for one in self.faults:
            if one.path in path and one.after:
                one.after -= 1
            elif one.path in path:
                one.times -= 1
                if one.times <= 0:
                    self.faults.remove(one)
                return one
        return None

    async def _file(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault(request.path)
        if fault is not None and fault.kind.startswith("cut"):
            return _cut(request)
        data = self.world.files.get(request.match_info["name"])
        return web.Response(status=404) if data is None else web.Response(body=data, content_type="image/jpeg")

    # --- /sim -----------------------------------------------------------------------------------------------------

    async def _sim(self, request: web.Request) -> web.Response:
        """Whatever People can do, and: fault, texts, buttons, state, hook, advance."""
        given = await request.json() if request.can_read_body else {}
        what = request.match_info["what"]
        own = getattr(self, f"_sim_{what}", None)
        done = own(**given) if own else getattr(self.people, what)(**given)
        return web.json_response({"done": done})

    def _sim_photo(self, user: str, data: str, text: str = "") -> str:
        return self.people.photo(user, base64.b64decode(data), text=text)

    def _sim_breaks(self, kind: str, times: int = 1) -> None:
        self.webhook.breaking.order(kind, times)

    def _sim_again(self, count: int) -> int:
        return self.webhook.breaking.again(count, lambda event, _line: self.people.repeat(event))

    def _sim_mend(self) -> int:
        """Forget the faults in store; how many calls could still have met one."""
        unmet = sum(one.times for one in self.faults)
        self.faults.clear()
        self.webhook.breaking.ordered.clear()
        return unmet

    def _sim_sent(self) -> list[Json]:
        return [{"id": one.id, "chat": one.chat, "text": one.body.get("text", "")} for one in self.world.sent()]

    def _sim_acknowledged(self) -> list[str]:
        return [one.event["message"]["msg_id"] for one in self.webhook.done if one.status == 200]

    def _sim_queue(self) -> int:
        return self.webhook.waiting()

    def _sim_fault(self, **fault: Any) -> None:
        self.faults.append(Fault(**fault))

    def _sim_texts(self, chat: str) -> list[str]:
        return self.texts(chat)

    def _sim_buttons(self, chat: str) -> list[Json]:
        return self.buttons(chat)

    def _sim_button(self, chat: str, words: list[str], ending: str) -> str | None:
        """The payload with this ending below our newest message that has all these words and such a button."""
        for one in reversed(self.world.sent(chat)):
            buttons = one.body.get("attachment", {}).get("payload", {}).get("buttons", [])
            found = [button["payload"] for button in buttons if button["payload"].endswith(ending)]
            if found and all(word in one.body.get("text", "") for word in words):
                return str(found[0])
        return None

    def _sim_hook(self, url: str) -> None:
        self.webhook.url, self.webhook.enabled = url, True

    def _sim_advance(self, seconds: float) -> None:
        self.world.offset += seconds

    def _sim_pair(self) -> str:
        return self.world.new_pair().refresh

    def _sim_state(self) -> Json:
        return {
            "waiting": self.webhook.waiting(), "late": len(self.webhook.late()), "lost": len(self.webhook.lost),
            "refreshes": self.world.refreshes, "excess": self.world.excess,
            "refusals": {str(code): count for code, count in self.world.refusals.items()},
            "statuses": [one.status for one in self.webhook.done],
        }  # fmt: skip


async def _body(request: web.Request) -> Any:
    if not request.can_read_body:
        return None
    if request.content_type == "application/json":
        try:
            return json.loads(await request.text())
        except ValueError:
            raise ZaloError(-201, "params is invalid") from None
    form = await request.post()
    file = form.get("file")
    return file.file.read() if isinstance(file, web.FileField) else dict(form)


def _cut(request: web.Request) -> web.StreamResponse:
    """Close the line without a word."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()

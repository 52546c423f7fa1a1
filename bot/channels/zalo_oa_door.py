"""POST /webhook/zalo-oa/{account}: Zalo's calls, bounded in size and answered within its 2 seconds."""

import asyncio

from aiohttp import web

from bot.channels.zalo_oa_intake import Verdict, ZaloOaIntake
from bot.channels.zalo_oa_signature import HEADER

PATH = "/webhook/zalo-oa/"
EVENT_MAX_BYTES = 256 * 1024
# A body that takes longer to arrive would leave no time to keep it.
BODY_SECONDS = 0.5
_STATUS = {Verdict.FORGED: 403, Verdict.FOREIGN: 403, Verdict.REPLAYED: 403, Verdict.BROKEN: 400, Verdict.LOST: 503}


class ZaloOaDoor:
    """Where one account's events come in."""

    def __init__(self, intake: ZaloOaIntake, app_id: str) -> None:
        self._intake = intake
        self._app_id = app_id

    def routes(self) -> list[web.RouteDef]:
        """Its one address; a GET is how Zalo looks whether somebody is there."""
        path = f"{PATH}{self._app_id}"
        return [web.post(path, self.receive), web.get(path, self.look)]

    async def look(self, request: web.Request) -> web.Response:
        """200: there is somebody here."""
        return web.Response(text="ok")

    async def receive(self, request: web.Request) -> web.Response:
        """200 once it is stored, on disk, or none of our business; 4xx for strangers and nonsense."""
        body = await _body(request)
        if body is None:
            self._intake.count(Verdict.BROKEN)
            return web.Response(status=413)
        if not body.strip():
            return web.Response()  # a probe
        verdict = await self._intake.receive(body, request.headers.get(HEADER, ""))
        return web.Response(status=_STATUS.get(verdict, 200))


async def _body(request: web.Request) -> bytes | None:
    """The body, or None when it is larger than any event or does not come."""
    received = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_chunked(64 * 1024):
                received += chunk
                if len(received) > EVENT_MAX_BYTES:
                    return None
    except TimeoutError:
        return None
    return bytes(received)

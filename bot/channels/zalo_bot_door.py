"""POST /webhook/zalo-bot/{account}: a Zalo Bot's events, stored and committed before they are acknowledged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot import metrics
from bot.channels.zalo_bot_update import NAME
from bot.web.secrets import same
from bot.web.webhooks import PATH, body_of, later

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
# Nobody has written down that Zalo comes again, so the database is waited for while the line is open.
WAITS_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0)
AWAY_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloBotDoor:
    """Where one bot's events come in. `take` stores an event for good, or says that it is none (False)."""

    account: str
    secret: str
    take: Callable[[bytes], Awaitable[bool]]

    def routes(self) -> list[web.RouteDef]:
        """Its one address."""
        return [web.post(f"{PATH}zalo-bot/{self.account}", self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """200 once it is stored, 503 when it cannot be; 400 for what is no event, 413 for what is too large.

        An empty body is Zalo trying the address (200); everybody else without the secret is refused (403).
        """
        end, response = await self._received(request)
        metrics.WEBHOOK_CALLS.labels(NAME, end).inc()
        return response

    async def _received(self, request: web.Request) -> tuple[str, web.Response]:
        """What became of a call, and its answer."""
        if not request.can_read_body:
            return "probe", web.Response()
        given = request.headers.get(SECRET_HEADER, "")
        if not same(given, self.secret):
            return "forged", web.Response(status=403)
        body = await body_of(request)
        if body is None:
            return "too_large", web.Response(status=413)
        for wait in (*WAITS_SECONDS, None):
            try:
                taken = await self.take(body)
                return ("stored", web.Response()) if taken else ("broken", web.Response(status=400))
            except Exception as error:  # whatever keeps the database from taking it
                log.error("webhook: an event could not be stored (%s)", type(error).__name__)
            if wait is not None:
                await asyncio.sleep(wait)
        return "away", later(AWAY_SECONDS)

"""POST /webhook/telegram/{account}: a platform's updates, stored and committed before they are acknowledged."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.seldom import Seldom
from bot.web.secrets import same

log = logging.getLogger(__name__)

PATH = "/webhook/"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
UPDATE_MAX_BYTES = 1024 * 1024
# Telegram waits as long as it is told to, and then comes again.
AWAY_SECONDS = 5
STARTING_SECONDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where one account's updates come in. `take` stores an update for good, or says that it is none (False)."""

    account: str
    secret: str
    is_open: Callable[[], bool]
    take: Callable[[bytes], Awaitable[bool]]
    complaints: Seldom = field(default_factory=Seldom)

    async def receive(self, request: web.Request) -> web.Response:
        """200 once it is stored, 503 with Retry-After when it cannot be now; 403 to strangers.

        Never a 5xx for what is in it: Telegram would hold back everything that follows in the same chat.
        """
        given = request.headers.get(SECRET_HEADER, "")
        if not same(given, self.secret):
            return web.Response(status=403)
        if not self.is_open():
            return later(STARTING_SECONDS)
        body = await body_of(request)
        if body is None:
            return web.Response(status=413)
        try:
            taken = await self.take(body)
        except Exception as error:  # whatever keeps the database from taking it
            self.complaints.error(log, "webhook: an update could not be stored (%s)", type(error).__name__)
            return later(AWAY_SECONDS)
        return web.Response(status=200 if taken else 400)

    def routes(self) -> list[web.RouteDef]:
        """Its one address."""
        return [web.post(f"{PATH}telegram/{self.account}", self.receive)]


def later(seconds: int) -> web.Response:
    """Nothing is lost if the platform comes again after so many seconds."""
    return web.Response(status=503, headers={"Retry-After": str(seconds)})


async def body_of(request: web.Request) -> bytes | None:
    """The body, or None when it is larger than any update."""
    received = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        received += chunk
        if len(received) > UPDATE_MAX_BYTES:
            return None
    return bytes(received)

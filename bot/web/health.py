"""For machines that watch: GET /healthz (alive), /readyz (does the work get done) and /metrics; no sentences, no names.

/metrics answers only whoever shows METRICS_TOKEN, or on the port of its own that METRICS_PORT opens.
"""

import hmac
import logging
from dataclasses import dataclass, field

from aiohttp import web

from bot.depths import Exposition
from bot.readiness import Checks
from bot.web.site import site
from storage import wards

log = logging.getLogger(__name__)

NOT_KEPT = {"Cache-Control": "no-store"}
# What Prometheus calls its text format.
TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


async def healthz(request: web.Request) -> web.Response:
    """200 once everything runs and the database answers, else 503; for machines, so without sentences."""
    here = site(request)
    status, code = "ok", 200
    if not here.ready():
        status, code = "starting", 503
    else:
        try:
            async with here.database.reading() as tx:
                await wards.codes(tx)
        except Exception as error:  # whatever keeps the database from answering
            log.error("The database does not answer (%s)", type(error).__name__)
            status, code = "no database", 503
    return web.json_response({"status": status}, status=code, headers=NOT_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What those who watch may see; `token` is what /metrics asks for, if anything."""

    checks: Checks
    exposition: Exposition
    token: str | None = field(repr=False)

    def routes(self) -> list[web.RouteDef]:
        """On the pages' own address, which all the world may reach: /metrics only if it asks for a token."""
        return self.own_routes() if self.token else [web.get("/readyz", self.readyz)]

    def own_routes(self) -> list[web.RouteDef]:
        """On an address of their own (METRICS_HOST and METRICS_PORT)."""
        return [web.get("/readyz", self.readyz), web.get("/metrics", self.metrics)]

    async def readyz(self, request: web.Request) -> web.Response:
        """200 when every check is well, else 503; which one is not, either way."""
        found = await self.checks.look()
        return web.json_response(found.as_json(), status=200 if found.ready else 503, headers=NOT_KEPT)

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus's text; 401 without the token that is asked for."""
        given = request.headers.get("Authorization", "")
        if self.token and not hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode()):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"} | NOT_KEPT)
        body = await self.exposition.text()
        return web.Response(body=body, headers={"Content-Type": TEXT_FORMAT} | NOT_KEPT)

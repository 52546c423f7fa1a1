"""For machines that watch: GET /healthz (alive), /readyz (does the work get done) and /metrics; no sentences, no names.

/metrics answers only whoever shows METRICS_TOKEN, or on the port of its own that METRICS_PORT opens.
"""

from dataclasses import dataclass, field

from aiohttp import web

from bot.depths import Exposition
from bot.readiness import Checks
from bot.web.secrets import same
from bot.web.site import site

NOT_KEPT = {"Cache-Control": "no-store"}
# What Prometheus calls its text format.
TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


async def healthz(request: web.Request) -> web.Response:
    """200 while this process is alive, 503 while it starts or stops; for machines, so without sentences.

    Whoever gets no 200 restarts it, so nothing outside of it counts: a database that is away is /readyz's matter.
    """
    alive = site(request).ready()
    status = "ok" if alive else "starting or stopping"
    return web.json_response({"status": status}, status=200 if alive else 503, headers=NOT_KEPT)


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
        if self.token and not same(given, f"Bearer {self.token}"):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"} | NOT_KEPT)
        body = await self.exposition.text()
        return web.Response(body=body, headers={"Content-Type": TEXT_FORMAT} | NOT_KEPT)

"""GET /healthz: whether messages can be taken now."""

import logging

from aiohttp import web

from bot.web.site import site
from storage import wards

log = logging.getLogger(__name__)


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
        except Exception:  # whatever keeps the database from answering
            log.exception("The database does not answer")
            status, code = "no database", 503
    return web.json_response({"status": status}, status=code, headers={"Cache-Control": "no-store"})

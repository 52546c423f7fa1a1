"""GET /tai/{token}/{name}: one file, to whoever holds a signed address of it that has not ended."""

from aiohttp import web

from bot.file_links import PATH, FileLinks
from bot.stored_files import FOLDER
from bot.web.refusal import Refusal
from bot.web.shown_files import served
from bot.web.site import site
from handlers.i18n import N_
from storage import attachments

LINKS = web.AppKey("file_links", FileLinks)
_NO_SUCH_FILE = N_("There is no such file, or its address is no longer good.")


def routes() -> list[web.RouteDef]:
    """Its one address."""
    return [web.get(f"{PATH}{{token}}/{{name}}", show)]


async def show(request: web.Request) -> web.StreamResponse:
    """The file; 404 for every address that is not ours, has ended, or whose file was forgotten meanwhile."""
    here = site(request)
    attachment_id = request.config_dict[LINKS].opened(request.match_info["token"], here.clock())
    if attachment_id is None:
        raise Refusal(404, _NO_SUCH_FILE)
    async with here.database.reading() as tx:
        found = await attachments.by_ids(tx, [attachment_id])
    if not found:
        raise Refusal(404, _NO_SUCH_FILE)
    headers = {
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return served(here.settings.data_dir / FOLDER, found[0], headers)

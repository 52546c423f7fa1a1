"""GET /anh/{token}: one picture, to whoever holds a signed address of it that has not ended (a platform)."""

from aiohttp import web

from bot.picture_links import PATH, PictureLinks
from bot.stored_files import FOLDER, read_stored
from bot.web.refusal import Refusal
from bot.web.security import FILE_POLICY
from bot.web.site import site
from domain.files import FileKind
from handlers.i18n import N_
from storage import attachments

LINKS = web.AppKey("picture_links", PictureLinks)
_NO_SUCH_PICTURE = N_("There is no such picture, or its address is no longer good.")


def routes() -> list[web.RouteDef]:
    """Its one address."""
    return [web.get(f"{PATH}{{token}}", show)]


async def show(request: web.Request) -> web.Response:
    """The picture; 404 for every address that is not ours, has ended, or whose picture was forgotten meanwhile."""
    here = site(request)
    attachment_id = request.config_dict[LINKS].opened(request.match_info["token"], here.clock())
    if attachment_id is None:
        raise Refusal(404, _NO_SUCH_PICTURE)
    async with here.database.reading() as tx:
        found = await attachments.by_ids(tx, [attachment_id])
    if not found or found[0].file.kind is not FileKind.PHOTO:
        raise Refusal(404, _NO_SUCH_PICTURE)
    try:
        data = read_stored(here.settings.data_dir / FOLDER, found[0].file.stored_as)
    except OSError as gone:
        raise Refusal(404, _NO_SUCH_PICTURE) from gone
    headers = {
        "Content-Disposition": "inline",
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return web.Response(body=data, content_type=found[0].file.mime, headers=headers)

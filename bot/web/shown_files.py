"""Files out (GET /tep/{token}): to who may see them, whole or in ranges, and so that they can do nothing."""

from pathlib import Path

from aiohttp import web

from bot.file_types import file_name
from bot.stored_files import FOLDER
from bot.web.refusal import Refusal
from bot.web.seats import WARD_PARAMETER, contact, may_see, ward_named
from bot.web.security import FILE_POLICY
from bot.web.site import site
from domain.files import FileKind
from handlers.i18n import N_
from storage import attachments, people
from storage.attachments import Attachment

_KEEP_SECONDS = 3600
_NO_SUCH_FILE = N_("There is no such file, or it is not meant for you.")


async def show(request: web.Request) -> web.StreamResponse:
    """GET /tep/{token}: a file, to who may see it; to everybody else it does not exist."""
    here = site(request)
    async with here.database.reading() as tx:
        file = await attachments.get_by_token(tx, request.match_info["token"])
        ward = await ward_named(tx, request.query.get(WARD_PARAMETER, ""))
        visitor = here.visitors.known(request, ward.code)
        if file is None or visitor is None:
            raise Refusal(404, _NO_SUCH_FILE)
        mine = contact(visitor)
        known = await people.find(tx, channel=mine.channel, account=mine.account, address=mine.address)
    if not may_see(file, visitor, known):
        raise Refusal(404, _NO_SUCH_FILE)
    return served(here.settings.data_dir / FOLDER, file, {"Cache-Control": f"private, max-age={_KEEP_SECONDS}"})


def served(folder: Path, file: Attachment, more: dict[str, str]) -> web.FileResponse:
    """A stored file with `more` headers; Refusal if it is gone from the disk."""
    path = folder / file.file.stored_as
    if not path.is_file():
        raise Refusal(404, _NO_SUCH_FILE)
    # A document is never opened within our own address: a browser's reader of documents is not ours to vouch for.
    place = "attachment" if file.file.kind is FileKind.DOCUMENT else "inline"
    headers = {
        "Content-Type": file.file.mime,
        "Content-Disposition": f'{place}; filename="{file_name(file.id, file.file.mime)}"',
        "Content-Security-Policy": FILE_POLICY,
    }
    return web.FileResponse(path, headers=headers | more)

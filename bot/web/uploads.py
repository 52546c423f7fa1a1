"""Photos in (POST /api/uploads, streamed under a hard cap) and out (GET /tep/{token}, to who may see them)."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from aiohttp import BodyPartReader, web

from bot.pictures import FOLDER, clean_picture, read_stored, store_picture
from bot.web.refusal import Refusal
from bot.web.seats import WARD_PARAMETER, Seat, contact, may_see, seat, ward_named
from bot.web.security import FILE_POLICY
from bot.web.site import Site, site
from domain.errors import DomainError
from handlers.i18n import N_
from storage import attachments, people
from storage.attachments import Attachment

FIELD = "photo"
CHUNK_BYTES = 64 * 1024
UPLOADS_MAX = 40
# Each photo on its way is held in memory whole.
AT_ONCE_MAX = 16
BUSY_RETRY_SECONDS = 5
UPLOADS_WINDOW = timedelta(minutes=10)
_KEEP_SECONDS = 3600

_MEGABYTE = 1024 * 1024
_BUSY = N_("Many people are sending photos just now. Yours will be sent again in a moment.")
_NO_FILE = N_("No photo arrived. Please choose it again.")
_TOO_LARGE = N_("This photo is too large: {megabytes} MB at most. Please choose a smaller one.")
_TOO_OFTEN = N_("Many photos arrived in a short time. Please wait ten minutes before sending more.")
_NOT_TAKEN = N_("Only photos can be taken (JPEG, PNG, WEBP, GIF). Please choose a photo, or describe it in words.")
_TOO_MANY_PIXELS = N_("This photo has too many pixels: {megapixels} million at most. Please choose a smaller one.")
_UNREADABLE = N_("This photo is damaged and cannot be opened. Please take it again or choose another.")
_DISK = N_("The photo could not be kept just now. Please try again in a few minutes, or describe it in words.")
_NO_SUCH_FILE = N_("There is no such file, or it is not meant for you.")


async def upload(request: web.Request) -> web.Response:
    """Take one photo: judged by content, made anew without metadata, stored, and only then acknowledged."""
    here = site(request)
    async with here.database.reading() as tx:
        taken = await seat(tx, request)
        recent = await attachments.sent_since(tx, taken.contact, here.clock() - UPLOADS_WINDOW)
    if recent >= UPLOADS_MAX:
        raise Refusal(429, _TOO_OFTEN, retry_after=int(UPLOADS_WINDOW.total_seconds()))
    with _in_hand(here):
        kept = await _keep(here, taken, await _received(request, here.settings.upload_max_bytes))
    body = {"token": kept.token, "width": kept.file.width, "height": kept.file.height}
    return web.json_response(body, headers={"Cache-Control": "no-store"})


@contextlib.contextmanager
def _in_hand(here: Site) -> Iterator[None]:
    if here.uploading >= AT_ONCE_MAX:
        raise Refusal(503, _BUSY, retry_after=BUSY_RETRY_SECONDS)
    here.uploading += 1
    try:
        yield
    finally:
        here.uploading -= 1


async def _received(request: web.Request, bytes_max: int) -> bytes:
    too_large = Refusal(413, _TOO_LARGE, megabytes=bytes_max // _MEGABYTE)
    # The envelope around the photo takes a few hundred bytes; what says it is larger need not be read at all.
    if request.content_length is not None and request.content_length > bytes_max + CHUNK_BYTES:
        raise too_large
    part = await _first_file(request)
    received = bytearray()
    while chunk := await part.read_chunk(CHUNK_BYTES):
        received += chunk
        if len(received) > bytes_max:
            raise too_large
    if not received:
        raise Refusal(400, _NO_FILE)
    return bytes(received)


async def _first_file(request: web.Request) -> BodyPartReader:
    try:
        reader = await request.multipart()
        part = await reader.next()
    except (ValueError, AssertionError, KeyError):
        raise Refusal(400, _NO_FILE) from None
    if not isinstance(part, BodyPartReader) or part.name != FIELD:
        raise Refusal(400, _NO_FILE)
    return part


async def _keep(here: Site, taken: Seat, data: bytes) -> Attachment:
    try:
        picture = await clean_picture(data, max_pixels=here.settings.upload_max_pixels)
        folder = here.settings.data_dir / FOLDER
        file = await store_picture(folder, picture)
        async with here.database.transaction() as tx:
            return await attachments.add(tx, file, uploaded_by=taken.contact, ward_id=taken.ward.id, now=here.clock())
    except DomainError as refused:
        raise _worded(refused, here.settings.upload_max_pixels) from None
    except OSError as trouble:
        raise Refusal(503, _DISK, retry_after=60) from trouble


def _worded(refused: DomainError, pixels_max: int) -> Refusal:
    if refused.code == "picture_too_large":
        return Refusal(413, _TOO_MANY_PIXELS, megapixels=pixels_max // 1_000_000)
    return Refusal(415, _NOT_TAKEN if refused.code == "picture_type" else _UNREADABLE)


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
    return _served(here.settings.data_dir / FOLDER, file)


def _served(folder: Path, file: Attachment) -> web.Response:
    try:
        data = read_stored(folder, file.file.stored_as)
    except OSError as gone:
        raise Refusal(404, _NO_SUCH_FILE) from gone
    headers = {
        "Content-Disposition": "inline",
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": f"private, max-age={_KEEP_SECONDS}",
    }
    return web.Response(body=data, content_type=file.file.mime, headers=headers)

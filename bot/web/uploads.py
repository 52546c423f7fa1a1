"""Files in (POST /api/uploads): streamed under a hard cap, judged by content, and only then acknowledged."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta

from aiohttp import BodyPartReader, web

from bot.file_types import kind_said
from bot.received_files import FileLimits, file_limits, take_in
from bot.stored_files import FOLDER
from bot.web.refusal import Refusal
from bot.web.seats import Seat, seat
from bot.web.site import Site, site
from domain.errors import DomainError
from domain.files import FileKind
from handlers.i18n import N_
from storage import attachments
from storage.attachments import Attachment

FIELD = "file"
SECONDS_PARAMETER = "seconds"
CHUNK_BYTES = 64 * 1024
UPLOADS_MAX = 40
# Each file on its way is held in memory whole.
AT_ONCE_BYTES_MAX = 96 * 1024 * 1024
BUSY_RETRY_SECONDS = 5
UPLOADS_WINDOW = timedelta(minutes=10)

_MEGABYTE = 1024 * 1024
_BUSY = N_("Many people are sending files just now. Yours will be sent again in a moment.")
_NO_FILE = N_("No file arrived. Please choose it again.")
_TOO_LARGE = N_("This file is too large: {megabytes} MB at most. Please choose a smaller one.")
_TOO_OFTEN = N_("Many files arrived in a short time. Please wait ten minutes before sending more.")
_NOT_TAKEN = N_(
    "This kind of file cannot be taken. Please choose a photo, a recording, a video, a PDF, Word (.docx) or Excel "
    "(.xlsx) file, or describe it in words."
)
_TOO_MANY_PIXELS = N_("This photo has too many pixels: {megapixels} million at most. Please choose a smaller one.")
_UNREADABLE = N_("This photo is damaged and cannot be opened. Please take it again or choose another.")
_DISK = N_("The file could not be kept just now. Please try again in a few minutes, or describe it in words.")


async def upload(request: web.Request) -> web.Response:
    """Take one file: judged by content, a photo made anew without metadata, stored, and only then acknowledged."""
    here = site(request)
    async with here.database.reading() as tx:
        taken = await seat(tx, request)
        recent = await attachments.sent_since(tx, taken.contact, here.clock() - UPLOADS_WINDOW)
    if recent >= UPLOADS_MAX:
        raise Refusal(429, _TOO_OFTEN, retry_after=int(UPLOADS_WINDOW.total_seconds()))
    limits = file_limits(here.settings)
    _small_enough(request, limits)
    with _in_hand(here, request.content_length or limits.largest):
        said, data = await _received(request, limits)
        kept = await _keep(here, taken, data, limits=limits, said=said, seconds=_seconds(request))
    return web.json_response(file_json(kept), headers={"Cache-Control": "no-store"})


def file_json(file: Attachment) -> dict[str, str | int]:
    """A file as the page needs it; pixels and seconds are 0 where they say nothing."""
    return {
        "token": file.token, "kind": file.file.kind.value, "mime": file.file.mime, "seconds": file.file.seconds,
        "width": file.file.width, "height": file.file.height,
    }  # fmt: skip


def _seconds(request: web.Request) -> int:
    said = request.query.get(SECONDS_PARAMETER, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 6 else 0  # a day has five digits


@contextlib.contextmanager
def _in_hand(here: Site, size: int) -> Iterator[None]:
    if here.uploading + size > AT_ONCE_BYTES_MAX:
        raise Refusal(503, _BUSY, retry_after=BUSY_RETRY_SECONDS)
    here.uploading += size
    try:
        yield
    finally:
        here.uploading -= size


def _small_enough(request: web.Request, limits: FileLimits) -> None:
    """What says it is too large need not be read at all, nor come again: a place for it would never be free."""
    # The envelope around the file takes a few hundred bytes.
    if request.content_length is not None and request.content_length > limits.largest + CHUNK_BYTES:
        raise _too_large(limits.largest)


async def _received(request: web.Request, limits: FileLimits) -> tuple[FileKind | None, bytes]:
    part = await _first_file(request)
    said = kind_said(part.headers.get("Content-Type", ""))
    bytes_max = limits.bytes_max[said] if said else limits.largest
    received = bytearray()
    while chunk := await part.read_chunk(CHUNK_BYTES):
        received += chunk
        if len(received) > bytes_max:
            raise _too_large(bytes_max)
    if not received:
        raise Refusal(400, _NO_FILE)
    return said, bytes(received)


def _too_large(bytes_max: int) -> Refusal:
    return Refusal(413, _TOO_LARGE, megabytes=bytes_max // _MEGABYTE)


async def _first_file(request: web.Request) -> BodyPartReader:
    try:
        reader = await request.multipart()
        part = await reader.next()
    except (ValueError, AssertionError, KeyError):
        raise Refusal(400, _NO_FILE) from None
    if not isinstance(part, BodyPartReader) or part.name != FIELD:
        raise Refusal(400, _NO_FILE)
    return part


async def _keep(
    here: Site, taken: Seat, data: bytes, *, limits: FileLimits, said: FileKind | None, seconds: int
) -> Attachment:
    try:
        folder = here.settings.data_dir / FOLDER
        file = await take_in(folder, data, limits=limits, said=said, seconds=seconds)
        async with here.database.transaction() as tx:
            return await attachments.add(tx, file, uploaded_by=taken.contact, ward_id=taken.ward.id, now=here.clock())
    except DomainError as refused:
        raise _worded(refused, limits) from None
    except OSError as trouble:
        raise Refusal(503, _DISK, retry_after=60) from trouble


def _worded(refused: DomainError, limits: FileLimits) -> Refusal:
    match refused.code:
        case "picture_too_large":
            return Refusal(413, _TOO_MANY_PIXELS, megapixels=limits.pixels_max // 1_000_000)
        case "file_too_large":
            return _too_large(int(refused.params["bytes_max"]))
        case "file_type":
            return Refusal(415, _NOT_TAKEN)
        case _:
            return Refusal(415, _UNREADABLE)

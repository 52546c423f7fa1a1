"""The chat page: a ward's, a group's, and the list of wards where there are several."""

import re

from aiohttp import web

from bot.web import pages, words
from bot.web.refusal import Refusal
from bot.web.seats import Seat, WardName, seat_in_room, seat_of, ward_list, ward_named
from bot.web.security import is_secure
from bot.web.site import site
from handlers.i18n import N_, known_language
from storage import webchat

# What may follow `?thamgia=` and `?start=`: invite codes, and what Telegram allows in a deep link.
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")

_NO_ROOM = N_("There is no group at this address. Please ask whoever gave you the link for a new one.")


async def home(request: web.Request) -> web.Response:
    """GET /: the only ward's chat, or the wards to choose from."""
    async with site(request).database.reading() as tx:
        found = await ward_list(tx)
    if len(found) > 1:
        return _with_language(request, pages.render(request, "wards.html", wards=found))
    return await _private(request, found[0])


async def ward_home(request: web.Request) -> web.Response:
    """GET /p/{ward}: one ward's chat."""
    async with site(request).database.reading() as tx:
        ward = await ward_named(tx, request.match_info["ward"])
    return await _private(request, ward)


async def _private(request: web.Request, ward: WardName) -> web.Response:
    here = site(request)
    visitor = here.visitors.known(request, ward.code) or here.visitors.new()
    async with here.database.reading() as tx:
        seat = await seat_of(tx, ward, visitor, "")
    return _with_cookie(request, chat_page(request, seat), seat)


async def room(request: web.Request) -> web.Response:
    """GET /nhom/{key}: a group's chat, to who may see it."""
    here = site(request)
    async with here.database.reading() as tx:
        found = await webchat.room_by_key(tx, request.match_info["key"])
        if found is None:
            raise Refusal(404, _NO_ROOM)
        ward = next(one for one in await ward_list(tx) if one.id == found.ward_id)
        visitor = here.visitors.known(request, ward.code) or here.visitors.new()
        seat = await seat_in_room(tx, ward, visitor, found)
    return _with_cookie(request, chat_page(request, seat), seat)


def chat_page(request: web.Request, seat: Seat, *, demo: str = "", who: str = "") -> web.Response:
    """The page of one chat. `demo` is the token of a demonstration's visitor, `who` its place there."""
    here = site(request)
    config = {
        "ward": seat.ward.code,
        "chat": seat.chat if seat.room else "",
        "demo": demo,
        "text_max": here.settings.text_max_chars,
        "files_max": here.settings.files_per_case_max,
        "join": _code(request, "thamgia"),
        "start": _code(request, "start"),
        "language": words.language_of(request),
    }
    return pages.render(request, "chat.html", ward=seat.ward, room=seat.room, config=config, who=who)


def _code(request: web.Request, name: str) -> str:
    value = request.query.get(name, "")
    return value if _CODE.fullmatch(value) else ""


def _with_cookie(request: web.Request, response: web.Response, seat: Seat) -> web.Response:
    site(request).visitors.remember(response, seat.ward.code, seat.visitor)
    return _with_language(request, response)


def _with_language(request: web.Request, response: web.Response) -> web.Response:
    chosen = request.query.get("lang")
    if chosen:
        secure = is_secure(site(request).settings.public_url)
        words.remember(response, known_language(chosen), secure=secure)
    return response

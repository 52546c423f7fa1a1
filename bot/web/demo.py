"""The demonstration: three phones side by side, each with a visitor of its own, driven by the real bot."""

import secrets

from aiohttp import web

from bot.web import pages
from bot.web.chat import chat_page
from bot.web.refusal import Refusal
from bot.web.seats import WARD_PARAMETER, WardName, seat_of, ward_list, ward_named
from bot.web.security import policy
from bot.web.site import DemoRooms, DemoVisitors, Site, site
from handlers.i18n import N_

RESIDENT, UNIT, WARD = "resident", "unit", "ward"
TOKEN = "demo"  # noqa: S105  # a query's name, not a secret

# What the people of the demonstration write, in the language of the ward; `prefer` are words on the buttons they like.
SCRIPT = {
    "complaint": "Đèn đường trước số 12 hẻm 45 đường Lê Lợi tắt ba đêm nay, các cháu đi học về rất tối.",
    "place": "trước số 12 hẻm 45 đường Lê Lợi",
    "answer": "Tổ điện đã thay bóng mới lúc 15 giờ hôm nay, đèn đã sáng. Cảm ơn bà đã báo cho phường.",
    "prefer": ["đồng ý", "gửi", "bỏ qua", "agree", "send", "skip"],
}

_UNKNOWN = N_("This phone of the demonstration is no longer valid. Please open /demo again.")


def routes() -> list[web.RouteDef]:
    """The demonstration's pages; registered only where there is a demonstration."""
    return [
        web.get("/demo", show),
        web.get("/demo/phone/{who}", phone),
        web.post("/demo/digest", digest),
    ]


async def show(request: web.Request) -> web.Response:
    """GET /demo: the three phones. `?resident=` goes on with a resident; without it a new one moves in."""
    here = site(request)
    ward = await _ward(request, here)
    resident = here.visitors.demo_visitor(request.query.get(RESIDENT, "")) or f"demo-{secrets.token_hex(8)}"
    tokens = {
        RESIDENT: here.visitors.demo_token(resident),
        UNIT: here.visitors.demo_token(_place(UNIT, ward)),
        WARD: here.visitors.demo_token(_place(WARD, ward)),
    }
    await _rooms(here, ward, resident)
    config = {"ward": ward.code, "tokens": tokens, "script": SCRIPT}
    response = pages.render(request, "demo.html", ward=ward, tokens=tokens, config=config)
    response.headers["Content-Security-Policy"] = policy(frames=True)
    return response


async def phone(request: web.Request) -> web.Response:
    """GET /demo/phone/{who}?demo=TOKEN: one of the phones, as that visitor."""
    here = site(request)
    token = request.query.get(TOKEN, "")
    who = request.match_info["who"]
    visitor = here.visitors.demo_visitor(token)
    if visitor is None or who not in (RESIDENT, UNIT, WARD):
        raise Refusal(404, _UNKNOWN)
    ward = await _ward(request, here)
    rooms = await _rooms(here, ward, visitor if who == RESIDENT else _place(RESIDENT, ward))
    chat = {RESIDENT: "", UNIT: rooms.unit, WARD: rooms.ward}[who]
    async with here.database.reading() as tx:
        seat = await seat_of(tx, ward, visitor, chat)
    response = chat_page(request, seat, demo=token, who=who)
    response.headers["Content-Security-Policy"] = policy(frame_ancestors="'self'")
    return response


async def digest(request: web.Request) -> web.Response:
    """POST /demo/digest: send the ward's digest now."""
    here = site(request)
    ward = await _ward(request, here)
    assert here.demo is not None  # noqa: S101  # these routes exist only with it
    await here.demo.digest(ward.id)
    return web.json_response({"status": "ok"})


async def _ward(request: web.Request, here: Site) -> WardName:
    async with here.database.reading() as tx:
        code = request.query.get(WARD_PARAMETER, "")
        return await ward_named(tx, code) if code else (await ward_list(tx))[0]


async def _rooms(here: Site, ward: WardName, resident: str) -> DemoRooms:
    assert here.demo is not None  # noqa: S101  # these routes exist only with it
    visitors = DemoVisitors(ward_id=ward.id, resident=resident, unit=_place(UNIT, ward), ward=_place(WARD, ward))
    return await here.demo.setup(visitors)


def _place(who: str, ward: WardName) -> str:
    # The officials of the demonstration stay the same from start to start, one set for each ward.
    return f"demo-{who}-{ward.id}"

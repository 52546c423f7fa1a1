"""The page's interface: post a message (stored before it is acknowledged), read the messages of a chat."""

from typing import Any

from aiohttp import web

from bot.channels.webchat import ACCOUNT, NAME, lane
from bot.web.messages import Posted, posted, shown
from bot.web.refusal import Refusal
from bot.web.seats import WARD_PARAMETER, Seat, seat, ward_named
from bot.web.site import Site, site
from bot.web.words import language_of
from handlers.i18n import N_
from storage import attachments, inbox, webchat, webreading
from storage.database import Transaction
from storage.webchat import Draft, WebMessage

LANE_WAITING_MAX = 100
LANE_RETRY_SECONDS = 5
PAGE_SIZE = 60

_TOO_FAST = N_("Your messages are arriving faster than they can be handled. They will be sent again in a moment.")
_PHOTO_GONE = N_("A photo is no longer there. Please remove it from the message and choose it again.")
_MALFORMED = N_("This request could not be read. Please open the page again.")


async def post_message(request: web.Request) -> web.Response:
    """POST /api/messages: in one transaction into the inbox and onto the page; a repeat answers the same."""
    here = site(request)
    message = posted(
        await request.read(),
        chars_max=here.settings.text_max_chars,
        files_max=here.settings.files_per_case_max,
    )
    async with here.database.transaction() as tx:
        taken = await seat(tx, request)
        kept = await _keep(tx, here, taken, message, language_of(request))
        answer = await shown(tx, [kept], taken.visitor)
    return _json({"message": answer[0]})


async def _keep(tx: Transaction, here: Site, taken: Seat, message: Posted, language: str) -> WebMessage:
    before = await webchat.find_sent(tx, taken.chat, message.client_id)
    if before is not None:
        return before
    if await inbox.waiting(tx, lane=lane(taken.chat)) >= LANE_WAITING_MAX:
        raise Refusal(429, _TOO_FAST, retry_after=LANE_RETRY_SECONDS)
    files = await _files(tx, taken, message)
    now = here.clock()
    draft = Draft(
        client_id=message.client_id, text=message.shown, attachments=files, place=message.place,
        reply_to=message.reply_to,
    )  # fmt: skip
    kept, is_new = await webchat.add_from_person(
        tx, draft, chat=taken.chat, sender=taken.visitor, sender_name=taken.name, now=now
    )
    if is_new:
        raw = _raw(taken, message, kept, language)
        update_id = f"{taken.chat}:{message.client_id}"
        await inbox.put(tx, channel=NAME, account=ACCOUNT, update_id=update_id, lane=lane(taken.chat), raw=raw, now=now)
    return kept


async def _files(tx: Transaction, taken: Seat, message: Posted) -> tuple[int, ...]:
    ids = [one.id for one in await attachments.by_tokens(tx, message.tokens)]
    mine = await attachments.owned_by(tx, ids, taken.contact)
    if len(mine) != len(message.tokens):
        raise Refusal(400, _PHOTO_GONE)
    return tuple(mine)


def _raw(taken: Seat, message: Posted, kept: WebMessage, language: str) -> dict[str, Any]:
    """The raw update, as bot/channels/webchat.py describes it."""
    return {
        "client_id": message.client_id,
        "chat": taken.chat,
        "sender": taken.visitor,
        "sender_name": taken.name,
        "in_group": taken.room is not None,
        "is_admin": taken.is_admin,
        "text": "" if message.choice else message.text,
        "choice": message.choice,
        "attachments": list(kept.attachments),
        "place": message.place,
        "reply_to": kept.reply_to,
        "message_id": kept.id,
        "language": language,
        "ward": taken.ward.code,
    }


async def get_messages(request: web.Request) -> web.Response:
    """GET /api/messages?after=ID or ?before=ID: a chat's messages, oldest first; without either the last ones.

    A browser without a cookie gets one here, and an empty chat.
    """
    here = site(request)
    after, before = number(request, "after"), number(request, "before")
    async with here.database.reading() as tx:
        ward = await ward_named(tx, request.query.get(WARD_PARAMETER, ""))
        if here.visitors.known(request, ward.code) is None and not here.visitors.is_demo(request):
            response = _json({"messages": [], "more": False})
            here.visitors.remember(response, ward.code, here.visitors.new())
            return response
        taken = await seat(tx, request)
        if after is not None:
            found = await webreading.after(tx, taken.chat, after, PAGE_SIZE)
        else:
            found = await webreading.before(tx, taken.chat, before, PAGE_SIZE)
        answer = await shown(tx, found, taken.visitor)
    # What is changed from here on is told by the stream (bot/web/events.py).
    at = int(here.clock().timestamp() * 1000)
    return _json({"messages": answer, "more": len(found) == PAGE_SIZE, "at": at})


def number(request: web.Request, name: str) -> int | None:
    """A number out of the query; None if it is not there. Refusal 400 for anything else."""
    value = request.query.get(name, "")
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise Refusal(400, _MALFORMED)
    return int(value)


def _json(body: dict[str, Any]) -> web.Response:
    response = web.json_response(body, headers={"Cache-Control": "no-store"})
    response.enable_compression()
    return response

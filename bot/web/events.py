"""GET /api/events: a chat's new messages as they come (server-sent events); a broken line goes on where it stopped."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.web.api import number
from bot.web.messages import shown
from bot.web.newest import Newest
from bot.web.refusal import Refusal
from bot.web.seats import Seat, seat
from bot.web.site import SITE, Site, site
from handlers.i18n import N_
from storage import webchat, webreading

# Other processes cannot wake this one: it looks by itself as often as this (newest.py).
LOOK_SECONDS = 2.0
BEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 3000
STREAMS_PER_VISITOR_MAX = 12
BUSY_RETRY_SECONDS = 30
BATCH = 50
STOP_SECONDS = 2.0
STOP_LOOKS = 40
# Clocks of two processes differ a little; naming a changed message twice harms nobody.
MARGIN = timedelta(seconds=10)

NEWEST = web.AppKey("newest", Newest)

_TOO_MANY = N_("This chat is open in too many windows. Please close some of them.")
_MALFORMED = N_("This request could not be read. Please open the page again.")


async def events(request: web.Request) -> web.StreamResponse:
    """Stream messages after `Last-Event-ID` (or `?after=`) until the browser goes or the server stops."""
    here = site(request)
    last = _last_seen(request)
    async with here.database.reading() as tx:
        taken = await seat(tx, request)
    with _open(here, taken):
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        await response.write(f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        # A browser that has gone is no failure. One that is let in no more finds out why when it comes back.
        with contextlib.suppress(ConnectionError, Refusal):
            await _Stream(here, request, response, taken, last, _heard_at(request, here)).run()
    return response


def _last_seen(request: web.Request) -> int:
    header = request.headers.get("Last-Event-ID", "")
    if header.isascii() and header.isdigit() and len(header) <= 18:
        return int(header)
    return number(request, "after") or 0


def _heard_at(request: web.Request, here: Site) -> datetime:
    """When the browser last heard of this chat, as an instant we named to it: what was changed since is told again."""
    milliseconds = min(number(request, "since") or 0, named(here.clock()))
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else here.clock()


def named(at: datetime) -> int:
    """An instant as browsers name it to us: milliseconds."""
    return int(at.timestamp() * 1000)


class _Stream:
    """One open line to one browser."""

    def __init__(
        self, here: Site, request: web.Request, response: web.StreamResponse, taken: Seat, last: int, heard_at: datetime
    ) -> None:
        self._here = here
        self._request = request
        self._response = response
        self._seat = taken
        self._last = last
        self._newest = request.config_dict[NEWEST]
        self._looked_at = heard_at
        self._beaten_at = here.clock()

    async def run(self) -> None:
        topic = webchat.topic(self._seat.chat)
        wakes = self._here.database.wakes
        # Before the first look, so that nothing falls between that and what is asked for all lines together.
        await self._newest.is_after(self._seat.chat, self._last)
        while not (self._here.stopping or self._is_gone()):
            sleeper = wakes.sleeper(topic)
            if await self._look():
                continue
            await self._beat()
            await self._sleep(sleeper)

    async def _sleep(self, sleeper: asyncio.Event) -> None:
        """Until this process or another one writes into this chat, or a beat is due."""
        here, chat = self._here, self._seat.chat
        while not (here.stopping or self._is_gone() or self._is_beat_due()):
            if await here.database.wakes.wait_on(sleeper, LOOK_SECONDS):
                return
            if await self._newest.is_after(chat, self._last):
                return

    def _is_beat_due(self) -> bool:
        return (self._here.clock() - self._beaten_at).total_seconds() >= BEAT_SECONDS

    def _is_gone(self) -> bool:
        transport = self._request.transport
        return transport is None or transport.is_closing()

    async def _look(self) -> bool:
        now = self._here.clock()
        async with self._here.database.reading() as tx:
            found = await webreading.after(tx, self._seat.chat, self._last, BATCH)
            since = self._looked_at - MARGIN
            removed = await webreading.removed_since(tx, self._seat.chat, since)
            changed = await webreading.edited_since(tx, self._seat.chat, since, BATCH)
            edited = await shown(tx, [one for one in changed if one.id <= self._last], self._seat.visitor)
            messages = await shown(tx, found, self._seat.visitor)
        self._looked_at = now
        for message in messages:
            await self._write("message", message, message["id"])
        # What is for somebody else is passed over, not looked at again and again.
        self._last = found[-1].id if found else self._last
        if edited:
            await self._write("edited", edited)
        if removed:
            await self._write("removed", removed)
        return bool(found)

    async def _beat(self) -> None:
        if not self._is_beat_due():
            return
        self._beaten_at = self._here.clock()
        # Somebody who left office must not go on reading their unit's group: this refusal ends the line.
        async with self._here.database.reading() as tx:
            await seat(tx, self._request)
        await self._write("beat", {"at": named(self._looked_at)})

    async def _write(self, event: str, data: Any, message_id: int | None = None) -> None:
        head = f"id: {message_id}\n" if message_id is not None else ""
        await self._response.write(f"{head}event: {event}\ndata: {json.dumps(data)}\n\n".encode())


@contextlib.contextmanager
def _open(here: Site, taken: Seat) -> Iterator[None]:
    if sum(line.visitor == taken.visitor for line in here.lines) >= STREAMS_PER_VISITOR_MAX:
        raise Refusal(429, _TOO_MANY, retry_after=BUSY_RETRY_SECONDS)
    here.lines.append(taken)
    try:
        yield
    finally:
        here.lines.remove(taken)


async def close_lines(app: web.Application) -> None:
    """Let all open lines end when the server stops; browsers come back by themselves.

    They are asked and not cancelled: a cancelled look at the database leaves its connection in the middle of a word.
    """
    here = app[SITE]
    here.stopping = True
    for line in here.lines:
        here.database.wakes.set(webchat.topic(line.chat))
    for _ in range(STOP_LOOKS):
        if not here.lines:
            return
        await asyncio.sleep(STOP_SECONDS / STOP_LOOKS)

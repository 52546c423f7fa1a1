"""Refusals: every one is a sentence in the reader's language, as JSON for a script and as a page for a person."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.web import pages
from bot.web.words import words
from handlers.i18n import N_

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)

_SENTENCES = {
    404: N_("There is no such page. Please go back to the beginning."),
    405: N_("This cannot be done here. Please go back to the beginning."),
    413: N_("This is too large to be taken. Please send less at once."),
}
_OTHERWISE = N_("This could not be understood. Please go back and try again.")
_BROKEN = N_("Something went wrong on our side. It has been noted; please try again in a few minutes.")


class Refusal(Exception):
    """Something is not done; `sentence` (marked with N_) says what to do next, `values` are put into it."""

    def __init__(self, status: int, sentence: str, *, retry_after: int | None = None, **values: object) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry_after = retry_after
        self.values = values


@web.middleware
async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals and failures into sentences; nobody ever sees a traceback."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _said(request, refusal)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as refused:
        return _said(request, Refusal(refused.status, _SENTENCES.get(refused.status, _OTHERWISE)))
    except ConnectionError:
        raise
    except Exception:
        log.exception("A request failed: %s %s", request.method, request.match_info.route.resource)
        return _said(request, Refusal(500, _BROKEN))


def _said(request: web.Request, refusal: Refusal) -> web.Response:
    sentence = words(request)(refusal.sentence, **refusal.values)
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if request.path.startswith("/api/") or request.method == "POST":
        return web.json_response({"error": sentence}, status=refusal.status, headers=headers)
    page = pages.render(request, "refusal.html", sentence=sentence)
    page.set_status(refusal.status)
    page.headers.update(headers)
    return page

"""What every answer carries (Content-Security-Policy and its kin), and where a request may come from."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.web.refusal import Handler, Refusal
from bot.web.site import site
from bot.web.webhooks import PATH
from handlers.i18n import N_

OUR_HEADER = "X-Dan-Ban"
_READING = frozenset({"GET", "HEAD"})

_FOREIGN = N_("This request did not come from our own page. Please open the page again and retry.")


def policy(*, frame_ancestors: str = "'none'", frames: bool = False) -> str:
    """The Content-Security-Policy of a page: our own files only, nothing inline, nothing from elsewhere."""
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": frame_ancestors,
    }
    if frames:
        rules["frame-src"] = "'self'"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


# A file somebody sent runs nothing and loads nothing, even opened by itself.
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

_HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def headers_for(public_url: str) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """A signal that puts our headers on every answer, streams and refusals included."""
    headers = dict(_HEADERS)
    if is_secure(public_url):
        headers["Strict-Transport-Security"] = "max-age=31536000"

    async def add(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)

    return add


def is_secure(public_url: str) -> bool:
    """Whether people open the site by https."""
    return urlsplit(public_url).scheme == "https"


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only our own page change anything: a header no foreign form sends, and the browser's word on the origin."""
    # A platform has no page and no cookie of ours: it shows its secret instead (bot.web.webhooks).
    if request.method not in _READING and not request.path.startswith(PATH) and not _is_ours(request):
        raise Refusal(403, _FOREIGN)
    return await handler(request)


def _is_ours(request: web.Request) -> bool:
    if request.headers.get(OUR_HEADER) != "1":
        return False
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None and fetched_from != "same-origin":
        return False
    origin = request.headers.get("Origin")
    # The scheme is not compared: behind a proxy the request comes by plain http.
    ours = {request.host, urlsplit(site(request).settings.public_url).netloc}
    return origin is None or urlsplit(origin).netloc in ours

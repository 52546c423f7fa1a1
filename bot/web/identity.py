"""Who a browser is: a random visitor id in a signed cookie, one for each ward; signed tokens for the demonstration."""

import hashlib
import hmac
import re
import secrets
from urllib.parse import quote

from aiohttp import web
from itsdangerous import BadSignature, Signer

COOKIE_SECONDS = 400 * 24 * 3600  # browsers keep no cookie longer
DEMO_HEADER = "X-Dan-Ban-Demo"
DEMO_PARAMETER = "demo"
_VISITOR = re.compile(r"[0-9a-f]{32}|demo-[0-9a-z-]{1,40}")


class Visitors:
    """Gives visitors their ids and knows them again. The id is also the chat the web's bot writes to."""

    def __init__(self, key: bytes, *, secure: bool, demo: bool) -> None:
        self._cookies = Signer(_derived(key, b"cookie"), salt="visitor", digest_method=hashlib.sha256)
        self._tokens = Signer(_derived(key, b"demo"), salt="demo", digest_method=hashlib.sha256)
        self._secure = secure
        self._demo = demo

    def new(self) -> str:
        """An id for somebody who was never here: 128 random bits."""
        return secrets.token_hex(16)

    def known(self, request: web.Request, ward_code: str) -> str | None:
        """The visitor who sent this request; None without a cookie of ours. A cookie's signature must be right."""
        token = self._demo_token(request)
        if token:
            return _unsigned(self._tokens, token)
        return _unsigned(self._cookies, request.cookies.get(self._name(ward_code), ""))

    def remember(self, response: web.StreamResponse, ward_code: str, visitor: str) -> None:
        """Give the browser its cookie, or a longer life to the one it has."""
        response.set_cookie(
            self._name(ward_code),
            self._cookies.sign(visitor).decode(),
            max_age=COOKIE_SECONDS,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )

    def demo_token(self, visitor: str) -> str:
        """A visitor of the demonstration as text for an address, so that three of them live in one browser."""
        return self._tokens.sign(visitor).decode()

    def demo_visitor(self, token: str) -> str | None:
        """The visitor in a token of the demonstration, or None."""
        return _unsigned(self._tokens, token) if self._demo else None

    def is_demo(self, request: web.Request) -> bool:
        """Whether this request speaks for somebody in the demonstration."""
        return bool(self._demo_token(request))

    def _demo_token(self, request: web.Request) -> str:
        if not self._demo:
            return ""
        return request.headers.get(DEMO_HEADER) or request.query.get(DEMO_PARAMETER, "")

    def _name(self, ward_code: str) -> str:
        # __Host-: no other name under the same domain can put its own cookie in our place.
        return f"{'__Host-' if self._secure else ''}danban-{quote(ward_code, safe='')}"


def _derived(key: bytes, label: bytes) -> bytes:
    return hmac.new(key, label, hashlib.sha256).digest()


def _unsigned(signer: Signer, value: str) -> str | None:
    try:
        visitor = signer.unsign(value).decode()
    except (BadSignature, UnicodeError):
        return None
    return visitor if _VISITOR.fullmatch(visitor) else None

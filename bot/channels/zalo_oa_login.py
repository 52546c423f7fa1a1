"""Authorising the application to act for the Official Account: the link a manager opens, and the way back."""

import base64
import hashlib
import hmac
import html
import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web
from itsdangerous import BadData, URLSafeTimedSerializer

from bot.channels.zalo_line import MaybeSent, NotSent
from bot.channels.zalo_oa_tokens import NoToken, Tokens

log = logging.getLogger(__name__)

PERMISSION_PATH = "/v4/oa/permission"
# A link in an alarm may be opened days later.
LINK_SECONDS = 7 * 86400


class NotAuthorised(Exception):
    """The link is not ours or too old, or Zalo did not give tokens for it."""


class ZaloOaLogin:
    """Links and what comes back by them. The verifier (PKCE S256) is made from the link's `state`: none is kept."""

    def __init__(self, key: bytes, *, app_id: str, oauth_url: str, public_url: str) -> None:
        self._key = hmac.new(key, b"danban:zalo-oa-login", hashlib.sha256).digest()
        self._states = URLSafeTimedSerializer(self._key, salt="zalo-oa-login")
        self._app_id = app_id
        self._oauth_url = oauth_url
        self.callback = f"{public_url}/webhook/zalo-oa/{app_id}/dong-y"

    def link(self) -> str:
        """The address at which a manager of the Official Account agrees."""
        nonce = secrets.token_urlsafe(12)
        query = {
            "app_id": self._app_id, "redirect_uri": self.callback, "state": self._states.dumps(nonce),
            "code_challenge": challenge(self._verifier(nonce)),
        }  # fmt: skip
        return f"{self._oauth_url}{PERMISSION_PATH}?{urlencode(query)}"

    def _verifier(self, nonce: str) -> str:
        return _unpadded(hmac.new(self._key, nonce.encode(), hashlib.sha256).digest())

    def verifier_of(self, state: str) -> str:
        """The verifier that belongs to a link's state. Raises NotAuthorised for one that is not ours or too old."""
        try:
            return self._verifier(str(self._states.loads(state, max_age=LINK_SECONDS)))
        except BadData:
            raise NotAuthorised from None

    async def come_back(
        self, tokens: Tokens, *, code: str, state: str, is_ours: Callable[[str], Awaitable[bool]]
    ) -> None:
        """Take the tokens for what came back. Raises NotAuthorised."""
        verifier = self.verifier_of(state)
        try:
            await tokens.exchange(code, verifier, is_ours)
        except (NoToken, NotSent, MaybeSent) as error:
            raise NotAuthorised from error


def challenge(verifier: str) -> str:
    """The challenge of a verifier (RFC 7636, S256)."""
    return _unpadded(hashlib.sha256(verifier.encode("ascii")).digest())


def _unpadded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def code_and_state(pasted: str) -> tuple[str, str]:
    """The code and the state in an address that was pasted; a code alone comes with an empty state."""
    pasted = pasted.strip()
    if "?" not in pasted:
        return pasted, ""
    query = parse_qs(urlsplit(pasted).query)
    return query.get("code", [""])[0], query.get("state", [""])[0]


def page(vietnamese: str, english: str, *, status: int) -> web.Response:
    """The little page a manager sees when they come back."""
    said = f"<p>{html.escape(vietnamese)}</p><p lang=en>{html.escape(english)}</p>"
    text = f"<!doctype html><html lang=vi><meta charset=utf-8><title>Dân Bàn</title>{said}</html>"
    return web.Response(text=text, content_type="text/html", status=status, headers={"Cache-Control": "no-store"})

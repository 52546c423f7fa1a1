"""oauth.zaloapp.com: codes and refresh tokens for pairs, each once; what is wrong is said with HTTP 200."""

import base64
import hashlib
import secrets
from typing import Any

from tests.fakes.zalo_oa.world import CODE_SECONDS, World, ZaloError

FIELDS = {
    "refresh_token": {"refresh_token", "app_id", "grant_type"},
    "authorization_code": {"code", "app_id", "grant_type", "code_verifier"},
}


def access_token(world: World, secret_key: str | None, form: dict[str, str]) -> dict[str, Any]:
    """POST /v4/oa/access_token."""
    kind = form.get("grant_type", "")
    if kind not in FIELDS or set(form) != FIELDS[kind]:
        raise ZaloError(-14002, "Invalid parameters")
    if form["app_id"] != world.app_id:
        raise ZaloError(-14001, "Invalid app id")
    if secret_key != world.app_secret:
        raise ZaloError(-14004, "Invalid secret key")
    if kind == "refresh_token":
        _spend_refresh(world, form["refresh_token"])
        world.refreshes += 1
    else:
        _spend_code(world, form["code"], form["code_verifier"])
    pair = world.new_pair()
    return {"access_token": pair.access, "refresh_token": pair.refresh, "expires_in": "90000"}


def _spend_refresh(world: World, token: str) -> None:
    if token in world.spent:
        raise ZaloError(-14020, "Refresh token has been used")
    if world.pair is None or token != world.pair.refresh or world.pair.refresh_until <= world.now():
        raise ZaloError(-14014, "Invalid refresh token")


def _spend_code(world: World, code: str, verifier: str) -> None:
    challenge, until = world.codes.pop(code, ("", 0.0))
    if until <= world.now():
        raise ZaloError(-14006, "Invalid authorization code")
    if not 43 <= len(verifier) <= 128 or s256(verifier) != challenge:
        raise ZaloError(-14010, "Invalid code verifier")


def s256(verifier: str) -> str:
    """The challenge of a verifier (PKCE S256)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def consent(world: World, query: dict[str, str]) -> str:
    """The manager opens the permission page and agrees; the address they are sent back to."""
    if query.get("app_id") != world.app_id or "redirect_uri" not in query:
        raise ZaloError(-14002, "Invalid parameters")
    code = secrets.token_urlsafe(32)
    world.codes[code] = (query.get("code_challenge", ""), world.now() + CODE_SECONDS)
    state = f"&state={query['state']}" if "state" in query else ""
    return f"{query['redirect_uri']}?code={code}&oa_id={world.oa_id}{state}"

"""Zalo's OpenAPI: one call, with its token or secret, and its answer."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.channels.zalo_line import SERVER_TROUBLE, MaybeSent, ServerTrouble, ZaloLine

ANSWER_SECONDS = 20.0
UPLOAD_SECONDS = 40.0
# Zalo's "too many requests", in the body of an answer.
RATE = -32


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Zalo said: `error` 0 is success, whatever the HTTP status; `left` calls in this minute if it says so."""

    error: int
    message: str = ""
    data: Any = None
    left: int | None = None
    raw: bytes = field(default=b"", repr=False)


class ZaloClient:
    """One pool of connections. What goes wrong is named by its kind: headers hold the token."""

    def __init__(self, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._answer_seconds = answer_seconds
        self._line = ZaloLine()

    async def close(self) -> None:
        """Close its connections."""
        await self._line.close()

    async def get(self, url: str, data: Mapping[str, Any] | None = None, *, token: str) -> Answer:
        """A GET whose parameters Zalo wants as JSON in `data`. Raises NotSent or MaybeSent."""
        params = {} if data is None else {"data": json.dumps(data)}
        return await self._ask("GET", url, headers={"access_token": token}, params=params)

    async def post(self, url: str, body: Mapping[str, Any], *, token: str) -> Answer:
        """A POST with a JSON body. Raises NotSent or MaybeSent."""
        return await self._ask("POST", url, headers={"access_token": token}, json=body)

    async def upload(self, url: str, name: str, data: bytes, *, mime: str, token: str) -> Answer:
        """Upload one file. Raises NotSent or MaybeSent."""
        form = aiohttp.FormData()
        form.add_field("file", data, filename=name, content_type=mime)
        return await self._ask("POST", url, headers={"access_token": token}, seconds=UPLOAD_SECONDS, data=form)

    async def form(self, url: str, fields: Mapping[str, str], *, secret: str) -> Answer:
        """A POST of a form with the application's secret. Raises NotSent or MaybeSent."""
        return await self._ask("POST", url, headers={"secret_key": secret}, data=dict(fields))

    async def _ask(self, method: str, url: str, *, seconds: float = 0.0, **more: Any) -> Answer:
        heard = await self._line.ask(method, url, seconds=max(seconds, self._answer_seconds), **more)
        return _answer(heard.status, heard.body, heard.headers)


def _answer(status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
    if status >= SERVER_TROUBLE:
        raise ServerTrouble(f"status {status}")
    try:
        said = json.loads(body)
        error = int(said.get("error", 0))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise MaybeSent(f"status {status}, unreadable") from None
    if status == 429:  # HTTP's "too many requests"
        error = error or RATE
    elif status >= 400 and not error:  # refused, with no number of Zalo's own
        error = -status
    left = None
    with contextlib.suppress(ValueError):
        left = int(headers.get("X-RateLimit-Remain", ""))
    return Answer(
        error=error, message=str(said.get("message") or said.get("error_name") or ""), data=said.get("data"),
        left=left, raw=body,
    )  # fmt: skip

"""Zalo's Bot API: one call and its answer, whichever of its spellings it comes in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.zalo_line import SERVER_TROUBLE, MaybeSent, ServerTrouble, ZaloLine

ANSWER_SECONDS = 25.0
# Zalo fetches a file from us before it answers.
FETCH_SECONDS = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Zalo said. `code` is its own number, which may be an error although HTTP says 200; 0 when all is well."""

    code: int
    said: str = ""
    result: Any = None

    @property
    def ok(self) -> bool:
        """Whether the call did what it was for."""
        return self.code == 0


class ZaloBotApi:
    """Calls for one bot. The address holds the token, so that no error's words may quote it."""

    def __init__(self, *, token: str, url: str, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._base = f"{url}/bot{token}"
        self._answer_seconds = answer_seconds
        self._line = ZaloLine()

    async def close(self) -> None:
        """Close its connections."""
        await self._line.close()

    async def call(self, method: str, params: Mapping[str, Any] | None = None, *, seconds: float = 0.0) -> Answer:
        """One call (`sendMessage`, …), for `seconds` at most. Raises NotSent or MaybeSent."""
        url = f"{self._base}/{method}"
        heard = await self._line.ask("POST", url, seconds=seconds or self._answer_seconds, json=params or {})
        return _answer(heard.status, heard.body)


def _answer(status: int, body: bytes) -> Answer:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or "ok" not in said:
        if status >= SERVER_TROUBLE:
            raise ServerTrouble(f"status {status}, unreadable")
        if status < 300:
            raise MaybeSent(f"status {status}, unreadable")
        return Answer(code=status)
    if said["ok"] is True and status < 300:
        return Answer(code=0, result=said.get("result"))
    return Answer(code=_code(said, status), said=str(said.get("description") or "")[:200])


def _code(said: Mapping[str, Any], status: int) -> int:
    """Zalo's number of what went wrong, in either spelling; HTTP's when it gives none."""
    for name in ("error_code", "errorCode"):
        try:
            code = int(said[name])
        except (KeyError, TypeError, ValueError):
            continue
        if code:
            return code
    return status if status >= 300 else -1

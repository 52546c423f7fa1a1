"""What Zalo knows: the application, its tokens, people, groups, messages and files; and a clock that can be put on."""

import itertools
import secrets
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

HOUR, DAY = 3600.0, 86400.0
ACCESS_SECONDS = 25 * HOUR
REFRESH_SECONDS = 90 * DAY
CODE_SECONDS = 600.0
FREE_SECONDS, CLOSED_SECONDS = 48 * HOUR, 7 * DAY


class ZaloError(Exception):
    """A refusal: HTTP 200 with a number in the body."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def body(self) -> Json:
        return {"error": self.code, "message": self.message}


@dataclass
class Person:
    """Somebody on Zalo; `last_contact` in seconds of the world's clock, None before they ever wrote."""

    id: str
    follows: bool = False
    last_contact: float | None = None
    state: str = ""  # "", "declined", "banned"


@dataclass
class Message:
    """One message, of theirs (`by_us` False) or ours."""

    id: str
    chat: str
    by_us: bool
    at: float
    body: Json
    billed: bool = False


@dataclass
class Pair:
    """An access token and the refresh token that came with it."""

    access: str
    refresh: str
    expires_at: float
    refresh_until: float


@dataclass
class World:
    """One application with one Official Account."""

    app_id: str = "1234567890123456789"
    app_secret: str = "app-secret-of-the-application"
    oa_secret: str = "oa-secret-key-of-the-webhook-page"
    oa_id: str = "579745863508352884"
    name: str = "UBND phường An Hội Đông"
    per_minute: int = 100
    offset: float = 0.0
    pair: Pair | None = None
    spent: set[str] = field(default_factory=set)
    codes: dict[str, tuple[str, float]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    expired_groups: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    templates: list[Json] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)
    refreshes: int = 0
    excess: int = 0
    minute_clock: Callable[[], float] = time.time
    _calls: deque[float] = field(default_factory=deque)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def now(self) -> float:
        """The world's time: the real one, put on by `offset` seconds."""
        return time.time() + self.offset

    def new_pair(self) -> Pair:
        """A new pair; the old one is dead from now on."""
        if self.pair is not None:
            self.spent.add(self.pair.refresh)
        now = self.now()
        self.pair = Pair(
            access=f"access-{secrets.token_urlsafe(24)}", refresh=f"refresh-{secrets.token_urlsafe(24)}",
            expires_at=now + ACCESS_SECONDS, refresh_until=now + REFRESH_SECONDS,
        )  # fmt: skip
        return self.pair

    def check_token(self, token: str | None) -> None:
        """Refuse a token that is wrong or has run out."""
        if self.pair is None or token != self.pair.access:
            raise ZaloError(-216, "Access token is invalid")
        if self.pair.expires_at <= self.now():
            # Zalo's table has -220 for this; this is what people's logs have, and what PyPI `zalo-sdk` renews on.
            raise ZaloError(-216, "Access token has expired")

    def count_call(self) -> int:
        """Count a call against the minute's limit; how many are left. Raises -32 above it."""
        now = self.minute_clock()
        while self._calls and self._calls[0] <= now - 60:
            self._calls.popleft()
        if len(self._calls) >= self.per_minute:
            self.excess += 1
            raise ZaloError(-32, "Your application reached limit call api")
        self._calls.append(now)
        return self.per_minute - len(self._calls)

    def person(self, user_id: str) -> Person:
        """Somebody, made at the first mention."""
        return self.people.setdefault(user_id, Person(id=user_id))

    def message_id(self) -> str:
        """An id as Zalo's look: hexadecimal, never repeated."""
        return f"{next(self._numbers):06x}{secrets.token_hex(7)}"

    def sent(self, chat: str | None = None) -> list[Message]:
        """Our messages, in one chat or in all."""
        return [one for one in self.messages if one.by_us and chat in (None, one.chat)]

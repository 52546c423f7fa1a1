"""What the platform knows: who has written, what waits to be asked for, what the bot sent, and what was refused."""

import asyncio
import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.breaking import Breaking

Json = dict[str, Any]

FAULTS = ("cut_before", "cut_after", "hang", "500", "403", "408", "429", "400", "401")


class ApiError(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said


@dataclass
class Fault:
    """What the next `times` calls of `method` ("" for any) meet."""

    kind: str
    method: str = ""
    times: int = 1
    seconds: float = 60.0

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise ValueError(self.kind)


@dataclass
class Call:
    """One call, and what came of it."""

    method: str
    params: Json
    error: ApiError | None = None


@dataclass
class Webhook:
    """Where events are posted; `posted` are (message id, status; 0 for a broken line)."""

    url: str
    secret: str
    posted: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class World:
    """Everything, in memory. `monthly` messages may be sent; `scale` shortens the platform's waits.

    `local` lets a webhook be an address of this machine.
    """

    token: str
    monthly: int = 3000
    scale: float = 1.0
    local: bool = True
    name: str = "Bot Phường An Hoà Đông"
    webhook: Webhook | None = None
    # In polling: handed out once each, in order.
    waiting: "asyncio.Queue[Json]" = field(default_factory=asyncio.Queue)
    chats: dict[str, str] = field(default_factory=dict)
    sent: list[Json] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    handed_out: list[str] = field(default_factory=list)
    breaking: Breaking = field(default_factory=Breaking)
    answers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def bot_id(self) -> str:
        """The number before the colon."""
        return self.token.partition(":")[0]

    def take_fault(self, method: str) -> Fault | None:
        """The fault this call meets, used up by it."""
        for one in self.faults:
            if one.method in ("", method):
                one.times -= 1
                if one.times <= 0:
                    self.faults.remove(one)
                return one
        return None

    def keep_sent(self, chat: str, **said: Any) -> Json:
        """Count and keep a message of the bot's; what the platform answers."""
        if self.chats.get(chat) is None:
            raise ApiError(400, "Bad Request: chat not found")
        if len(self.sent) >= self.monthly:
            raise ApiError(429, "Quota exceeded")
        message_id = secrets.token_hex(10)
        self.sent.append({"message_id": message_id, "chat_id": chat, **said})
        return {"message_id": message_id, "date": int(time.time() * 1000)}


def event(kind: str, user: str, *, group: str | None, message_id: str = "", **said: Any) -> Json:
    """An event as it arrives: ids are strings of 20 hex digits, the date is in milliseconds."""
    chat = {"chat_type": "GROUP", "id": group} if group else {"chat_type": "PRIVATE", "id": user}
    message = {
        "date": int(time.time() * 1000), "chat": chat, "message_id": message_id or secrets.token_hex(10),
        "from": {"id": user, "is_bot": False, "display_name": f"Người {user[-4:]}"}, **said,
    }  # fmt: skip
    return {"event_name": f"message.{kind}.received", "message": message}

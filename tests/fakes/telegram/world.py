"""What the platform knows: people, chats, messages, files and bots."""

import itertools
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.errors import bad, forbidden
from tests.fakes.telegram.queue import Queue
from tests.fakes.telegram.windows import Strictness, Windows

Json = dict[str, Any]

TAP_SECONDS = 150


@dataclass
class Chat:
    """A chat; `members` maps a user's id to `creator`, `administrator` or `member`."""

    id: int
    type: str
    title: str = ""
    is_forum: bool = False
    topics: set[int] = field(default_factory=set)
    closed_topics: set[int] = field(default_factory=set)
    members: dict[int, str] = field(default_factory=dict)
    migrated_to: int | None = None
    # What keeps the bot from posting: "", "blocked", "kicked", "muted", "deactivated", "deleted".
    bot_state: str = ""
    started: bool = False

    def json(self) -> Json:
        """As the API shows it."""
        shown: Json = {"id": self.id, "type": self.type}
        shown |= {"first_name": self.title} if self.type == "private" else {"title": self.title}
        return shown | ({"is_forum": True} if self.is_forum else {})


@dataclass
class Bot:
    """One account."""

    token: str
    username: str
    queue: Queue
    # Whether privacy mode is off: then it is shown all that is said in its groups.
    reads_all: bool = False
    # Whether it may be added to groups (/setjoingroups at @BotFather).
    joins_groups: bool = True
    # (scope as JSON text, language) → commands.
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    # id of an unanswered tap → until when it may be answered.
    taps: dict[str, float] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The number before the colon."""
        return int(self.token.partition(":")[0])

    def user(self) -> Json:
        """As `getMe` shows it, less what only `getMe` says."""
        return {"id": self.id, "is_bot": True, "first_name": self.username, "username": self.username}


@dataclass
class Call:
    """One request that reached the server, and what came of it."""

    method: str
    params: Json
    at: float
    done_at: float = 0.0
    result: Any = None
    error: Json | None = None


class World:
    """Everything, in memory; `scale` shortens every wait of the platform's own (0.01: a second takes 10 ms)."""

    def __init__(
        self, *, scale: float = 1.0, strictness: Strictness | None = None, tap_seconds: float | None = None
    ) -> None:
        self.scale = scale
        # For how long a tap is kept and may be answered.
        self.tap_seconds = TAP_SECONDS * scale if tap_seconds is None else tap_seconds
        self.bots: dict[str, Bot] = {}
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, dict[int, Json]] = defaultdict(dict)
        self.files: dict[str, bytes] = {}
        self.file_ids = itertools.count(1)
        self.update_ids: dict[str, itertools.count[int]] = {}
        self.calls: list[Call] = []
        self.windows = Windows(strictness or Strictness())
        # Whether this server has messages for one person (Bot API 10.2); one that has not shows them to everybody.
        self.knows_ephemeral = True
        # (chat, receiver, text) of each of them; and what was said on tapped buttons.
        self.ephemeral: list[tuple[int, int, str]] = []
        self.tap_answers: list[str] = []

    def add_bot(self, token: str, username: str, *, first_update_id: int = 500_000) -> Bot:
        """A bot as @BotFather makes it."""
        bot = Bot(
            token=token,
            username=username,
            queue=Queue(self.scale, first_id=first_update_id, tap_seconds=self.tap_seconds),
        )
        self.bots[token] = bot
        return bot

    def user(self, user_id: int, name: str = "", language: str = "vi") -> Json:
        """A person (made at the first mention)."""
        made: Json = {
            "id": user_id,
            "is_bot": False,
            "first_name": name or f"Người {user_id}",
            "language_code": language,
        }
        return self.users.setdefault(user_id, made)

    def private(self, user_id: int) -> Chat:
        """Somebody's private chat with the bot."""
        name = self.user(user_id)["first_name"]
        return self.chats.setdefault(user_id, Chat(id=user_id, type="private", title=name))

    def chat(self, chat_id: int) -> Chat:
        """A chat that exists."""
        return self.chats[chat_id]

    def sendable(self, raw_id: Any) -> Chat:
        """The chat a bot may post in, or the refusal the platform gives."""
        try:
            chat = self.chats.get(int(raw_id))
        except (TypeError, ValueError):
            raise bad("chat not found") from None
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        kind = "group chat" if chat.type == "group" else "supergroup chat"
        if chat.bot_state == "muted":
            raise bad("not enough rights to send text messages to the chat")
        if chat.bot_state:
            raise forbidden(
                {
                    "blocked": "bot was blocked by the user",
                    "deactivated": "user is deactivated",
                    "kicked": f"bot was kicked from the {kind}",
                    "deleted": "the group chat was deleted",
                }[chat.bot_state]
            )
        if chat.type == "private" and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def keep(self, chat: Chat, message: Json) -> Json:
        """Number a message, date it and keep it."""
        number = max(self.messages[chat.id], default=0) + 1
        kept = {"message_id": number, "date": int(time.time()), "chat": chat.json(), **message}
        self.messages[chat.id][number] = kept
        return kept

    def add_file(self, data: bytes) -> str:
        """Keep a file; the id it can be fetched by."""
        file_id = f"file-{next(self.file_ids)}-{'x' * 20}"
        self.files[file_id] = data
        return file_id

"""What people do, as tests order it: write, send photos, tap, add the bot, turn a group into a supergroup."""

import itertools
import time
from typing import Any

from tests.fakes.telegram.world import Bot, Chat, Json, World

# Happenings in a group, which every bot in it is told of.
SERVICE = frozenset(
    {"new_chat_members", "left_chat_member", "new_chat_title", "pinned_message", "group_chat_created",
     "migrate_to_chat_id", "migrate_from_chat_id", "forum_topic_created"}
)  # fmt: skip
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class People:
    """People around one bot; everything they do becomes an update. Chats and people are made at the first mention."""

    def __init__(self, world: World, bot: Bot) -> None:
        self.world = world
        self.bot = bot
        self._taps = itertools.count(1)
        self._albums = itertools.count(1)

    # --- writing --------------------------------------------------------------------------------------------------

    def write(
        self, user: int, text: str, *, chat: int | None = None, reply_to: int | None = None, topic: int | None = None
    ) -> int:
        """Somebody writes, in private or in a group; the message's id."""
        return self.send(user, {"text": text}, chat=chat, reply_to=reply_to, topic=topic)

    def send(
        self,
        user: int,
        content: Json,
        *,
        chat: int | None = None,
        reply_to: int | None = None,
        topic: int | None = None,
        kind: str = "message",
    ) -> int:
        """Somebody sends any message, its content as in the Bot API; the message's id."""
        where = self._chat(user, chat)
        message = self._message(where, {"from": self.world.user(user)} | content, reply_to, topic)
        self._bring(kind, where, message)
        return int(message["message_id"])

    def photo(
        self,
        user: int,
        data: bytes,
        *,
        caption: str = "",
        chat: int | None = None,
        reply_to: int | None = None,
        album: str = "",
        size: int | None = None,
    ) -> int:
        """A photo, small and large; `size` lies about the large one's bytes."""
        file_id = self.world.add_file(data)
        small = {
            "file_id": self.world.add_file(data[:10]),
            "file_unique_id": "s",
            "width": 90,
            "height": 90,
            "file_size": 10,
        }
        large = {
            "file_id": file_id,
            "file_unique_id": file_id,
            "width": 900,
            "height": 900,
            "file_size": size or len(data),
        }
        content: Json = {"photo": [small, large]} | ({"caption": caption} if caption else {})
        return self.send(user, content | ({"media_group_id": album} if album else {}), chat=chat, reply_to=reply_to)

    def album(self, user: int, photos: list[bytes], *, caption: str = "", chat: int | None = None) -> list[int]:
        """Several photos at once; the caption is the first one's."""
        group = f"album-{next(self._albums)}"
        return [
            self.photo(user, data, caption="" if n else caption, chat=chat, album=group)
            for n, data in enumerate(photos)
        ]

    def file(
        self,
        user: int,
        kind: str,
        data: bytes,
        *,
        mime: str = "",
        name: str = "",
        caption: str = "",
        seconds: int = 1,
        size: int | None = None,
        album: str = "",
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """A document, voice, video, audio, animation or video_note; `size` lies about its bytes."""
        body: Json = {"file_id": self.world.add_file(data), "file_unique_id": "u", "file_size": size or len(data)}
        if kind != "document":
            body["duration"] = seconds
        if kind != "voice" and kind != "video_note":
            body |= {"file_name": name} if name else {}
        content: Json = {kind: body | ({"mime_type": mime} if mime else {})}
        if kind == "animation":  # comes twice, for programs that know documents only
            content["document"] = content[kind]
        content |= ({"caption": caption} if caption else {}) | ({"media_group_id": album} if album else {})
        return self.send(user, content, chat=chat, reply_to=reply_to)

    def forward(self, user: int, text: str, *, chat: int | None = None) -> int:
        """Somebody passes on what was written elsewhere."""
        origin = {"type": "hidden_user", "sender_user_name": "Ai đó", "date": int(time.time()) - 60}
        return self.send(user, {"text": text, "forward_origin": origin}, chat=chat)

    def edit(self, user: int, message_id: int, text: str, *, chat: int | None = None) -> None:
        """Somebody changes the words of what they sent: a text, or a caption."""
        where = self._chat(user, chat)
        before = self.world.messages[where.id][message_id]
        words = "text" if "text" in before else "caption"
        kept = before | {words: text, "edit_date": int(time.time())}
        self.world.messages[where.id][message_id] = kept
        self._bring("edited_message", where, kept)

    def swap(self, user: int, message_id: int, content: Json, *, chat: int | None = None) -> None:
        """Somebody puts another photo or file into what they sent; the words beside it stay."""
        where = self._chat(user, chat)
        kept = self.world.messages[where.id][message_id] | content | {"edit_date": int(time.time())}
        self.world.messages[where.id][message_id] = kept
        self._bring("edited_message", where, kept)

    def anonymous(self, chat: int, text: str, *, reply_to: int | None = None) -> int:
        """A group's administrator who hides behind the group."""
        where = self.world.chat(chat)
        message = self._message(where, {"from": ANONYMOUS, "sender_chat": where.json(), "text": text}, reply_to, None)
        self._bring("message", where, message)
        return int(message["message_id"])

    def tap(self, user: int, data: str, *, message_id: int, chat: int | None = None) -> str:
        """Somebody presses the button with this payload; the tap's id."""
        where = self._chat(user, chat)
        number = f"tap-{next(self._taps)}"
        shown = self.world.messages[where.id].get(message_id)
        message = shown or {"message_id": message_id, "date": 0, "chat": where.json()}
        self.bot.taps[number] = time.time() + self.world.tap_seconds
        body = {"id": number, "from": self.world.user(user), "message": message, "chat_instance": "1", "data": data}
        self.bot.queue.put("callback_query", body, lane=f"tap{user}")
        return number

    def press(self, user: int, label: str, *, chat: int | None = None) -> str:
        """Press the newest button whose label has these words in it."""
        where = self._chat(user, chat)
        for message in sorted(self.world.messages[where.id].values(), key=lambda one: -one["message_id"]):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label.lower() in button["text"].lower():
                        return self.tap(user, button["callback_data"], message_id=message["message_id"], chat=chat)
        raise LookupError(label)

    # --- groups and the bot's own place ---------------------------------------------------------------------------

    def group(
        self,
        chat: int,
        members: dict[str, str],
        *,
        title: str = "Nhóm",
        type: str = "supergroup",
        topics: list[int] | None = None,
    ) -> None:
        """A group with the bot in it; `members` by user id: creator, administrator or member."""
        made = Chat(id=chat, type=type, title=title, members={int(user): rank for user, rank in members.items()})
        made.is_forum, made.topics = bool(topics), set(topics or ())
        self.world.chats[chat] = made
        for user in made.members:
            self.world.user(user)

    def bot_state(self, chat: int, state: str, *, by: int = 1, tell: bool = True) -> None:
        """Block, kick, mute ("" lets it back in); `tell` sends `my_chat_member`."""
        where = self.world.chat(chat)
        before, where.bot_state = where.bot_state, state
        if tell:
            self.bot.queue.put(
                "my_chat_member",
                {
                    "chat": where.json(), "from": self.world.user(by), "date": int(time.time()),
                    "old_chat_member": self._member(before), "new_chat_member": self._member(state),
                },
                lane=f"member{chat}",
            )  # fmt: skip

    def add_bot(self, chat: int, *, by: int, payload: str = "", muted: bool = False) -> None:
        """Somebody adds the bot to a group, by a link with a payload (`?startgroup=`) if there is one."""
        where = self.world.chat(chat)
        where.bot_state = "muted" if muted else ""
        change = {
            "chat": where.json(), "from": self.world.user(by), "date": int(time.time()),
            "old_chat_member": {"user": self.bot.user(), "status": "left"},
            "new_chat_member": self._member(where.bot_state),
        }  # fmt: skip
        self.bot.queue.put("my_chat_member", change, lane=f"member{chat}")
        self.send(by, {"new_chat_members": [self.bot.user()]}, chat=chat)
        if payload:
            self.write(by, f"/start@{self.bot.username} {payload}", chat=chat)

    def upgrade(self, chat: int, new_chat: int, *, tell: bool = True) -> None:
        """A group becomes a supergroup: a new id, two service messages."""
        old = self.world.chat(chat)
        new = Chat(id=new_chat, type="supergroup", title=old.title, members=dict(old.members))
        self.world.chats[new_chat], old.migrated_to = new, new_chat
        if tell:
            self.bot.queue.put(
                "message", self._message(old, {"migrate_to_chat_id": new_chat}, None, None), lane=str(chat)
            )
            self.bot.queue.put(
                "message", self._message(new, {"migrate_from_chat_id": chat}, None, None), lane=str(new_chat)
            )

    def _member(self, state: str) -> Json:
        status = {"blocked": "kicked", "muted": "restricted", "": "member"}.get(state, state or "member")
        extra: Json = {"can_send_messages": False, "is_member": True, "until_date": 0} if status == "restricted" else {}
        return {"user": self.bot.user(), "status": status} | extra

    def _bring(self, kind: str, chat: Chat, message: Json) -> None:
        """Let the bot know of a message, if privacy mode does not keep it from it."""
        if self._is_told(chat, message):
            self.bot.queue.put(kind, message, lane=str(chat.id))

    def _is_told(self, chat: Chat, message: Json) -> bool:
        """Privacy mode (core.telegram.org/bots/features#privacy-mode): a bot is not shown what people say in a group
        unless it is a command, a reply to the bot or a happening, or the bot is an administrator there."""
        if chat.type == "private" or self.bot.reads_all or chat.members.get(self.bot.id) == "administrator":
            return True
        if message.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id:
            return True
        command, _, name = message.get("text", "").partition(" ")[0].partition("@")
        if command.startswith("/"):
            return name.casefold() in ("", self.bot.username.casefold())
        return bool(SERVICE & message.keys())

    def _chat(self, user: int, chat: int | None) -> Chat:
        if chat is not None:
            return self.world.chat(chat)
        private = self.world.private(user)
        private.started, private.bot_state = True, ""
        return private

    def _message(self, chat: Chat, content: Json, reply_to: int | None, topic: int | None) -> Json:
        body: dict[str, Any] = dict(content)
        if reply_to is not None:
            answered = dict(self.world.messages[chat.id][reply_to])
            answered.pop("reply_to_message", None)
            body["reply_to_message"] = answered
        if topic is not None:
            body |= {"message_thread_id": topic, "is_topic_message": True}
        if str(body.get("text", "")).startswith("/"):
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(body["text"].split()[0])}]
        return self.world.keep(chat, body)

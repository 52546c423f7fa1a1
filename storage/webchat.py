"""The web chat's own messages and rooms: what a browser shows, in order, and who opened which group."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)

from storage.base import Identity, Instant, Json, metadata
from storage.database import Transaction

PERSON, BOT = "person", "bot"
ROOM_PREFIX = "room-"
QUOTE_CHARS = 120

web_message = Table(
    "web_message",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("chat", String(120), nullable=False),
    Column("author", String(10), nullable=False),
    # The visitor who wrote it; of the bot's, the one visitor it is for (a remark in a group), or empty.
    Column("sender", String(120), nullable=False),
    Column("sender_name", String(120), nullable=False),
    # Made by the browser, so that a repeated request is the same message.
    Column("client_id", String(40), nullable=True),
    # The message owed that this one is: written once however often it is sent.
    Column("outbox_id", BigInteger, nullable=True, unique=True),
    Column("text", Text, nullable=False),
    # [[payload, label], …]
    Column("choices", Json, nullable=False),
    Column("attachments", Json, nullable=False),
    Column("place", Json, nullable=True),
    Column("reply_to", ForeignKey("web_message.id"), nullable=True),
    Column("menu", String(40), nullable=False),
    Column("about_case", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    # When its words were taken away; the row stays, so that the conversation keeps its order.
    Column("removed_at", Instant, nullable=True),
    # When the bot last changed its words and buttons (a card that shows how its case stands now).
    Column("edited_at", Instant, nullable=True),
    UniqueConstraint("chat", "client_id"),
    Index("ix_web_message_chat", "chat", "id"),
)

web_room = Table(
    "web_room",
    metadata,
    Column("chat", String(120), primary_key=True),
    # Unguessable: whoever has the link `/nhom/<key>` may knock.
    Column("key", String(64), nullable=False, unique=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("title", String(160), nullable=False),
    Column("created_by", ForeignKey("person.id"), nullable=True),
    Column("created_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebMessage:
    """One message of a web chat. `quote` is the beginning of the message it replies to."""

    id: int
    chat: str
    author: str
    sender: str
    sender_name: str
    client_id: str | None
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    attachments: tuple[int, ...] = ()
    place: dict[str, Any] | None = None
    reply_to: int | None = None
    quote: str = ""
    menu: str = ""
    about_case: bool = False
    at: datetime
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person sends: words or a pressed button's label, stored files, a place, what it replies to."""

    client_id: str
    text: str
    attachments: tuple[int, ...] = ()
    place: dict[str, Any] | None = field(default=None)
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A group of the web chat."""

    chat: str
    key: str
    ward_id: int
    title: str
    created_by: int | None


def topic(chat: str) -> str:
    """What those sleep on who wait for a message in this chat."""
    return f"web:{chat}"


async def add_from_person(
    tx: Transaction, draft: Draft, *, chat: str, sender: str, sender_name: str, now: datetime
) -> tuple[WebMessage, bool]:
    """Keep what a person sent; (the message, whether it is new). A repeated `client_id` changes nothing."""
    await _in_line(tx, chat)
    sent = await find_sent(tx, chat, draft.client_id)
    if sent is not None:
        return sent, False
    message_id = await _insert(
        tx, chat=chat, author=PERSON, sender=sender, sender_name=sender_name, client_id=draft.client_id,
        text=draft.text, attachments=list(draft.attachments), place=draft.place,
        reply_to=await _same_chat(tx, chat, draft.reply_to), at=now,
    )  # fmt: skip
    return await _got(tx, message_id), True


async def find_sent(tx: Transaction, chat: str, client_id: str) -> WebMessage | None:
    """The message a browser sent under this name, if it arrived."""
    return await _one(tx, web_message.c.chat == chat, web_message.c.client_id == client_id)


async def add_from_bot(  # noqa: PLR0913 - what a row holds, each by its name
    tx: Transaction,
    *,
    chat: str,
    outbox_id: int,
    text: str,
    choices: Sequence[tuple[str, str]],
    attachments: Sequence[int],
    menu: str,
    about_case: bool,
    now: datetime,
    only_for: str = "",
) -> int:
    """Keep one message of the bot's, exactly once per `outbox_id`; its id."""
    await _in_line(tx, chat)
    sent: int | None = await tx.scalar(select(web_message.c.id).where(web_message.c.outbox_id == outbox_id))
    if sent is not None:
        return sent
    return await _insert(
        tx, chat=chat, author=BOT, sender=only_for, sender_name="", outbox_id=outbox_id, text=text,
        choices=[list(choice) for choice in choices], attachments=list(attachments), menu=menu,
        about_case=about_case, at=now,
    )  # fmt: skip


async def edit_from_bot(
    tx: Transaction, chat: str, message_id: int, *, text: str, choices: Sequence[tuple[str, str]], now: datetime
) -> bool:
    """Change the words and buttons of a message of the bot's; False if there is none (any more)."""
    done = await tx.execute(
        update(web_message)
        .where(
            web_message.c.chat == chat, web_message.c.id == message_id, web_message.c.author == BOT,
            web_message.c.removed_at.is_(None),
        )
        .values(text=text, choices=[list(choice) for choice in choices], edited_at=now)
    )  # fmt: skip
    tx.wake(topic(chat))
    return bool(done.rowcount)


async def remove_text(
    tx: Transaction, chat: str, *, now: datetime, message_id: int | None = None, client_id: str | None = None
) -> bool:
    """Take a message's words, place and files away for good and keep its row; False if there is none.

    Name it by `message_id`, or by the `client_id` it was sent with. What others quoted of it goes too, since a
    quote is read from the message itself.
    """
    if message_id is None and client_id is None:
        raise ValueError("a message is named by its id or by its client's")
    named = web_message.c.id == message_id if message_id is not None else web_message.c.client_id == client_id
    done = await tx.execute(
        update(web_message)
        .where(web_message.c.chat == chat, named)
        .values(text="", choices=[], attachments=[], place=None, removed_at=now)
    )
    tx.wake(topic(chat))
    return bool(done.rowcount)


async def create_room(
    tx: Transaction, title: str, created_by: int | None, now: datetime, *, ward_id: int
) -> tuple[str, str]:
    """Open a group of a ward; (its chat, the key of its link `/nhom/<key>`). Its creator is its administrator."""
    chat, key = ROOM_PREFIX + secrets.token_urlsafe(12), secrets.token_urlsafe(16)
    row = {"chat": chat, "key": key, "ward_id": ward_id, "title": title, "created_by": created_by}
    await tx.execute(insert(web_room).values(created_at=now, **row))
    return chat, key


async def room_at(tx: Transaction, chat: str) -> Room | None:
    """The group with this chat."""
    return await _room(tx, web_room.c.chat == chat)


async def room_by_key(tx: Transaction, key: str) -> Room | None:
    """The group behind a link."""
    return await _room(tx, web_room.c.key == key)


async def _room(tx: Transaction, where: Any) -> Room | None:
    row = (await tx.execute(select(web_room).where(where))).one_or_none()
    if row is None:
        return None
    return Room(chat=row.chat, key=row.key, ward_id=row.ward_id, title=row.title, created_by=row.created_by)


async def _in_line(tx: Transaction, chat: str) -> None:
    # A browser asks for "what came after 41": 42 must not be visible before 41 is, so one writer per chat (SQLite
    # has one writer anyway).
    if tx.dialect == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(topic(chat)))))


async def _insert(tx: Transaction, **values: Any) -> int:
    row = {"choices": [], "attachments": [], "place": None, "menu": "", "about_case": False} | values
    done = await tx.execute(insert(web_message).values(**row).returning(web_message.c.id))
    tx.wake(topic(values["chat"]))
    return int(done.scalar_one())


async def _same_chat(tx: Transaction, chat: str, message_id: int | None) -> int | None:
    if message_id is None:
        return None
    found = await _one(tx, web_message.c.chat == chat, web_message.c.id == message_id)
    return None if found is None else found.id


def with_quotes() -> Select[Any]:
    """Messages with the beginning of what they reply to, to be read by `message()`."""
    quoted = web_message.alias("quoted")
    return select(web_message, quoted.c.text.label("quoted_text")).outerjoin(
        quoted, quoted.c.id == web_message.c.reply_to
    )


async def _one(tx: Transaction, *where: Any) -> WebMessage | None:
    row = (await tx.execute(with_quotes().where(*where))).one_or_none()
    return None if row is None else message(row)


async def _got(tx: Transaction, message_id: int) -> WebMessage:
    return message((await tx.execute(with_quotes().where(web_message.c.id == message_id))).one())


def message(row: Any) -> WebMessage:
    """One row of `with_quotes()` as a value."""
    return WebMessage(
        id=row.id, chat=row.chat, author=row.author, sender=row.sender, sender_name=row.sender_name,
        client_id=row.client_id, text=row.text, choices=tuple((one, label) for one, label in row.choices),
        attachments=tuple(row.attachments), place=row.place, reply_to=row.reply_to,
        quote=(row.quoted_text or "")[:QUOTE_CHARS], menu=row.menu, about_case=row.about_case, at=row.at,
        removed=row.removed_at is not None,
    )  # fmt: skip

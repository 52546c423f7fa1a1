"""What browsers read of the web chat: a chat's messages in order, and where something is new."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from storage.database import Transaction
from storage.webchat import WebMessage, message, web_message, with_quotes


async def after(tx: Transaction, chat: str, message_id: int, limit: int) -> list[WebMessage]:
    """The messages of a chat after one, oldest first, `limit` at most."""
    statement = _messages(chat).where(web_message.c.id > message_id).order_by(web_message.c.id)
    return await _list(tx, statement, limit)


async def before(tx: Transaction, chat: str, message_id: int | None, limit: int) -> list[WebMessage]:
    """The last messages of a chat (before one, if given), oldest first, `limit` at most."""
    statement = _messages(chat).order_by(web_message.c.id.desc())
    if message_id is not None:
        statement = statement.where(web_message.c.id < message_id)
    return list(reversed(await _list(tx, statement, limit)))


async def tip(tx: Transaction) -> int:
    """The newest message of all chats; 0 if there is none."""
    return int(await tx.scalar(select(func.max(web_message.c.id))) or 0)


async def newest(tx: Transaction, message_id: int) -> dict[str, int]:
    """The newest message of every chat that has one after `message_id`."""
    number = func.max(web_message.c.id).label("number")
    found = select(web_message.c.chat, number).where(web_message.c.id > message_id).group_by(web_message.c.chat)
    return {row.chat: row.number for row in (await tx.execute(found)).all()}


async def removed_since(tx: Transaction, chat: str, since: datetime) -> list[int]:
    """The messages of a chat whose words were taken away after an instant."""
    rows = await tx.execute(
        select(web_message.c.id).where(web_message.c.chat == chat, web_message.c.removed_at > since)
    )
    return list(rows.scalars())


async def edited_since(tx: Transaction, chat: str, since: datetime, limit: int) -> list[WebMessage]:
    """The messages of a chat that the bot changed after an instant, `limit` at most, those changed last."""
    statement = _messages(chat).where(web_message.c.edited_at > since).order_by(web_message.c.edited_at.desc())
    return await _list(tx, statement, limit)


def _messages(chat: str) -> Select[Any]:
    return with_quotes().where(web_message.c.chat == chat)


async def _list(tx: Transaction, statement: Select[Any], limit: int) -> list[WebMessage]:
    return [message(row) for row in (await tx.execute(statement.limit(limit))).all()]

"""What a platform tells of a chat, in our own deeds: it is gone, silenced, back, or has a new id."""

from datetime import datetime

from actions import follow_chat
from bot.channels.base import ChatNews, Loss
from storage.database import Transaction
from storage.outbox import Address


async def heed(tx: Transaction, news: ChatNews, *, now: datetime) -> None:
    """Act on the news; heard twice, nothing happens the second time."""
    address = Address(channel=news.channel, account=news.account, chat=news.chat)
    if news.added_by is not None:
        await follow_chat.added(tx, address, by=news.added_by, title=news.title, may_write=news.loss is None, now=now)
    elif news.new_chat is not None:
        await follow_chat.moved(tx, address, new_chat=news.new_chat)
    elif news.loss is not None:
        await follow_chat.gone(tx, address, now=now, for_good=news.loss is Loss.GONE)
    else:
        await follow_chat.back(tx, address, now=now)

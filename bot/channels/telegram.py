"""Telegram as a channel: one bot account; raw updates in, our replies out through python-telegram-bot."""

import logging
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

from bot.channels.base import TOO_LATE, ChatNews, Delivery, Outcome, Refused, Sent
from bot.channels.splitting import fitting
from bot.channels.telegram_aside import Asides
from bot.channels.telegram_layout import CAPTION_MAX, Part, Rows, parts_of
from bot.channels.telegram_media import TelegramMedia, sent_as
from bot.channels.telegram_outcome import outcome_of, outcome_of_edit
from bot.channels.telegram_reading import read
from bot.channels.telegram_request import AiohttpRequest
from bot.channels.telegram_update import NAME, Identity
from bot.limits import Limits, SendPlace
from domain.people import GroupKind
from handlers.engine.event import Event
from storage import invites
from storage.attachments import Attachment
from storage.base import Account
from storage.database import Database
from storage.outbox import Address

log = logging.getLogger(__name__)

REMOVED_AT_ONCE = 100
_IS_A_PHOTO = "there is no text in the message"
_NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where and how a message is sent; `protect` keeps it from being forwarded or saved."""

    chat_id: int
    topic: int | None
    protect: bool


class Telegram:
    """One bot. Its name (`me`) is learnt from Telegram once; nothing is read or sent before."""

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        database: Database,
        folder: Path,
        limits: Limits,
        ward_code: str | None = None,
        ephemeral: bool = True,
    ) -> None:
        self.account = token.partition(":")[0]
        self.on = Account(NAME, self.account)
        self.me = Identity(account=self.account, username="")
        self.request = AiohttpRequest()
        self.bot = Bot(
            token, base_url=f"{api_url}/bot", base_file_url=f"{api_url}/file/bot", request=self.request,
            get_updates_request=self.request,
        )  # fmt: skip
        self.limits = limits
        self._ward_code = ward_code
        self._asides = Asides(self.bot, ephemeral=ephemeral)
        self._database = database
        self._media = TelegramMedia(self.bot, database, folder)

    def introduce(self, username: str) -> None:
        """Keep the bot's name, as `getMe` says it."""
        self.me = Identity(account=self.account, username=username)

    def place(self, chat: str) -> SendPlace:
        """A chat with all its topics; the ids of groups are negative."""
        chat_id = chat.partition(":")[0]
        return SendPlace(name=chat_id, is_group=chat_id.startswith("-"))

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        """A long text goes in several pieces, files as albums; each file counts."""
        if self._is_aside(delivery):
            return (0 if self._asides.fits_button(delivery.reply) else 1,)
        if delivery.reply.removes:
            return (0,) * math.ceil(len(delivery.reply.removes) / REMOVED_AT_ONCE)
        parts, _files = await self._parts(delivery)
        return tuple(max(len(part.files), 1) for part in parts)

    def _is_aside(self, delivery: Delivery) -> bool:
        return delivery.chat.startswith("-") and self._asides.can_reach(delivery.reply)

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | ChatNews | None:
        """The event in an update; whoever comes to a ward's own bot for the first time comes to that ward."""
        found = read(raw, self.me, received_at)
        return replace(found, ward_code=self._ward_code) if isinstance(found, Event) else found

    async def send(self, delivery: Delivery) -> Outcome:
        """Send one piece of a message, or change or remove messages."""
        if delivery.reply.removes:
            return await self._remove(delivery)
        parts, files = await self._parts(delivery)
        if delivery.piece >= len(parts):
            return Refused(reason="there is nothing in it")
        target = await self._target(delivery.chat)
        if delivery.is_late:
            return TOO_LATE
        if self._is_aside(delivery):
            return await self._asides.say(target.chat_id, target.topic, delivery)
        if delivery.edits is not None:
            return await self._edit(target, delivery.edits, parts[-1])
        try:
            ids = await self._send_part(target, parts[delivery.piece], files)
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message_id=ids[-1], also=tuple(ids[:-1]))

    async def _parts(self, delivery: Delivery) -> tuple[tuple[Part, ...], Mapping[int, Attachment]]:
        files = await self._media.look_up(delivery.reply.attachments)
        return parts_of(delivery.reply, {number: sent_as(file) for number, file in files.items()}), files

    async def _remove(self, delivery: Delivery) -> Outcome:
        """Take messages away on both sides, ours and theirs (Bot API `deleteMessages`); what is too old stays."""
        target, start = await self._target(delivery.chat), delivery.piece * REMOVED_AT_ONCE
        ids = [int(one) for one in delivery.reply.removes[start : start + REMOVED_AT_ONCE]]
        try:
            await self.bot.delete_messages(target.chat_id, ids)
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message_id="")

    async def _edit(self, target: _Target, message_id: str, part: Part) -> Outcome:
        """Change the words and buttons of a message of ours; of a photo it is the caption."""
        which: dict[str, Any] = {"chat_id": target.chat_id, "message_id": int(message_id)} | _keyboard(part.rows)
        try:
            try:
                await self._call("editMessageText", text=part.text, link_preview_options=_NO_PREVIEW, **which)
            except BadRequest as error:
                if _IS_A_PHOTO not in str(error).lower():
                    raise
                await self._call("editMessageCaption", caption=fitting(part.text, CAPTION_MAX), **which)
        except TelegramError as error:
            return outcome_of_edit(error, message_id)
        return Sent(message_id=message_id)

    async def _target(self, chat: str) -> _Target:
        chat_id, _, topic = chat.partition(":")
        protect = False
        if chat_id.startswith("-"):
            address = Address(channel=NAME, account=self.account, chat=chat)
            async with self._database.reading() as tx:
                group = await invites.group_at(tx, address)
            # What a unit reads of a case must not travel on.
            protect = group is not None and group.kind is GroupKind.UNIT
        number = int(chat_id) if chat_id.lstrip("-").isdigit() else 0
        return _Target(chat_id=number, topic=int(topic) if topic.isdigit() else None, protect=protect)

    async def _send_part(self, target: _Target, part: Part, files: Mapping[int, Attachment]) -> list[str]:
        """One call; the ids of the messages it made."""
        where: dict[str, Any] = {"chat_id": target.chat_id}
        where |= {"message_thread_id": target.topic} if target.topic is not None else {}
        where |= {"protect_content": True} if target.protect else {}
        keyboard = _keyboard(part.rows)
        if part.files:
            held = [files[one] for one in part.files]
            markup = InlineKeyboardMarkup.de_json(keyboard["reply_markup"], self.bot) if keyboard else None
            with _unless_refused():
                sent = await self._media.send(held, caption=part.text, markup=markup, where=where)
                if sent:
                    return [str(message.message_id) for message in sent]
        # Without its files, gone from the disk or refused, a message has its words still: they matter more.
        text = part.text or "📎"
        made = await self._call("sendMessage", text=text, link_preview_options=_NO_PREVIEW, **where, **keyboard)
        return [str(made["message_id"])]

    async def _call(self, method: str, **parameters: Any) -> Any:
        return await self.request.call(f"{self.bot.base_url}/{method}", parameters)


@contextmanager
def _unless_refused() -> Iterator[None]:
    """Files may be refused where words are not: a group that takes no photos, a recording Telegram cannot read.

    Whatever is wrong with the chat itself, the words are refused for as well.
    """
    try:
        yield
    except BadRequest as error:
        log.warning("telegram: files were refused, their words are sent without them (%s)", type(error).__name__)


def _keyboard(rows: Rows) -> dict[str, Any]:
    """The parameter that puts buttons under a message (Bot API `InlineKeyboardMarkup`); none for no buttons."""
    if not rows:
        return {}
    buttons = [[{"text": one.label, "callback_data": one.payload} for one in row] for row in rows]
    return {"reply_markup": {"inline_keyboard": buttons}}

"""A Zalo Bot as a channel: raw events in, our replies out, each call counted against the month's messages."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.base import Delivery, Outcome, Sent
from bot.channels.zalo_allowance import Allowance
from bot.channels.zalo_apart import FilesApart
from bot.channels.zalo_bot_api import FETCH_SECONDS, Answer, ZaloBotApi
from bot.channels.zalo_bot_layout import Part, parts_of
from bot.channels.zalo_bot_outcome import BAD_REQUEST, outcome_of
from bot.channels.zalo_bot_reading import read
from bot.channels.zalo_bot_update import NAME, Identity
from bot.channels.zalo_sending import send_piece, told
from bot.limits import Limits, SendPlace
from domain.files import FileKind
from handlers.engine.event import Event
from storage import attachments, invites
from storage.attachments import Attachment
from storage.base import Account
from storage.database import Database
from storage.outbox import Address

# What Zalo plays in place; and the field each method takes an address in.
VOICE_MIME = "audio/aac"
FILE_FIELDS = {"sendPhoto": "photo", "sendVoice": "voice"}


class ZaloBot:
    """One bot. `commands` are those that may be typed without a slash in groups (folded names)."""

    # Its month is counted by the allowance; of any other limit Zalo says nothing.
    limits = Limits()

    def __init__(
        self,
        api: ZaloBotApi,
        *,
        account: str,
        names: tuple[str, ...],
        commands: Collection[str],
        database: Database,
        allowance: Allowance,
        apart: FilesApart,
        ward_code: str | None = None,
    ) -> None:
        self.on = Account(NAME, account)
        self.me = Identity(account=account, names=names)
        self.api = api
        self._commands = commands
        self._ward_code = ward_code
        self._database = database
        self._allowance = allowance
        self._apart = apart

    def introduce(self, name: str) -> None:
        """Learn one more name of the bot's, as `getMe` says it."""
        if name and name not in self.me.names:
            self.me = Identity(account=self.me.account, names=(*self.me.names, name))

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | None:
        """The event in a raw one; whoever comes to a ward's own bot for the first time comes to that ward."""
        found = read(raw, self.me, self._commands, received_at)
        return replace(found, ward_code=self._ward_code) if found is not None else None

    def place(self, chat: str) -> SendPlace:
        """A chat."""
        return SendPlace(name=chat)

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        """One message a call."""
        return (1,) * len(await self._parts(delivery))

    async def send(self, delivery: Delivery) -> Outcome:
        """Send one piece of a message."""
        return await send_piece(delivery, self._parts, self._send_part)

    async def _parts(self, delivery: Delivery) -> tuple[Part, ...]:
        address = Address(channel=NAME, account=self.me.account, chat=delivery.chat)
        async with self._database.reading() as tx:
            group = await invites.group_at(tx, address)
            files = await attachments.by_ids(tx, delivery.reply.attachments)
        mention = None
        if group is not None:
            mention = f"@{self.me.names[0]} " if self.me.names else "@Bot "
        shown = [one for one in files if self._method(one, in_group=group is not None)] if self._apart.links else []
        return parts_of(
            delivery.reply, delivery.language, mention=mention, files=files, shown=shown,
            in_words=lambda some: self._apart.words(some, delivery.language, delivery.now),
        )  # fmt: skip

    @staticmethod
    def _method(file: Attachment, *, in_group: bool) -> str:
        """The method Zalo takes a file by, "" for what it does not take. In groups recordings vanish without a word."""
        if file.file.kind is FileKind.PHOTO:
            return "sendPhoto"
        return "sendVoice" if file.file.mime == VOICE_MIME and not in_group else ""

    async def _send_part(self, delivery: Delivery, part: Part) -> Outcome:
        return await self._allowance.spend(delivery, lambda: told(self._call(delivery, part)))

    async def _file(self, delivery: Delivery, file: Attachment, caption: str) -> Answer:
        method = self._method(file, in_group=False)
        params = {"chat_id": delivery.chat, FILE_FIELDS[method]: self._apart.for_platform(file, delivery.now)}
        return await self.api.call(method, params | ({"caption": caption} if caption else {}), seconds=FETCH_SECONDS)

    async def _call(self, delivery: Delivery, part: Part) -> Outcome:
        answer = await self._file(delivery, part.file, part.text) if part.file is not None else None
        if answer is None or answer.code == BAD_REQUEST:
            # The words go out even where Zalo cannot fetch the file.
            answer = await self.api.call("sendMessage", {"chat_id": delivery.chat, "text": part.words})
        if answer.ok:
            result = answer.result if isinstance(answer.result, dict) else {}
            return Sent(message_id=str(result.get("message_id") or ""))
        return outcome_of(answer)

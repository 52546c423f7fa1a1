"""A Zalo Official Account as a channel: raw events in, our replies out through OpenAPI v3."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.channels.base import (
    ChatNews,
    Delivery,
    Held,
    InDoubt,
    Outcome,
    Refused,
    RetryLater,
    Sent,
    Troubled,
    Unreachable,
)
from bot.channels.zalo_allowance import Allowance
from bot.channels.zalo_apart import FilesApart
from bot.channels.zalo_oa_client import Answer, ZaloClient
from bot.channels.zalo_oa_event import GROUP, NAME
from bot.channels.zalo_oa_layout import Part, message_json, parts_of
from bot.channels.zalo_oa_outcome import outcome_of
from bot.channels.zalo_oa_reading import read
from bot.channels.zalo_oa_tokens import NoToken, Tokens
from bot.channels.zalo_oa_uploads import Upload, is_carried, upload_of
from bot.channels.zalo_sending import send_piece, told
from bot.limits import Limits, SendPlace
from domain.contact_window import Contact, ContactWindow
from handlers.engine.event import Event
from storage import attachments, people
from storage.attachments import Attachment
from storage.base import Account
from storage.database import Database

log = logging.getLogger(__name__)

PERSON_PATH, GROUP_PATH = "/v3.0/oa/message/cs", "/v3.0/oa/group/message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """When people may be written to, whether that may cost money, and how often in a month (0: no limit)."""

    window: ContactWindow
    billed_ok: bool
    monthly: int


class ZaloOfficialAccount:
    """One Official Account. Its account here is the application's id: that is known before Zalo has said anything."""

    def __init__(
        self,
        *,
        app_id: str,
        api_url: str,
        client: ZaloClient,
        tokens: Tokens,
        database: Database,
        folder: Path,
        charges: Charges,
        limits: Limits,
        apart: FilesApart,
    ) -> None:
        self.on = Account(NAME, app_id)
        self.client = client
        self.tokens = tokens
        self._api_url = api_url
        self._database = database
        self._folder = folder
        self._charges = charges
        self.limits = limits
        self._allowance = Allowance(database, self.on, most=charges.monthly)
        self._apart = apart

    def place(self, chat: str) -> SendPlace:
        """A chat; groups are named as such."""
        return SendPlace(name=chat, is_group=chat.startswith(GROUP))

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        """A file takes two of Zalo's calls: it is uploaded, and sent."""
        return tuple(1 if part.file is None else 2 for part in await self._parts(delivery))

    async def _parts(self, delivery: Delivery) -> tuple[Part, ...]:
        files: list[Attachment] = []
        if delivery.reply.attachments:
            async with self._database.reading() as tx:
                files = await attachments.by_ids(tx, delivery.reply.attachments)
        return parts_of(
            delivery.reply, delivery.language, in_group=_is_group(delivery), files=[*filter(is_carried, files)],
            in_words=self._in_words(delivery, *(one for one in files if not is_carried(one))),
        )  # fmt: skip

    def _in_words(self, delivery: Delivery, *files: Attachment) -> str:
        return self._apart.words(files, delivery.language, delivery.now)

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | ChatNews | None:
        """The event in a raw one."""
        return read(raw, self.on.account, received_at)

    async def send(self, delivery: Delivery) -> Outcome:
        """Send one piece of a message."""
        return await send_piece(delivery, self._parts, self._send)

    async def _send(self, delivery: Delivery, part: Part) -> Outcome:
        contact = Contact.FREE if _is_group(delivery) else await self._contact(delivery)
        if contact is Contact.CLOSED or (contact is Contact.BILLED and not self._charges.billed_ok):
            return Held(reason=f"the window is {contact}")
        if contact is Contact.BILLED and delivery.doubted:
            return Held(reason="it may have arrived, and sending it again would be billed")
        quote = delivery.quote if delivery.piece == 0 else None
        outcome = await self._send_part(delivery, part, contact, quote=quote)
        if quote is not None and isinstance(outcome, Refused) and outcome.loss is None:
            # The words matter more than what they are shown beside.
            return await self._send_part(delivery, part, contact, quote=None)
        return outcome

    async def _contact(self, delivery: Delivery) -> Contact:
        """Whether writing to somebody is free, costs money, or is not possible as they have not written for long."""
        async with self._database.reading() as tx:
            known = await people.find(tx, channel=NAME, account=self.on.account, address=delivery.chat)
        return self._charges.window.at(delivery.now, last_contact_at=known.last_seen_at if known else None)

    async def _send_part(self, delivery: Delivery, part: Part, contact: Contact, *, quote: str | None) -> Outcome:
        """One message; a file is uploaded first, which costs nothing and may be done again."""
        uploaded = None
        if part.file is not None:
            found = await self._upload(part.file)
            if isinstance(found, Refused):
                # Without its file a message has its words still: they matter more.
                part = Part(text=self._in_words(delivery, part.file), buttons=part.buttons)
            elif isinstance(found, str):
                uploaded = found
            else:
                return found
        message = message_json(part, uploaded=uploaded, quote=quote)
        if _is_group(delivery):
            return await self._said(GROUP_PATH, {"group_id": delivery.chat.removeprefix(GROUP)}, message)
        return await self._allowance.spend(
            delivery, lambda: self._said(PERSON_PATH, {"user_id": delivery.chat}, message),
            billed=contact is Contact.BILLED,
        )  # fmt: skip

    async def _said(self, path: str, recipient: dict[str, str], message: dict[str, Any]) -> Outcome:
        answer = await self._asked(path, {"recipient": recipient, "message": message})
        if not isinstance(answer, Answer):
            return answer
        data = answer.data if isinstance(answer.data, dict) else {}
        return Sent(message_id=str(data.get("message_id") or ""))

    async def _upload(self, file: Attachment) -> str | Outcome:
        """What Zalo calls a file once it has it; Refused when it is gone from our disk, or Zalo will not have it."""
        try:
            upload = await upload_of(self._folder, file)
        except OSError:
            log.warning("zalo oa: file %s is gone from the disk", file.id)
            return Refused(reason="the file is gone")
        answer = await self._asked(upload.path, upload)
        if isinstance(answer, InDoubt | Troubled):
            return RetryLater(reason=answer.reason)
        if not isinstance(answer, Answer):
            return answer
        called = answer.data.get(upload.called) if isinstance(answer.data, dict) else None
        return str(called) if called else Refused(reason="Zalo does not say what it calls the file")

    async def _asked(self, path: str, body: dict[str, Any] | Upload) -> Answer | Outcome:
        """Zalo's answer to one call if it took it, with the token renewed once if it was refused; else the end."""
        try:
            answer = await told(self._answer(path, body))
        except NoToken:
            return Unreachable(reason="no access token")
        if not isinstance(answer, Answer):
            return answer
        if answer.left == 0:
            # Before Zalo refuses: its package allows less than the settings say.
            log.warning("zalo oa: no call is left in this minute; look at ZALO_OA_PER_MINUTE")
        if answer.error == 0:
            return answer
        log.warning("zalo oa: refused with %s", answer.error)
        return outcome_of(answer)

    async def _answer(self, path: str, body: dict[str, Any] | Upload) -> Answer:
        return await self.tokens.with_token(lambda token: self._ask(path, body, token))

    async def _ask(self, path: str, body: dict[str, Any] | Upload, token: str) -> Answer:
        url = f"{self._api_url}{path}"
        if isinstance(body, Upload):
            return await self.client.upload(url, body.name, body.data, mime=body.mime, token=token)
        return await self.client.post(url, body, token=token)


def _is_group(delivery: Delivery) -> bool:
    return delivery.chat.startswith(GROUP)

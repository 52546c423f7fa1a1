"""A Zalo Official Account as a channel: raw events in, our replies out through OpenAPI v3."""

import asyncio
import io
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image

from bot.channels.base import (
    ChatNews,
    Delivery,
    Held,
    InDoubt,
    NotEdited,
    Outcome,
    Refused,
    RetryLater,
    Sent,
    Troubled,
    Unreachable,
)
from bot.channels.zalo_oa_client import Answer, MaybeSent, NotSent, ServerTrouble, ZaloClient
from bot.channels.zalo_oa_event import GROUP, NAME
from bot.channels.zalo_oa_layout import Part, message_json, parts_of
from bot.channels.zalo_oa_outcome import TOKEN_BAD, outcome_of
from bot.channels.zalo_oa_reading import read
from bot.channels.zalo_oa_tokens import NoToken, Tokens
from bot.limits import Limits, SendPlace
from bot.stored_files import read_stored
from domain.contact_window import Contact, ContactWindow
from domain.files import FileKind
from handlers.engine.event import Event
from storage import attachments, people
from storage.base import Account
from storage.database import Database

log = logging.getLogger(__name__)

PERSON_PATH, GROUP_PATH = "/v3.0/oa/message/cs", "/v3.0/oa/group/message"
UPLOAD_PATH = "/v2.0/oa/upload/image"
PICTURE_BYTES_MAX = 1_000_000
# Tried one after the other until a picture is small enough: the longest edge (pixels), the quality of the JPEG.
SMALLER = ((1600, 80), (1280, 70), (960, 60), (640, 50))


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """When people may be written to, and whether that may cost money."""

    window: ContactWindow
    billed_ok: bool


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
    ) -> None:
        self.on = Account(NAME, app_id)
        self.client = client
        self.tokens = tokens
        self._api_url = api_url
        self._database = database
        self._folder = folder
        self._charges = charges
        self.limits = limits

    def place(self, chat: str) -> SendPlace:
        """A chat; groups are named as such."""
        return SendPlace(name=chat, is_group=chat.startswith(GROUP))

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        """A picture takes two of Zalo's calls: it is uploaded, and sent."""
        return tuple(1 if part.photo is None else 2 for part in self._parts(delivery))

    def _parts(self, delivery: Delivery) -> tuple[Part, ...]:
        return parts_of(delivery.reply, delivery.language, in_group=delivery.chat.startswith(GROUP))

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | ChatNews | None:
        """The event in a raw one."""
        return read(raw, self.on.account, received_at)

    async def send(self, delivery: Delivery) -> Outcome:
        """Send one piece of a message."""
        if delivery.edits is not None:
            return NotEdited(reason="Zalo changes no messages")
        in_group = delivery.chat.startswith(GROUP)
        parts = self._parts(delivery)
        if delivery.piece >= len(parts):
            return Refused(reason="there is nothing in it")
        if not in_group and (closed := await self._closed(delivery)) is not None:
            return closed
        quote = delivery.quote if delivery.piece == 0 else None
        outcome = await self._send_part(delivery.chat, parts[delivery.piece], quote=quote)
        if quote is not None and isinstance(outcome, Refused) and outcome.loss is None:
            # The words matter more than what they are shown beside.
            return await self._send_part(delivery.chat, parts[delivery.piece], quote=None)
        return outcome

    async def _closed(self, delivery: Delivery) -> Held | None:
        """Why somebody cannot be written to now: they have not written for too long."""
        async with self._database.reading() as tx:
            known = await people.find(tx, channel=NAME, account=self.on.account, address=delivery.chat)
        last = known.last_seen_at if known else None
        contact = self._charges.window.at(delivery.now, last_contact_at=last)
        if contact is Contact.FREE or (contact is Contact.BILLED and self._charges.billed_ok):
            return None
        return Held(reason=f"the window is {contact}")

    async def _send_part(self, chat: str, part: Part, *, quote: str | None) -> Outcome:
        """One message; a picture is uploaded first, which costs nothing and may be done again."""
        attachment_id = None
        if part.photo is not None:
            uploaded = await self._upload(part.photo)
            if not isinstance(uploaded, str):
                return uploaded
            attachment_id = uploaded or None
        if part.photo is not None and attachment_id is None:
            part = Part(text=part.text or "📎")  # without its file a message has its words still: they matter more
        message = message_json(part, attachment_id=attachment_id, quote=quote)
        if chat.startswith(GROUP):
            path, recipient = GROUP_PATH, {"group_id": chat.removeprefix(GROUP)}
        else:
            path, recipient = PERSON_PATH, {"user_id": chat}
        answer = await self._asked(path, {"recipient": recipient, "message": message})
        if not isinstance(answer, Answer):
            return answer
        data = answer.data if isinstance(answer.data, dict) else {}
        return Sent(message_id=str(data.get("message_id") or ""))

    async def _upload(self, file_id: int) -> str | Outcome:
        """The id Zalo gives a picture; "" when it is gone from our disk, or no picture."""
        async with self._database.reading() as tx:
            files = await attachments.by_ids(tx, [file_id])
        if files and files[0].file.kind is not FileKind.PHOTO:
            return ""
        try:
            data = read_stored(self._folder, files[0].file.stored_as)
        except (OSError, IndexError):
            log.warning("zalo oa: file %s is gone from the disk", file_id)
            return ""
        if len(data) > PICTURE_BYTES_MAX:
            data = await asyncio.to_thread(smaller, data)
        answer = await self._asked(UPLOAD_PATH, data)
        if isinstance(answer, InDoubt | Troubled):
            return RetryLater(reason=answer.reason)
        if not isinstance(answer, Answer):
            return answer
        return str((answer.data or {}).get("attachment_id") or "")

    async def _asked(self, path: str, body: dict[str, Any] | bytes) -> Answer | Outcome:
        """Zalo's answer to one call if it took it, with the token renewed once if it was refused; else the end."""
        try:
            token = await self.tokens.access()
            answer = await self._ask(path, body, token)
            if answer.error in TOKEN_BAD:
                answer = await self._ask(path, body, await self.tokens.after_refusal(token))
        except NoToken:
            return Unreachable(reason="no access token")
        except NotSent as error:
            return Unreachable(reason=str(error))
        except ServerTrouble as error:
            return Troubled(reason=str(error))
        except MaybeSent as error:
            return InDoubt(reason=str(error))
        if answer.left == 0:
            # Before Zalo refuses: its package allows less than the settings say.
            log.warning("zalo oa: no call is left in this minute; look at ZALO_OA_PER_MINUTE")
        if answer.error == 0:
            return answer
        log.warning("zalo oa: refused with %s", answer.error)
        return outcome_of(answer)

    async def _ask(self, path: str, body: dict[str, Any] | bytes, token: str) -> Answer:
        url = f"{self._api_url}{path}"
        if isinstance(body, bytes):
            return await self.client.upload(url, "photo.jpg", body, mime="image/jpeg", token=token)
        return await self.client.post(url, body, token=token)


def smaller(data: bytes) -> bytes:
    """A picture made anew so that Zalo takes it (1 MB); the smallest try if even that is too large."""
    made = data
    for edge, quality in SMALLER:
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((edge, edge), Image.Resampling.LANCZOS)
            target = io.BytesIO()
            picture.convert("RGB").save(target, "JPEG", quality=quality, optimize=True)
        made = target.getvalue()
        if len(made) <= PICTURE_BYTES_MAX:
            break
    return made

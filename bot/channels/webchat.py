"""The web chat as a channel: raw updates are what a browser posted, sending is writing a row and waking it.

A raw update (all keys are always there):

    {"client_id": "3f0c…",            made by the browser; a repeat is the same message
     "chat": "…", "sender": "…",      equal in a private chat; "room-…" is a group
     "sender_name": "Nguyễn Văn A",   how the ward knows the sender, "" for strangers
     "in_group": false, "is_admin": false,
     "text": "…",                     what was typed
     "choice": "m3:yes" | null,       the payload of a pressed button
     "attachments": [12, 13],         ids of files already stored
     "place": {"lat": 10.77, "lon": 106.69} | null,
     "reply_to": 41 | null,           id of the message it replies to
     "message_id": 57,                id of the row that shows it (storage.webchat)
     "language": "vi", "ward": "AHD"}
"""

from datetime import datetime
from typing import Any

from bot.channels.base import Delivery, NotEdited, Outcome, Sent
from bot.limits import NO_LIMITS, SendPlace
from handlers.engine.event import Event, Place
from handlers.engine.reply import payload
from storage import webchat
from storage.base import Account
from storage.database import Database

NAME = "web"
ACCOUNT = "web"


def lane(chat: str) -> str:
    """The lane of a chat in the inbox: its updates are handled one after the other."""
    return f"{NAME}:{ACCOUNT}:{chat}"


class WebChat:
    """The one account of the web chat. Its platform is this very database."""

    on = Account(NAME, ACCOUNT)
    limits = NO_LIMITS

    def __init__(self, database: Database) -> None:
        self._database = database

    def place(self, chat: str) -> SendPlace:
        """Nothing is counted."""
        return SendPlace(name=chat)

    async def pieces(self, delivery: Delivery) -> tuple[int, ...]:
        """One message, whatever is in it."""
        return (1,)

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | None:
        """The event in a raw update; None if a browser sent nothing at all."""
        choice = raw["choice"]
        # Pressing a command's button is the same as typing it.
        command = choice if choice and choice.startswith("/") else None
        event = Event(
            channel=NAME,
            account=ACCOUNT,
            chat=raw["chat"],
            sender=raw["sender"],
            at=received_at,
            in_group=raw["in_group"],
            sender_name=raw["sender_name"],
            sender_is_admin=raw["is_admin"],
            language=raw["language"],
            text=command or raw["text"],
            choice=None if command else choice,
            attachments=tuple(raw["attachments"]),
            place=_place(raw["place"]),
            reply_to=_text(raw["reply_to"]),
            message_id=_text(raw["message_id"]),
            ward_code=raw["ward"],
        )
        return None if event.is_empty else event

    async def send(self, delivery: Delivery) -> Outcome:
        """Write the message where the browser reads it; a second try of the same delivery changes nothing."""
        reply = delivery.reply
        choices = [(payload(reply.menu, choice), choice.label) for choice in reply.choices]
        async with self._database.transaction() as tx:
            if delivery.edits is not None:
                edited = await webchat.edit_from_bot(
                    tx, delivery.chat, int(delivery.edits), text=reply.text, choices=choices, now=delivery.now
                )
                return Sent(message_id=delivery.edits) if edited else NotEdited(reason="its words were taken away")
            message_id = await webchat.add_from_bot(
                tx,
                chat=delivery.chat,
                outbox_id=delivery.id,
                text=reply.text,
                choices=choices,
                attachments=reply.attachments,
                menu=reply.menu,
                about_case=reply.case_id is not None,
                now=delivery.now,
                only_for=reply.only_for or "",
            )
        return Sent(message_id=str(message_id))


def _place(place: dict[str, float] | None) -> Place | None:
    return None if place is None else Place(latitude=place["lat"], longitude=place["lon"])


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)

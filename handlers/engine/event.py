"""One thing a person did in a chat, in the same shape whatever the channel."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point on the map (degrees) and, if known, what it is called."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A message, a tap, photos or a place that arrived from one person in one chat.

    `chat` equals `sender` in a private chat. `choice` is the payload of a tapped button. `attachments` are ids of
    files already stored. `reply_to` and `message_id` are the channel's own message ids within the chat.
    `unsupported` names what arrived that the channel cannot hand over (a sticker, say); `not_taken` says why something
    that came along is missing here (handlers.texts.chats.NOT_TAKEN). `tap` is the platform's id of a press, by which a
    remark can be shown right where it was pressed. `ward_code` is the ward whose
    page or link somebody came by. `addressed` says of a message in a group that it was meant for us for certain (we
    were mentioned). `one_message` says that the platform counts messages: what answers this is to be one.
    `edited` says that it is no new message: `message_id` was sent before and reads like this now. `album` names the
    album it is a part of; `others` are the ids of the album's other parts.
    """

    channel: str
    account: str
    chat: str
    sender: str
    at: datetime
    in_group: bool = False
    sender_name: str = ""
    sender_is_admin: bool = False
    language: str | None = None
    text: str = ""
    choice: str | None = None
    attachments: tuple[int, ...] = ()
    place: Place | None = None
    reply_to: str | None = None
    message_id: str | None = None
    unsupported: str | None = None
    ward_code: str | None = None
    not_taken: str | None = None
    tap: str | None = None
    addressed: bool = False
    one_message: bool = False
    edited: bool = False
    album: str | None = None
    others: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to act on."""
        return not (self.text.strip() or self.choice or self.attachments or self.place)

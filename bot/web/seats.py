"""Where a visitor sits: in which ward, in which chat, and as whom; also who is let into a group and to a file."""

from dataclasses import dataclass

from aiohttp import web

from bot.channels.webchat import ACCOUNT, NAME
from bot.web.refusal import Refusal
from bot.web.site import site
from domain.people import GroupKind, Official
from handlers.i18n import N_
from storage import invites, people, wards, webchat
from storage.attachments import Attachment, Contact
from storage.database import Transaction
from storage.outbox import Address
from storage.people import Known
from storage.webchat import Room

WARD_PARAMETER = "p"
CHAT_PARAMETER = "chat"

_NO_WARD = N_("This system has no ward yet. Please ask whoever installs it to import one.")
_WARD_UNKNOWN = N_("There is no ward at this address. Please choose your ward from the list.")
_STRANGER = N_("Your browser has not been introduced yet. Please open the page again and allow it to keep cookies.")
_NO_ROOM = N_("There is no group at this address. Please ask whoever gave you the link for a new one.")
_NOT_BOUND = N_("This group is not open yet. Please ask whoever made it to finish joining it to its unit.")
_NOT_YOURS = N_(
    "This group is for the officials of one unit. If you are one of them, please join with the invite you were given"
    " and open this link again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WardName:
    """A ward as the page needs it."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One visitor in one chat. In a private chat `chat` is the visitor and `room` is None."""

    ward: WardName
    visitor: str
    chat: str
    known: Known | None
    room: Room | None
    is_admin: bool

    @property
    def contact(self) -> Contact:
        """Where this visitor writes from."""
        return contact(self.visitor)

    @property
    def name(self) -> str:
        """What the ward calls this visitor; "" for strangers."""
        return self.known.person.name if self.known else ""


def contact(visitor: str) -> Contact:
    """A visitor as a contact point."""
    return Contact(channel=NAME, account=ACCOUNT, address=visitor)


async def ward_list(tx: Transaction) -> list[WardName]:
    """The wards of this installation. Refusal when there is none yet."""
    found = [WardName(id=number, code=code, name=name) for number, code, name in await wards.codes(tx)]
    if not found:
        raise Refusal(503, _NO_WARD)
    return found


async def ward_named(tx: Transaction, code: str) -> WardName:
    """The ward with this code; with "" the only ward. Refusal when that names none."""
    found = await ward_list(tx)
    if not code and len(found) == 1:
        return found[0]
    for ward in found:
        if ward.code == code:
            return ward
    raise Refusal(404, _WARD_UNKNOWN)


async def seat(tx: Transaction, request: web.Request) -> Seat:
    """Who sent this request, in the chat it names. Refusals: no cookie (401), no such group (404), not theirs (403)."""
    ward = await ward_named(tx, request.query.get(WARD_PARAMETER, ""))
    visitor = site(request).visitors.known(request, ward.code)
    if visitor is None:
        raise Refusal(401, _STRANGER)
    return await seat_of(tx, ward, visitor, request.query.get(CHAT_PARAMETER, ""))


async def seat_of(tx: Transaction, ward: WardName, visitor: str, chat: str) -> Seat:
    """The seat of a visitor in a chat; "" is their private one."""
    known = await people.find(tx, channel=NAME, account=ACCOUNT, address=visitor)
    if chat in ("", visitor):
        return Seat(ward=ward, visitor=visitor, chat=visitor, known=known, room=None, is_admin=False)
    room = await webchat.room_at(tx, chat)
    if room is None:
        raise Refusal(404, _NO_ROOM)
    return await seat_in_room(tx, ward, visitor, room)


async def seat_in_room(tx: Transaction, ward: WardName, visitor: str, room: Room) -> Seat:
    """The seat of a visitor in a group; Refusal 403 if it is not theirs."""
    known = await people.find(tx, channel=NAME, account=ACCOUNT, address=visitor)
    is_admin = known is not None and room.created_by == known.person.id
    await _let_in(tx, room, known.official if known else None, is_admin=is_admin)
    return Seat(ward=ward, visitor=visitor, chat=room.chat, known=known, room=room, is_admin=is_admin)


async def _let_in(tx: Transaction, room: Room, official: Official | None, *, is_admin: bool) -> None:
    group = await invites.group_at(tx, Address(channel=NAME, account=ACCOUNT, chat=room.chat))
    if group is None:
        if is_admin:
            return
        raise Refusal(403, _NOT_BOUND)
    # A ward's group is for everybody who was given its link.
    if group.kind is GroupKind.WARD:
        return
    # What residents write is for the unit in charge only: to have opened its room once is not enough.
    if official is None or official.ward_id != group.ward_id or not _acts_for(official, group.unit_id):
        raise Refusal(403, _NOT_YOURS)


def may_see(file: Attachment, visitor: str, known: Known | None) -> bool:
    """Whether a visitor may see a file: its sender, its case's officials, and its case's resident if meant for them."""
    if file.uploaded_by == contact(visitor):
        return True
    if known is None or file.case_id is None:
        return False
    official = known.official
    if official and official.ward_id == file.case_ward_id and _acts_for(official, file.case_unit_id):
        return True
    return file.visible_to_resident and file.case_resident_id == known.person.id


def _acts_for(official: Official, unit_id: int | None) -> bool:
    return unit_id is not None and official.may_act_for(unit_id)

"""The demonstration's officials, groups and bindings; the three phones are then driven by the real bot."""

import asyncio
from datetime import UTC, datetime

from actions.send_digest import send_digest
from bot.channels.webchat import ACCOUNT, NAME
from bot.clock import Clock
from bot.scheduler import Scheduler
from bot.web.site import DemoRooms, DemoVisitors
from domain.people import GroupKind, Role
from handlers.resident.start import CONSENT_VERSION
from storage import invites, offices, people, wards, webchat
from storage.database import Database, Transaction
from storage.invites import GroupChat
from storage.outbox import Address
from storage.wards import StoredWard

# Street lamps, the demonstration's subject, belong to whoever has this category.
SUBJECT = "lighting_trees"
NAMES = {Role.MEMBER: "Anh Minh (mẫu)", Role.LEADER: "Chị Hoa (mẫu)"}


class Demonstration:
    """Makes sure, at every visit, that what the demonstration needs is there; twice changes nothing."""

    def __init__(self, database: Database, scheduler: Scheduler, clock: Clock) -> None:
        self._database = database
        self._scheduler = scheduler
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def set_up(self, visitors: DemoVisitors) -> DemoRooms:
        """The two groups, with an official in each."""
        async with self._one_at_a_time, self._database.transaction() as tx:
            now = self._clock.now()
            ward = await wards.load(tx, visitors.ward_id)
            unit = ward.ward.unit_for(SUBJECT)
            unit_id = ward.unit_id(unit.code)
            official = await _official(tx, ward, visitors.unit, Role.MEMBER, unit_id, now=now)
            leader = await _official(tx, ward, visitors.ward, Role.LEADER, None, now=now)
            return DemoRooms(
                unit=await _room(tx, ward, unit.name, official, GroupKind.UNIT, unit_id, now=now),
                ward=await _room(tx, ward, ward.ward.name, leader, GroupKind.WARD, None, now=now),
            )

    async def send_digest(self, ward_id: int) -> None:
        """Send the weekly digest now, once more if need be."""
        async with self._database.transaction() as tx:
            ward = await wards.load(tx, ward_id)
            now = self._clock.now()
            await send_digest(tx, ward, now=now, again=now.astimezone(UTC).isoformat())


async def _official(
    tx: Transaction, ward: StoredWard, visitor: str, role: Role, unit_id: int | None, *, now: datetime
) -> int:
    known = await people.find(tx, channel=NAME, account=ACCOUNT, address=visitor)
    if known is not None and known.official is not None:
        return known.person.id
    person = known.person if known else await people.add(
        tx, ward_id=ward.id, channel=NAME, account=ACCOUNT, address=visitor, name=NAMES[role], language="vi", now=now
    )  # fmt: skip
    await people.set_consent(tx, person, version=CONSENT_VERSION, now=now)
    await offices.appoint(tx, person_id=person.id, ward_id=ward.id, unit_id=unit_id, role=role, now=now)
    return person.id


async def _room(
    tx: Transaction,
    ward: StoredWard,
    title: str,
    person_id: int,
    kind: GroupKind,
    unit_id: int | None,
    *,
    now: datetime,
) -> str:
    bound = await invites.groups_of(tx, ward_id=ward.id, kind=kind, unit_id=unit_id)
    for group in bound:
        if await _is_own(tx, group, person_id):
            return group.address.chat
    chat, _key = await webchat.create_room(tx, title, person_id, now, ward_id=ward.id)
    address = Address(channel=NAME, account=ACCOUNT, chat=chat)
    await invites.bind_group(tx, address, ward_id=ward.id, kind=kind, unit_id=unit_id, bound_by=person_id, now=now)
    return chat


async def _is_own(tx: Transaction, group: GroupChat, person_id: int) -> bool:
    room = await webchat.room_at(tx, group.address.chat) if group.address.channel == NAME else None
    return room is not None and room.created_by == person_id

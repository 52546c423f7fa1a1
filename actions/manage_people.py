"""Invites: making them, joining with them as an official, binding a group with them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.follow_chat import GREETING
from domain.errors import DomainError
from domain.people import GroupKind, Official, Person, Role
from storage import audit, invites, offices, people, standing
from storage.database import Transaction
from storage.invites import Invite
from storage.outbox import Address
from storage.wards import StoredWard

# Letters and digits nobody mixes up on the telephone or on paper.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What an invite turned out to be: an office for a person, or a bound group."""

    role: Role | None
    group_kind: GroupKind | None
    unit_id: int | None
    ward_id: int


async def invite_official(
    tx: Transaction, ward: StoredWard, *, role: Role, unit_code: str | None, now: datetime, valid_for: timedelta
) -> str:
    """Make a one-time code for an official; it is shown once and kept only as a hash.

    Reception sits in the reception unit unless another is named. DomainErrors `unit_unknown`, `unit_missing` (who
    handles cases handles those of a unit).
    """
    if unit_code is None and role is Role.RECEPTION:
        unit_code = ward.ward.reception.code
    if unit_code is None and role is Role.MEMBER:
        raise DomainError("unit_missing")
    return await _invite(tx, ward, unit_code, role=role, group_kind=None, now=now, valid_for=valid_for)


async def invite_group(
    tx: Transaction, ward: StoredWard, *, kind: GroupKind, unit_code: str | None, now: datetime, valid_for: timedelta
) -> str:
    """Make a one-time code that binds a group; only a unit's group has a unit.

    DomainErrors `unit_unknown`, `unit_missing` (a unit's group needs one).
    """
    if kind is GroupKind.UNIT and unit_code is None:
        raise DomainError("unit_missing")
    unit_code = unit_code if kind is GroupKind.UNIT else None
    return await _invite(tx, ward, unit_code, role=None, group_kind=kind, now=now, valid_for=valid_for)


async def _invite(
    tx: Transaction,
    ward: StoredWard,
    unit_code: str | None,
    *,
    role: Role | None,
    group_kind: GroupKind | None,
    now: datetime,
    valid_for: timedelta,
) -> str:
    unit = ward.ward.find_unit(unit_code) if unit_code else None
    if unit_code and unit is None:
        raise DomainError("unit_unknown", unit=unit_code)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    await invites.add_invite(
        tx, code=code, ward_id=ward.id, unit_id=ward.unit_id(unit.code) if unit else None,
        role=role.value if role else None, group_kind=group_kind.value if group_kind else None, now=now,
        expires_at=now + valid_for,
    )  # fmt: skip
    await audit.write(
        tx, ward_id=ward.id, act="invite.make", subject=f"invite {(role or group_kind or '')}", now=now,
        unit=unit.code if unit else None,
    )  # fmt: skip
    return code


async def look_up(tx: Transaction, code: str, person: Person, *, now: datetime) -> Invite:
    """The invite with this code if it still works, locked.

    DomainErrors `invite_unknown`, `invite_used`, `invite_used_by_you`, `invite_expired`.
    """
    return still_valid(await invites.find_invite(tx, code), person, now=now)


async def look_at(tx: Transaction, invite_id: int, person: Person, *, now: datetime) -> Invite:
    """An invite looked up before, if it still works, locked. DomainErrors as for `look_up`."""
    return still_valid(await invites.get_invite(tx, invite_id), person, now=now)


def still_valid(invite: Invite | None, person: Person, *, now: datetime) -> Invite:
    """The invite if it works. DomainErrors as for `look_up`."""
    if invite is None:
        raise DomainError("invite_unknown")
    if invite.used_at is not None:
        raise DomainError("invite_used_by_you" if invite.used_by == person.id else "invite_used")
    if invite.expires_at <= now:
        raise DomainError("invite_expired")
    return invite


async def join(tx: Transaction, invite: Invite, person: Person, *, name: str, now: datetime) -> Joined:
    """Become an official by a personal invite. DomainError `invite_for_group` for the other kind."""
    if invite.role is None:
        raise DomainError("invite_for_group")
    role = Role(invite.role)
    await offices.appoint(tx, person_id=person.id, ward_id=invite.ward_id, unit_id=invite.unit_id, role=role, now=now)
    if name:
        await people.set_name(tx, person, name)
    await invites.use_invite(tx, invite.id, person_id=person.id, now=now)
    await audit.write(
        tx, ward_id=invite.ward_id, act="official.join", subject=f"person {person.id}", actor_id=person.id, now=now,
        role=role.value, unit_id=invite.unit_id,
    )  # fmt: skip
    return Joined(role=role, group_kind=None, unit_id=invite.unit_id, ward_id=invite.ward_id)


async def bind_group(tx: Transaction, invite: Invite, address: Address, person: Person, *, now: datetime) -> Joined:
    """Bind a group chat by a group invite. DomainError `invite_for_person` for the other kind."""
    if invite.group_kind is None:
        raise DomainError("invite_for_person")
    kind = GroupKind(invite.group_kind)
    await invites.bind_group(
        tx, address, ward_id=invite.ward_id, kind=kind, unit_id=invite.unit_id, bound_by=person.id, now=now
    )
    await invites.use_invite(tx, invite.id, person_id=person.id, now=now)
    await standing.drop(tx, address, GREETING)
    await audit.write(
        tx, ward_id=invite.ward_id, act="group.bind", subject=f"group {address.channel}:{address.chat}",
        actor_id=person.id, now=now, kind=kind.value, unit_id=invite.unit_id,
    )  # fmt: skip
    return Joined(role=None, group_kind=kind, unit_id=invite.unit_id, ward_id=invite.ward_id)


async def dismiss(tx: Transaction, ward: StoredWard, official_id: int, *, now: datetime) -> Official:
    """End somebody's office. DomainError `official_unknown` for a number nobody in office has."""
    found = next((one for one in await offices.of_ward(tx, ward_id=ward.id) if one.id == official_id), None)
    if found is None:
        raise DomainError("official_unknown", number=official_id)
    await offices.leave(tx, found, now=now)
    await audit.write(
        tx, ward_id=ward.id, act="official.leave", subject=f"person {found.person_id}", now=now, role=found.role.value
    )
    return found

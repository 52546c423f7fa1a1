"""Owing somebody a notice: to a person where they last wrote, to a unit in its group, in the caller's transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from domain.notices import Notice, Priority
from domain.people import GroupKind, Official, Role
from storage import contacts, invites, offices, outbox
from storage.base import Account
from storage.database import Transaction
from storage.outbox import Address
from storage.wards import StoredWard

GROUP_LANGUAGE = "vi"
# Who is told what only somebody who runs the assistant can mend: the next, where there is none of the first.
TOLD_OF_TROUBLE = (Role.ADMIN, Role.LEADER, Role.RECEPTION)


async def tell_person(
    tx: Transaction,
    person_id: int,
    notice: Notice,
    *,
    ward_id: int,
    now: datetime,
    case_id: int | None = None,
    key: str | None = None,
) -> None:
    """Owe a person a notice, in their language, on the channel they last wrote from."""
    reached = await contacts.reach(tx, person_id)
    if reached is None:
        return
    address, language = reached
    await _owe(
        tx, address, notice, ward_id=ward_id, language=language, priority=Priority.NOTICE, now=now,
        case_id=case_id, key=key,
    )  # fmt: skip


async def tell_unit(
    tx: Transaction,
    ward: StoredWard,
    unit_id: int,
    notice: Notice,
    *,
    now: datetime,
    case_id: int | None = None,
    key: str | None = None,
    besides: Collection[Address] = (),
    instead_of: Collection[Address] = (),
) -> None:
    """Owe a unit a notice: in its groups, else to its officials, else to reception, else to the admins.

    A unit that nobody has joined yet must not swallow a case, so the next best is told instead. The chats `besides`
    are left out: they know already. The groups `instead_of` cannot be told: they count as not being there.
    """
    found = await unit_addresses(tx, ward, unit_id, instead_of)
    told = [one for one in found if one[0] not in besides]
    await tell_chats(tx, told, notice, ward_id=ward.id, now=now, case_id=case_id, key=key)


async def tell_chats(
    tx: Transaction,
    chats: Sequence[tuple[Address, str]],
    notice: Notice,
    *,
    ward_id: int,
    now: datetime,
    case_id: int | None = None,
    key: str | None = None,
) -> None:
    """Owe a unit's chats a notice, each in its language."""
    for address, language in chats:
        await _owe(
            tx, address, notice, ward_id=ward_id, language=language, priority=Priority.CARD, now=now,
            case_id=case_id, key=f"{key}:{address.channel}:{address.chat}" if key else None,
        )  # fmt: skip


async def tell_leaders(
    tx: Transaction, ward: StoredWard, notice: Notice, *, now: datetime, case_id: int | None, key: str
) -> None:
    """Owe the ward's leaders a notice, each in private; reception too while none of them can be reached."""
    leaders = await offices.of_ward(tx, ward_id=ward.id, role=Role.LEADER)
    if not await _some_reached(tx, leaders):
        reception = await offices.of_ward(tx, ward_id=ward.id, role=Role.RECEPTION)
        leaders = [*leaders, *reception]
    for leader in leaders:
        await tell_person(
            tx, leader.person_id, notice, ward_id=ward.id, now=now, case_id=case_id, key=f"{key}:{leader.person_id}"
        )


async def _some_reached(tx: Transaction, officials: Sequence[Official]) -> bool:
    return bool(await _reached(tx, officials))


async def tell_admins(
    tx: Transaction, ward: StoredWard, notice: Notice, *, now: datetime, key: str, besides: int | None = None
) -> None:
    """Owe the ward's administrators a notice, each in private; its leaders when none of them can be reached.

    Of the person `besides` it is told: they count as not being there.
    """
    held = [await offices.of_ward(tx, ward_id=ward.id, role=role) for role in TOLD_OF_TROUBLE]
    others = [[one for one in officials if one.person_id != besides] for officials in held]
    reached = [officials for officials in others if await _some_reached(tx, officials)]
    for one in next((officials for officials in (*reached, *others) if officials), []):
        await tell_person(tx, one.person_id, notice, ward_id=ward.id, now=now, key=f"{key}:{one.person_id}")


async def tell_admins_off(
    tx: Transaction,
    ward: StoredWard,
    notice: Notice,
    *,
    trouble: Account,
    now: datetime,
    key: str,
    besides: int | None = None,
) -> bool:
    """As tell_admins, but past an account that is of no use now: whoever is next and writes elsewhere is told.

    Where nobody does (False), it is owed as ever: it stands in the outbox, and arrives when the account is mended.
    """
    for role in TOLD_OF_TROUBLE:
        every = await offices.of_ward(tx, ward_id=ward.id, role=role)
        found = [one for one in every if one.person_id != besides]
        reached = [(one.person_id, await contacts.reach_off(tx, one.person_id, trouble)) for one in found]
        told = [(person_id, *at) for person_id, at in reached if at is not None]
        for person_id, address, language in told:
            await _owe(
                tx, address, notice, ward_id=ward.id, language=language, priority=Priority.NOTICE, now=now,
                case_id=None, key=f"{key}:{person_id}",
            )  # fmt: skip
        if told:
            return True
    await tell_admins(tx, ward, notice, now=now, key=key, besides=besides)
    return False


async def unit_addresses(
    tx: Transaction, ward: StoredWard, unit_id: int, besides: Collection[Address] = ()
) -> list[tuple[Address, str]]:
    """Where a unit is told something, and in which language (see tell_unit); `besides` count as not being there, and
    so does whoever has blocked us."""
    reception_id = ward.unit_id(ward.ward.reception.code)
    away: list[Official] = []
    for candidate in dict.fromkeys((unit_id, reception_id)):
        groups = await invites.groups_of(tx, ward_id=ward.id, kind=GroupKind.UNIT, unit_id=candidate)
        told = [(group.address, GROUP_LANGUAGE) for group in groups if group.address not in besides]
        if told:
            return told
        officials = await offices.of_ward(tx, ward_id=ward.id, unit_id=candidate)
        if reached := await _reached(tx, officials, besides):
            return reached
        away += officials
    admins = await offices.of_ward(tx, ward_id=ward.id, role=Role.ADMIN)
    if reached := await _reached(tx, admins, besides):
        return reached
    # Nobody at all: at least it stands in the outbox as refused.
    found = [await contacts.reach(tx, one.person_id) for one in (away or admins)]
    return [one for one in found if one is not None and one[0] not in besides]


async def _reached(
    tx: Transaction, officials: Sequence[Official], besides: Collection[Address] = ()
) -> list[tuple[Address, str]]:
    """Where those can be told who can be told at all."""
    found = [await contacts.reach_off(tx, one.person_id) for one in officials]
    return [one for one in found if one is not None and one[0] not in besides]


async def _owe(
    tx: Transaction,
    address: Address,
    notice: Notice,
    *,
    ward_id: int,
    language: str,
    priority: int,
    now: datetime,
    case_id: int | None,
    key: str | None,
) -> None:
    await outbox.put(
        tx, address, body_of(notice), language=language, priority=priority, now=now, ward_id=ward_id, case_id=case_id,
        key=key,
    )  # fmt: skip


def body_of(notice: Notice) -> dict[str, Any]:
    """A notice as the outbox keeps it."""
    body = {"notice": notice.kind.value, "params": notice.params, "attachments": list(notice.attachments)}
    return body | ({"card": notice.card} if notice.card else {})

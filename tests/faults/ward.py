"""The ward of a draw: the sample ward with a desk; and for each fault a ward whose digest is due in the midst of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.commands.plan import seed_sample_plan
from bot.sample import WARD_FILE, seed
from bot.ward_file import read_ward
from domain.people import GroupKind, Role
from domain.ward import Ward
from storage import invites, offices, people, wards
from storage.database import Transaction
from storage.outbox import Address
from storage.wards import StoredWard
from tests.faults.platform_base import Platform

UNIT = "KTHTDT"
OFFICIALS = range(51, 54)
UNIT_GROUP = 1
GROUPS_EACH = 2
AGO = timedelta(days=2)


def groups_of(digest: int) -> list[int]:
    """The numbers of the groups of a ward made for one digest, the first one's being 0."""
    first = 10 + GROUPS_EACH * digest
    return list(range(first, first + GROUPS_EACH))


async def furnish(tx: Transaction, there: Platform, now: datetime) -> None:
    """The sample ward as it has been for two days, with its desk; its digest is not due for days."""
    await seed(tx, now=now - AGO)
    ward = await wards.load(tx, (await wards.codes(tx))[0][0])
    await wards.write(tx, _with_digest(ward.ward, now + AGO))
    if there.has_desk:
        await _furnish_desk(tx, there, ward, now - AGO)


async def announce(tx: Transaction, there: Platform, digest: int, *, due_at: datetime) -> set[str]:
    """Another ward, for two days already, whose digest is due; the chats it is owed to."""
    ago = due_at - AGO
    sample = read_ward(WARD_FILE)
    code = f"{sample.code}-{digest}"
    await wards.write(tx, _with_digest(replace(sample, code=code, name=f"{sample.name} {digest}"), due_at))
    ward = await wards.load(tx, {known: ward_id for ward_id, known, _name in await wards.codes(tx)}[code])
    await seed_sample_plan(tx, ward, now=ago)
    chats = [there.group(number) for number in groups_of(digest)]
    for chat in chats:
        await _bind(tx, there, chat, ward, unit_id=None, now=ago)
    return set(chats)


def _with_digest(ward: Ward, at: datetime) -> Ward:
    local = at.astimezone(ZoneInfo(ward.timezone))
    return replace(ward, digest_weekday=local.weekday(), digest_at=local.time().replace(microsecond=0))


async def _furnish_desk(tx: Transaction, there: Platform, ward: StoredWard, then: datetime) -> None:
    unit_id = ward.unit_id(UNIT)
    await _bind(tx, there, there.group(UNIT_GROUP), ward, unit_id=unit_id, now=then)
    for one in OFFICIALS:
        person = await people.add(
            tx, ward_id=ward.id, channel=there.name, account=there.account, address=there.address(one),
            name=f"Cán bộ {one}", language="vi", now=then,
        )  # fmt: skip
        await offices.appoint(tx, person_id=person.id, ward_id=ward.id, unit_id=unit_id, role=Role.MEMBER, now=then)


async def _bind(
    tx: Transaction, there: Platform, chat: str, ward: StoredWard, *, unit_id: int | None, now: datetime
) -> None:
    await invites.bind_group(
        tx, Address(channel=there.name, account=there.account, chat=chat), ward_id=ward.id,
        kind=GroupKind.WARD if unit_id is None else GroupKind.UNIT, unit_id=unit_id, bound_by=None, now=now,
    )  # fmt: skip

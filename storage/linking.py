"""One-time codes that link a person's channels, and what moves when contact points are linked and parted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from domain.people import Person
from storage.base import Identity, Instant, metadata
from storage.cases import cases
from storage.database import Transaction
from storage.held import HELD
from storage.invites import hashed
from storage.outbox import NOT_BEGUN, Sending, outbox, sending_in
from storage.people import contact_point, person
from storage.plan_tables import opinion

channel_link = Table(
    "channel_link",
    metadata,
    Column("id", Identity, primary_key=True),
    # Only the hash is kept: whoever reads the database cannot link with it.
    Column("code_hash", String(64), nullable=False, unique=True),
    # Who made the code, and who typed it.
    Column("contact_point_id", ForeignKey("contact_point.id"), nullable=False),
    Column("asked_by", ForeignKey("contact_point.id"), nullable=True),
    # When whoever typed it said yes; when whoever made it did too, and the two were joined; when either said no.
    Column("agreed_at", Instant, nullable=True),
    Column("joined_at", Instant, nullable=True),
    Column("refused_at", Instant, nullable=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_channel_link_contact_point", "contact_point_id"),
)
_L = channel_link.c
# What a person has brought, with whose it is and where it came from.
_BROUGHT = ((cases, cases.c.resident_id, "resident_id"), (opinion, opinion.c.person_id, "person_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One code and what has come of it; `made_by` and `asked_by` are contact points."""

    id: int
    made_by: int
    asked_by: int | None
    agreed_at: datetime | None
    joined_at: datetime | None
    refused_at: datetime | None
    expires_at: datetime


async def add(tx: Transaction, *, code: str, made_by: int, now: datetime, expires_at: datetime) -> None:
    """Keep a code; an earlier one of the same contact point that has not linked anything works no more."""
    await tx.execute(delete(channel_link).where(_L.contact_point_id == made_by, _L.joined_at.is_(None)))
    await tx.execute(
        insert(channel_link).values(
            code_hash=hashed(code), contact_point_id=made_by, created_at=now, expires_at=expires_at
        )
    )


async def find(tx: Transaction, code: str) -> Link | None:
    """The link with this code, locked until the transaction ends."""
    return await _one(tx, _L.code_hash == hashed(code))


async def get(tx: Transaction, link_id: int) -> Link | None:
    """The link with this id, locked until the transaction ends."""
    return await _one(tx, _L.id == link_id)


async def _one(tx: Transaction, which: ColumnElement[bool]) -> Link | None:
    row = (await tx.execute(select(channel_link).where(which).with_for_update())).one_or_none()
    if row is None:
        return None
    return Link(
        id=row.id, made_by=row.contact_point_id, asked_by=row.asked_by, agreed_at=row.agreed_at,
        joined_at=row.joined_at, refused_at=row.refused_at, expires_at=row.expires_at,
    )  # fmt: skip


async def mark(tx: Transaction, link_id: int, **values: Any) -> None:
    """Write down a step of a link; `values` are columns of `channel_link`."""
    await tx.execute(update(channel_link).where(_L.id == link_id).values(**values))


async def join(tx: Transaction, *, person_id: int, into: Person) -> None:
    """One person becomes another: contact points, cases and opinions are the other's from now on.

    Where each thing came from is kept, so that it can go back. The emptied person stays: what was done is theirs.
    Both are of one ward; where either lived before, cases of theirs may be.
    """
    lived = await _former_wards(tx, into.ward_id, person_id, into.id)
    await tx.execute(update(person).where(*_of(into.ward_id, into.id)).values(former_wards=lived))
    wards = [into.ward_id, *lived]
    for one in (person_id, into.id):
        await _place(tx, one, wards)
    await tx.execute(
        update(contact_point)
        .where(contact_point.c.person_id == person_id)
        .values(person_id=into.id, home_person_id=func.coalesce(contact_point.c.home_person_id, person_id))
    )
    for table, owner, name in _BROUGHT:
        theirs = (table.c.ward_id.in_(wards), owner == person_id)
        await tx.execute(update(table).where(*theirs).values({name: into.id}))


async def _place(tx: Transaction, person_id: int, wards: Sequence[int]) -> None:
    """What came before anybody wrote down from where came from the only contact point a person had then."""
    only = select(func.min(contact_point.c.id)).where(contact_point.c.person_id == person_id).scalar_subquery()
    for table, owner, _name in _BROUGHT:
        unplaced = (table.c.ward_id.in_(wards), owner == person_id, table.c.contact_point_id.is_(None))
        await tx.execute(update(table).where(*unplaced).values(contact_point_id=only))


async def part(tx: Transaction, contact_ids: Sequence[int], *, somebody: Person, to: int) -> None:
    """Contact points leave a person for another, with every case and opinion that came from them."""
    wards = [somebody.ward_id, *await _former_wards(tx, somebody.ward_id, somebody.id)]
    home = contact_point.c.home_person_id
    await tx.execute(
        update(contact_point)
        .where(contact_point.c.id.in_(contact_ids), contact_point.c.person_id == somebody.id)
        .values(person_id=to, preferred=False, home_person_id=case((home == to, None), else_=home))
    )
    for table, owner, name in _BROUGHT:
        came = (table.c.ward_id.in_(wards), owner == somebody.id, table.c.contact_point_id.in_(contact_ids))
        await tx.execute(update(table).where(*came).values({name: to}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Astray:
    """A message in somebody's chat about a case that is another person's now; `held` if it waits for them to write."""

    sending: Sending
    held: bool
    resident_id: int


async def astray(tx: Transaction, somebody: Person, contact_ids: Sequence[int]) -> list[Astray]:
    """What has not left yet and tells one of these contact points of a case that has just gone with another one."""
    wards = [somebody.ward_id, *await _former_wards(tx, somebody.ward_id, somebody.id)]
    rows = await tx.execute(
        select(outbox, cases.c.resident_id)
        .join(cases, (cases.c.id == outbox.c.case_id) & cases.c.ward_id.in_(wards))
        .join(
            contact_point,
            (contact_point.c.channel == outbox.c.channel)
            & (contact_point.c.account == outbox.c.account)
            & (contact_point.c.address == outbox.c.chat),
        )
        .where(
            contact_point.c.id.in_(contact_ids), contact_point.c.person_id != cases.c.resident_id,
            outbox.c.state.in_((*NOT_BEGUN, HELD)),
        )
        .order_by(outbox.c.id)
    )  # fmt: skip
    return [Astray(sending=sending_in(row), held=row.state == HELD, resident_id=row.resident_id) for row in rows.all()]


async def take_over_consent(tx: Transaction, *, person_id: int, into: Person) -> None:
    """Of two answers to the consent question the stricter one counts: a refusal, else the older wording agreed to.

    Who was never asked has said nothing.
    """
    rows = (await tx.execute(select(person).where(*_of(into.ward_id, person_id, into.id)))).all()
    said = [one for one in rows if one.consent_version is not None or one.refused_at is not None]
    if not said:
        return
    strictest = min(said, key=lambda one: (one.refused_at is None, one.consent_version or ""))
    names = ("consent_version", "consent_at", "refused_at")
    values = {name: getattr(strictest, name) for name in names}
    await tx.execute(update(person).where(*_of(into.ward_id, into.id)).values(values))


async def residential_groups(tx: Transaction, ward_id: int, person_ids: Sequence[int]) -> list[int]:
    """The residential groups some persons of a ward live in, each once, in the order of the persons."""
    rows = await tx.execute(select(person.c.id, person.c.residential_group_id).where(*_of(ward_id, *person_ids)))
    known = {row.id: row.residential_group_id for row in rows.all()}
    return list(dict.fromkeys(known[one] for one in person_ids if known.get(one) is not None))


async def _former_wards(tx: Transaction, ward_id: int, *person_ids: int) -> list[int]:
    found = (await tx.execute(select(person.c.former_wards).where(*_of(ward_id, *person_ids)))).scalars()
    return sorted({former for wards in found for former in wards})


def _of(ward_id: int, *person_ids: int) -> tuple[ColumnElement[bool], ...]:
    return person.c.ward_id == ward_id, person.c.id.in_(person_ids)

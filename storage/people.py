"""Persons, where they write from, and what office they hold; storage.contacts knows where they are told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    false,
    insert,
    select,
    update,
)

from domain.people import Official, Person, Role
from storage.base import Identity, Instant, Json, metadata
from storage.conversations import conversation
from storage.database import Transaction, brief
from storage.wards import unit, ward

person = Table(
    "person",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("name", String(120), nullable=False),
    Column("language", String(8), nullable=False),
    Column("residential_group_id", ForeignKey("residential_group.id"), nullable=True),
    Column("residential_group_asked", Boolean, nullable=False),
    Column("consent_version", String(20), nullable=True),
    Column("consent_at", Instant, nullable=True),
    Column("refused_at", Instant, nullable=True),
    Column("created_at", Instant, nullable=False),
    # Where else they lived, the ids of these wards: what they brought there stays there (storage.moving).
    Column("former_wards", Json, nullable=False, server_default="[]"),
)

contact_point = Table(
    "contact_point",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    # The platform's id of the person; also the id of their private chat.
    Column("address", String(120), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),  # the person's (docs/decisions/0009)
    Column("last_seen_at", Instant, nullable=False),
    # Since when the platform refuses what we send there (blocked, deleted); empty when it can be reached.
    Column("unreachable_at", Instant, nullable=True),
    # Whose it was before it was linked to another's person (storage.linking); empty while it is where it began.
    Column("home_person_id", Identity, nullable=True),
    # Its person wants to be told here, wherever they write from.
    Column("preferred", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("channel", "account", "address"),
    Index("ix_contact_point_person", "person_id"),
)

official = Table(
    "official",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=True),
    Column("role", String(20), nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("left_at", Instant, nullable=True),
    UniqueConstraint("person_id", "ward_id"),
    Index("ix_official_unit", "ward_id", "unit_id"),
)


SEEN_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who is behind a contact point; when they were last seen there, and whether they were elsewhere since.

    `was_unreachable`: what we sent there was refused; writing to us takes that back.
    """

    person: Person
    official: Official | None
    last_seen_at: datetime
    seen_elsewhere: bool
    was_unreachable: bool = False
    # Of the person's ward, so that a ward kept in memory need not be asked for it (storage.wards.load).
    ward_version: int | None = None
    # Where the chat asked for stands with them (storage.conversations), so that a turn need not ask again.
    conversation: dict[str, Any] | None = None

    def is_to_be_seen(self, now: datetime) -> bool:
        """Whether `seen` has news to write: not for every message of a conversation, but for every change of place."""
        return self.seen_elsewhere or self.was_unreachable or now - self.last_seen_at >= SEEN_AGAIN_AFTER


def with_office(*besides: ColumnElement[Any]) -> Select[Any]:
    """What `official_of` reads of a person, and more; for the modules of this package."""
    return select(
        person,
        official.c.id.label("official_id"),
        official.c.ward_id.label("official_ward_id"),
        official.c.unit_id,
        official.c.role,
        unit.c.code.label("unit_code"),
        *besides,
    )


# Not the columns' own names: an UPDATE would take those for what it sets.
_IS_AT = (
    contact_point.c.channel == bindparam("at_channel"),
    contact_point.c.account == bindparam("at_account"),
    contact_point.c.address == bindparam("at_address"),
)
IS_THEIRS = (official.c.person_id == person.c.id) & (official.c.ward_id == person.c.ward_id)
# Built once, because every turn runs them (storage.database.upsert).
_elsewhere = contact_point.alias("elsewhere")
_seen_elsewhere = (
    select(_elsewhere.c.id)
    .where(_elsewhere.c.person_id == person.c.id, _elsewhere.c.last_seen_at > contact_point.c.last_seen_at)
    .exists()
    .label("seen_elsewhere")
)
_FIND = brief(
    with_office(
        contact_point.c.id.label("contact_point_id"),
        contact_point.c.last_seen_at,
        contact_point.c.unreachable_at,
        _seen_elsewhere,
        ward.c.version.label("ward_version"),
        conversation.c.state.label("conversation"),
    )
    .select_from(contact_point)
    .join(person, (person.c.id == contact_point.c.person_id) & (person.c.ward_id == contact_point.c.ward_id))
    .outerjoin(
        conversation,
        (conversation.c.channel == contact_point.c.channel)
        & (conversation.c.account == contact_point.c.account)
        & (conversation.c.chat == bindparam("at_chat"))
        & (conversation.c.sender == contact_point.c.address),
    )
    .join(ward, ward.c.id == person.c.ward_id)
    .outerjoin(official, IS_THEIRS & official.c.left_at.is_(None))
    .outerjoin(unit, unit.c.id == official.c.unit_id)
    .where(*_IS_AT)
)
_SEEN = brief(update(contact_point).where(*_IS_AT).values(last_seen_at=bindparam("now"), unreachable_at=None))


async def find(tx: Transaction, *, channel: str, account: str, address: str, chat: str | None = None) -> Known | None:
    """The person behind a contact point, with their office if they hold one, and where they stand in a `chat`."""
    at = {"at_channel": channel, "at_account": account, "at_address": address, "at_chat": chat}
    row = (await tx.execute(_FIND, at)).one_or_none()
    if row is None:
        return None
    return Known(
        person=_person(row), official=official_of(row), last_seen_at=row.last_seen_at,
        seen_elsewhere=row.seen_elsewhere, ward_version=row.ward_version,
        was_unreachable=row.unreachable_at is not None, conversation=row.conversation,
    )  # fmt: skip


async def add(
    tx: Transaction, *, ward_id: int, channel: str, account: str, address: str, name: str, language: str, now: datetime
) -> Person:
    """A first contact: a person with one contact point and nothing else known."""
    values = {"ward_id": ward_id, "name": name, "language": language, "created_at": now}
    made = insert(person).values(residential_group_asked=False, **values).returning(person.c.id)
    person_id = int(await tx.scalar(made))
    at = {"channel": channel, "account": account, "address": address, "ward_id": ward_id}
    placed = insert(contact_point).values(person_id=person_id, last_seen_at=now, **at)
    contact_id = int(await tx.scalar(placed.returning(contact_point.c.id)))
    return Person(
        id=person_id, ward_id=ward_id, name=name, language=language, residential_group_id=None,
        residential_group_asked=False, consent_version=None, refused=False, contact_point_id=contact_id,
    )  # fmt: skip


async def seen(tx: Transaction, *, channel: str, account: str, address: str, now: datetime) -> None:
    """Remember where somebody wrote from last: that is where they are told."""
    at = {"at_channel": channel, "at_account": account, "at_address": address}
    await tx.execute(_SEEN, at | {"now": now})


async def set_reachable(
    tx: Transaction, *, channel: str, account: str, address: str, unreachable_at: datetime | None
) -> None:
    """Keep whether what we send to a contact point is taken there; None: it is."""
    at = {"at_channel": channel, "at_account": account, "at_address": address}
    await tx.execute(update(contact_point).where(*_IS_AT).values(unreachable_at=unreachable_at), at)


async def set_consent(tx: Transaction, somebody: Person, *, version: str | None, now: datetime) -> None:
    """Keep the answer to the consent question: the version agreed to, or None for a refusal."""
    values = {"consent_version": version, "consent_at": now, "refused_at": None}
    if version is None:
        values = {"consent_version": None, "consent_at": None, "refused_at": now}
    await _change(tx, somebody, **values)


async def set_residential_group(tx: Transaction, somebody: Person, group_id: int | None) -> None:
    """Keep the residential group, or that the question was skipped."""
    await _change(tx, somebody, residential_group_id=group_id, residential_group_asked=True)


async def set_language(tx: Transaction, somebody: Person, language: str) -> None:
    """Keep the language somebody chose."""
    await _change(tx, somebody, language=language)


async def set_name(tx: Transaction, somebody: Person, name: str) -> None:
    """Keep the name an official goes by."""
    await _change(tx, somebody, name=name)


async def _change(tx: Transaction, somebody: Person, **values: Any) -> None:
    mine = (person.c.ward_id == somebody.ward_id, person.c.id == somebody.id)
    await tx.execute(update(person).where(*mine).values(**values))


async def name_of(tx: Transaction, ward_id: int, person_id: int) -> str:
    """What somebody of a ward is called."""
    mine = (person.c.ward_id == ward_id, person.c.id == person_id)
    return str(await tx.scalar(select(person.c.name).where(*mine)) or "")


def _person(row: Row[tuple[object, ...]]) -> Person:
    return Person(
        id=row.id, ward_id=row.ward_id, name=row.name, language=row.language,
        residential_group_id=row.residential_group_id, residential_group_asked=row.residential_group_asked,
        consent_version=row.consent_version, refused=row.refused_at is not None,
        contact_point_id=row.contact_point_id, former_ward_ids=tuple(row.former_wards),
    )  # fmt: skip


def official_of(row: Row[tuple[object, ...]]) -> Official | None:
    """A row of `with_office` as a value; None for whoever holds none."""
    if row.official_id is None:
        return None
    return Official(
        id=row.official_id, person_id=row.id, ward_id=row.official_ward_id, unit_id=row.unit_id,
        unit_code=row.unit_code, role=Role(row.role), name=row.name,
    )  # fmt: skip

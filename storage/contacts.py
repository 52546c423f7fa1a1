"""The contact points of a person: where they are told, and where else they can be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, update

from domain.people import Person
from storage.base import Account
from storage.database import Transaction, brief
from storage.outbox import Address
from storage.people import contact_point, person

_C = contact_point.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where somebody writes from. `home_person_id` is whose it was before it was linked, None if it never was.

    `name` is what the platform calls whoever writes there, which they may choose as they like.
    """

    id: int
    address: Address
    person_id: int
    home_person_id: int | None
    name: str
    language: str
    ward_id: int
    last_seen_at: datetime
    unreachable: bool
    preferred: bool


class PersonChanged(Exception):
    """Whoever writes has just been linked to another person: what they do is to be done once more, as that one."""


def _select(*where: ColumnElement[bool]) -> Select[Any]:
    home = person.alias("home")
    return (
        select(contact_point, person.c.language, person.c.name, home.c.name.label("home_name"))
        .join(person, (person.c.id == _C.person_id) & (person.c.ward_id == _C.ward_id))
        .outerjoin(home, (home.c.id == _C.home_person_id) & (home.c.ward_id == _C.ward_id))
        .where(*where)
        # A contact that blocked us is the last resort: then at least it stands in the outbox as refused.
        .order_by(_C.unreachable_at.is_not(None), _C.preferred.desc(), _C.last_seen_at.desc(), _C.id)
    )


# Built once, because every notice runs it (storage.database.upsert).
_OF_PERSON = brief(_select(_C.person_id == bindparam("of_person")))
_BY_ID = brief(_select(_C.id == bindparam("which")))
_AT = brief(
    _select(_C.channel == bindparam("at_channel"), _C.account == bindparam("at_account"), _C.address == bindparam("at"))
)
_STAYS = brief(select(_C.person_id).where(_C.id == bindparam("which")).with_for_update(read=True, key_share=True))


async def of_person(tx: Transaction, person_id: int) -> list[Contact]:
    """Where a person writes from; where they are told first."""
    return [_contact(row) for row in (await tx.execute(_OF_PERSON, {"of_person": person_id})).all()]


async def get(tx: Transaction, contact_id: int) -> Contact:
    """One contact point, which must exist."""
    return _contact((await tx.execute(_BY_ID, {"which": contact_id})).one())


async def lock(tx: Transaction, contact_ids: Collection[int]) -> None:
    """Have nobody else link or part these contact points, nor what their persons write from, until the end.

    In the order of their numbers, so that two who do this at once do not wait for each other.
    """
    persons = select(_C.person_id).where(_C.id.in_(contact_ids))
    for which in (_C.id.in_(contact_ids), _C.person_id.in_(persons)):
        await tx.execute(select(_C.id).where(which).order_by(_C.id).with_for_update())


async def at(tx: Transaction, address: Address) -> Contact | None:
    """Who writes in a private chat; None for a group, and for a chat nobody has written in."""
    values = {"at_channel": address.channel, "at_account": address.account, "at": address.chat}
    row = (await tx.execute(_AT, values)).one_or_none()
    return None if row is None else _contact(row)


async def reach(tx: Transaction, person_id: int) -> tuple[Address, str] | None:
    """Where somebody is told (where they want it, or wrote from last, if they can be reached), and their language."""
    row = (await tx.execute(_OF_PERSON, {"of_person": person_id})).first()
    return None if row is None else (_address(row), str(row.language))


async def reach_off(tx: Transaction, person_id: int, trouble: Account | None = None) -> tuple[Address, str] | None:
    """Where somebody can be told (while an account is of no use), and their language; None if nowhere (else)."""
    for row in (await tx.execute(_OF_PERSON, {"of_person": person_id})).all():
        if row.unreachable_at is None and _address(row).on != trouble:
            return _address(row), str(row.language)
    return None


async def prefer(tx: Transaction, person_id: int, contact_id: int | None) -> None:
    """Keep where somebody wants to be told; None: where they write from last."""
    await tx.execute(update(contact_point).where(_C.person_id == person_id).values(preferred=_C.id == contact_id))


async def stays_with(tx: Transaction, somebody: Person) -> None:
    """Have nobody link or part the contact point somebody writes from until this transaction ends.

    What they submit would go to a person who is not theirs any more. Raises PersonChanged if that has just happened.
    """
    if somebody.contact_point_id is None or tx.dialect == "sqlite":  # SQLite has one writer at a time
        return
    if await tx.scalar(_STAYS, {"which": somebody.contact_point_id}) != somebody.id:
        raise PersonChanged


def _contact(row: Any) -> Contact:
    return Contact(
        id=row.id, address=_address(row), person_id=row.person_id, home_person_id=row.home_person_id,
        name=row.home_name if row.home_person_id is not None else row.name, language=row.language,
        ward_id=row.ward_id, last_seen_at=row.last_seen_at, unreachable=row.unreachable_at is not None,
        preferred=row.preferred,
    )  # fmt: skip


def _address(row: Any) -> Address:
    return Address(channel=row.channel, account=row.account, chat=row.address)

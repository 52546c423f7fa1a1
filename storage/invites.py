"""One-time invites and the group chats bound by them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from domain.people import GroupKind
from storage.base import Identity, Instant, metadata
from storage.database import Transaction, brief
from storage.outbox import Address

invite = Table(
    "invite",
    metadata,
    Column("id", Identity, primary_key=True),
    # Only the hash is kept: whoever reads the database cannot join with it.
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=True),
    # Exactly one of the two: an official's role, or a group's kind.
    Column("role", String(20), nullable=True),
    Column("group_kind", String(20), nullable=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=True),
    Column("used_by", ForeignKey("person.id"), nullable=True),
)

group_chat = Table(
    "group_chat",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("chat", String(120), nullable=False),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=True),
    Column("bound_by", ForeignKey("person.id"), nullable=True),
    Column("bound_at", Instant, nullable=False),
    # Which command menu the platform shows there (a hash of it), so that a change is noticed.
    Column("menu", String(16), nullable=True),
    UniqueConstraint("channel", "account", "chat"),
    Index("ix_group_chat_ward", "ward_id", "kind", "unit_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An invite as it was given out."""

    id: int
    ward_id: int
    unit_id: int | None
    role: str | None
    group_kind: str | None
    expires_at: datetime
    used_at: datetime | None
    used_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChat:
    """A group bound to a unit or to the ward."""

    id: int
    address: Address
    ward_id: int
    kind: GroupKind
    unit_id: int | None


def hashed(code: str) -> str:
    """What is kept of an invite's code; blanks, dashes and case do not count."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


async def add_invite(
    tx: Transaction,
    *,
    code: str,
    ward_id: int,
    unit_id: int | None,
    role: str | None,
    group_kind: str | None,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Keep an invite."""
    await tx.execute(
        insert(invite).values(
            code_hash=hashed(code), ward_id=ward_id, unit_id=unit_id, role=role, group_kind=group_kind,
            created_at=now, expires_at=expires_at,
        )
    )  # fmt: skip


async def find_invite(tx: Transaction, code: str) -> Invite | None:
    """The invite with this code, locked until the transaction ends so that it works once."""
    return await _invite(tx, invite.c.code_hash == hashed(code))


async def get_invite(tx: Transaction, invite_id: int) -> Invite | None:
    """The invite with this id, locked until the transaction ends so that it works once."""
    return await _invite(tx, invite.c.id == invite_id)


async def _invite(tx: Transaction, which: ColumnElement[bool]) -> Invite | None:
    row = (await tx.execute(select(invite).where(which).with_for_update())).one_or_none()
    if row is None:
        return None
    return Invite(
        id=row.id, ward_id=row.ward_id, unit_id=row.unit_id, role=row.role, group_kind=row.group_kind,
        expires_at=row.expires_at, used_at=row.used_at, used_by=row.used_by,
    )  # fmt: skip


async def use_invite(tx: Transaction, invite_id: int, *, person_id: int | None, now: datetime) -> None:
    """Mark an invite used; it never works again."""
    await tx.execute(update(invite).where(invite.c.id == invite_id).values(used_at=now, used_by=person_id))


async def bind_group(
    tx: Transaction,
    address: Address,
    *,
    ward_id: int,
    kind: GroupKind,
    unit_id: int | None,
    bound_by: int | None,
    now: datetime,
) -> None:
    """Bind a group chat; binding it again replaces what it was bound to."""
    values = {
        "ward_id": ward_id, "kind": kind.value, "unit_id": unit_id, "bound_by": bound_by, "bound_at": now,
    }  # fmt: skip
    await tx.execute(
        tx.upsert(group_chat)
        .values(channel=address.channel, account=address.account, chat=address.chat, **values)
        .on_conflict_do_update(index_elements=["channel", "account", "chat"], set_=values)
    )


async def unbind_group(tx: Transaction, address: Address) -> None:
    """Forget a group that is gone."""
    await tx.execute(delete(group_chat).where(*_is(address)))


async def group_at(tx: Transaction, address: Address) -> GroupChat | None:
    """What a group chat is bound to, or None."""
    at = {"at_channel": address.channel, "at_account": address.account, "at_chat": address.chat}
    row = (await tx.execute(_AT, at)).one_or_none()
    return None if row is None else _group(row)


_OF_WARD = (
    select(group_chat)
    .where(group_chat.c.ward_id == bindparam("ward_id"), group_chat.c.kind == bindparam("kind"))
    .order_by(group_chat.c.id)
)
# Built once, because every case runs it (storage.database.upsert).
_AT = brief(
    select(group_chat).where(
        group_chat.c.channel == bindparam("at_channel"), group_chat.c.account == bindparam("at_account"),
        group_chat.c.chat == bindparam("at_chat"),
    )
)  # fmt: skip
_OF_UNIT = brief(_OF_WARD.where(group_chat.c.unit_id == bindparam("unit_id")))


async def groups_of(tx: Transaction, *, ward_id: int, kind: GroupKind, unit_id: int | None = None) -> list[GroupChat]:
    """The groups of a ward, or of one of its units."""
    if kind is GroupKind.UNIT:
        rows = await tx.execute(_OF_UNIT, {"ward_id": ward_id, "kind": kind.value, "unit_id": unit_id})
    else:
        rows = await tx.execute(_OF_WARD, {"ward_id": ward_id, "kind": kind.value})
    return [_group(row) for row in rows.all()]


async def groups_in(tx: Transaction, address: Address) -> list[GroupChat]:
    """The bound groups of a chat: itself, and the topics of a forum (`chat:topic`)."""
    topics = group_chat.c.chat.startswith(f"{address.chat}:", autoescape=True)
    here = (group_chat.c.channel == address.channel) & (group_chat.c.account == address.account)
    statement = select(group_chat).where(here, (group_chat.c.chat == address.chat) | topics)
    return [_group(row) for row in (await tx.execute(statement.order_by(group_chat.c.id))).all()]


async def without_menu(
    tx: Transaction, *, channel: str, account: str, kind: GroupKind, menu: str, limit: int
) -> list[GroupChat]:
    """Groups of a kind on one account whose platform does not show this command menu yet."""
    statement = select(group_chat).where(
        group_chat.c.channel == channel, group_chat.c.account == account, group_chat.c.kind == kind.value,
        group_chat.c.menu.is_distinct_from(menu),
    )  # fmt: skip
    return [_group(row) for row in (await tx.execute(statement.order_by(group_chat.c.id).limit(limit))).all()]


async def set_menu(tx: Transaction, group_id: int, menu: str) -> None:
    """Note which command menu the platform shows in a group."""
    await tx.execute(update(group_chat).where(group_chat.c.id == group_id).values(menu=menu))


def _is(address: Address):  # type: ignore[no-untyped-def]  # a tuple of SQL conditions
    return (
        group_chat.c.channel == address.channel,
        group_chat.c.account == address.account,
        group_chat.c.chat == address.chat,
    )


def _group(row) -> GroupChat:  # type: ignore[no-untyped-def]  # a row of group_chat
    return GroupChat(
        id=row.id, address=Address(channel=row.channel, account=row.account, chat=row.chat),
        ward_id=row.ward_id, kind=GroupKind(row.kind), unit_id=row.unit_id,
    )  # fmt: skip

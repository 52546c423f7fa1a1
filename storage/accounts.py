"""Our own accounts on platforms, as each introduced itself: what people find them by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, select

from storage.base import Account, Instant, metadata
from storage.database import Transaction

account = Table(
    "account",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(64), primary_key=True),
    # What people find it by: a bot's name without the @.
    Column("name", String(80), nullable=False),
    # The ward it serves; empty if it serves all of them.
    Column("ward_code", String(40), nullable=True),
    Column("seen_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAccount:
    """One account of ours. `ward_code` None: it serves every ward."""

    on: Account
    name: str
    ward_code: str | None


async def remember(tx: Transaction, known: KnownAccount, *, now: datetime) -> None:
    """Keep how an account introduced itself."""
    values = {"name": known.name, "ward_code": known.ward_code, "seen_at": now}
    await tx.execute(
        tx.upsert(account)
        .values(channel=known.on.channel, account=known.on.account, **values)
        .on_conflict_do_update(index_elements=["channel", "account"], set_=values)
    )


async def forget_others(tx: Transaction, ours: Collection[Account]) -> None:
    """Forget the accounts that are not ours any more: no link shall lead to one that answers nobody."""
    for row in (await tx.execute(select(account.c.channel, account.c.account))).all():
        if Account(row.channel, row.account) not in ours:
            await tx.execute(account.delete().where(account.c.channel == row.channel, account.c.account == row.account))


async def serving(tx: Transaction, ward_code: str) -> list[KnownAccount]:
    """The accounts that serve a ward, its own before those of all wards, the one seen last first."""
    rows = (await tx.execute(select(account).order_by(account.c.seen_at.desc()))).all()
    found = [
        KnownAccount(on=Account(row.channel, row.account), name=row.name, ward_code=row.ward_code)
        for row in rows
        if row.name and row.ward_code in (None, ward_code)
    ]
    return sorted(found, key=lambda one: one.ward_code is None)

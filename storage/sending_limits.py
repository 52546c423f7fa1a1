"""What an account has sent lately, and how its platform takes it: what every process must know to keep the limits.

A use is counted at the latest instant at which the platform can have got it; while it is under way, at the end of its
lease, so that it counts for as long as nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, bindparam, delete, func, insert, select, update

from storage.base import Account, Identity, Instant, metadata
from storage.database import Transaction, brief, upsert

sending_account = Table(
    "sending_account",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(64), primary_key=True),
    # The platform asked for a pause, or cannot be reached: nothing leaves before.
    Column("paused_until", Instant, nullable=True),
    # How many sendings failed in a row for reasons of the platform.
    Column("troubles", Integer, nullable=False),
    # The chat whose limit cannot have been the reason of the last "too many requests", and when that was.
    Column("refused_place", String(120), nullable=True),
    Column("refused_at", Instant, nullable=True),
    # When the last message that nobody waits for was let go.
    Column("paced_at", Instant, nullable=True),
)

sending_use = Table(
    "sending_use",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    # Whose limit it counts for: a chat, whatever its topic.
    Column("place", String(120), nullable=False),
    Column("outbox_id", Identity, nullable=False),
    Column("units", Integer, nullable=False),
    Column("counted_at", Instant, nullable=False),
    Index("ix_sending_use_counted", "channel", "account", "counted_at"),
    Index("ix_sending_use_place", "channel", "account", "place", "counted_at"),
    Index("ix_sending_use_outbox", "outbox_id"),
)

_ON = (sending_use.c.channel == bindparam("on_channel"), sending_use.c.account == bindparam("on_account"))
_ACCOUNT_IS = (
    sending_account.c.channel == bindparam("on_channel"),
    sending_account.c.account == bindparam("on_account"),
)
_LOCK = brief(select(sending_account).where(*_ACCOUNT_IS).with_for_update())
_USES = brief(
    select(sending_use.c.place, sending_use.c.units, sending_use.c.counted_at).where(
        *_ON, sending_use.c.counted_at > bindparam("since")
    )
)
_USES_IN = brief(_USES.where(sending_use.c.place.in_(bindparam("places", expanding=True))))
_USED = select(func.coalesce(func.sum(sending_use.c.units), 0)).where(
    *_ON, sending_use.c.counted_at > bindparam("since")
)
_STANDING = ("paused_until", "troubles", "refused_place", "refused_at", "paced_at")
_USED_LATELY = brief(_USED)
_USE = brief(insert(sending_use))
# What was counted before the call was claimed are earlier pieces of its message; its own lease may be over.
_UNDER_WAY = (sending_use.c.outbox_id == bindparam("which"), sending_use.c.counted_at > bindparam("claimed_at"))
_COUNT = brief(update(sending_use).where(*_UNDER_WAY).values(counted_at=bindparam("arrived_by")))
_COUNT_ON = brief(
    update(sending_use)
    .where(sending_use.c.outbox_id.in_(bindparam("ids", expanding=True)))
    .values(counted_at=bindparam("until"))
)
_SAVE = brief(update(sending_account).where(*_ACCOUNT_IS).values({one: bindparam(f"new_{one}") for one in _STANDING}))
_TAKE_BACK = brief(delete(sending_use).where(*_UNDER_WAY))
_FORGET = delete(sending_use).where(*_ON, sending_use.c.counted_at < bindparam("before"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an account stands with its platform; the fields are the table's."""

    paused_until: datetime | None = None
    troubles: int = 0
    refused_place: str | None = None
    refused_at: datetime | None = None
    paced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One call: so many messages, counted at an instant (in the future while it is under way)."""

    place: str
    units: int
    counted_at: datetime


def _on(on: Account) -> dict[str, Any]:
    return {"on_channel": on.channel, "on_account": on.account}


async def lock(tx: Transaction, on: Account) -> Standing:
    """How the account stands; no other process sends for it until this transaction ends."""
    row = (await tx.execute(_LOCK, _on(on))).one_or_none()
    if row is None:
        new = upsert(tx.dialect, sending_account).on_conflict_do_nothing()
        await tx.execute(new, {"channel": on.channel, "account": on.account, "troubles": 0})
        row = (await tx.execute(_LOCK, _on(on))).one()
    return Standing(**{one: getattr(row, one) for one in _STANDING})


async def save(tx: Transaction, on: Account, standing: Standing) -> None:
    """Keep how a locked account stands."""
    await tx.execute(_SAVE, _on(on) | {f"new_{one}": getattr(standing, one) for one in _STANDING})


async def uses(tx: Transaction, on: Account, *, since: datetime, places: Sequence[str] | None = None) -> list[Use]:
    """What was sent since an instant, and what is under way: all of it, or what counts for some places."""
    asked: dict[str, Any] = _on(on) | {"since": since}
    if places is None:
        rows = await tx.execute(_USES, asked)
    else:
        rows = await tx.execute(_USES_IN, asked | {"places": list(places)})
    return [Use(place=row.place, units=row.units, counted_at=row.counted_at) for row in rows]


async def used(tx: Transaction, on: Account, *, since: datetime, lately: bool = False) -> int:
    """How many messages were sent since an instant (`lately`: within a pace's window), those under way included."""
    return int(await tx.scalar(_USED_LATELY if lately else _USED, _on(on) | {"since": since}))


async def use(tx: Transaction, on: Account, granted: Sequence[tuple[int, Use]]) -> None:
    """Note calls about to be made, each for a message of the outbox."""
    rows = [
        {
            "channel": on.channel, "account": on.account, "place": one.place, "outbox_id": outbox_id,
            "units": one.units, "counted_at": one.counted_at,
        }
        for outbox_id, one in granted
    ]  # fmt: skip
    await tx.execute(_USE, rows)


async def count(tx: Transaction, outbox_id: int, *, claimed_at: datetime, arrived_by: datetime | None) -> None:
    """The call for a message is over: the platform got it by `arrived_by`, if at all; None if it surely did not."""
    call = {"which": outbox_id, "claimed_at": claimed_at}
    if arrived_by is None:
        await tx.execute(_TAKE_BACK, call)
    else:
        await tx.execute(_COUNT, call | {"arrived_by": arrived_by})


async def count_all(tx: Transaction, arrived: Sequence[tuple[int, datetime, datetime]]) -> None:
    """The calls for these messages, each claimed at an instant, are over: each had arrived by another."""
    rows = [{"which": one, "claimed_at": claimed_at, "arrived_by": at} for one, claimed_at, at in arrived]
    await tx.execute(_COUNT, rows)


async def count_on(tx: Transaction, outbox_ids: Sequence[int], *, until: datetime) -> None:
    """The calls for these messages are under way still, though the leases they were counted by are over."""
    await tx.execute(_COUNT_ON, {"ids": list(outbox_ids), "until": until})


async def forget(tx: Transaction, on: Account, *, before: datetime) -> None:
    """What is older than every window counts no more."""
    await tx.execute(_FORGET, _on(on) | {"before": before})

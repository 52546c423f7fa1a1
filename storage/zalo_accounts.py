"""What has been learnt of a Zalo Official Account: its id, its sealed tokens, and when it was last heard of.

Tokens come in here sealed (bot.sealing) and leave so. Of several processes one refreshes them at a time: it holds
`refreshing_until` as a lease, and `generation` counts the pairs, so that nobody uses one that has been used.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, Text, func, or_, select, update

from storage.base import Instant, metadata
from storage.database import Transaction

zalo_account = Table(
    "zalo_account",
    metadata,
    Column("app_id", String(64), primary_key=True),
    Column("oa_id", String(64), nullable=True),
    Column("name", String(200), nullable=True),
    Column("tokens", Text, nullable=True),
    Column("generation", Integer, nullable=False),
    Column("expires_at", Instant, nullable=True),
    # A mark of the refresh token in the settings that these tokens began with.
    Column("seed", String(16), nullable=True),
    Column("refreshing_until", Instant, nullable=True),
    Column("failures", Integer, nullable=False),
    # A mark of the webhook's secret key that a first event has verified with.
    Column("verified_key", String(16), nullable=True),
    Column("last_event_at", Instant, nullable=True),
    Column("caught_up_at", Instant, nullable=True),
)
_T = zalo_account.c


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloAccount:
    """One row; `oa_id` is the Official Account's own id, unknown until Zalo has said it."""

    app_id: str
    oa_id: str | None = None
    name: str | None = None
    tokens: str | None = None
    generation: int = 0
    expires_at: datetime | None = None
    seed: str | None = None
    failures: int = 0
    verified_key: str | None = None
    last_event_at: datetime | None = None
    caught_up_at: datetime | None = None


async def load(tx: Transaction, app_id: str) -> ZaloAccount:
    """What is known of an application's account; nothing yet is a row of Nones."""
    row = (await tx.execute(select(zalo_account).where(_T.app_id == app_id))).one_or_none()
    if row is None:
        return ZaloAccount(app_id=app_id)
    known = row._asdict()
    known.pop("refreshing_until")
    return ZaloAccount(**known)


async def _make(tx: Transaction, app_id: str) -> None:
    await tx.execute(tx.upsert(zalo_account).values(app_id=app_id, generation=0, failures=0).on_conflict_do_nothing())


async def _set(tx: Transaction, app_id: str, **values: Any) -> None:
    await _make(tx, app_id)
    await tx.execute(update(zalo_account).where(_T.app_id == app_id).values(**values))


async def introduce(tx: Transaction, app_id: str, *, oa_id: str, name: str) -> None:
    """Keep which Official Account the tokens belong to."""
    await _set(tx, app_id, oa_id=oa_id, name=name[:200])


async def lease(tx: Transaction, app_id: str, *, generation: int, now: datetime, until: datetime) -> bool:
    """Take the right to refresh the pair `generation`; False when somebody has it or has done it."""
    await _make(tx, app_id)
    # One that ends long after ours would was taken before the clock was put back: whoever took it is through.
    stray = _T.refreshing_until > until + (until - now)
    free = or_(_T.refreshing_until.is_(None), _T.refreshing_until <= now, stray)
    done = await tx.execute(
        update(zalo_account)
        .where(_T.app_id == app_id, _T.generation == generation, free)
        .values(refreshing_until=until)
    )
    return bool(done.rowcount)


async def renew(
    tx: Transaction, app_id: str, *, generation: int, tokens: str, expires_at: datetime, seed: str | None
) -> bool:
    """Put a new pair in the place of the pair `generation`; False if another one stands there already."""
    await _make(tx, app_id)
    done = await tx.execute(
        update(zalo_account)
        .where(_T.app_id == app_id, _T.generation == generation)
        .values(
            tokens=tokens, generation=generation + 1, expires_at=expires_at, failures=0, refreshing_until=None,
            seed=func.coalesce(seed, _T.seed),
        )
    )  # fmt: skip
    return bool(done.rowcount)


async def failed(tx: Transaction, app_id: str) -> int:
    """Count a refresh that failed and give the lease back; how many failed in a row."""
    await _set(tx, app_id, failures=_T.failures + 1, refreshing_until=None)
    return int(await tx.scalar(select(_T.failures).where(_T.app_id == app_id)))


async def give_back(tx: Transaction, app_id: str) -> None:
    """Give the lease back; Zalo has seen nothing."""
    await _set(tx, app_id, refreshing_until=None)


async def verified(tx: Transaction, app_id: str, *, key: str) -> None:
    """Keep that an event has verified with the webhook's key of this mark."""
    await _set(tx, app_id, verified_key=key)


async def heard(tx: Transaction, app_id: str, *, now: datetime) -> None:
    """Keep when Zalo last called."""
    await _set(tx, app_id, last_event_at=now)


async def caught_up(tx: Transaction, app_id: str, *, now: datetime) -> None:
    """Keep when the conversations were last read again."""
    await _set(tx, app_id, caught_up_at=now)

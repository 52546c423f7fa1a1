"""Runs of jobs: each (job, key) is claimed by exactly one process, once, whatever crashes."""

from datetime import datetime

from sqlalchemy import Column, String, Table

from storage.base import Instant, metadata
from storage.database import Transaction

slot = Table(
    "slot",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("key", String(160), primary_key=True),
    Column("claimed_at", Instant, nullable=False),
)


async def claim(tx: Transaction, job: str, key: str, *, now: datetime) -> bool:
    """Claim one run in the transaction that does its work; False if it was claimed before."""
    done = await tx.execute(tx.upsert(slot).values(job=job, key=key, claimed_at=now).on_conflict_do_nothing())
    return bool(done.rowcount)

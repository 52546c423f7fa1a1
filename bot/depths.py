"""What stands in the database, counted for Prometheus when somebody asks and kept for some seconds."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry, Gauge, Info, generate_latest

from bot.metrics import REGISTRY
from storage import backlog, migrations
from storage.backlog import Deadlines, Depth
from storage.database import Database

KEPT_SECONDS = 5.0
DEADLINES_KEPT_SECONDS = 60.0
SOON = timedelta(days=2)
# Close enough for a count; each ward's own calendar says when its cases are really due.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Exposition:
    """The text of `/metrics`: what this process counted, and what waits in the database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._looking = asyncio.Lock()
        self._looked_at = self._deadlines_at = -DEADLINES_KEPT_SECONDS
        self._text = b""
        self._deadlines: list[Deadlines] = []

    async def text(self) -> bytes:
        """In Prometheus's text format. With the database away, what this process counted and danban_database_up 0."""
        async with self._looking:
            if time.monotonic() - self._looked_at > KEPT_SECONDS:
                self._text = await self._look()
                self._looked_at = time.monotonic()
        return generate_latest(REGISTRY) + self._text

    async def _look(self) -> bytes:
        registry = CollectorRegistry()
        Info("danban_build", "Which Dân Bàn this is.", registry=registry).info(
            {"version": version("danban"), "schema": str(migrations.head())}
        )
        up = Gauge("danban_database_up", "Whether the database answered.", registry=registry)
        try:
            await self._count(registry)
        except Exception:  # whatever keeps the database from answering
            up.set(0)
        else:
            up.set(1)
        return generate_latest(registry)

    async def _count(self, registry: CollectorRegistry) -> None:
        now = self._now()
        async with self._database.reading() as tx:
            inbox, outbox = await backlog.of_inbox(tx), await backlog.of_outbox(tx)
            if time.monotonic() - self._deadlines_at > DEADLINES_KEPT_SECONDS:
                today = now.astimezone(ZONE).date()
                self._deadlines = await backlog.deadlines(tx, today=today, soon=today + SOON)
                self._deadlines_at = time.monotonic()
        _depths(registry, "inbox", "Updates", inbox, now)
        _depths(registry, "outbox", "Messages", outbox, now)
        due = Gauge("danban_cases_due", "Open cases near or past their due day.", ["ward", "when"], registry=registry)
        for one in self._deadlines:
            due.labels(one.ward_code, "soon").set(one.due_soon)
            due.labels(one.ward_code, "overdue").set(one.overdue)


def _depths(registry: CollectorRegistry, queue: str, what: str, depths: list[Depth], now: datetime) -> None:
    labels = ["channel", "state"]
    many = Gauge(f"danban_{queue}_depth", f"{what} that wait, or were set aside.", labels, registry=registry)
    age = Gauge(f"danban_{queue}_oldest_seconds", f"{what}: the age of the oldest.", labels, registry=registry)
    for depth in depths:
        many.labels(depth.channel, depth.state).set(depth.count)
        age.labels(depth.channel, depth.state).set((now - depth.oldest_at).total_seconds())

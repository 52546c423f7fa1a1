"""Whether this process does its work and the work gets done: database, schema, accounts, backlog, disk (`/readyz`)."""

import asyncio
import shutil
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot import pulse
from bot.channels import zalo_oa_event
from storage import backlog, migrations, zalo_accounts
from storage.base import Account
from storage.database import Database

# Whoever asks more often than this is told the same again.
KEPT_SECONDS = 1.0
ANSWER_SECONDS = 5.0


class ReadySettings(Protocol):
    """What the checks read of the settings."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def ready_backlog_seconds(self) -> int: ...
    @property
    def ready_disk_bytes(self) -> int: ...
    @property
    def zalo_oa_quiet_hours(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The checks by name, each "ok" or what is wrong; no words, no chats, no secrets.

    `warnings` are what somebody should look at although the work gets done.
    """

    checks: dict[str, str]
    warnings: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether nothing is wrong."""
        return all(said == OK for said in self.checks.values())

    def as_json(self) -> dict[str, Any]:
        """What `/readyz` answers."""
        said = {"status": OK if self.ready else "not ready", "checks": self.checks}
        return said | ({"warnings": self.warnings} if self.warnings else {})


OK = "ok"


class Checks:
    """Looks at everything once for all who ask at the same time."""

    def __init__(
        self,
        database: Database,
        settings: ReadySettings,
        now: Callable[[], datetime],
        *,
        channels: Mapping[Account, object],
        accounts: Collection[Account],
    ) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        # Those that work already, and those that should.
        self._channels = channels
        self._accounts = accounts
        self._looking = asyncio.Lock()
        self._last: tuple[float, Readiness] | None = None

    async def look(self) -> Readiness:
        """The checks as they stand, at most a second old."""
        async with self._looking:
            if self._last is None or time.monotonic() - self._last[0] > KEPT_SECONDS:
                self._last = (time.monotonic(), Readiness(checks=await self._all(), warnings=await self._silent()))
            return self._last[1]

    async def _all(self) -> dict[str, str]:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                inside = await self._inside()
        except Exception as error:  # whatever keeps the database from answering
            inside = {"database": type(error).__name__}
        disk = await asyncio.to_thread(free_bytes, self._settings.data_dir)
        enough = disk is not None and disk >= self._settings.ready_disk_bytes
        outside = {f"account {one.channel} {one.account}": self._account(one) for one in self._accounts}
        return inside | outside | {"disk": OK if enough else f"{disk} bytes free"}

    async def _silent(self) -> dict[str, str]:
        """The accounts whose webhook has brought nothing for long: it may be switched off, or nobody wrote."""
        called = [one for one in self._accounts if one.channel == zalo_oa_event.NAME]
        before = self._now() - timedelta(hours=self._settings.zalo_oa_quiet_hours)
        found: dict[str, str] = {}
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._database.reading() as tx:
                for one in called:
                    last = (await zalo_accounts.load(tx, one.account)).last_event_at
                    if last is not None and last < before:
                        found[f"account {one.channel} {one.account}"] = f"no event since {last:%Y-%m-%dT%H:%MZ}"
        except Exception:  # the check of the database says so
            return {}
        return found

    async def _inside(self) -> dict[str, str]:
        now, accounts = self._now(), tuple(sorted(self._channels))
        async with self._database.reading() as tx:
            revision = await migrations.revision(tx)
            if revision != migrations.head():
                return {"database": OK, "migrations": f"at {revision}; run: danban migrate"}
            turn = await backlog.oldest_turn(tx, accounts=accounts, now=now)
            reply = await backlog.oldest_reply(tx, accounts=accounts, now=now)
        late = timedelta(seconds=self._settings.ready_backlog_seconds)
        return {"database": OK, "migrations": OK, "inbox": _late(turn, now, late), "outbox": _late(reply, now, late)}

    def _account(self, account: Account) -> str:
        if account not in self._channels:
            trouble = pulse.of(account).trouble
            return "its platform has not answered yet" + (f" ({trouble})" if trouble else "")
        return pulse.of(account).problem() or OK


def free_bytes(folder: Path) -> int | None:
    """Bytes free on the disk that holds a folder; None if that cannot be said."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _late(since: datetime | None, now: datetime, allowed: timedelta) -> str:
    if since is None or now - since <= allowed:
        return OK
    return f"the oldest has been due for {(now - since).total_seconds():.0f} s"

"""Events on disk while the database cannot take them: one file each, in the order they came, read back once it can.

A file is there whole or not at all (bot.durable); what was being written when the power went was never acknowledged.
Several processes may share the folder: who reads an event back a second time finds it in the inbox already.
"""

import asyncio
import contextlib
import json
import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot import metrics
from bot.durable import DRAFT, remove_durably, write_durably

log = logging.getLogger(__name__)

DRAFT_SECONDS = 3600
ENDING, BROKEN = ".event", ".broken"
MICRO = 1_000_000
# How often the database may refuse one event before the others go on without it.
REFUSALS_MAX = 30


class EventRefused(Exception):
    """Whoever takes events back took part, and would have anything but this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """One call as it came: its body, the signature beside it, and when (seconds since 1970)."""

    body: str
    signature: str
    at: float

    @property
    def received_at(self) -> datetime:
        """When it came."""
        return datetime.fromtimestamp(self.at, UTC)


class Spool:
    """One folder of events."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._latest = 0
        self._refusals: Counter[str] = Counter()

    def is_empty(self) -> bool:
        """Whether nothing waits here; cheap."""
        return not self._names()

    def count(self) -> int:
        """How many wait here."""
        return len(self._names())

    def broken(self) -> int:
        """How many were put aside: they could not be read back, and wait for somebody to look."""
        return len(self._names(BROKEN))

    def _names(self, ending: str = ENDING) -> list[str]:
        try:
            return sorted(one.name for one in self._folder.iterdir() if one.name.endswith(ending))
        except FileNotFoundError:
            return []

    async def keep(self, event: Spooled) -> None:
        """Write one event for good before this returns. OSError if the disk refuses."""
        # Names sort by when they came, though the clock may be put back meanwhile; of several at once by their number.
        self._number += 1
        self._latest = max(self._latest, int(event.at * MICRO))
        name = f"{self._latest:020d}-{self._number:08d}-{secrets.token_hex(4)}{ENDING}"
        data = json.dumps(asdict(event)).encode()
        await asyncio.shield(asyncio.to_thread(write_durably, self._folder / name, data))

    async def read_back(self, take: Callable[[Spooled], Awaitable[bool]]) -> int:
        """Hand every event to `take`, oldest first, and remove it if it was taken (True); how many were.

        What `take` raises ends this, and nothing is lost: the event stays. Only one that it has refused (EventRefused)
        time and again is put aside, so that the others need not wait for ever.
        """
        taken = 0
        for name in await asyncio.to_thread(self._names):
            path = self._folder / name
            event = await asyncio.to_thread(_read, path)
            if event is None:
                continue
            try:
                done = await take(event)
            except EventRefused as error:
                self._refusals[name] += 1
                if self._refusals[name] < REFUSALS_MAX:
                    raise
                del self._refusals[name]
                await asyncio.to_thread(_put_aside, path, f"is refused every time ({error})")
                continue
            if done:
                await asyncio.to_thread(remove_durably, path)
                taken += 1
        return taken

    async def sweep(self, *, before: datetime) -> int:
        """Remove events that came before an instant, and drafts of a power failure; how many events."""
        return await asyncio.to_thread(self._sweep, before.timestamp())

    def _sweep(self, before: float) -> int:
        old = [name for name in self._names() if int(name[:20]) / MICRO < before]
        for name in old:
            (self._folder / name).unlink(missing_ok=True)
        if self._folder.exists():
            for draft in self._folder.glob(f"{DRAFT}*"):
                if draft.stat().st_mtime < before - DRAFT_SECONDS:
                    draft.unlink(missing_ok=True)
        return len(old)


def _read(path: Path) -> Spooled | None:
    try:
        return Spooled(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None  # another process has just read it back
    except (ValueError, TypeError):
        # Not one of ours, or the disk has lost part of it.
        _put_aside(path, "cannot be read")
        return None


def _put_aside(path: Path, why: str) -> None:
    """Keep an event for whoever looks, out of the way of the others."""
    with contextlib.suppress(FileNotFoundError):  # another process has just done so
        path.replace(path.with_suffix(BROKEN))
        metrics.SPOOL_BROKEN.inc()
        log.error("spool: %s %s; it is kept as %s", path.name, why, BROKEN)

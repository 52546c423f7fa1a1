"""Sweeping out what nobody needs any more: files never sent, updates long done or long set aside."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from bot.stored_files import FOLDER, delete_stored, written_since
from storage import attachments, case_messages, inbox, set_aside
from storage.database import Database

log = logging.getLogger(__name__)

# Files of a draft that was never sent.
FILES_KEPT = timedelta(days=30)
# Long after any platform lets a message be changed (Telegram: 48 hours).
MESSAGES_KEPT = timedelta(days=14)
# Long after any platform stops delivering an update again (Telegram: 24 hours).
UPDATES_KEPT = timedelta(days=14)
# Longer than it takes from a file on disk to its row.
JUST_WRITTEN = timedelta(minutes=10)
BATCH = 200


class Sweeping:
    """One broom for the whole installation; every stroke is small, so that nobody waits for it."""

    def __init__(self, database: Database, data_dir: Path, *, set_aside_days: int = 30) -> None:
        self._database = database
        self._set_aside_kept = timedelta(days=set_aside_days)
        self._folder = data_dir / FOLDER

    async def sweep(self, now: datetime) -> None:
        """Sweep one batch of each kind. Files go after their rows: a row without a file would be worse."""
        async with self._database.transaction() as tx:
            await inbox.purge(tx, before=now - UPDATES_KEPT, limit=BATCH)
            forgotten = await set_aside.forget_old(tx, before=now - self._set_aside_kept, now=now, limit=BATCH)
            await case_messages.purge(tx, before=now - MESSAGES_KEPT, limit=BATCH)
            unlinked = await attachments.unlinked(tx, before=now - FILES_KEPT, limit=BATCH)
        if forgotten:
            log.warning("sweeping: %s updates set aside too long ago were forgotten unhandled", forgotten)
        if unlinked:
            await self._end_files(unlinked, written_before=now - JUST_WRITTEN)

    async def _end_files(self, unlinked: dict[int, str], *, written_before: datetime) -> None:
        """End files and their rows. One written just now stays with its row until the next time.

        Somebody may have sent the same bytes again, whose row is still to come.
        """
        names = await asyncio.to_thread(written_since, self._folder, unlinked.values(), written_before)
        async with self._database.transaction() as tx:
            unneeded = await attachments.drop_unlinked(tx, [id_ for id_, name in unlinked.items() if name not in names])
        await asyncio.to_thread(delete_stored, self._folder, unneeded, written_before=written_before)

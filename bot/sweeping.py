"""Sweeping out what nobody needs any more: files never sent, updates long done."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from bot.stored_files import FOLDER, delete_stored
from storage import attachments, inbox
from storage.database import Database

# Files of a draft that was never sent.
FILES_KEPT = timedelta(days=30)
# Long after any platform stops delivering an update again (Telegram: 24 hours).
UPDATES_KEPT = timedelta(days=14)
BATCH = 200


class Sweeping:
    """One broom for the whole installation; every stroke is small, so that nobody waits for it."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self._database = database
        self._folder = data_dir / FOLDER

    async def sweep(self, now: datetime) -> None:
        """Sweep one batch of each kind. Files go after the commit: a row without a file would be worse."""
        async with self._database.transaction() as tx:
            await inbox.purge(tx, before=now - UPDATES_KEPT, limit=BATCH)
            names = await attachments.drop_unlinked(tx, before=now - FILES_KEPT, limit=BATCH)
        if names:
            await asyncio.to_thread(delete_stored, self._folder, names)

"""What nobody needs any more is swept out, and nothing else."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.stored_files import FOLDER
from bot.sweeping import FILES_KEPT, JUST_WRITTEN, UPDATES_KEPT, Sweeping
from domain.files import FileKind
from storage import attachments, inbox
from storage.attachments import Contact, StoredFile
from storage.base import Account
from storage.database import Database
from tests.storage.claiming import take_one

WEB = (Account("web", "web"),)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


async def photo(database: Database, folder: Path, name: str, at: datetime) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"jpeg")
    os.utime(file, (at.timestamp(), at.timestamp()))
    stored = StoredFile(
        kind=FileKind.PHOTO,
        seconds=0,
        sha256=name.ljust(64, "0"),
        mime="image/jpeg",
        size=4,
        width=1,
        height=1,
        stored_as=name,
    )
    async with database.transaction() as tx:
        contact = Contact(channel="web", account="web", address="ba")
        await attachments.add(tx, stored, uploaded_by=contact, ward_id=None, now=at)


async def update(database: Database, update_id: str, at: datetime, *, done: bool) -> None:
    async with database.transaction() as tx:
        await inbox.put(tx, channel="web", account="web", update_id=update_id, lane=update_id, raw={}, now=at)
        taken = await take_one(tx, accounts=WEB, now=at) if done else None
        if taken is not None:
            await inbox.finish(tx, taken, now=at)


async def test_a_photo_never_sent_is_swept_out_with_its_file(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    await photo(database, folder, "aa/old", NOW - FILES_KEPT - timedelta(days=1))
    await photo(database, folder, "bb/new", NOW - timedelta(days=1))
    await Sweeping(database, tmp_path).sweep(NOW)
    assert not (folder / "aa/old").exists()
    assert (folder / "bb/new").exists()


async def test_a_file_whose_bytes_are_sent_again_while_it_is_swept_is_there_for_the_new_one(
    database: Database, tmp_path: Path
) -> None:
    folder, long_ago = tmp_path / FOLDER, NOW - FILES_KEPT - timedelta(days=1)
    await photo(database, folder, "aa/again", long_ago)
    # Written again, and its row is still to come.
    os.utime(folder / "aa/again", (NOW.timestamp(), NOW.timestamp()))
    await Sweeping(database, tmp_path).sweep(NOW)
    assert (folder / "aa/again").exists()
    # Nobody needed it after all: it is not forgotten.
    await Sweeping(database, tmp_path).sweep(NOW + JUST_WRITTEN * 2)
    assert not any((folder / "aa").iterdir())
    async with database.reading() as tx:
        assert not await attachments.unlinked(tx, before=NOW, limit=9)


async def test_updates_long_done_are_forgotten_and_waiting_ones_are_not(database: Database, tmp_path: Path) -> None:
    long_ago = NOW - UPDATES_KEPT - timedelta(days=1)
    await update(database, "done long ago", long_ago, done=True)
    await update(database, "done today", NOW, done=True)
    await update(database, "waiting for long", long_ago, done=False)
    await Sweeping(database, tmp_path).sweep(NOW)
    async with database.reading() as tx:
        kept = {row.update_id for row in await tx.execute(inbox.inbox.select())}
    assert kept == {"done today", "waiting for long"}

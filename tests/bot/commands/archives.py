"""A home to be backed up: a data folder with a ward, a photo and a key."""

import argparse
import hashlib
from pathlib import Path

from bot.commands.backup import backup
from bot.commands.restore import restore
from bot.sample import seed
from bot.settings import Settings
from bot.stored_files import FOLDER
from domain.files import FileKind
from storage import attachments, migrations
from storage.attachments import Contact, StoredFile
from storage.database import Database
from tests.bot.test_set_aside import NOW

KEY = bytes(range(32))
SENDER = Contact(channel="web", account="web", address="a")
PHOTO = b"\xff\xd8 a photo of a lamp"


def settings_in(folder: Path, **more: str) -> Settings:
    return Settings.load({"DATA_DIR": str(folder), **more})


def a_folder(folder: Path) -> str:
    """A data folder with a photo and a key; what the photo is stored as."""
    name = hashlib.sha256(PHOTO).hexdigest()
    (folder / FOLDER / name[:2]).mkdir(mode=0o700, parents=True)
    (folder / FOLDER / name[:2] / name).write_bytes(PHOTO)
    (folder / "seal.key").write_text(KEY.hex())
    for waiting in ("spool/1.event", "spool/.draft-1", "1.answer"):
        file = folder / "zalo-oa" / "77" / waiting
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(waiting)
    return f"{name[:2]}/{name}"


async def a_home(folder: Path, revision: str = "head") -> Settings:
    """A data folder with a ward, a photo and a key."""
    stored, settings = a_folder(folder), settings_in(folder)
    name = stored.rpartition("/")[2]
    database = Database.open(settings.database_url)
    await database.migrate()
    async with database.transaction() as tx:
        await seed(tx, now=NOW)
        file = StoredFile(
            kind=FileKind.PHOTO,
            seconds=0,
            sha256=name,
            mime="image/jpeg",
            size=len(PHOTO),
            width=1,
            height=1,
            stored_as=stored,
        )
        await attachments.add(
            tx, file, uploaded_by=Contact(channel="web", account="web", address="a"), ward_id=None, now=NOW
        )
    if revision != "head":
        await migrations.downgrade(database, revision)
    await database.close()
    return settings


async def backed_up(settings: Settings, file: Path, *, with_key: bool = False, force: bool = False) -> int:
    return await backup(argparse.Namespace(file=file, with_key=with_key, force=force), settings)


async def restored(
    settings: Settings, file: Path, *, force: bool = False, key: Path | None = None, no_key: bool = False
) -> int:
    return await restore(argparse.Namespace(file=file, force=force, key=key, no_key=no_key), settings)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the lock."""
    every = [one for one in folder.rglob("*") if one.is_file() and one.suffix != ".lock"]
    return {str(one.relative_to(folder)): one.read_bytes() for one in every}

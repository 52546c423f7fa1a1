"""`danban restore FILE`: the data of a backup into this installation, checked whole before anything is touched."""

import argparse
import asyncio
import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import archive
from bot.archive import ArchiveError, Manifest
from bot.clock import Clock
from bot.commands.backup import POSTGRESQL, SQLITE, fingerprint
from bot.commands.failure import CommandError
from bot.durable import remove_durably, write_durably
from bot.preflight import RESTORING_FILE, SEAL_KEY_FILE, PreflightError, alone, check_folder
from bot.settings import Settings
from bot.settings_values import Wrong, read_key
from bot.settings_words import by_language
from storage import copying, migrations
from storage.copying import CopyError
from storage.database import sqlite_file

# What may lie in a data folder that counts as empty; the lock is held by ourselves.
NO_DATA = frozenset({"lost+found", RESTORING_FILE})
STAGING, ASIDE = ".restore-", "before-restore-"


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    made = verbs.add_parser("restore", help="phục hồi từ tệp sao lưu / bring back the data of a backup")
    made.add_argument("file", type=Path, metavar="TỆP.tar", help="tệp sao lưu / the backup")
    made.add_argument("--force", action="store_true", help="dữ liệu đang có được cất riêng / set present data aside")
    key = made.add_mutually_exclusive_group()
    key.add_argument("--key", type=Path, metavar="TỆP", help="tệp seal.key đã cất riêng / the seal.key kept elsewhere")
    key.add_argument("--no-key", action="store_true", help="chấp nhận mất khoá / go on without the key")
    made.set_defaults(run=restore)


async def restore(args: argparse.Namespace, settings: Settings) -> int:
    """Unpack beside, check everything, and only then move it into place."""
    problem = check_folder(settings.data_dir)
    if problem is not None:
        raise CommandError(*by_language([problem]))
    staging = settings.data_dir / f"{STAGING}{secrets.token_hex(8)}"
    try:
        with alone(settings):
            present = _present(settings)
            marker = settings.data_dir / RESTORING_FILE
            # What a restore that was broken off has put there needs no leave to be set aside.
            if present and not args.force and not marker.exists():
                raise CommandError(
                    f"{settings.data_dir} đã có dữ liệu; thêm --force để cất dữ liệu ấy sang một bên rồi phục hồi.",
                    f"There is data in {settings.data_dir}; add --force to set it aside and restore.",
                )
            for killed in settings.data_dir.glob(f"{STAGING}*"):
                shutil.rmtree(killed)
            manifest = await _unpacked(args, settings, staging)
            # Until all is in place nothing runs here: a new, empty database would hide what happened.
            await asyncio.to_thread(write_durably, marker, f"{args.file}\n".encode())
            aside = _set_aside(present, settings, Clock().now())
            _move_in(staging, settings)
            await asyncio.to_thread(remove_durably, marker)
    except PreflightError as error:
        raise CommandError(*by_language([error.problem])) from error
    except (ArchiveError, CopyError) as error:
        raise CommandError(f"Tệp sao lưu không dùng được: {error}.", f"The backup cannot be used: {error}.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandError(f"Không phục hồi được ({reason}).", f"It could not be restored ({reason}).") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _tell(manifest, aside)
    return 0


def _present(settings: Settings) -> list[Path]:
    """What is there already: everything in the data folder, and the database wherever it is."""
    file = sqlite_file(settings.database_url)
    lock = None if file is None else Path(f"{file}.lock").absolute()
    inside = [one for one in settings.data_dir.iterdir() if not one.name.startswith((STAGING, ASIDE))]
    found = {one.absolute() for one in inside if one.name not in NO_DATA}
    if file is not None:
        found |= {Path(f"{file}{end}").absolute() for end in ("", "-wal", "-shm") if Path(f"{file}{end}").exists()}
    return sorted(found - {lock})


async def _unpacked(args: argparse.Namespace, settings: Settings, staging: Path) -> Manifest:
    manifest = await asyncio.to_thread(_unpack, args.file, staging)
    here = POSTGRESQL if sqlite_file(settings.database_url) is None else SQLITE
    if manifest.database != here:
        raise CommandError(
            f"Tệp này sao lưu từ {manifest.database}, còn DATABASE_URL là {here}.",
            f"This backup is of {manifest.database}, and DATABASE_URL is {here}.",
        )
    if not migrations.is_known(manifest.revision):
        raise CommandError(
            f"Tệp này do bản Dân Bàn mới hơn tạo ({manifest.version}); hãy cập nhật Dân Bàn trước.",
            f"This backup was made by a newer Dân Bàn ({manifest.version}); update Dân Bàn first.",
        )
    _find_key(args, settings, staging, manifest)
    database = staging / archive.DATABASE
    if here == SQLITE:
        await copying.check_sqlite(database)
        await copying.bring_up_to_date(copying.sqlite_url(database))
    return manifest


def _unpack(file: Path, staging: Path) -> Manifest:
    staging.mkdir(mode=0o700)
    return archive.read(file, staging)


def _find_key(args: argparse.Namespace, settings: Settings, staging: Path, manifest: Manifest) -> None:
    """Leave the right seal key in `staging`, unless SEAL_KEY is it. CommandError without it, but for --no-key."""
    unpacked = staging / SEAL_KEY_FILE
    if settings.seal_key is not None:
        unpacked.unlink(missing_ok=True)
        keys = [settings.seal_key]
    else:
        # Also where a restore that was broken off has set it aside.
        here = (settings.data_dir / SEAL_KEY_FILE, *settings.data_dir.glob(f"{ASIDE}*/{SEAL_KEY_FILE}"))
        keys = [key for file in (unpacked, args.key, *here) if (key := _key_in(file))]
    right = [key for key in keys if fingerprint(key) == manifest.key]
    if right and settings.seal_key is None:
        unpacked.touch(mode=0o600)
        unpacked.write_text(f"{right[0].hex()}\n", encoding="ascii")
    if not right and not args.no_key:
        raise CommandError(
            "Không có khoá niêm phong của bản sao lưu này (--key TỆP, SEAL_KEY). Thiếu khoá thì dữ liệu kín không "
            "mở được và người dùng web thành người lạ; nếu khoá đã mất hẳn: --no-key.",
            "The seal key of this backup is not at hand (--key FILE, SEAL_KEY). Without it nothing sealed can be "
            "opened and all web visitors are strangers; if it is lost for good: --no-key.",
        )


def _key_in(file: Path | None) -> bytes | None:
    try:
        return read_key(file.read_text(encoding="ascii").strip()) if file else None
    except (Wrong, OSError, UnicodeDecodeError):
        return None


def _set_aside(present: list[Path], settings: Settings, now: datetime) -> Path | None:
    if not present:
        return None
    aside = settings.data_dir / f"{ASIDE}{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    aside.mkdir(mode=0o700)
    for one in present:
        shutil.move(one, aside / one.name)
    return aside


def _move_in(staging: Path, settings: Settings) -> None:
    # On disk before it has its name: a power failure must not leave half of it looking whole.
    os.sync()
    file = sqlite_file(settings.database_url)
    database = staging / archive.DATABASE
    for one in staging.iterdir():
        if one != database:
            shutil.move(one, settings.data_dir / one.name)
    # Last, since it is what makes an installation.
    if file is not None:
        shutil.move(database, file)
    os.sync()


def _tell(manifest: Manifest, aside: Path | None) -> None:
    print(
        f"✓ Đã phục hồi bản sao lưu lúc / restored the backup of {manifest.made_at}: {len(manifest.files)} tệp / files"
    )
    if aside is not None:
        print(f"Dữ liệu trước đó / what was there before: {aside}")
    for name in manifest.missing:
        print(f"! {name}: đã mất hoặc hỏng từ khi sao lưu / was missing or damaged when the backup was made")
    if manifest.database == POSTGRESQL:
        print("! Chưa phục hồi PostgreSQL / PostgreSQL itself: pg_restore --clean --if-exists --dbname=… danban.dump")
    print("Tiếp theo / next: danban check, rồi / then danban run")

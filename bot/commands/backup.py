"""`danban backup FILE`: all data in one archive, while the assistant goes on working."""

import argparse
import asyncio
import contextlib
import hashlib
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot import archive
from bot.archive import ArchiveError, Manifest, Part
from bot.clock import Clock
from bot.commands.failure import NOT_DONE, CommandError
from bot.preflight import SEAL_KEY_FILE, PreflightError, seal_key
from bot.settings import Settings
from bot.settings_words import by_language
from bot.stored_files import FOLDER
from storage import copying
from storage.copying import Contents, CopyError
from storage.database import sqlite_file

SQLITE, POSTGRESQL = "sqlite", "postgresql"


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    made = verbs.add_parser("backup", help="sao lưu mọi dữ liệu vào một tệp / all data in one file")
    made.add_argument("file", type=Path, metavar="TỆP.tar", help="tệp sẽ tạo (.tar hoặc .tar.gz) / the file to make")
    made.add_argument("--with-key", action="store_true", help="kèm khoá niêm phong / put the seal key in as well")
    made.add_argument("--force", action="store_true", help="thay tệp đã có / replace a file that is there")
    made.set_defaults(run=backup)


async def backup(args: argparse.Namespace, settings: Settings) -> int:
    """Copy, archive, read back, and only then give the file its name; exit 1 if anything that is needed is missing."""
    target: Path = args.file.absolute()
    _may_write(target, force=args.force)
    try:
        key = seal_key(settings)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".danban-backup-") as aside:
            written = await _archived(target, Path(aside), settings, key, with_key=args.with_key)
    except PreflightError as error:
        raise CommandError(*by_language([error.problem])) from error
    except (CopyError, ArchiveError) as error:
        raise CommandError(f"Không sao lưu được: {error}", f"No backup was made: {error}") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandError(
            f"Không ghi được {target} ({reason}); xem đĩa còn chỗ và quyền ghi.",
            f"{target} cannot be written ({reason}); look at the disk's room and permissions.",
        ) from error
    missing = await _really_missing(written, settings)
    _tell(target, written, settings, missing, with_key=args.with_key)
    return NOT_DONE if missing else 0


def _may_write(target: Path, *, force: bool) -> None:
    if not target.parent.is_dir():
        raise CommandError(f"Không có thư mục {target.parent}.", f"There is no folder {target.parent}.")
    if target.exists() and not (force and target.is_file()):
        raise CommandError(
            f"{target} đã có; đặt tên khác, hoặc thêm --force để thay.",
            f"{target} is there already; choose another name, or add --force to replace it.",
        )


async def _archived(target: Path, aside: Path, settings: Settings, key: bytes, *, with_key: bool) -> Manifest:
    source = sqlite_file(settings.database_url)
    # First of all: what waits there goes into the database, and must be in one of the two (in both is no harm).
    parts = await asyncio.to_thread(_waiting, settings.data_dir, aside)
    if source is None:
        found = await _contents(settings.database_url)
    else:
        copy = aside / archive.DATABASE
        # Before the files: a file is on disk before its row is, so that every row of the copy has its file.
        await copying.copy_sqlite(_there(Path(source)), copy)
        copy.chmod(0o600)
        await copying.check_sqlite(copy)
        found = await _contents(copying.sqlite_url(copy))
        parts.append(Part(name=archive.DATABASE, path=copy))
    if with_key:
        file = aside / SEAL_KEY_FILE
        file.touch(mode=0o600)
        file.write_text(f"{key.hex()}\n", encoding="ascii")
        parts.append(Part(name=archive.KEY, path=file))
    folder = settings.data_dir / FOLDER
    parts += [
        Part(name=f"{archive.FILES}/{name}", path=folder / name, sha256=digest)
        for name, digest in sorted(found.files.items())
    ]
    manifest = Manifest(
        made_at=Clock().now().isoformat(timespec="seconds"), version=version("danban"),
        database=POSTGRESQL if source is None else SQLITE, revision=found.revision, key=fingerprint(key), files={},
    )  # fmt: skip
    return await asyncio.to_thread(archive.write, target, parts, manifest)


def _waiting(folder: Path, aside: Path) -> list[Part]:
    """Copies of what channels keep on disk until the database takes it, since it may be taken at any moment."""
    parts = []
    for file in [one for name in archive.CHANNELS for one in sorted((folder / name).rglob("*"))]:
        name = file.relative_to(folder).as_posix()
        copy = aside / name
        if file.name.startswith(".") or not file.is_file():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(file, copy)
            parts.append(Part(name=name, path=copy))
    return parts


async def _contents(url: str) -> Contents:
    try:
        return await copying.contents(url)
    except Exception as error:  # whatever the driver says, the installer needs one sentence
        raise CommandError(
            f"Không đọc được cơ sở dữ liệu ({type(error).__name__}); chạy: danban check",
            f"The database cannot be read ({type(error).__name__}); run: danban check",
        ) from error


def _there(file: Path) -> Path:
    if not file.is_file():
        raise CommandError(f"Chưa có cơ sở dữ liệu {file}.", f"There is no database {file} yet.")
    return file


async def _really_missing(written: Manifest, settings: Settings) -> list[str]:
    """Of the files that are not well, those still needed: what was swept out meanwhile is missed by nobody."""
    if not written.missing:
        return []
    needed = (await _contents(settings.database_url)).files
    return [name for name in written.missing if name.removeprefix(f"{archive.FILES}/") in needed]


def fingerprint(key: bytes) -> str:
    """What tells one seal key from another and gives neither away."""
    return hashlib.sha256(b"danban seal key\0" + key).hexdigest()[:16]


def _tell(target: Path, written: Manifest, settings: Settings, missing: list[str], *, with_key: bool) -> None:
    files = sum(1 for name in written.files if name.startswith(f"{archive.FILES}/"))
    print(f"✓ {target}: {files} tệp người dân gửi / files people sent, {target.stat().st_size} byte")
    if written.database == POSTGRESQL:
        command = copying.dump_command(settings.database_url)
        print(
            "! Cơ sở dữ liệu PostgreSQL KHÔNG có trong tệp này. Trước mỗi lần sao lưu / PostgreSQL itself, before each:"
        )
        print(f"  {command}")
    if with_key:
        print(
            "! Trong tệp có khoá niêm phong: ai có tệp này mở được dữ liệu kín. / The seal key is in it: keep it safe."
        )
    else:
        print(
            "! Chưa có khoá niêm phong: hãy cất một bản của SEAL_KEY hoặc seal.key ở nơi khác (hoặc --with-key). "
            "/ The seal key is not in it: keep a copy of it elsewhere."
        )
    for name in missing:
        print(f"✗ {name}: mất hoặc hỏng trên đĩa / missing or damaged on the disk")

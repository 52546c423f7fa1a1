"""One file with all data in it: a tar archive whose last member, the manifest, names every other with its SHA-256.

Read as strictly as anything from outside: only plain files with the names we give, each as the manifest says.
"""

import contextlib
import gzip
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, BinaryIO

from bot.durable import settle

FORMAT = 1
MANIFEST, DATABASE, KEY, FILES = "manifest.json", "danban.db", "seal.key", "attachments"
MANIFEST_MAX_BYTES = 256 * 2**20
CHUNK_BYTES = 2**20
# What a channel has taken but could not put into the database yet (bot.spool).
CHANNELS = ("zalo-oa",)
_FOLDERS = "|".join((FILES, *CHANNELS))
_NAME = re.compile(rf"{re.escape(DATABASE)}|{re.escape(KEY)}|({_FOLDERS})(/[0-9A-Za-z_][0-9A-Za-z_.-]*)+")
_ZIPPED = (".gz", ".tgz")


class ArchiveError(Exception):
    """The archive cannot be used; the text says what is wrong with it, for a person who knows what an archive is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file to archive under a name; `sha256` is what its bytes should have, if that is known."""

    name: str
    path: Path
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive holds: when and from what it was made (`made_at` in UTC), and each file's SHA-256.

    `key` tells the seal key without giving it away; `missing` are files that could not be read or were damaged.
    """

    made_at: str
    version: str
    database: str
    revision: str | None
    key: str
    format: int = FORMAT
    files: dict[str, str]
    missing: tuple[str, ...] = ()


def write(target: Path, parts: Iterable[Part], manifest: Manifest) -> Manifest:
    """Write an archive for its owner alone, whole or not at all, and read it back; the manifest as written.

    OSError when the disk refuses, ArchiveError when what was read back is not what was written.
    """
    draft = target.with_name(f".{target.name}-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with _opened_to_write(raw, zipped=target.name.endswith(_ZIPPED)) as tar:
                written = _write_all(tar, parts, manifest)
            raw.flush()
            os.fsync(raw.fileno())
        if read(draft) != written:
            raise ArchiveError("what was written cannot be read back")
        draft.replace(target)
        settle(target.parent)
    finally:
        draft.unlink(missing_ok=True)
    return written


@contextlib.contextmanager
def _opened_to_write(raw: BinaryIO, *, zipped: bool) -> Iterator[tarfile.TarFile]:
    if not zipped:
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
            yield tar
        return
    # Most of it are photos, which do not get any smaller: fast before small.
    with (
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield tar


def _write_all(tar: tarfile.TarFile, parts: Iterable[Part], manifest: Manifest) -> Manifest:
    files: dict[str, str] = {}
    missing: list[str] = []
    for part in parts:
        try:
            source = part.path.open("rb")
        except OSError:
            missing.append(part.name)
            continue
        with source:
            hashed = _Hashing(source)
            tar.addfile(_plain(part.name, os.fstat(source.fileno()).st_size), hashed)
        files[part.name] = hashed.hexdigest()
        if part.sha256 is not None and part.sha256 != files[part.name]:
            missing.append(part.name)
    written = replace(manifest, files=files, missing=tuple(missing))
    text = json.dumps(asdict(written), ensure_ascii=False).encode()
    tar.addfile(_plain(MANIFEST, len(text)), io.BytesIO(text))
    return written


def _plain(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


class _Hashing:
    """A file that hashes what is read of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def read(archive: Path, into: Path | None = None) -> Manifest:
    """Read a whole archive, write its files below `into` if that is given, and make sure that all is as written.

    OSError when the disk refuses, ArchiveError for anything that is no whole archive of ours.
    """
    found: dict[str, str] = {}
    try:
        with tarfile.open(archive, "r:*") as tar:
            for member in tar:
                if member.name == MANIFEST:
                    manifest = _manifest(tar, member)
                    break
                if not member.isreg() or not _NAME.fullmatch(member.name) or member.name in found:
                    raise ArchiveError(f"a member that does not belong there: {member.name[:80]!r}")
                found[member.name] = _take(tar, member, into)
            else:
                raise ArchiveError("it ends too early")
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ArchiveError(f"it is no archive, or damaged ({type(error).__name__})") from error
    if found != manifest.files:
        wrong = sorted(set(found.items()) ^ set(manifest.files.items()))
        raise ArchiveError(f"not as it was written: {wrong[0][0]}")
    return manifest


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    source = tar.extractfile(member) if member.isreg() and member.size <= MANIFEST_MAX_BYTES else None
    try:
        said: dict[str, Any] = json.loads(source.read() if source else b"")
        if said["format"] != FORMAT:
            raise ArchiveError(f"format {said['format']}: made by another version of Dân Bàn")
        return Manifest(**(said | {"missing": tuple(said["missing"])}))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError("its manifest cannot be read") from error


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path | None) -> str:
    source = tar.extractfile(member)
    if source is None:
        raise ArchiveError(f"a member without contents: {member.name}")
    hashed = _Hashing(source)
    if into is None:
        while hashed.read(CHUNK_BYTES):
            pass
        return hashed.hexdigest()
    path = into / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while data := hashed.read(CHUNK_BYTES):
            target.write(data)
    return hashed.hexdigest()

"""Files on this machine's disk: named by their content, written for good or not at all, out of the web's reach."""

import asyncio
import contextlib
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.durable import write_durably

FOLDER = "attachments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Bytes that are on disk: their SHA-256, and where (below the folder)."""

    sha256: str
    stored_as: str


async def keep(folder: Path, data: bytes) -> Kept:
    """Keep bytes under their content's name, on disk for good before this returns. OSError if the disk refuses."""
    digest = hashlib.sha256(data).hexdigest()
    stored_as = f"{digest[:2]}/{digest}"
    await asyncio.to_thread(write_durably, folder / stored_as, data)
    return Kept(sha256=digest, stored_as=stored_as)


def read_stored(folder: Path, stored_as: str) -> bytes:
    """The bytes of a stored file. OSError if it is gone."""
    return (folder / stored_as).read_bytes()


def written_since(folder: Path, names: Iterable[str], since: datetime) -> set[str]:
    """Which of these stored files were written (again) since an instant; those that are gone were not."""
    return {name for name in names if _is_written_since(folder / name, since)}


def delete_stored(folder: Path, names: Iterable[str], *, written_before: datetime) -> None:
    """Delete stored files that no row needs any more; those already gone are fine.

    One that was written (again) since `written_before` stays: somebody has just sent the same bytes.
    """
    for name in names:
        path = folder / name
        aside = path.with_name(f".gone-{path.name}")
        with contextlib.suppress(FileNotFoundError):
            # Out of the way before the last look: whatever is written from now on is another file.
            path.rename(aside)
            if _is_written_since(aside, written_before):
                aside.replace(path)
            else:
                aside.unlink()


def _is_written_since(path: Path, since: datetime) -> bool:
    try:
        return path.stat().st_mtime >= since.timestamp()
    except FileNotFoundError:
        return False

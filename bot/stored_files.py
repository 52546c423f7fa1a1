"""Files on this machine's disk: named by their content, written for good or not at all, out of the web's reach."""

import asyncio
import hashlib
from dataclasses import dataclass
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


def delete_stored(folder: Path, names: list[str]) -> None:
    """Delete stored files that no row needs any more; those already gone are fine."""
    for name in names:
        (folder / name).unlink(missing_ok=True)

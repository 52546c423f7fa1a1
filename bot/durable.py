"""Files that are on the disk for good, or not there at all, whenever the power goes."""

import contextlib
import os
import tempfile
from pathlib import Path

DRAFT = ".draft-"


def write_durably(path: Path, data: bytes) -> None:
    """Write a file (for its owner alone) so that it is whole and on disk before this returns. OSError if it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=DRAFT)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    settle(path.parent)


def remove_durably(path: Path) -> None:
    """Remove a file for good; one that is gone already is fine."""
    path.unlink(missing_ok=True)
    if path.parent.exists():
        settle(path.parent)


def settle(folder: Path) -> None:
    """Have the names in a folder on disk: a file is there only when its folder says so."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Looks, before anything starts, at what would stop it: old Python, a folder not to be written, a taken port."""

import errno
import fcntl
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import Settings
from bot.settings_values import SEAL_KEY_BYTES, Wrong, read_key
from bot.settings_words import Problem
from storage.database import sqlite_file

OLDEST_PYTHON = (3, 11)
SEAL_KEY_FILE = "seal.key"
# In the data folder from the moment a restore sets aside what was there until all of the backup is in place.
RESTORING_FILE = "restoring"


class PreflightError(Exception):
    """The process cannot be started; `problem` says why, in one sentence of two languages."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def look(settings: Settings, *, listening: bool = True) -> list[Problem]:
    """Everything that would stop a start with these settings. Makes the data folder if it is not there."""
    port = check_port(settings) if listening else None
    found = (
        check_python(sys.version_info[:2]), check_folder(settings.data_dir), check_restored(settings.data_dir), port,
    )  # fmt: skip
    return [problem for problem in found if problem is not None]


def check_python(version: tuple[int, ...]) -> Problem | None:
    """Whether this Python is new enough."""
    if version >= OLDEST_PYTHON:
        return None
    return Problem(name="Python", code="python_too_old", params={"version": ".".join(map(str, version))})


def check_folder(folder: Path) -> Problem | None:
    """Make the data folder (for its owner alone) and write a file in it and remove it again."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        trial = folder / f".trial-{secrets.token_hex(8)}"
        trial.write_bytes(b"?")
        trial.unlink()
    except OSError as error:
        params = {"path": str(folder), "reason": _reason(error)}
        return Problem(name="DATA_DIR", code="folder_not_writable", params=params)
    return None


def check_restored(folder: Path) -> Problem | None:
    """Whether a restore was broken off: what is there is part of the data, and a new database would hide that."""
    if not (folder / RESTORING_FILE).exists():
        return None
    return Problem(name="DATA_DIR", code="restore_unfinished", params={"path": str(folder)})


def check_port(settings: Settings) -> Problem | None:
    """Listen for a moment where the server will."""
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    try:
        with socket.socket(family) as listener:
            # As the server does: a port that only waits for old connections to end is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((settings.http_host, settings.http_port))
            listener.listen(1)
    except OSError as error:
        return listening_problem(settings, error)
    return None


def listening_problem(settings: Settings, error: OSError, *, watching: bool = False) -> Problem:
    """Say why listening failed, for the pages or (`watching`) for METRICS_PORT.

    Also for the server's own error, when the port was taken after the look.
    """
    whose, host, port = "HTTP", settings.http_host, settings.http_port
    if watching:
        whose, host, port = "METRICS", settings.metrics_host, settings.metrics_port or 0
    if error.errno == errno.EADDRINUSE:
        return Problem(name=f"{whose}_PORT", code="port_taken", params={"port": port})
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Problem(name=f"{whose}_PORT", code="port_forbidden", params={"port": port})
    return Problem(name=f"{whose}_HOST", code="host_not_here", params={"host": host})


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold a SQLite database for this process alone. Raises PreflightError when another one runs on it.

    Two processes would send each other's messages twice. On PostgreSQL any number may run.
    """
    file = sqlite_file(settings.database_url)
    if file is None:
        yield
        return
    with open(f"{file}.lock", "ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            params = {"path": file}
            raise PreflightError(Problem(name="DATABASE_URL", code="running_already", params=params)) from error
        yield


def seal_key(settings: Settings) -> bytes:
    """The 32 bytes of SEAL_KEY; without that setting, those of DATA_DIR/seal.key, made once and for its owner alone.

    Raises PreflightError when the file is damaged or cannot be read or written: a new key in its place would make
    unreadable what the old one sealed.
    """
    if settings.seal_key is not None:
        return settings.seal_key
    file = settings.data_dir / SEAL_KEY_FILE
    try:
        _make_key(file)
        return read_key(file.read_text(encoding="ascii").strip())
    except (Wrong, UnicodeDecodeError) as error:
        raise PreflightError(Problem(name="SEAL_KEY", code="key_damaged", params={"path": str(file)})) from error
    except OSError as error:
        params = {"path": str(settings.data_dir), "reason": _reason(error)}
        raise PreflightError(Problem(name="DATA_DIR", code="folder_not_writable", params=params)) from error


def _make_key(file: Path) -> None:
    """Make the key file unless there is one; whole or not at all, also when two processes start at once."""
    if file.exists():
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as writing:
            writing.write(secrets.token_bytes(SEAL_KEY_BYTES).hex() + "\n")
            writing.flush()
            os.fsync(writing.fileno())
        _put_in_place(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _put_in_place(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)  # unlike a rename, this does not replace another process's key
    except FileExistsError:
        return
    except OSError:
        draft.rename(file)  # a disk without hard links, such as a memory card


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
